import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";

/**
 * Starts the threads of a pool.
 * @param entry the name of a file of `workers/`
 * @param workers how many
 * @param workerData what each gets when it starts
 */
export function startPool(entry: string, workers: number, workerData: unknown): Piscina {
  const pool = new Piscina({
    filename: workerFile(entry),
    minThreads: workers,
    maxThreads: workers,
    idleTimeout: Number.POSITIVE_INFINITY,
    // By default a worker blocks in Atomics.wait for its next task, and the connection it keeps would go deaf meanwhile.
    atomics: "disabled",
    recordTiming: false,
    workerData,
  });
  // A thread that ends between two tasks fails none: another takes its place. Without a listener it would end the process.
  pool.on("error", () => {});
  return pool;
}

/** Threads run compiled code: beside this file, or in dist where this file runs from source, as under vitest. */
function workerFile(name: string): string {
  const root = import.meta.url.endsWith(".ts") ? "../../dist/workers/" : "../../workers/";
  return fileURLToPath(new URL(`${root}${name}.js`, import.meta.url));
}
