import { describe, expect, it } from "vitest";
import {
  escapeControls,
  formatByteRate,
  formatBytes,
  formatCompact,
  formatCount,
  formatMs,
  formatPercent,
  formatSeconds,
  formatTimeLeft,
} from "../../../src/cli/screen/index.js";
import { textWidth, truncate, wrapHard, wrapWords } from "../../../src/cli/screen/text.js";

describe("figures", () => {
  it.each([
    [0, "0"],
    [999, "999"],
    [1000, "1,000"],
    [3_566_000.4, "3,566,000"],
    [-1_234_567, "-1,234,567"],
    [Number.MAX_SAFE_INTEGER, "9,007,199,254,740,991"],
    [Number.POSITIVE_INFINITY, "-"],
    [Number.NaN, "-"],
  ])("count %d is %s", (value, text) => expect(formatCount(value)).toBe(text));

  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.00 kB"],
    [9994, "9.99 kB"],
    [9996, "10.0 kB"],
    [99_960, "100 kB"],
    [999_600, "1.00 MB"],
    [412_345_678, "412 MB"],
    [1.234e9, "1.23 GB"],
  ])("%d bytes are %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it.each([
    [0, "0 ms"],
    [0.0451, "45 ms"],
    [0.9996, "1.00 s"],
    [4.4249, "4.42 s"],
    [59.94, "59.9 s"],
    [59.96, "1 min 00 s"],
    [125, "2 min 05 s"],
    [3599.6, "1 h 00 min"],
    [3720, "1 h 02 min"],
    [7199, "2 h 00 min"],
  ])("%d seconds are %s", (seconds, text) => expect(formatSeconds(seconds)).toBe(text));

  it.each([
    [0.2, "1 s"],
    [119.5, "120 s"],
    [121, "3 min"],
    [7201, "3 h"],
  ])("%d seconds left are %s", (seconds, text) => expect(formatTimeLeft(seconds)).toBe(text));

  it("has latencies, rates and compact counts to three digits", () => {
    expect([0.4512, 12.34, 99.96, 1204.4].map(formatMs)).toEqual(["0.45 ms", "12.3 ms", "100 ms", "1,204 ms"]);
    expect([93_200_000, Number.NaN].map(formatByteRate)).toEqual(["93.2 MB/s", "-"]);
    expect([7, 999, 1_605, 812_000, 3_566_000].map(formatCompact)).toEqual(["7", "999", "1.60k", "812k", "3.57M"]);
  });

  it("shows 100% only for what is finished", () => {
    expect(formatPercent({ part: 999_999, of: 1_000_000 })).toBe("99%");
    expect(formatPercent({ part: 1_000_000, of: 1_000_000 })).toBe("100%");
    expect(formatPercent({ part: 0, of: 0 })).toBe("100%");
  });
});

describe("texts", () => {
  it("shows control characters as escapes and leaves the rest", () => {
    expect(escapeControls("a\tb\r\n\u001b[31m\u0000\u009b\u202e\ud800é漢😀")).toBe(
      "a\\tb\\r\\n\\x1b[31m\\x00\\x9b\\u{202e}\\u{d800}é漢😀",
    );
  });

  it("counts cells: two for East Asian characters, none for combining ones", () => {
    expect(["abc", "漢字", "e\u0301", "😀", "█…"].map(textWidth)).toEqual([3, 4, 1, 2, 2]);
  });

  it("cuts to a width without splitting a character", () => {
    expect(["recipients", "漢字漢字", "abc"].map((text) => truncate(text, 4))).toEqual(["rec…", "漢…", "abc"]);
    expect(wrapHard("a漢字b", 3)).toEqual(["a漢", "字b"]);
    expect(wrapHard("", 3)).toEqual([""]);
  });

  it("wraps at spaces and keeps longer words whole", () => {
    expect(wrapWords("see postgresql://host/database now or later", 12)).toEqual([
      "see",
      "postgresql://host/database",
      "now or later",
    ]);
  });
});
