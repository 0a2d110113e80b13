/**
 * Makes results side by side and hands them over in the order of their jobs. At most `window` results are under way or
 * waiting, so a slow taker slows the makers down.
 * @throws the first failure, of a maker or of the taker; no further job is started then
 */
export async function inOrder<Job, Result>(
  jobs: Iterable<Job>,
  window: number,
  make: (job: Job) => Promise<Result>,
  take: (job: Job, result: Result) => Promise<void>,
): Promise<void> {
  const queue: { readonly job: Job; readonly result: Promise<Result> }[] = [];
  const takeFirst = async (): Promise<void> => {
    const { job, result } = queue.shift()!;
    await take(job, await result);
  };
  for (const job of jobs) {
    const result = make(job);
    // A failure is met when its turn comes; until then it must not count as unhandled.
    result.catch(() => {});
    queue.push({ job, result });
    if (queue.length >= window) await takeFirst();
  }
  while (queue.length > 0) await takeFirst();
}
