import { describe, expect, it } from "vitest";
import { defineModel } from "../../../../src/model/file/read.js";
import { type Row, rowsOf, testUniverses } from "../../../support/model-rows.js";

const WINDOW = { from: "2024-01-01", to: "2025-01-01" };
const DAY_US = 86_400_000_000;

const model = defineModel({
  model: "anomalies",
  tables: {
    orders: {
      rows: 4000,
      columns: {
        id: "id",
        status: { choice: { open: 1, paid: 3 }, type: "enum" },
        placed_at: { moment: "window" },
        paid_at: { after: "placed_at", days: [0, 2] },
        amount: { integer: [1, 100] },
      },
      anomalies: {
        late: {
          rate: 0.05,
          kind: "payment_delay",
          set: { paid_at: { after: "paid_at", days: [20, 30] } },
          detail: "paid late: {id}",
        },
        lost: { rate: 0.02, when: "burst", bursts: 2, set: { amount: null, status: { always: "open" } } },
      },
    },
  },
});
const { universeOf } = testUniverses(model, WINDOW);
const COLUMNS = ["id", "status", "placed_at", "paid_at", "amount"];

const usual = rowsOf(universeOf({ anomalies: { late: { rate: 0 }, lost: { rate: 0 } } }), "orders", COLUMNS);
const struck = rowsOf(universeOf(), "orders", COLUMNS);
const labels = rowsOf(universeOf(), "injected_anomalies", ["name", "kind", "row_id", "detail"]);
const labelled = (name: string): Set<unknown> =>
  new Set(labels.filter((one) => one["name"] === name).map((one) => one["row_id"]));

describe("anomalies of a model's file", () => {
  it("strike exactly as many rows as the rate says, with a label each, and leave the others as they are", () => {
    const [late, lost] = [labelled("late"), labelled("lost")];
    expect([late.size, lost.size]).toEqual([200, 80]);
    expect(labels.every(({ kind, name }) => kind === (name === "late" ? "payment_delay" : "error_incident"))).toBe(
      true,
    );
    for (const [i, row] of struck.entries()) {
      if (!late.has(row["id"]) && !lost.has(row["id"])) expect(row).toEqual(usual[i]);
    }
  });

  it("put in place what is set, of which the column's own name means the value as it would be", () => {
    const gaps: number[] = [];
    for (const [i, row] of struck.entries()) {
      if (!labelled("late").has(row["id"])) continue;
      const { paid_at: before, ...others } = usual[i];
      expect(row).toEqual({ ...others, paid_at: row["paid_at"] });
      if (Number(before) < Date.parse(WINDOW.to) * 1000 - 31 * DAY_US)
        gaps.push((Number(row["paid_at"]) - Number(before)) / DAY_US);
    }
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(20);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(30);
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeGreaterThan(8);
    expect(labels.find(({ name }) => name === "late")!["detail"]).toMatch(/^paid late: \d+$/);
  });

  it("take values away, set labels of an enum, and stand together where they come in bursts", () => {
    const lost = struck.filter((row: Row) => labelled("lost").has(row["id"]));
    expect(lost.every(({ amount, status }) => amount === null && status === "open")).toBe(true);
    const starts = lost.filter(({ id }) => !labelled("lost").has(Number(id) - 1));
    expect(starts.length).toBeLessThanOrEqual(2);
  });

  it("have the server asked for what they put in place, where a type's values are written out", () => {
    const waits = { choice: ["1 day", "2 days"], type: "interval" };
    const { entities } = defineModel({
      model: "waits",
      tables: {
        visits: {
          rows: 10,
          columns: { id: "id", at: { moment: "window" }, wait: waits },
          anomalies: { long: { rate: 0.1, set: { wait: { always: "9 days" } } } },
        },
      },
    });
    const asked = Object.values(entities[0].columns).flatMap(({ literals = [] }) => literals);
    expect(new Set(asked)).toEqual(new Set(["1 day", "2 days", "9 days"]));
  });
});
