import { redactUrl } from "../../postgres/redact.js";
import type { RunObserver } from "../observer.js";
import type { GenerateOptions } from "./options.js";

/** Tells the observer what is about to happen. */
export function announce({ observer, plan, workers, target }: GenerateOptions, url?: string): void {
  observer?.planned?.(plan, { workers, sink: target.kind, ...(url !== undefined && { database: redactUrl(url) }) });
}

/** Times a phase and tells the observer of it. */
export async function timed(
  observer: RunObserver | undefined,
  phase: string,
  work: () => Promise<void>,
): Promise<number> {
  observer?.phaseStarted?.(phase);
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1000;
  observer?.phaseEnded?.(phase, seconds);
  return seconds;
}
