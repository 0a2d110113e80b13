import { describe, expect, it } from "vitest";
import { marketing } from "../../../src/models/marketing/index.js";
import { digestOf } from "../../support/model-rows.js";
import { universeOf } from "./marketing.helper.js";

describe("marketing is the same however it is split", () => {
  const sizes = { recipients: 3_300, campaigns: 40, contacts: 1_200, performanceMetrics: 2_100, usageAnalytics: 1_100 };
  const whole = universeOf({ sizes });
  // Another universe, opened from what a worker gets, so that nothing kept from the first one helps.
  const split = universeOf({ sizes });

  it.each(marketing.entities.map(({ name }) => name))("%s", (name) => {
    expect(digestOf(split, name, [1, 17, 256, 999])).toBe(digestOf(whole, name, [1024]));
  });

  it("and another with another seed", () => {
    const other = universeOf({ sizes, seed: 43 });
    for (const name of ["contacts", "recipients", "events", "gift_cards"]) {
      expect(digestOf(other, name, [1024])).not.toBe(digestOf(whole, name, [1024]));
    }
  });
});
