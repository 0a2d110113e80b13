import { describe, expect, it } from "vitest";
import { compare } from "../../../bench/comparison.js";
import { figure, reportOf } from "./support.js";

const STEADY = [100, 101, 99];
const change = (now: readonly number[], then: readonly number[], failBelow = 0.9, unit: "rows/s" | "s" = "rows/s") =>
  compare(reportOf([figure("x", now, unit)]), reportOf([figure("x", then, unit)]), failBelow).changes[0];

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
    expect(compare(slower, before, 0.9).changes[0]).toMatchObject({ verdict: "worse", fails: false });
  });

  it("tells what is no longer measured and in what the machines differ", () => {
    const now = reportOf([figure("y", STEADY)], { planHash: "other", workers: 4 });
    const found = compare(now, reportOf([figure("x", STEADY)]), 0.9);
    expect(found.changes).toEqual([]);
    expect(found.missing).toEqual(["x"]);
    expect(found.differences).toEqual(["plan: abc then, other now", "workers: 2 then, 4 now"]);
  });
});
