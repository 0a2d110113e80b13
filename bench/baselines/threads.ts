import { once } from "node:events";
import { parentPort, Worker } from "node:worker_threads";
import { compiledFile } from "../processes.js";

/**
 * Runs one thread a connection: the contenders get as many cores as the engine does. Their clock starts when all of
 * them are connected, so that it shows loading alone; the engine's own load phase includes starting its workers.
 * @param file below bench, without its ending; it calls {@link whenAllAreReady}
 * @returns seconds from then until the last thread is done
 * @throws the first thread's error
 */
export async function runThreads(file: string, workerData: readonly unknown[]): Promise<number> {
  const threads = workerData.map((data) => new Worker(compiledFile(file), { workerData: data }));
  const failed = Promise.all(threads.map((thread) => once(thread, "exit"))).then(() => {
    throw new Error(`a thread of ${file} ended before it was done`);
  });
  failed.catch(() => {});
  const told = (): Promise<unknown> =>
    Promise.race([failed, Promise.all(threads.map((thread) => once(thread, "message")))]);
  try {
    await told();
    const began = performance.now();
    const done = told();
    for (const thread of threads) thread.postMessage("go");
    await done;
    return (performance.now() - began) / 1000;
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

/** In a thread: tells that it is ready, waits for the others, does the work, and tells that it is done. */
export async function whenAllAreReady(work: () => Promise<void>): Promise<void> {
  const port = parentPort!;
  const go = once(port, "message");
  port.postMessage("ready");
  await go;
  await work();
  port.postMessage("done");
}
