import { describe, expect, it } from "vitest";
import { marketing } from "../../../src/models/marketing/index.js";
import { rowsOf, testUniverses } from "../../support/model-rows.js";

const { universeOf } = testUniverses(marketing, { from: "2024-01-01", to: "2026-01-01" });

describe("campaigns of a day", () => {
  const names = rowsOf(
    universeOf({ sizes: { clients: 400, contacts: 4000, campaigns: 6000, recipients: 6000 } }),
    "campaigns",
    ["name"],
  ).map((row) => String(row["name"]));

  it.each([
    [/Valentine/, "Jan Feb"],
    [/Mother's Day/, "Apr May"],
    [/Father's Day/, "Jun"],
    [/Thanksgiving|Giving Tuesday/, "Oct Nov"],
    [/^Holiday/, "Dec"],
    [/New Year/, "Dec Jan"],
    [/Back-to-School/, "Jul Aug Sep Oct"],
  ])("are mailed ahead of it: %s", (theme, months) => {
    const found = names.filter((name) => theme.test(name)).map((name) => name.split(" ").at(-2)!);
    expect(found.length).toBeGreaterThan(5);
    expect(found.filter((month) => !months.split(" ").includes(month))).toEqual([]);
  });
});
