import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anomalyOf, appended, appendedIndex, struck } from "../../../src/columns/anomalies.js";
import { hidden } from "../../../src/columns/column.js";
import { either } from "../../../src/columns/conditions.js";
import { id, parent } from "../../../src/columns/keys.js";
import { sumOf } from "../../../src/columns/sums.js";
import { format } from "../../../src/columns/text.js";
import { risingMoment } from "../../../src/columns/times.js";
import { chance, constant, integer } from "../../../src/columns/values.js";
import { calendar } from "../../../src/core/calendar.js";
import { INT4, INT8 } from "../../../src/core/sql-type.js";
import type { ModelAnomaly } from "../../../src/model/anomalies.js";
import { childrenOf, entity, rows } from "../../../src/model/entity.js";
import { columnsOf, universeWith } from "../../support/small-model.js";

const ones = (count: number): number[] => Array.from({ length: count }, () => 1);

const orders = entity("orders", {
  comment: "orders",
  rows: rows(() => 4_000),
  columns: {
    id: id(),
    placed_at: risingMoment(({ windowUs }) =>
      calendar({ fromUs: windowUs.from, toUs: windowUs.to, months: ones(12), weekdays: ones(7), hours: ones(24) }),
    ),
    line_count: hidden(integer(1, 5)),
    is_paid: hidden(chance(0.8)),
    anomaly: hidden(anomalyOf("is_paid")),
    is_late: hidden(struck("late", "anomaly")),
    is_lost: hidden(struck("lost", "anomaly")),
    days: either("is_late", constant(INT4, 99), integer(1, 30)),
    total: sumOf("lines", "amount", INT8),
    detail: hidden(format("{days} days")),
  },
});

const lines = entity("lines", {
  comment: "lines",
  rows: childrenOf("orders", { by: "line_count" }),
  columns: { id: id(), order_id: parent("orders"), amount: integer(1, 1_000) },
});

const logins = entity("logins", {
  comment: "logins",
  rows: childrenOf("orders", { by: "line_count" }),
  columns: {
    id: id(),
    order_id: parent("orders"),
    is_added: hidden(appended()),
    added: hidden(appendedIndex()),
    amount: integer(1, 1_000_000),
    detail: hidden(format("{id}")),
    placed_at: hidden({ ...constant(INT8, 0) }),
  },
});

const labelled = { since: "placed_at", until: "placed_at", detail: "detail", about: "" } as const;
const anomalies = (over: { appended?: "new" | "copy" } = {}): ModelAnomaly[] => [
  {
    ...labelled,
    name: "late",
    kind: "payment_delay",
    entity: "orders",
    among: "is_paid",
    bursts: true,
    shows: "true",
    rate: 0,
  },
  {
    ...labelled,
    name: "lost",
    kind: "delivery_failure",
    entity: "orders",
    among: "is_paid",
    bursts: true,
    shows: "true",
    rate: 0,
  },
  {
    ...labelled,
    name: "more",
    kind: "duplicate_entry",
    entity: "logins",
    appended: over.appended ?? "copy",
    shows: "true",
    rate: 0,
  },
];

const withRates = (rates: Record<string, unknown>, over: { appended?: "new" | "copy"; seed?: number } = {}) =>
  universeWith([orders, lines, logins], { anomalies: anomalies(over), rates, ...(over.seed && { seed: over.seed }) });

describe("anomalies", () => {
  const way = fc.record({
    rate: fc.double({ min: 0, max: 0.35, noNaN: true }),
    when: fc.constantFrom("spread", "burst"),
    bursts: fc.integer({ min: 1, max: 20 }),
  });

  it("strike exactly as many rows as their rates say, each at most once, and only those that may be struck", () => {
    fc.assert(
      fc.property(way, way, fc.integer({ min: 1, max: 1_000 }), (late, lost, seed) => {
        const universe = withRates({ late, lost }, { seed });
        const found = columnsOf(universe, "orders", ["is_late", "is_lost", "is_paid"]);
        const count = (values: (number | string | null)[]): number => values.filter((value) => value === 1).length;
        expect(count(found.is_late)).toBe(Math.round(late.rate * 4_000));
        expect(count(found.is_lost)).toBe(Math.round(lost.rate * 4_000));
        found.is_paid.forEach((paid, i) => {
          expect((found.is_late[i] as number) + (found.is_lost[i] as number)).toBeLessThanOrEqual(paid as number);
        });
        for (const name of ["late", "lost"] as const) {
          const { count: labels, rowOf } = universe.anomaly(name);
          const struckRows = found[`is_${name}`].flatMap((flag, row) => (flag === 1 ? [row] : []));
          const labelRows = Array.from({ length: labels }, (_, index) => rowOf(index)).sort((a, b) => a - b);
          expect(labelRows).toEqual(struckRows);
        }
      }),
      { numRuns: 25 },
    );
  });

  it("stand together in as many bursts as asked for, the first at its date", () => {
    const universe = withRates({ late: { rate: 0.1, when: "burst", bursts: 1, from: "2024-07-01" } });
    const { is_late, is_paid, placed_at } = columnsOf(universe, "orders", ["is_late", "is_paid", "placed_at"]);
    const struckRows = is_late.flatMap((flag, row) => (flag === 1 ? [row] : []));
    const between = is_paid.slice(struckRows[0], struckRows.at(-1)! + 1).filter((paid) => paid === 1).length;
    expect(between).toBe(400);
    const day = 86_400_000_000;
    expect(Math.abs((placed_at[struckRows[0]] as number) - Date.parse("2024-07-01") * 1000)).toBeLessThan(2 * day);
  });

  it("leave the rest as it would be", () => {
    const usual = columnsOf(withRates({}), "orders", ["days", "total", "placed_at"]);
    const struckOnes = columnsOf(withRates({ late: { rate: 0.2 } }), "orders", [
      "days",
      "total",
      "placed_at",
      "is_late",
    ]);
    usual.days.forEach((days, i) => {
      expect(struckOnes.days[i]).toBe(struckOnes.is_late[i] === 1 ? 99 : days);
    });
    expect(struckOnes.total).toEqual(usual.total);
    expect(struckOnes.placed_at).toEqual(usual.placed_at);
  });

  it("are refused where more rows are wanted than can be struck", () => {
    const universe = withRates({ late: { rate: 0.5 }, lost: { rate: 0.5 } });
    expect(() => universe.program("orders", ["anomaly"])).toThrow(
      /late, lost are to strike 4000 rows of orders, and only 3\d\d\d/,
    );
  });

  it("repeat rows as copies but for the ID", () => {
    const own = columnsOf(withRates({}), "logins", ["id", "order_id", "amount"]);
    const all = columnsOf(withRates({ more: { rate: 0.1 } }), "logins", [
      "id",
      "order_id",
      "amount",
      "is_added",
      "added",
    ]);
    const count = own.id.length;
    expect(all.id).toHaveLength(count + Math.round(count * 0.1));
    expect(all.amount.slice(0, count)).toEqual(own.amount);
    const originals = new Set(own.amount.map((amount, i) => `${own.order_id[i]} ${amount}`));
    for (let i = count; i < all.id.length; i++) {
      expect(all.id[i]).toBe(i + 1);
      expect(all.is_added[i]).toBe(1);
      expect(all.added[i]).toBe(i - count);
      expect(originals.has(`${all.order_id[i]} ${all.amount[i]}`)).toBe(true);
    }
  });

  it("add new rows to parents that there are", () => {
    const own = columnsOf(withRates({}), "logins", ["order_id", "amount"]);
    const all = columnsOf(withRates({ more: { rate: 0.5 } }, { appended: "new" }), "logins", ["order_id", "amount"]);
    const count = own.amount.length;
    expect(all.order_id.slice(0, count)).toEqual(own.order_id);
    const added = all.amount.slice(count);
    const repeated = added.filter((amount, i) => own.amount[own.order_id.indexOf(all.order_id[count + i])] === amount);
    expect(repeated.length).toBeLessThan(added.length * 0.01);
  });

  it("have a label each, with what is wrong", () => {
    const universe = withRates({ late: { rate: 0.1 }, more: { rate: 0.05 } });
    const labels = columnsOf(universe, "injected_anomalies", ["name", "entity", "row_id", "detail", "since"]);
    const { is_late, placed_at } = columnsOf(universe, "orders", ["is_late", "placed_at"]);
    const late = labels.name.flatMap((name, i) => (name === "late" ? [i] : []));
    expect(late).toHaveLength(400);
    for (const i of late) {
      const row = (labels.row_id[i] as number) - 1;
      expect(is_late[row]).toBe(1);
      expect(labels.detail[i]).toBe("99 days");
      expect(labels.since[i]).toBe(placed_at[row]);
      expect(labels.entity[i]).toBe("orders");
    }
    const more = labels.name.filter((name) => name === "more");
    expect(more).toHaveLength(Math.round(universe.ownRowCount("logins") * 0.05));
  });
});

describe("sumOf", () => {
  it("is the sum over the rows that a row owns, wherever they are computed from", () => {
    const universe = withRates({});
    const { total } = columnsOf(universe, "orders", ["total"]);
    const found = columnsOf(universe, "lines", ["order_id", "amount"]);
    const sums = new Map<number, number>();
    found.order_id.forEach((order, i) => {
      sums.set(order as number, (sums.get(order as number) ?? 0) + (found.amount[i] as number));
    });
    total.forEach((sum, row) => {
      expect(sum).toBe(sums.get(row + 1) ?? 0);
    });
  });
});
