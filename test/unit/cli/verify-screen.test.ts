import { describe, expect, it } from "vitest";
import { textWidth } from "../../../src/cli/screen/text.js";
import { formatVerification } from "../../../src/cli/screen/verification.js";
import type { CheckResult, VerificationReport } from "../../../src/verify/result.js";

function check(kind: string, name: string, change: Partial<CheckResult> = {}): CheckResult {
  const common = { entity: "orders", ok: true, found: "no row breaks it", expected: "it holds", rowsChecked: 4000 };
  return { name, kind, ...common, seconds: 0.25, offending: [], ...change };
}

function report(checks: readonly CheckResult[], change: Partial<VerificationReport> = {}): VerificationReport {
  return {
    ok: checks.every(({ ok }) => ok),
    scenario: "load_test",
    model: "marketing",
    schema: "marketing",
    planHash: "0".repeat(64),
    isProved: false,
    seconds: 1.5,
    rowsChecked: 3_566_000,
    checks,
    plans: [],
    ...change,
  };
}

const QUERY = check("query", "query: campaign list", {
  entity: null,
  found: "58 ms, 1000 rows",
  expected: "at most 2000 ms",
});

describe("formatVerification", () => {
  it("sums up what passed", () => {
    const text = formatVerification(
      report([check("rows", "rows of orders"), check("key", "key of orders (id)"), QUERY]),
      {
        columns: 80,
        color: false,
      },
    );
    expect(text).toMatchInlineSnapshot(`
      "All 3 checks passed: load_test (marketing), 3,566,000 rows in 1.50 s

      checks of                 made  failed  seconds
      row counts and ID ranges     1       0     0.25
      primary and unique keys      1       0     0.25
      query times                  1       0     0.25
      total, side by side          3       0     1.50

      campaign list: 58 ms, 1000 rows; at most 2000 ms"
    `);
  });

  it("shows failed checks first, with the rows that are wrong", () => {
    const offending = [
      { id: "7", seller_id: "99999999", "seller_id.id": null },
      { id: "9", seller_id: "\u001b[2J", "seller_id.id": null },
    ];
    const failed = check("reference", "reference orders.seller_id", {
      ok: false,
      found: "2 rows break it",
      expected: "each is a row of customers",
      offending,
    });
    const text = formatVerification(report([check("rows", "rows of orders"), failed]), { columns: 80, color: false });
    expect(text).toMatchInlineSnapshot(`
      "1 of 2 checks failed: load_test (marketing), 3,566,000 rows in 1.50 s

      FAILED reference orders.seller_id
        expected  each is a row of customers
        found     2 rows break it (4,000 rows looked at)
        id  seller_id  seller_id.id
         7  99999999   NULL
         9  \\x1b[2J    NULL

      checks of                 made  failed  seconds
      row counts and ID ranges     1       0     0.25
      references, by anti-join     1       1     0.25
      total, side by side          2       1     1.50"
    `);
  });

  it("shows the plans that were asked for", () => {
    const plans = [{ name: "campaign list", ms: 58, plan: ["Sort  (cost=1)", "  ->  Seq Scan on campaigns"] }];
    const text = formatVerification(report([QUERY], { plans }), { columns: 80, color: false });
    expect(text.endsWith("\n\ncampaign list\nSort  (cost=1)\n  ->  Seq Scan on campaigns")).toBe(true);
  });

  it("fits its lines into the width", () => {
    const row = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`column_${i}`, "value ".repeat(20)]));
    const failed = check("state", `state of orders: ${"long words ".repeat(12)}`, {
      ok: false,
      found: "found ".repeat(40),
      expected: "expected ".repeat(40),
      offending: [row],
    });
    for (const columns of [40, 80, 132]) {
      const text = formatVerification(report([failed, QUERY]), { columns, color: false });
      for (const line of text.split("\n")) expect(textWidth(line), line).toBeLessThanOrEqual(columns);
    }
  });
});
