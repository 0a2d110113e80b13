import { workerData } from "piscina";
import { Universe } from "../src/model/universe.js";
import { loadModel } from "../src/models/load.js";
import { CompareWorker } from "../src/verify/exact/compare-worker.js";
import type { CompareOutcome, CompareTask, CompareWorkerData } from "../src/verify/exact/protocol.js";

const { universe, ...settings } = workerData as CompareWorkerData;
const model = (await loadModel(universe.model))!;
const worker = new CompareWorker(new Universe(model, universe.scenario, universe.dictionaries, universe), settings);

/** Piscina's entry: one piece of the comparison a task. */
export default function run(task: CompareTask): Promise<CompareOutcome> {
  return worker.run(task);
}

/** Done by a thread that has started: its code is there and loads. */
export function ready(): void {}
