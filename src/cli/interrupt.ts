import { isatty } from "node:tty";

/** How long a command may take to stop by itself after Ctrl-C, in all. */
const STOP_MS_MAX = 8000;

/**
 * Runs work that Ctrl-C (or SIGTERM, or a terminal that goes) asks to stop: the first signal aborts, a second one ends
 * the process at once. Under nohup it goes on when its terminal is gone.
 * @param work gets the signal; it stops, undoes what is half done and throws SB_INTERRUPTED
 */
export async function untilInterrupted(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    setTimeout(() => process.exit(130), STOP_MS_MAX).unref();
  };
  const onHangUp = hasTerminal ? onSignal : (): void => {};
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  process.on("SIGHUP", onHangUp);
  try {
    await work(controller.signal);
  } finally {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
    process.off("SIGHUP", onHangUp);
  }
}

/**
 * Whether a terminal can be taken from this process. Under nohup, cron or a supervisor there is none, and a hang-up is
 * no wish of anybody's. That nohup has SIGHUP ignored cannot be seen: Node resets it before any of our code runs.
 */
const hasTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor));
