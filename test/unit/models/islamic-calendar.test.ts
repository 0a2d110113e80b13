import { describe, expect, it } from "vitest";
import { feasts, islamicDay, ramadans } from "../../../src/models/erp/islamic-calendar.js";

const dayOf = (date: string): number => Date.parse(date) / 86_400_000;

describe("the tabular Islamic calendar", () => {
  // What Egypt's Dar al-Ifta proclaimed; the table may be off by a day.
  it.each([
    [1445, "2024-03-11"],
    [1446, "2025-03-01"],
    [1444, "2023-03-23"],
    [1440, "2019-05-06"],
    [1430, "2009-08-22"],
  ])("begins Ramadan of %i within a day of %s", (year, date) => {
    expect(Math.abs(islamicDay(year, 9, 1) - dayOf(date))).toBeLessThanOrEqual(1);
  });

  it("has months of 29 or 30 days and years of 354 or 355", () => {
    for (let year = 1440; year < 1470; year++) {
      for (let month = 1; month < 12; month++) {
        expect([29, 30]).toContain(islamicDay(year, month + 1, 1) - islamicDay(year, month, 1));
      }
      expect([354, 355]).toContain(islamicDay(year + 1, 1, 1) - islamicDay(year, 1, 1));
    }
  });

  it("finds the fasts and feasts that touch a span", () => {
    const year = { from: dayOf("2024-01-01"), to: dayOf("2025-01-01") };
    expect(ramadans(year)).toEqual([{ from: islamicDay(1445, 9, 1), to: islamicDay(1445, 10, 1) }]);
    expect(feasts(year).map(({ from, to }) => to - from)).toEqual([3, 4]);
    // 2030 has two.
    expect(ramadans({ from: dayOf("2030-01-01"), to: dayOf("2031-01-01") })).toHaveLength(2);
    expect(ramadans({ from: dayOf("2024-06-01"), to: dayOf("2024-09-01") })).toEqual([]);
  });
});
