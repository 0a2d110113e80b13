import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOUR_US } from "../../../src/core/calendar.js";
import { offsetHoursOf } from "../../../src/core/time-zones/offsets.js";
import { EXACT_FROM, EXACT_TO, ZONES } from "../../../src/core/time-zones/zones.js";
import { intlOffset, transitionsFile } from "../../support/intl-offsets.js";

const FILE = resolve("src/core/time-zones/transitions.ts");
const FROM_S = Date.parse(EXACT_FROM) / 1000;
const TO_S = Date.parse(EXACT_TO) / 1000;
const zones = Object.keys(ZONES);

/** SEED_BULK_UPDATE_TIME_ZONES=1 writes the table anew from this Node's data: bytes of windows move with it. */
if (process.env["SEED_BULK_UPDATE_TIME_ZONES"] === "1") writeFileSync(FILE, transitionsFile());

describe("the clocks of the time zones", () => {
  it("were changed when the IANA database says", () => {
    const withoutVersion = (text: string): string => text.replace(/^.*\n/, "");
    expect(withoutVersion(readFileSync(FILE, "utf8"))).toBe(withoutVersion(transitionsFile()));
  });

  it.each(zones)("of %s are Intl's at every moment of what is exact", (zone) => {
    const [ours, intl] = [offsetHoursOf(zone), intlOffset(zone)];
    const moment = fc.integer({ min: FROM_S, max: TO_S - 1 });
    fc.assert(
      fc.property(moment, (atS) => ours(atS * 1e6) * 3600 === intl(atS)),
      { numRuns: 2_000 },
    );
  });

  it.each(zones)("of %s change within the second in which Intl's do, year by year", (zone) => {
    const [ours, intl] = [offsetHoursOf(zone), intlOffset(zone)];
    const weekS = 7 * 86_400;
    let changes = 0;
    for (let atS = FROM_S; atS < TO_S - weekS; atS += weekS) {
      const before = ours(atS * 1e6);
      if (before === ours((atS + weekS) * 1e6)) continue;
      let [low, high] = [atS, atS + weekS];
      while (high - low > 1) {
        const middle = Math.floor((low + high) / 2);
        if (ours(middle * 1e6) === before) low = middle;
        else high = middle;
      }
      expect([intl(low), intl(high)], new Date(high * 1000).toISOString()).toEqual([
        ours(low * 1e6) * 3600,
        ours(high * 1e6) * 3600,
      ]);
      changes++;
    }
    expect(changes).toBeGreaterThan(ZONES[zone] === "none" ? -1 : 400);
  });

  it("answer the same whatever they were asked before", () => {
    const ours = offsetHoursOf("Africa/Cairo");
    const change = Date.parse("2024-04-25T22:00:00Z") * 1000;
    for (let round = 0; round < 2; round++) {
      expect([ours(change), ours(change - 1), ours(change), ours(0), ours(-1)]).toEqual([3, 2, 3, 2, 2]);
    }
  });

  it("go on as they are at the ends of what is exact", () => {
    for (const zone of zones) {
      const ours = offsetHoursOf(zone);
      expect(ours((FROM_S - 1_000 * 86_400) * 1e6), zone).toBe(ours(FROM_S * 1e6));
      expect(ours(TO_S * 1e6 + 365 * 24 * HOUR_US), zone).toBe(ours((TO_S - 1) * 1e6));
    }
  });
});
