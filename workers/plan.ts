import type { WeighTask } from "../src/engine/threads/protocol.js";
import { type WeighOutcome, weigh } from "../src/engine/threads/weighing.js";

/** Piscina's entry: what a universe's plan is made from, worked out for one scenario a task. */
export default function run(task: WeighTask): Promise<WeighOutcome> {
  return weigh(task);
}

/** Done by a thread that has started: its code is there and loads. */
export function ready(): void {}
