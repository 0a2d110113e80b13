import { describe, expect, it } from "vitest";
import { compare, judgingNothing } from "../../../bench/comparison.js";
import { readQueries } from "../../../bench/timed-query.js";
import { figure, reportOf } from "./support.js";

const STEADY = [100, 101, 99];
const change = (now: readonly number[], then: readonly number[], failBelow = 0.9, unit: "rows/s" | "s" = "rows/s") =>
  compare(reportOf([figure("x", now, unit)]), reportOf([figure("x", then, unit)]), { failBelow }).changes[0];

describe("queries of one's own", () => {
  it("stand behind lines that name them", () => {
    const text = "-- of the dashboard\n-- name: top customers\nSELECT 1;\n\n--name:two lines\nSELECT\n  2\n";
    expect(readQueries(text)).toEqual([
      { name: "top customers", sql: "SELECT 1" },
      { name: "two lines", sql: "SELECT\n  2" },
    ]);
    expect(readQueries("SELECT 1")).toEqual([]);
  });
});

describe("compare", () => {
  it("fails what became slower than the limit", () => {
    expect(change([80, 81, 79], STEADY)).toMatchObject({ verdict: "worse", fails: true });
    expect(change([80, 81, 79], STEADY).ratio.value).toBeCloseTo(0.8, 10);
  });

  it("turns figures of which less is better around", () => {
    expect(change([125, 126, 124], STEADY, 0.9, "s")).toMatchObject({ verdict: "worse", fails: true });
    expect(change([125, 126, 124], STEADY, 0.9, "s").ratio.value).toBeCloseTo(0.8, 10);
    expect(change([80, 81, 79], STEADY, 0.9, "s")).toMatchObject({ verdict: "better", fails: false });
  });

  it("does not fail what is slower by less than the limit", () => {
    expect(change([95, 95.1, 94.9], STEADY)).toMatchObject({ verdict: "worse", fails: false });
    expect(change([95, 95.1, 94.9], STEADY, 0.97)).toMatchObject({ fails: true });
  });

  it("does not fail what may be chance: noise of now, of then, or of a single run", () => {
    expect(change([80, 50, 120], STEADY)).toMatchObject({ verdict: "within noise", fails: false });
    expect(change([80, 81, 79], [100, 60, 140])).toMatchObject({ verdict: "within noise", fails: false });
    expect(change([80], STEADY)).toMatchObject({ verdict: "within noise", fails: false });
  });

  it("judges only what is ours", () => {
    const slower = reportOf([figure("load pgbench rows", [50, 51, 49], "rows/s", false)]);
    const before = reportOf([figure("load pgbench rows", STEADY, "rows/s", false)]);
    expect(compare(slower, before, { failBelow: 0.9 }).changes[0]).toMatchObject({ verdict: "worse", fails: false });
  });

  it("judges what is named, by the beginning of its name", () => {
    const now = reportOf([figure("load rows", [50, 51, 49]), figure("verify checks time", [50, 51, 49])]);
    const then = reportOf([figure("load rows", STEADY), figure("verify checks time", STEADY)]);
    const failing = (judged: readonly string[]): string[] =>
      compare(now, then, { failBelow: 0.9, judged })
        .changes.filter(({ fails }) => fails)
        .map(({ name }) => name);
    expect(failing(["load"])).toEqual(["load rows"]);
    expect(failing(["verify checks"])).toEqual(["verify checks time"]);
    expect(failing(["all"])).toEqual(["load rows", "verify checks time"]);
    expect(failing(["loa"])).toEqual([]);
    expect(judgingNothing(["load", "loa", "all", "start"], then)).toEqual(["loa", "start"]);
  });

  it("lets a time grow by less than the floor", () => {
    const [now, then] = [0.003, 0.002].map((seconds) => reportOf([figure("x", [seconds, seconds], "s")]));
    expect(compare(now, then, { failBelow: 0.9 }).changes[0].fails).toBe(true);
    expect(compare(now, then, { failBelow: 0.9, floorMs: 5 }).changes[0].fails).toBe(false);
    expect(compare(now, then, { failBelow: 0.9, floorMs: 1 }).changes[0].fails).toBe(true);
  });

  it("tells what is no longer measured and in what the machines differ", () => {
    const now = reportOf([figure("y", STEADY)], { planHash: "other", workers: 4 });
    const found = compare(now, reportOf([figure("x", STEADY)]), { failBelow: 0.9 });
    expect(found.changes).toEqual([]);
    expect(found.missing).toEqual(["x"]);
    expect(found.differences).toEqual(["plan: abc then, other now", "workers: 2 then, 4 now"]);
  });
});
