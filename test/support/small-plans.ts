import type { Plan, PlannedEntity } from "../../src/model/plan.js";

const SHARD_ROWS = 1000;
const ROW_BYTES = 100;

/**
 * A plan of tables `t0`, `t1`, … that nobody fills: what cutting and handing out need of one.
 * @param shardCounts of each table
 */
export function planOfTables(shardCounts: readonly number[]): Plan {
  const entities = shardCounts.map((shardCount, at): PlannedEntity => {
    const rows = shardCount * SHARD_ROWS;
    return {
      entity: `t${at}`,
      rows,
      idStart: 1,
      idEnd: rows + 1,
      rowBytes: ROW_BYTES,
      bytesEstimated: rows * ROW_BYTES,
      shardRows: SHARD_ROWS,
      shardCount,
    };
  });
  const sum = (of: (entity: PlannedEntity) => number): number => entities.reduce((all, entity) => all + of(entity), 0);
  return {
    hash: "",
    generatorVersion: 1,
    scenario: {} as Plan["scenario"],
    rows: sum(({ rows }) => rows),
    bytesEstimated: sum(({ bytesEstimated }) => bytesEstimated),
    shardCount: sum(({ shardCount }) => shardCount),
    entities,
    notes: [],
  };
}
