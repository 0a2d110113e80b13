import { describe, expect, it } from "vitest";
import { tapflow } from "../../../src/models/tapflow/index.js";
import { digestOf } from "../../support/model-rows.js";
import { universeOf } from "./tapflow.helper.js";

describe("tapflow is the same however it is split", () => {
  const sizes = { tapEvents: 9_000, pageViews: 4_000, featureUsage: 3_000 };
  const anomalies = {
    price_spike: { rate: 0.01 },
    duplicate_tap_event: { rate: 0.01 },
    view_before_signup: { rate: 0.02 },
  };
  const whole = universeOf({ sizes, anomalies });
  // Another universe, so that nothing kept from the first one helps.
  const split = universeOf({ sizes, anomalies });

  it.each(tapflow.entities.map(({ name }) => name))("%s", (name) => {
    expect(digestOf(split, name, [1, 17, 256, 999])).toBe(digestOf(whole, name, [1024]));
  });

  it("and another with another seed", () => {
    const other = universeOf({ sizes, anomalies, seed: 43 });
    for (const { name } of tapflow.entities) {
      expect(digestOf(other, name, [1024]), name).not.toBe(digestOf(whole, name, [1024]));
    }
  });
});
