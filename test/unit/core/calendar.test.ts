import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calendar, DAY_US, HOUR_US, utcDate } from "../../../src/core/calendar.js";
import { dayLength, momentLength, writeDay, writeMoment } from "../../../src/encode/moments.js";
import { cairoDay, cairoMoment, weekdayOf } from "../../../src/models/erp/egypt-time.js";
import { dayOfMonth } from "../../../src/models/erp/payment-terms.js";

const FROM_US = Date.parse("1950-01-01") * 1000;
const TO_US = Date.parse("2250-01-01") * 1000;
const moments = fc.integer({ min: FROM_US, max: TO_US - 1 });
const days = fc.integer({ min: FROM_US / DAY_US, max: TO_US / DAY_US - 1 });

describe("a moment", () => {
  it("is of the year and month that it lies in, before 1970 as after it", () => {
    expect(utcDate(-1).getUTCFullYear()).toBe(1969);
    expect(utcDate(Date.parse("1960-03-01") * 1000 - 1).getUTCMonth()).toBe(1);
    expect(utcDate(Date.parse("2000-03-01") * 1000 - 1).getUTCMonth()).toBe(1);
  });

  it("is written as Date writes it, with its microseconds", () => {
    fc.assert(
      fc.property(moments, (us) => {
        const bytes = new Uint8Array(momentLength(us, true));
        writeMoment(us, true, bytes, 0);
        const ms = Math.floor(us / 1000);
        const micros = String(us - ms * 1000).padStart(3, "0");
        expect(Buffer.from(bytes).toString()).toBe(new Date(ms).toISOString().replace("Z", `${micros}Z`));
      }),
      { numRuns: 2000 },
    );
  });

  it("is of a day whose date, weekday and day of the month are Date's", () => {
    fc.assert(
      fc.property(days, (day) => {
        const bytes = new Uint8Array(dayLength(day));
        writeDay(day, bytes, 0);
        const date = new Date(day * 86_400_000);
        expect(Buffer.from(bytes).toString()).toBe(date.toISOString().slice(0, 10));
        expect([weekdayOf(day), dayOfMonth(day)]).toEqual([date.getUTCDay(), date.getUTCDate()]);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a clock time in Cairo", () => {
  const clock = new Intl.DateTimeFormat("sv-SE", { timeZone: "Africa/Cairo", dateStyle: "short", timeStyle: "short" });

  it("is the one that Intl shows, from 4 to 23 o'clock of any day", () => {
    const minutes = fc.integer({ min: 4 * 60, max: 23 * 60 - 1 });
    fc.assert(
      fc.property(days, minutes, (day, minute) => {
        const at = cairoMoment(day, minute * 60_000_000);
        expect(clock.format(at / 1000)).toBe(
          new Date(day * 86_400_000 + minute * 60_000).toISOString().slice(0, 16).replace("T", " "),
        );
        expect(cairoDay(at)).toBe(day);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a calendar", () => {
  const even = { months: Array<number>(12).fill(1), weekdays: Array<number>(7).fill(1) };
  const nights = Array.from({ length: 24 }, (_, hour) => (hour === 23 ? 1 : 0));

  it.each(["1950-01-01", "1969-12-20", "1996-02-20", "2100-02-20", "2249-12-01"])(
    "draws whole moments of its hours alone, within any two bounds: from %s",
    (from) => {
      const fromUs = Date.parse(from) * 1000;
      const toUs = fromUs + 30 * DAY_US;
      const { between } = calendar({ fromUs, toUs, ...even, hours: nights });
      const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
      fc.assert(
        fc.property(share, fc.integer({ min: 0, max: 25 }), (unit, day) => {
          const start = fromUs + day * DAY_US + 5;
          const at = between(unit, start, toUs);
          expect(Number.isSafeInteger(at) && at >= start && at < toUs).toBe(true);
          expect(new Date(Math.floor(at / 1000)).getUTCHours()).toBe(23);
        }),
      );
      expect(between(0, fromUs, fromUs + HOUR_US)).toBe(fromUs);
    },
  );
});
