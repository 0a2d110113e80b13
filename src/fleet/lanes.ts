import type { ShardSource, ShardWork } from "../engine/schedule/shard-queues.js";
import type { Shard } from "../model/plan.js";
import type { Statement } from "../postgres/copy-sink.js";

/** What a lane is to make next. */
export interface Assignment {
  readonly shards: readonly Shard[];
  /** Done in the transaction that commits the last of the shards. */
  readonly also?: Statement;
  /** Told when all of them are committed. */
  done?(): void;
}

/** Gives each lane the shards of what it was assigned, one after another, then asks for more. */
export class AssignedLanes implements ShardSource {
  readonly #next: (lane: number) => Promise<Assignment | undefined>;
  readonly #current = new Map<number, { readonly assignment: Assignment; at: number }>();

  /** @param next what a lane is to make; undefined where nothing is left for it */
  constructor(next: (lane: number) => Promise<Assignment | undefined>) {
    this.#next = next;
  }

  async take(lane: number): Promise<ShardWork | undefined> {
    for (;;) {
      const current = this.#current.get(lane);
      if (current !== undefined && current.at < current.assignment.shards.length) {
        const { shards, also } = current.assignment;
        const shard = shards[current.at++];
        return current.at === shards.length && also ? { shard, also } : { shard };
      }
      if (current !== undefined) {
        this.#current.delete(lane);
        current.assignment.done?.();
      }
      const assignment = await this.#next(lane);
      if (assignment === undefined) return undefined;
      this.#current.set(lane, { assignment, at: 0 });
    }
  }
}
