import { describe, expect, it } from "vitest";
import type { Check } from "../../../src/web/api/types.js";
import { shareGroups } from "../../../src/web/plots/shares.js";

const check = (changes: Partial<Check>): Check => ({
  name: "distribution of orders: status",
  kind: "distribution",
  entity: "orders",
  ok: true,
  found: "",
  expected: "",
  rowsChecked: 100,
  seconds: 0,
  offending: [],
  ...changes,
});

describe("shareGroups", () => {
  it("makes one funnel of a table's counts, the largest first", () => {
    const share = (rule: string, count: number, ok = true): Check =>
      check({
        kind: "share",
        name: `share of events: ${rule}`,
        entity: "events",
        ok,
        found: `${count} rows`,
        expected: `${count + 0.5} rows, give or take 1`,
        cells: [{ label: rule, observed: count, expected: count + 0.5 }],
      });
    const [group] = shareGroups([share("scanned", 20), share("mailed", 95, false)]);
    expect(group.heading).toMatch(/^Funnels/);
    expect(group.plots).toEqual([
      {
        title: "events",
        kind: "funnel",
        isOk: false,
        found: "share of events: mailed: 95 rows",
        total: null,
        cells: [
          { label: "mailed", observed: 95, expected: 95.5 },
          { label: "scanned", observed: 20, expected: 20.5 },
        ],
      },
    ]);
  });

  it("leaves out counts that a failed statement has none of", () => {
    const failed = check({ kind: "share", ok: false, found: "relation does not exist", expected: "5 rows" });
    expect(shareGroups([failed])).toEqual([]);
  });

  it("puts weekdays in their order, and takes shares of the rows that were looked at", () => {
    const cells = ["Wed", "Sun", "Mon"].map((label) => ({ label, observed: 1, expected: 1 }));
    const [{ plots }] = shareGroups([check({ kind: "calendar", name: "calendar of a.b: weekdays", cells })]);
    expect(plots[0].cells.map(({ label }) => label)).toEqual(["Mon", "Wed", "Sun"]);
    expect(plots[0]).toMatchObject({ title: "a.b: weekdays", total: 100 });
  });

  it("tells Zipf's skew from statuses, and checks without figures by neither", () => {
    const cells = [{ label: "top 1", observed: 5, expected: 4 }];
    const groups = shareGroups([check({ cells }), check({ kind: "skew", name: "skew of a.b", cells }), check({})]);
    expect(groups.map(({ plots }) => plots.map(({ kind }) => kind))).toEqual([["zipf"], ["statuses"]]);
  });
});
