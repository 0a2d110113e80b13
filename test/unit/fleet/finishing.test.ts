import { describe, expect, it } from "vitest";
import type { FinishingStep } from "../../../src/engine/schedule/finishing-steps.js";
import { type Outlook, stepsOpen } from "../../../src/fleet/finishing.js";
import { planOfTables } from "../../support/small-plans.js";

const step = (phase: FinishingStep["phase"], entity: string): FinishingStep => ({
  phase,
  entity,
  name: `${phase} ${entity}`,
  sql: "SELECT 1",
});
const STEPS = ["indexes", "keys", "references", "validation"].flatMap((phase) =>
  ["t0", "t1"].map((entity) => step(phase as FinishingStep["phase"], entity)),
);
const plan = planOfTables([2, 3]);
const open = (outlook: Partial<Outlook>): string[] =>
  stepsOpen(STEPS, plan, { state: "loading", done: new Set(), claimed: new Set(), sums: new Map(), ...outlook }).map(
    ({ name }) => name,
  );
const sums = (t0: number, t1: number): Outlook["sums"] =>
  new Map([
    ["t0", { shards: t0, rows: 0 }],
    ["t1", { shards: t1, rows: 0 }],
  ]);

describe("the steps that a worker may begin", () => {
  it("are indexes of tables that are complete, while others come in", () => {
    expect(open({})).toEqual([]);
    expect(open({ sums: sums(2, 2) })).toEqual(["indexes t0"]);
    expect(open({ sums: sums(2, 2), claimed: new Set(["indexes t0"]) })).toEqual([]);
    // Keys too would be possible; their locks keep rows of others out.
    expect(open({ sums: sums(2, 2), done: new Set(["indexes t0"]) })).toEqual([]);
  });

  it("are those of one phase after the load, and of the next when all of it is done", () => {
    const done = new Set(["indexes t0"]);
    expect(open({ state: "finishing", done })).toEqual(["indexes t1"]);
    expect(open({ state: "finishing", done, claimed: new Set(["indexes t1"]) })).toEqual([]);
    expect(open({ state: "finishing", done: new Set([...done, "indexes t1"]) })).toEqual(["keys t0", "keys t1"]);
    expect(open({ state: "finishing", done: new Set(STEPS.map(({ name }) => name)) })).toEqual([]);
  });

  it("wait for each other where each locks two tables", () => {
    const done = new Set(["indexes t0", "indexes t1", "keys t0", "keys t1"]);
    expect(open({ state: "finishing", done })).toEqual(["references t0", "references t1"]);
    expect(open({ state: "finishing", done, claimed: new Set(["references t0"]) })).toEqual([]);
    done.add("references t0");
    // A claim stays when its step is done.
    expect(open({ state: "finishing", done, claimed: new Set(["references t0"]) })).toEqual(["references t1"]);
  });
});
