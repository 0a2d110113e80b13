import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import type { WorkerData } from "./protocol.js";

/**
 * Starts the threads.
 * @param workers how many
 */
export function startPool(workers: number, workerData: WorkerData): Piscina {
  return new Piscina({
    filename: workerFile("shard"),
    minThreads: workers,
    maxThreads: workers,
    idleTimeout: Number.POSITIVE_INFINITY,
    // By default a worker blocks in Atomics.wait for its next task, and the connection it keeps would go deaf meanwhile.
    atomics: "disabled",
    recordTiming: false,
    workerData,
  });
}

/** Threads run compiled code: beside this file, or in dist where this file runs from source, as under vitest. */
function workerFile(name: string): string {
  const root = import.meta.url.endsWith(".ts") ? "../../dist/workers/" : "../../workers/";
  return fileURLToPath(new URL(`${root}${name}.js`, import.meta.url));
}
