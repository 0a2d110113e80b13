import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { SeedBulkError } from "../../errors.js";

/**
 * Starts the threads of a pool.
 * @param entry the name of a file of `workers/`
 * @param workers how many
 * @param workerData what each gets when it starts
 * @throws SeedBulkError SB_WORKER_FAILED where its code is not there
 */
export function startPool(entry: string, workers: number, workerData: unknown): Piscina {
  const filename = workerFile(entry);
  // Piscina would wait for ever for threads whose code is not there.
  if (!existsSync(filename)) {
    throw new SeedBulkError("SB_WORKER_FAILED", `the code of worker threads is not there: ${filename}`, {
      hint: "The package is not whole: install it anew; in a clone, `npm run build`.",
    });
  }
  const pool = new Piscina({
    filename,
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
  const root = import.meta.url.endsWith(".ts") ? "../../../dist/workers/" : "../../../workers/";
  return fileURLToPath(new URL(`${root}${name}.js`, import.meta.url));
}
