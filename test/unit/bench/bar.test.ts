import { describe, expect, it } from "vitest";
import { barLines } from "../../../bench/bar.js";
import { figure } from "./support.js";

describe("the bar", () => {
  it("leaves out what was not measured", () => {
    expect(barLines([])).toEqual([]);
    expect(barLines([figure("load seed-bulk rows", [1, 1, 1])])).toEqual([]);
  });

  it("says that a ratio holds, misses, or lies within its noise of the limit", () => {
    const line = (ours: readonly number[]) =>
      barLines([figure("load seed-bulk rows", ours), figure("load copy-file rows", [100, 101, 99])])[0];
    expect(line([97, 98, 96])).toMatchObject({ limit: { atLeast: 0.9 }, verdict: "holds", unit: "ratio" });
    expect(line([97, 98, 96]).value).toBeCloseTo(0.97, 10);
    expect(line([80, 81, 79]).verdict).toBe("misses");
    expect(line([89, 90, 91]).verdict).toBe("within noise");
    expect(line([97]).verdict).toBe("within noise");
  });

  it("knows limits that must not be exceeded", () => {
    const line = (seconds: number) =>
      barLines([figure("start first row", [seconds, seconds + 0.01, seconds - 0.01], "s")])[0];
    expect(line(0.4)).toMatchObject({ limit: { atMost: 0.5 }, verdict: "holds", unit: "s" });
    expect(line(0.8).verdict).toBe("misses");
  });

  it("holds the slowest entity against its limit, not the sum of all", () => {
    const rates = (value: number) => [value, value * 1.01, value * 0.99];
    const lines = barLines([
      figure("generate all bytes", rates(400e6), "bytes/s"),
      figure("generate quick bytes", rates(500e6), "bytes/s"),
      figure("generate slow bytes", rates(30e6), "bytes/s"),
    ]);
    expect(lines.find(({ claim }) => claim.includes("slow)"))).toMatchObject({ verdict: "misses" });
    expect(lines.map(({ claim }) => claim)).not.toContain("slowest entity, a core (all)");
  });
});
