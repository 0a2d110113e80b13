import { createHash, type Hash } from "node:crypto";
import type { Plan } from "../../model/plan.js";

/** Hashes each entity's bytes in ID order, whatever the order its shards come in. */
export interface OrderedDigests {
  /**
   * Takes a shard's bytes; resolves once few enough shards wait for one before them.
   * @param sequence the shard's place in the order of entities and IDs
   */
  add(sequence: number, entity: string, chunks: readonly Uint8Array[]): Promise<void>;
  /** SHA-256 of each entity of the plan, in hex. */
  finish(): Record<string, string>;
}

/** @param waitingMax shards that may wait in memory for one before them */
export function orderedDigests(plan: Plan, waitingMax: number): OrderedDigests {
  const hashes = new Map<string, Hash>(plan.entities.map(({ entity }) => [entity, createHash("sha256")]));
  const waiting = new Map<number, { entity: string; chunks: readonly Uint8Array[] }>();
  let next = 0;
  let wake: (() => void)[] = [];
  return {
    async add(sequence, entity, chunks) {
      waiting.set(sequence, { entity, chunks });
      for (let ready = waiting.get(next); ready !== undefined; ready = waiting.get(next)) {
        for (const chunk of ready.chunks) hashes.get(ready.entity)!.update(chunk);
        waiting.delete(next++);
      }
      for (const resume of wake) resume();
      wake = [];
      // The holder of the next shard in order never waits, so somebody always goes on.
      while (sequence >= next + waitingMax) await new Promise<void>((resolve) => wake.push(resolve));
    },
    finish: () => Object.fromEntries([...hashes].map(([entity, hash]) => [entity, hash.digest("hex")])),
  };
}
