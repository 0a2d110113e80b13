import type { Piscina } from "piscina";
import { startPool } from "./pool.js";
import type { ThreadData } from "./protocol.js";

/** Threads at the ready, and how many. */
export interface Threads {
  readonly pool: Piscina;
  readonly count: number;
}

/**
 * Starts the threads of a load. They take a quarter of a second to load their code, which the work before the load
 * may fill; whoever starts them ends them.
 * @param model the built-in model's name
 */
export function startThreads(model: string, count: number): Threads {
  const data: ThreadData = { model };
  return { pool: startPool("shard", count, data), count };
}
