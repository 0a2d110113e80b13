import { workerData } from "piscina";
import type { ShardOutcome, ShardTask, WorkerData } from "../src/engine/protocol.js";
import { ShardWorker } from "../src/engine/shard-worker.js";

const worker = new ShardWorker(workerData as WorkerData);

/** Piscina's entry: one shard a task. */
export default function run(task: ShardTask): Promise<ShardOutcome> {
  return worker.run(task);
}
