import { describe, expect, it } from "vitest";
import { US_TIME_ZONES } from "../../../src/core/us-time-zones.js";
import { marketing } from "../../../src/models/marketing/index.js";
import { postalHolidays } from "../../../src/models/united-states/holidays.js";
import { rowsOf, testUniverses, type Value } from "../../support/model-rows.js";

const YEAR = { from: "2025-01-01", to: "2026-01-01" };
const { universeOf } = testUniverses(marketing, YEAR);

const iso = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

/** A day and an hour by the clock of a campaign. */
function localOf(moment: Value, zone: Value): { readonly day: string; readonly hour: number } {
  const timeZone = US_TIME_ZONES[Number(zone)];
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    dateStyle: "short",
    timeStyle: "short",
    hourCycle: "h23",
  });
  const parts = Object.fromEntries(format.formatToParts(Number(moment) / 1000).map(({ type, value }) => [type, value]));
  return { day: `${parts["year"]}-${parts["month"]}-${parts["day"]}`, hour: Number(parts["hour"]) };
}

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
      const { day, hour } = localOf(row["delivered_at"], row["campaign_id.zone"]);
      return new Date(day).getUTCDay() === 0 || holidays.has(day) || hour < 9 || hour > 17;
    });
    expect(wrong.length).toBe(0);
  });
});

describe("people of marketing", () => {
  const universe = universeOf({ sizes: { clients: 200, contacts: 20_000 } });

  it("use gift cards while shops are open", () => {
    const used = rowsOf(universe, "gift_cards", ["redeemed_at", "campaign_id.zone"]).filter(
      (row) => row["redeemed_at"] !== null,
    );
    const hours = used.map((row) => localOf(row["redeemed_at"], row["campaign_id.zone"]).hour);
    expect(hours.length).toBeGreaterThan(100);
    expect(hours.filter((hour) => hour < 9 || hour > 21)).toEqual([]);
  });

  it("have logged in lately, more often the longer they are there", () => {
    const users = rowsOf(universe, "users", ["created_at", "last_login_at", "login_count"]);
    const end = universe.windowUs.to;
    const active = users.filter((row) => row["last_login_at"] !== null);
    const late = active.filter((row) => Number(row["last_login_at"]) > (Number(row["created_at"]) + end) / 2);
    // Of one minus a cube of a share, four in five are above a half.
    expect(late.length / active.length).toBeCloseTo(0.5 ** (1 / 3), 1);
    const daysOf = (row: (typeof users)[number]): number =>
      (Number(row["last_login_at"]) - Number(row["created_at"])) / 86_400_000_000;
    const mean = (rows: typeof users): number =>
      rows.reduce((sum, row) => sum + Number(row["login_count"]), 0) / rows.length;
    const [short, long] = [active.filter((row) => daysOf(row) < 60), active.filter((row) => daysOf(row) > 240)];
    expect(mean(long)).toBeGreaterThan(3 * mean(short));
  });

  it("are graded by their score", () => {
    const documents = new Set(
      rowsOf(universe, "events", ["metadata"])
        .map((row) => String(row["metadata"]))
        .filter((text) => text.includes('"grade"')),
    );
    const scores = (grade: string): number[] =>
      [...documents].map((text) => JSON.parse(text)).flatMap((event) => (event.grade === grade ? [event.score] : []));
    expect(documents.size).toBeGreaterThan(5);
    expect(Math.max(...scores("cool"))).toBeLessThan(Math.min(...scores("warm")));
    expect(Math.max(...scores("warm"))).toBeLessThan(Math.min(...scores("hot")));
  });
});
