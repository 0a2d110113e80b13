import { describe, expect, it } from "vitest";
import { erp } from "../../../src/models/erp/index.js";
import { digestOf } from "../../support/model-rows.js";
import { erpScenario, erpUniverse } from "./erp.helper.js";

describe("erp is the same however it is split", async () => {
  const whole = await erpScenario("anomaly-heavy");
  // Another universe, so that nothing kept from the first one helps.
  const split = await erpScenario("anomaly-heavy");

  it.each([...erp.entities.map(({ name }) => name), "injected_anomalies"])("%s", (name) => {
    expect(digestOf(split, name, [1, 17, 256, 999])).toBe(digestOf(whole, name, [1024]));
  });

  it("and another with another seed", () => {
    const [one, other] = [erpUniverse({ seed: 1 }), erpUniverse({ seed: 2 })];
    for (const name of ["companies", "orders", "order_items", "payments", "inventory_movements"]) {
      expect(digestOf(other, name, [1024])).not.toBe(digestOf(one, name, [1024]));
    }
  });
});

describe("erp in small and odd windows", () => {
  it.each([
    { from: "2024-01-01", to: "2024-01-02", sizes: { ordersPerDay: 3, users: 4, companies: 1, products: 1 } },
    { from: "2024-04-20", to: "2024-05-05", sizes: { ordersPerDay: 20 } },
    { from: "2024-10-20", to: "2024-11-20", sizes: { ordersPerDay: 40, users: 4 }, shares: { branchRatio: 0 } },
    { shares: { branchRatio: 1, cancelled: 0.4, returned: 0.3, overdue: 0.2, refunded: 0.1 } },
    { shares: { failedAttempts: 1, twoInstalments: 0.5, threeInstalments: 0.5, itemDiscount: 1, orderDiscount: 1 } },
  ])("makes every row of %o", (wanted) => {
    const universe = erpUniverse(wanted);
    for (const { name } of erp.entities) expect(() => digestOf(universe, name, [1024]), name).not.toThrow();
  });
});
