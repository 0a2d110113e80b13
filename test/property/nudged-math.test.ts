import { afterEach, describe, expect, it, vi } from "vitest";

/** Scenarios of every model, at sizes that use each of their columns. */
const SCENARIOS = [
  { scenario: "marketing/demo", scale: 1 },
  { scenario: "gaming/ctf", scale: 0.05 },
  { scenario: "tapflow/tapflow_noisy", scale: 0.02 },
  { scenario: "erp/anomaly-heavy", scale: 0.2 },
] as const;

/** What ECMAScript calls implementation-approximated (ECMA-262, Function Properties of the Math Object). */
const APPROXIMATED = [
  ...["acos", "acosh", "asin", "asinh", "atan", "atanh", "atan2", "cbrt", "cos", "cosh", "exp", "expm1", "hypot"],
  ...["log", "log1p", "log10", "log2", "pow", "sin", "sinh", "tan", "tanh"],
] as const;

/** By how much: far more than machines differ, so that it shows in the few rows of a test. */
const NUDGE = 1e-6;

/** The same function, every other result of it a little too large. */
function nudge(real: (...args: number[]) => number): (...args: number[]) => number {
  let calls = 0;
  return (...args) => real(...args) * (calls++ % 2 === 0 ? 1 + NUDGE : 1);
}

/** Digests of all tables, by modules that are loaded anew: some make their tables as they load. */
async function digestsOf(scenario: string, scale: number): Promise<Record<string, string>> {
  vi.resetModules();
  const { planned } = await import("../support/planned.js");
  const { digestOf } = await import("../support/model-rows.js");
  const { universe, plan } = await planned(scenario, { scale });
  return Object.fromEntries(plan.entities.map(({ entity }) => [entity, digestOf(universe, entity, [1024])]));
}

afterEach(() => vi.restoreAllMocks());

describe("bytes on a machine whose Math differs in what is left to it", () => {
  it.each(SCENARIOS)("are the same: $scenario", async ({ scenario, scale }) => {
    const plain = await digestsOf(scenario, scale);
    expect(Object.keys(plain).length).toBeGreaterThan(5);
    const math = Math as unknown as Record<string, (...args: number[]) => number>;
    for (const name of APPROXIMATED) {
      const nudged = nudge(math[name]);
      vi.spyOn(math, name).mockImplementation(nudged);
    }
    expect([Math.exp(1), Math.exp(1)]).not.toEqual([Math.E, Math.E]);
    expect(await digestsOf(scenario, scale)).toEqual(plain);
  });
});
