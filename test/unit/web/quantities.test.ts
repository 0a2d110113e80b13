import { describe, expect, it } from "vitest";
import {
  byteText,
  durationText,
  momentText,
  msText,
  percentText,
  short,
  whole,
} from "../../../src/web/text/quantities.js";

describe("quantities", () => {
  it("are told with three digits and their unit", () => {
    expect([0, 9_999, 12_345, 999_950, 1_234_567, 33_500_000_000].map(short)).toEqual([
      "0",
      "9,999",
      "12.3 k",
      "1.00 M",
      "1.23 M",
      "33.5 bn",
    ]);
    expect([12, 999, 1500, 254e6, 5.71e9].map(byteText)).toEqual(["12 B", "999 B", "1.50 kB", "254 MB", "5.71 GB"]);
    expect(whole(1_523_838)).toBe("1,523,838");
  });

  it("are told as times that one would say", () => {
    expect([0.0004, 0.34, 4.04, 59.4, 59.7, 200, 7_260].map(durationText)).toEqual([
      "under 1 ms",
      "340 ms",
      "4.0 s",
      "59 s",
      "60 s",
      "3 min 20 s",
      "2 h 1 min",
    ]);
    expect([0.04, 9.96, 1876].map(msText)).toEqual(["0.0 ms", "10.0 ms", "1.9 s"]);
    expect(momentText("2024-12-01T14:05:59.000Z")).toBe("2024-12-01 14:05");
    expect(momentText(null)).toBe("–");
  });

  it("are told as shares without empty digits", () => {
    expect([0, 0.05, 0.0637, 0.125, 0.5, 1].map(percentText)).toEqual(["0%", "5%", "6.37%", "12.5%", "50%", "100%"]);
  });
});
