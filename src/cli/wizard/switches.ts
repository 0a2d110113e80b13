type Dependencies = Readonly<Record<string, readonly string[]>>;

/**
 * What has to be said of features for those wanted to be on and no others. One that is off because another is would
 * come on with it, so that it is named too.
 * @param options.own as the scenario has them once those that build on one that is off are off too
 */
export function featureChanges(options: {
  readonly own: Readonly<Record<string, boolean>>;
  readonly wanted: readonly string[];
  readonly dependentFeatures: Dependencies;
}): Record<string, boolean> {
  const { own, wanted, dependentFeatures } = options;
  const changes: Record<string, boolean> = {};
  for (const [name, on] of Object.entries(own)) if (wanted.includes(name) !== on) changes[name] = !on;
  for (const [name, needs] of Object.entries(dependentFeatures)) {
    if (!own[name] && !wanted.includes(name) && needs.some((need) => !own[need] && wanted.includes(need)))
      changes[name] = false;
  }
  return changes;
}

/** Features that are wanted and off all the same, each with one that it builds on and that is off. */
export function featuresKeptOff(
  wanted: readonly string[],
  dependentFeatures: Dependencies,
): { readonly name: string; readonly needs: string }[] {
  const on = new Set(wanted);
  const off: { name: string; needs: string }[] = [];
  // Each round takes one away or is the last.
  for (let changed = true; changed; ) {
    changed = false;
    for (const name of [...on]) {
      const needs = dependentFeatures[name]?.find((need) => !on.has(need));
      if (needs === undefined) continue;
      on.delete(name);
      off.push({ name, needs });
      changed = true;
    }
  }
  return off;
}
