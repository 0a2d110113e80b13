import { workerData } from "piscina";
import type { ShardOutcome, ShardTask, WorkerData } from "../src/engine/protocol.js";
import { ShardWorker } from "../src/engine/shard-worker.js";
import { loadModel } from "../src/models/load.js";

const data = workerData as WorkerData;
const worker = new ShardWorker(data, (await loadModel(data.universe.model))!);

/** Piscina's entry: one shard a task. */
export default function run(task: ShardTask): Promise<ShardOutcome> {
  return worker.run(task);
}
