/** How long a command may take to stop by itself after Ctrl-C, in all. */
const STOP_MS_MAX = 8000;

/**
 * Runs work that Ctrl-C (or SIGTERM) asks to stop: the first signal aborts, a second one ends the process at once.
 * @param work gets the signal; it stops, undoes what is half done and throws SB_INTERRUPTED
 */
export async function untilInterrupted(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    setTimeout(() => process.exit(130), STOP_MS_MAX).unref();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  process.on("SIGHUP", onSignal);
  try {
    await work(controller.signal);
  } finally {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
    process.off("SIGHUP", onSignal);
  }
}
