import { monthsBefore, parseInstant } from "./instants.js";
import { type MapNode, nodeAt, originAt } from "./nodes.js";
import type { Problem } from "./problems.js";
import type { Scenario } from "./types.js";

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
  if (!has("from") && !has("months")) return fail(["window"], "give either from or months");
  const to = instantOf(scalarAt("to"));
  if (to === undefined) return { window: undefined, problems: [] };
  if (has("months")) {
    const months = scalarAt("months");
    if (typeof months !== "number" || !Number.isInteger(months) || months < 1)
      return { window: undefined, problems: [] };
    const from = monthsBefore(to, months);
    return from === undefined
      ? fail(["window", "months"], `${months} months before ${to} is before the year 1`)
      : { window: { from, to }, problems: [] };
  }
  const from = instantOf(scalarAt("from"));
  if (from === undefined) return { window: undefined, problems: [] };
  // Both are `YYYY-MM-DDTHH:MM:SS.sssZ`, whose text sorts as time does.
  if (from >= to) return fail(["window", "from"], `${from} is not before to, which is ${to}`);
  return { window: { from, to }, problems: [] };
}

function instantOf(value: unknown): string | undefined {
  return typeof value === "string" ? parseInstant(value) : undefined;
}
