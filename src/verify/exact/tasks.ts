import { assert } from "../../errors.js";
import { type Entity, storedColumns } from "../../model/entity.js";
import { entityShards, type PlannedEntity } from "../../model/plan.js";
import type { FoundTable } from "./catalog.js";
import type { CompareTask } from "./protocol.js";
import { newSums } from "./row-sums.js";

/** The pieces that comparing one table falls into. */
export interface TableTasks {
  readonly tasks: readonly CompareTask[];
  /** Where the table is compared by sums. */
  readonly sums?: SharedArrayBuffer;
}

/** Bytes of a table's file that one task sums up. */
const BLOCKS_A_TASK = 4096;

/**
 * How a table is compared. The column that counts rows (`identity`: its values are `firstId + row`) gives the order:
 * the plan's shards are read as ranges of it, the first and the last open to their sides, so that rows beyond the plan
 * are met. Without an index on it every range would be a scan of the whole table, so all of it is sorted at once.
 *
 * A table without such a column has no order that SQL knows of. Its rows are compared as a set: sums of hashes by
 * bucket of the primary key on either side, then the rows of buckets that differ.
 */
export function tableTasks(planned: PlannedEntity, entity: Entity, table: FoundTable): TableTasks {
  const idColumn = storedColumns(entity).find(([, { identity }]) => identity)?.[0];
  if (idColumn === undefined) return sumTasks(planned, table);
  const { rows, idStart } = planned;
  const range = { kind: "range" as const, entity: entity.name, idColumn };
  const shards = entityShards(planned);
  if (shards.length <= 1 || !table.ordered.has(idColumn)) {
    return { tasks: [{ ...range, start: 0, end: rows, sorted: !table.ordered.has(idColumn) }] };
  }
  assert(shards[0].start === 0 && shards.at(-1)!.end === rows, "shards cover the table");
  return {
    tasks: shards.map(({ start, end }) => ({
      ...range,
      start,
      end,
      ...(start > 0 && { from: idStart + start }),
      ...(end < rows && { to: idStart + end }),
      sorted: false,
    })),
  };
}

function sumTasks(planned: PlannedEntity, { blocks }: FoundTable): TableTasks {
  const { entity } = planned;
  const sums = newSums();
  const found = Array.from({ length: Math.max(1, Math.ceil(blocks / BLOCKS_A_TASK)) }, (_, i): CompareTask => {
    const from = i * BLOCKS_A_TASK;
    const to = from + BLOCKS_A_TASK;
    return { kind: "sumFound", entity, sums, blocks: { from, ...(to < blocks && { to }) } };
  });
  const expected = entityShards(planned).map(({ start, end }): CompareTask => {
    return { kind: "sumExpected", entity, start, end, sums };
  });
  return { tasks: [...found, ...expected], sums };
}
