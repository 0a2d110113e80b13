import { describe, expect, it } from "vitest";
import { loadText } from "./support.js";

const windowOf = async (window: string) => (await loadText(`model: shop\nwindow: ${window}\n`)).scenario.window;
const refusal = (window: string) =>
  windowOf(window).then(
    () => "accepted",
    ({ code, message }: { code: string; message: string }) => `${code}: ${message}`,
  );

describe("a scenario's window", () => {
  it.each([
    ["{ from: 1950-01-01, to: 1950-01-02 }", "1950-01-01", "1950-01-02"],
    ["{ from: 1969-11-01, to: 1970-02-01 }", "1969-11-01", "1970-02-01"],
    ["{ months: 1200, to: 2050-01-01 }", "1950-01-01", "2050-01-01"],
    ["{ from: 2150-01-01, to: 2250-01-01 }", "2150-01-01", "2250-01-01"],
    ["{ from: 2249-12-31, to: 2250-01-01 }", "2249-12-31", "2250-01-01"],
  ])("may be %s", async (text, from, to) => {
    expect(await windowOf(text)).toEqual({ from: `${from}T00:00:00.000Z`, to: `${to}T00:00:00.000Z` });
  });

  it.each([
    [
      "{ from: 1949-12-31T23:59:59.999Z, to: 1960-01-01 }",
      "window.from: 1949-12-31T23:59:59.999Z is before 1950-01-01",
    ],
    ["{ from: 0001-01-01, to: 9999-12-31 }", "window.from: 0001-01-01T00:00:00.000Z is before 1950-01-01"],
    [
      "{ months: 3, to: 1950-03-31 }",
      "window.months: the window's start, 1949-12-31T00:00:00.000Z, is before 1950-01-01",
    ],
    ["{ from: 2249-01-01, to: 2250-01-01T00:00:00.001Z }", "window.to: 2250-01-01T00:00:00.001Z is after 2250-01-01"],
    ["{ from: 2300-01-01, to: 2301-01-01 }", "window.to: 2301-01-01T00:00:00.000Z is after 2250-01-01"],
    [
      "{ from: 1950-01-01, to: 2050-01-02 }",
      "window.from: 1950-01-01T00:00:00.000Z is more than 1200 months before to",
    ],
  ])("is refused with the reason: %s", async (text, reason) => {
    const said = await refusal(text);
    expect(said).toMatch(/^SB_SCENARIO_INVALID: /);
    expect(said).toContain(reason);
  });
});
