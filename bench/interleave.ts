/** One of several that are measured side by side. */
export interface Contender<T> {
  readonly name: string;
  run(): Promise<T>;
}

/**
 * Measures contenders in turns, A B C A B C, so that a machine that grows slower meanwhile is unfair to none.
 * @param runs of each, at least 1
 * @param onRun told after every run
 * @returns each contender's results in the order of its runs
 */
export async function interleave<T>(
  contenders: readonly Contender<T>[],
  runs: number,
  onRun: (name: string, run: number, result: T) => void = () => {},
): Promise<Map<string, T[]>> {
  const results = new Map<string, T[]>(contenders.map(({ name }) => [name, []]));
  for (let run = 1; run <= runs; run++) {
    for (const contender of contenders) {
      const result = await contender.run();
      results.get(contender.name)!.push(result);
      onRun(contender.name, run, result);
    }
  }
  return results;
}
