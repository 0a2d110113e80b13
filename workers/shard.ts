import { workerData } from "piscina";
import type { ShardOutcome, ShardTask, ThreadData } from "../src/engine/threads/protocol.js";
import { ShardWorker } from "../src/engine/threads/shard-worker.js";
import { loadModel } from "../src/models/load.js";

const model = (await loadModel((workerData as ThreadData).model))!;
let worker: ShardWorker | undefined;

/** Piscina's entry: one shard a task; all tasks of a thread are of one load. */
export default function run(task: ShardTask): Promise<ShardOutcome> {
  worker ??= new ShardWorker(task.load, model);
  return worker.run(task);
}

/** Done by a thread that has started: its code is there and loads. */
export function ready(): void {}
