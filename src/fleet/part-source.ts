import { setTimeout as delay } from "node:timers/promises";
import type { Shard } from "../model/plan.js";
import { AssignedLanes, type Assignment } from "./lanes.js";
import type { Part } from "./parts.js";
import { type Slice, shardName } from "./slices.js";

/** Between two looks at the ledger, while others make what has to be there first. */
const LOOK_MS = 1000;

export interface PartOptions {
  readonly slices: readonly Slice[];
  readonly part: Part;
  /** Whether to make what other parts lack, once the own part is made. */
  readonly steal: boolean;
  /** The names of the shards that the ledger has now. */
  readonly committed: () => Promise<ReadonlySet<string>>;
  /** A number from 0 to below 1: which of the others' slices to help with. Any will do; thieves should differ. */
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/**
 * Says which shards a part consists of: every n-th slice, so that all parts work on the same tables at the same time,
 * and n may be another number at another attempt.
 */
export class PartSource extends AssignedLanes {
  readonly #options: PartOptions;
  /** Slices that this part has not begun. */
  readonly #own: Slice[];
  /** The table that a lane worked on last. */
  readonly #tables = new Map<number, string>();
  /** What this worker is at, or has made since the ledger was looked at. */
  readonly #inHand = new Set<string>();
  #first: ReadonlySet<string> | undefined;

  constructor(options: PartOptions) {
    super((lane) => this.#assign(lane));
    const { slices, part } = options;
    this.#options = options;
    this.#own = slices.filter(({ ordinal }) => ordinal % part.of === part.index - 1);
  }

  async #assign(lane: number): Promise<Assignment | undefined> {
    while (!this.#options.signal.aborted) {
      // Of the own part nobody else makes anything, unless they steal: what the ledger had at the beginning will do.
      this.#first ??= await this.#options.committed();
      const slice = this.#takeOwn(lane);
      if (slice === undefined) break;
      if (!(await this.#isReady(slice))) {
        this.#own.unshift(slice);
        await this.#pause();
        continue;
      }
      const shards = missingOf(slice, this.#first);
      if (shards.length > 0) return this.#hand(lane, shards);
    }
    return this.#options.steal ? this.#steal(lane) : undefined;
  }

  /** A slice of the table that the lane has worked on, whose code it has compiled; else of the one with the most left. */
  #takeOwn(lane: number): Slice | undefined {
    const [first] = this.#own;
    if (first === undefined) return undefined;
    const open = this.#own.filter(({ level }) => level === first.level);
    const table = this.#tables.get(lane);
    const others = new Set([...this.#tables].flatMap(([other, name]) => (other === lane ? [] : [name])));
    const slice =
      open.find(({ entity }) => entity === table) ?? open.find(({ entity }) => !others.has(entity)) ?? first;
    this.#own.splice(this.#own.indexOf(slice), 1);
    return slice;
  }

  #hand(lane: number, shards: readonly Shard[]): Assignment {
    this.#tables.set(lane, shards[0].entity);
    for (const shard of shards) this.#inHand.add(shardName(shard));
    return { shards };
  }

  /** Whether all that a slice's rows refer to is there. */
  async #isReady({ level }: Slice): Promise<boolean> {
    const before = this.#options.slices.filter((slice) => slice.level < level);
    if (before.length === 0) return true;
    const committed = await this.#options.committed();
    return before.every((slice) => missingOf(slice, committed).length === 0);
  }

  /**
   * What others lack: the later half of one of their slices, whose front its owner may be at. Two that make the same
   * shard meet at the ledger's key.
   */
  async #steal(lane: number): Promise<Assignment | undefined> {
    const { slices, signal, random } = this.#options;
    while (!signal.aborted) {
      const committed = await this.#options.committed();
      const lacking = slices
        .map(({ level, shards }) => ({ level, shards: shards.filter((shard) => !committed.has(shardName(shard))) }))
        .filter(({ shards }) => shards.length > 0);
      const [lowest] = lacking;
      if (lowest === undefined) return undefined;
      const free = lacking
        .filter(({ level }) => level === lowest.level)
        .map(({ shards }) => shards.filter((shard) => !this.#inHand.has(shardName(shard))))
        .filter((shards) => shards.length > 0);
      const chosen = free.at(Math.floor(random() * free.length));
      if (chosen !== undefined) return this.#hand(lane, chosen.slice(Math.floor(chosen.length / 2)));
      // The other lanes of this process have the rest in hand.
      if (lacking.every(({ level }) => level === lowest.level)) return undefined;
      await this.#pause();
    }
    return undefined;
  }

  #pause(): Promise<void> {
    return delay(LOOK_MS, undefined, { signal: this.#options.signal }).catch(() => {});
  }
}

function missingOf({ shards }: Slice, committed: ReadonlySet<string>): Shard[] {
  return shards.filter((shard) => !committed.has(shardName(shard)));
}
