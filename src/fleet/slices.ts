import { entityShards, type Plan, type Shard } from "../model/plan.js";

/** Consecutive shards of one table: what one lane of one worker is told to make, one after another. */
export interface Slice {
  /** From 0 in a plan; parts take every n-th. */
  readonly ordinal: number;
  readonly entity: string;
  /** Slices of a later level begin when all of the earlier ones are committed. */
  readonly level: number;
  readonly shards: readonly Shard[];
  /** Whether its rows refer to rows of earlier slices of the table, which have to be there. */
  readonly inOrder: boolean;
}

/** Shards of a slice at the most: about 256 MiB, a few seconds of one lane. */
const SHARDS_MAX = 32;

/** Slices of a part at the least, so that all of its lanes find some to the end. */
export const SLICES_PER_PART_MIN = 32;
/** Slices in a queue at the least, whose workers nobody knows before. */
export const SLICES_IN_QUEUE_MIN = 256;

export interface Slicing {
  /** About how many slices there should be at least, so that all who work find something. */
  readonly slicesMin: number;
  /** Entities in steps, each after those before it; all at once without it. */
  readonly levels?: readonly (readonly string[])[];
  /** Entities whose rows refer to each other while keys are on: one slice each, so that they come in order. */
  readonly inOrder?: ReadonlySet<string>;
}

/** Cuts a plan into slices: the same for the same plan and slicing, on any machine. The largest tables come first. */
export function slicesOf(plan: Plan, { slicesMin, levels, inOrder = new Set() }: Slicing): Slice[] {
  const size = Math.max(1, Math.min(SHARDS_MAX, Math.floor(plan.shardCount / slicesMin)));
  const levelOf = new Map((levels ?? []).flatMap((names, level) => names.map((name) => [name, level] as const)));
  const tables = plan.entities
    .map((entity) => ({ entity, level: levelOf.get(entity.entity) ?? 0 }))
    .sort((a, b) => a.level - b.level || bytesOf(b.entity) - bytesOf(a.entity));
  const slices: Slice[] = [];
  for (const { entity, level } of tables) {
    const shards = entityShards(entity);
    const comesInOrder = inOrder.has(entity.entity);
    const step = comesInOrder ? Math.max(1, shards.length) : size;
    for (let at = 0; at < shards.length; at += step) {
      slices.push({
        ordinal: slices.length,
        entity: entity.entity,
        level,
        shards: shards.slice(at, at + step),
        inOrder: comesInOrder,
      });
    }
  }
  return slices;
}

function bytesOf({ rows, rowBytes }: Plan["entities"][number]): number {
  return rows * rowBytes;
}

/** Some of an entity's shards, by their indexes, both included. */
export interface ShardRange {
  readonly entity: string;
  readonly first: number;
  readonly last: number;
}

/** What a shard is called among those of a run. */
export function shardName({ entity, index }: Pick<Shard, "entity" | "index">): string {
  return `${entity} ${index}`;
}
