import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { monthsBefore, parseInstant } from "../../../src/model/scenario/instants.js";

describe("parseInstant", () => {
  it.each([
    ["2024-12-01", "2024-12-01T00:00:00.000Z"],
    ["2024-02-29", "2024-02-29T00:00:00.000Z"],
    ["2000-02-29", "2000-02-29T00:00:00.000Z"],
    ["0001-01-01", "0001-01-01T00:00:00.000Z"],
    ["9999-12-31", "9999-12-31T00:00:00.000Z"],
    ["2024-12-01T10:30Z", "2024-12-01T10:30:00.000Z"],
    ["2024-12-01T10:30:15Z", "2024-12-01T10:30:15.000Z"],
    ["2024-12-01T10:30:15.5+02:00", "2024-12-01T08:30:15.500Z"],
  ])("reads %s", (text, expected) => {
    expect(parseInstant(text)).toBe(expected);
  });

  it.each([
    "2024-02-30",
    "2023-02-29",
    "1900-02-29",
    "2024-04-31",
    "2024-13-01",
    "2024-00-01",
    "2024-01-00",
    "2024-1-1",
    "24-01-01",
    "0000-01-01",
    "0001-01-01T00:00:00+01:00",
    "9999-12-31T23:59:59-01:00",
    "2024-12-01T24:00:00Z",
    "2024-12-01T10:60Z",
    "2024-12-01T10:30:15",
    "2024-12-01T10:30:15.1234Z",
    "2024-12-01 10:30Z",
    "2024-12-01\n",
    " 2024-12-01",
    "tomorrow",
    "",
  ])("refuses %j", (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  it("gives back every instant that it wrote", () => {
    const bounds = {
      min: new Date("0001-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59.999Z"),
      noInvalidDate: true,
    };
    fc.assert(
      fc.property(fc.date(bounds), (date) => {
        expect(parseInstant(date.toISOString())).toBe(date.toISOString());
      }),
    );
  });
});

describe("monthsBefore", () => {
  it.each([
    ["2025-01-01T00:00:00.000Z", 12, "2024-01-01T00:00:00.000Z"],
    ["2025-01-01T00:00:00.000Z", 1, "2024-12-01T00:00:00.000Z"],
    ["2024-03-31T10:20:30.400Z", 1, "2024-02-29T10:20:30.400Z"],
    ["2023-03-31T00:00:00.000Z", 1, "2023-02-28T00:00:00.000Z"],
    ["2024-12-31T00:00:00.000Z", 1, "2024-11-30T00:00:00.000Z"],
    ["0002-01-01T00:00:00.000Z", 12, "0001-01-01T00:00:00.000Z"],
    ["0002-01-01T00:00:00.000Z", 13, undefined],
  ])("%s less %i months", (instant, months, expected) => {
    expect(monthsBefore(instant, months)).toBe(expected);
  });
});
