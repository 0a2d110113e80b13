import { describe, expect, it } from "vitest";
import { gaming } from "../../../src/models/gaming/index.js";
import { digestOf } from "../../support/model-rows.js";
import { ALL_FEATURES, universeOf } from "./gaming.helper.js";

const ANOMALIES = {
  credential_stuffing: { rate: 0.1, when: "burst" },
  session_out_of_order: { rate: 0.02 },
  session_address_missing: { rate: 0.02 },
  price_spike: { rate: 0.05 },
  duplicate_auth_event: { rate: 0.01 },
};

describe("gaming is the same however it is split", () => {
  const sizes = { users: 900, logins: 5_200, sessions: 3_100, items: 40, transactions: 1_500, guilds: 12 };
  const wanted = { sizes, features: ALL_FEATURES, anomalies: ANOMALIES };
  const whole = universeOf(wanted);
  const split = universeOf(wanted);

  it.each([...gaming.entities.map(({ name }) => name), "injected_anomalies"])("%s", (name) => {
    expect(digestOf(split, name, [1, 17, 256, 999])).toBe(digestOf(whole, name, [1024]));
  });

  it("and another with another seed", () => {
    const other = universeOf({ ...wanted, seed: 43 });
    for (const name of ["users", "characters", "login_history", "player_sessions", "transactions", "inventory"]) {
      expect(digestOf(other, name, [1024]), name).not.toBe(digestOf(whole, name, [1024]));
    }
  });
});
