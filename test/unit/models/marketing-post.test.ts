import { describe, expect, it } from "vitest";
import { US_TIME_ZONES } from "../../../src/core/us-time-zones.js";
import { marketing } from "../../../src/models/marketing/index.js";
import { postalHolidays } from "../../../src/models/united-states/holidays.js";
import { rowsOf, testUniverses } from "../../support/model-rows.js";

const YEAR = { from: "2025-01-01", to: "2026-01-01" };
const { universeOf } = testUniverses(marketing, YEAR);

const iso = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

describe("the mail", () => {
  it("has the holidays of 2025 and 2026", () => {
    const window = { from: Date.parse(YEAR.from) * 1000, to: Date.parse("2026-12-30") * 1000 };
    expect(postalHolidays(window).map(iso).toSorted()).toEqual([
      ...["2024-01-01", "2024-01-15", "2024-02-19", "2024-05-27", "2024-06-19", "2024-07-04", "2024-09-02"],
      ...["2024-10-14", "2024-11-11", "2024-11-28", "2024-12-25"],
      ...["2025-01-01", "2025-01-20", "2025-02-17", "2025-05-26", "2025-06-19", "2025-07-04", "2025-09-01"],
      ...["2025-10-13", "2025-11-11", "2025-11-27", "2025-12-25"],
      ...["2026-01-01", "2026-01-19", "2026-02-16", "2026-05-25", "2026-06-19", "2026-07-04", "2026-09-07"],
      ...["2026-10-12", "2026-11-11", "2026-11-26", "2026-12-25"],
    ]);
    // The fourth of July of 2027 is a Sunday.
    expect(
      postalHolidays({ from: Date.parse("2027-02-01") * 1000, to: Date.parse("2027-03-01") * 1000 }).map(iso),
    ).toContain("2027-07-05");
  });

  it("is delivered on a carrier's round: by day, not on Sundays, not on holidays", () => {
    const universe = universeOf({ sizes: { clients: 20, contacts: 20_000 } });
    const rows = rowsOf(universe, "recipients", ["delivered_at", "campaign_id.zone"]);
    const holidays = new Set(postalHolidays(universe.windowUs).map(iso));
    const delivered = rows.filter((row) => row["delivered_at"] !== null);
    expect(delivered.length).toBeGreaterThan(10_000);
    const wrong = delivered.filter((row) => {
      const timeZone = US_TIME_ZONES[Number(row["campaign_id.zone"])];
      const parts = Object.fromEntries(
        new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short", hourCycle: "h23", timeStyle: "short" })
          .formatToParts(Number(row["delivered_at"]) / 1000)
          .map(({ type, value }) => [type, value]),
      );
      const day = `${parts["year"]}-${parts["month"]}-${parts["day"]}`;
      const hour = Number(parts["hour"]);
      return new Date(day).getUTCDay() === 0 || holidays.has(day) || hour < 9 || hour > 17;
    });
    expect(wrong.length).toBe(0);
  });
});
