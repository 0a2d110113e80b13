import { describe, expect, it } from "vitest";
import { RunProgress, shareByRows } from "../../../src/engine/run/run-progress.js";

const PHASES = ["indexes", "keys", "references", "validation", "sequences", "statistics"];

/** Plays a run whose phases take what they are thought to: a second a percent. */
function played(progress: RunProgress, phases: readonly string[], seen: number[]): number {
  let nowMs = 0;
  for (const phase of phases) {
    progress.phaseStarted(phase, nowMs);
    for (let step = 0; step < 4; step++) {
      nowMs += 1000;
      progress.loaded((step + 1) / 4);
      seen.push(progress.share(nowMs));
    }
    progress.phaseEnded(phase, nowMs);
    seen.push(progress.share(nowMs));
  }
  return nowMs;
}

describe("how far a run is", () => {
  it("is full when the last check is made, and not when the rows are in", () => {
    const progress = new RunProgress({ finishes: true, verifies: true });
    const seen: number[] = [];
    let nowMs = played(progress, ["schema", "load"], seen);
    expect(progress.share(nowMs)).toBeCloseTo(0.39, 10);
    nowMs = played(progress, [...PHASES, "verify"], seen);
    expect(progress.share(nowMs)).toBeCloseTo(1, 10);
    expect(progress.secondsLeft(nowMs)).toBeCloseTo(0, 6);
    expect(seen.every((share, at) => at === 0 || share >= seen[at - 1])).toBe(true);
  });

  it("counts no checks where none follow, and rows alone where they go nowhere", () => {
    const unchecked = new RunProgress({ finishes: true, verifies: false });
    played(unchecked, ["schema", "load", ...PHASES], []);
    expect(unchecked.share(0)).toBeCloseTo(1, 10);
    const nowhere = new RunProgress({ finishes: false, verifies: false });
    nowhere.phaseStarted("load", 0);
    nowhere.loaded(0.25);
    expect(nowhere.share(1000)).toBe(0.25);
    expect(nowhere.secondsLeft(1000)).toBe(3);
  });

  it("stands still before the end of a phase that takes longer than was thought", () => {
    const progress = new RunProgress({ finishes: true, verifies: true });
    progress.phaseStarted("load", 0);
    progress.phaseEnded("load", 3800);
    progress.phaseStarted("indexes", 3800);
    expect(progress.share(3800 + 1000)).toBeCloseTo(0.38 + 0.1, 2);
    expect(progress.share(3800 + 900_000)).toBeCloseTo(0.38 + 0.19, 2);
  });

  it("reckons with what this attempt has done, where an earlier one has made a part", () => {
    const progress = new RunProgress({ finishes: true, verifies: true });
    progress.phaseStarted("load", 0);
    progress.skipped(0.5);
    expect(progress.share(0)).toBeCloseTo(0.19, 10);
    expect(progress.secondsLeft(100)).toBeUndefined();
    progress.loaded(1);
    // 19 percent in 19 seconds: 62 are left.
    expect(progress.secondsLeft(19_000)).toBeCloseTo(62, 6);
  });

  it("leaves out what nobody expected, such as triggers that are put back", () => {
    const progress = new RunProgress({ finishes: true, verifies: true });
    const before = progress.share(0);
    progress.phaseStarted("triggers", 0);
    expect(progress.share(5000)).toBe(before);
    progress.phaseEnded("triggers", 5000);
    expect(progress.share(5000)).toBe(before);
  });

  it("is of another process's run what its rows are", () => {
    expect(shareByRows(0)).toBeCloseTo(0.01, 10);
    expect(shareByRows(1)).toBeCloseTo(0.39, 10);
  });
});
