import { EXACT_FROM, EXACT_TO } from "../../core/time-zones/zones.js";
import { monthsBefore, parseInstant } from "./instants.js";
import { type MapNode, nodeAt, originAt } from "./nodes.js";
import type { Problem } from "./problems.js";
import type { Scenario } from "./types.js";

/** Calendars weigh every hour of a window: a century is 876,600 of them, seven megabytes a clock and thread. */
export const MONTHS_MAX = 1200;

/** Works out `[from, to)`, and what is wrong between its keys; each key's own form is `validateScenario`'s concern. */
export function resolveWindow(root: MapNode): { window: Scenario["window"] | undefined; problems: Problem[] } {
  const scalarAt = (key: string) => {
    const node = nodeAt(root, ["window", key]);
    return node?.kind === "scalar" ? node.value : undefined;
  };
  const has = (key: string) => nodeAt(root, ["window", key]) !== undefined;
  const fail = (path: string[], message: string) => ({
    window: undefined,
    problems: [{ origin: originAt(root, path), path, message }],
  });

  const window = nodeAt(root, ["window"]);
  if (window !== undefined && window.kind !== "map") return { window: undefined, problems: [] };
  if (has("from") && has("months")) return fail(["window", "months"], "give either from or months, not both");
  if (!has("from") && !has("months") && !has("to")) {
    return fail(
      ["window"],
      "no window is given: say when things happen, such as window: { from: 2025-01-01, to: 2026-01-01 }",
    );
  }
  if (!has("from") && !has("months")) return fail(["window"], "give either from or months");
  const to = instantOf(scalarAt("to"));
  if (to === undefined) return { window: undefined, problems: [] };
  if (has("months")) {
    const months = scalarAt("months");
    if (typeof months !== "number" || !Number.isInteger(months) || months < 1)
      return { window: undefined, problems: [] };
    const from = monthsBefore(to, months);
    if (from === undefined) return fail(["window", "months"], `${months} months before ${to} is before the year 1`);
    return judged({ from, to }, "months", fail);
  }
  const from = instantOf(scalarAt("from"));
  if (from === undefined) return { window: undefined, problems: [] };
  // Both are `YYYY-MM-DDTHH:MM:SS.sssZ`, whose text sorts as time does.
  if (from >= to) return fail(["window", "from"], `${from} is not before to, which is ${to}`);
  return judged({ from, to }, "from", fail);
}

/**
 * Refuses a window that reaches beyond what is exact, or is too long.
 * @param begins the key that says where it begins
 */
function judged(
  window: Scenario["window"],
  begins: "from" | "months",
  fail: (path: string[], message: string) => ReturnType<typeof resolveWindow>,
): ReturnType<typeof resolveWindow> {
  const { from, to } = window;
  if (from < EXACT_FROM) {
    const subject = begins === "from" ? from : `the window's start, ${from},`;
    return fail(
      ["window", begins],
      `${subject} is before ${dayOf(EXACT_FROM)}: from then on it is known by the hour when clocks were changed, and no moment is made by a guess`,
    );
  }
  if (to > EXACT_TO) {
    return fail(
      ["window", "to"],
      `${to} is after ${dayOf(EXACT_TO)}: microseconds since 1970 are exact below 2^53, in 2255, and what follows on a window needs room`,
    );
  }
  const earliest = monthsBefore(to, MONTHS_MAX);
  if (earliest !== undefined && from < earliest)
    return fail(["window", begins], `${from} is more than ${MONTHS_MAX} months before to, which is ${to}`);
  return { window, problems: [] };
}

function dayOf(instant: string): string {
  return instant.slice(0, 10);
}

function instantOf(value: unknown): string | undefined {
  return typeof value === "string" ? parseInstant(value) : undefined;
}
