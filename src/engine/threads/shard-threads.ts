import type { ModelOrigin } from "../../model/origin.js";
import type { ThreadData } from "./protocol.js";
import { ThreadPool } from "./thread-pool.js";

/**
 * Starts the threads of a load. They take a quarter of a second to load their code, which the work before the load
 * may fill; whoever starts them ends them.
 * @param model where the threads load the model from
 */
export function startThreads(model: ModelOrigin, count: number): ThreadPool {
  const data: ThreadData = { model };
  return new ThreadPool("shard", count, data);
}
