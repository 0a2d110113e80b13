import type { Universe } from "../../src/model/universe.js";
import { CompareWorker } from "../../src/verify/exact/compare-worker.js";
import type { StartComparers } from "../../src/verify/exact.js";

/** Comparers of this thread, for models that worker threads do not know; each task gets a free one. */
export function comparersHere(universe: Universe): StartComparers {
  return (settings) => {
    const free: CompareWorker[] = [];
    const all: CompareWorker[] = [];
    return {
      async run(task) {
        const worker = free.pop() ?? new CompareWorker(universe, settings);
        if (!all.includes(worker)) all.push(worker);
        try {
          return await worker.run(task);
        } finally {
          free.push(worker);
        }
      },
      async close() {
        await Promise.all(all.map((worker) => worker.close()));
      },
    };
  };
}
