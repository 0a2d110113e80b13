import { workerData } from "piscina";
import { ExportWorker } from "../src/export/export-worker.js";
import type { ExportOutcome, ExportTask, ExportWorkerData } from "../src/export/protocol.js";
import { loadModel } from "../src/models/load.js";

const data = workerData as ExportWorkerData;
const worker = new ExportWorker(data, (await loadModel(data.universe.model))!);

/** Piscina's entry: one piece of text or one Parquet file a task. */
export default function run(task: ExportTask): Promise<ExportOutcome> {
  return worker.run(task);
}

/** Done by a thread that has started: its code is there and loads. */
export function ready(): void {}
