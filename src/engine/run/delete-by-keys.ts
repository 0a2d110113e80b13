import type pg from "pg";
import { SeedBulkError } from "../../errors.js";
import { findRun } from "../../ledger/runs.js";
import { type Entity, placeOf, storedColumns } from "../../model/entity.js";
import type { Universe } from "../../model/universe.js";
import { copyRows } from "../../postgres/copy-sink.js";
import { qualified, quoteIdentifier } from "../../postgres/identifiers.js";
import { literalForms } from "../../postgres/literals.js";
import { ChunkBuffers, entityWriter } from "../threads/entity-writer.js";
import { recordedRun } from "./recorded.js";

/** A table that a run filled, as statements name it. */
interface Filled {
  readonly name: string;
  /** Whether it holds other rows than the run's, or not all of them. */
  readonly isShared: boolean;
}

/**
 * Takes the rows that a run made out of tables by their primary keys, which are made anew; rows of others stay. All of it is
 * one statement, at whose end foreign keys are looked at.
 * @param tables by schema and name, quoted
 * @throws SeedBulkError SB_REFUSED where a table that is shared has no key, or a row of others refers to one of the run's;
 *   SB_RUN_CHANGED where the rows are made otherwise by now
 */
export async function deleteByKeys(
  client: pg.Client,
  runId: string,
  tables: ReadonlyMap<string, Filled>,
): Promise<void> {
  const run = await findRun(client, runId);
  const { universe, plan } = await recordedRun(run);
  const entities = plan.entities.flatMap(({ entity: name, rows }) => {
    const entity = universe.entity(name);
    const place = placeOf(entity, run.schema);
    const table = tables.get(qualified(place.schema, place.name));
    return table === undefined || entity.kept ? [] : [{ entity, rows, table }];
  });
  const isShared = ({ entity, table }: (typeof entities)[number]): boolean => table.isShared || entity.rowsBefore > 0;
  const keyless = entities.filter((one) => isShared(one) && keyOf(one.entity).length === 0);
  if (keyless.length > 0) {
    const names = keyless.map(({ table }) => table.name).join(", ");
    throw new SeedBulkError(
      "SB_REFUSED",
      `these tables hold other rows than the run's, and no key tells which: ${names}`,
      {
        hint: "Nothing was changed. Take the run's rows out of them yourself first.",
      },
    );
  }
  universe.literals = await literalForms(client, universe.entities);
  const buffers = new ChunkBuffers();
  const deletes: string[] = [];
  for (const [at, { entity, rows, table }] of entities.entries()) {
    const key = keyOf(entity);
    if (key.length === 0) {
      deletes.push(`DELETE FROM ${table.name}`);
      continue;
    }
    const keys = `pg_temp.seed_bulk_keys_${at}`;
    await copyKeys(client, { universe, entity, rows, table: table.name, keys, buffers });
    const isSame = key.map((column) => `t.${quoteIdentifier(column)} = k.${quoteIdentifier(column)}`).join(" AND ");
    deletes.push(`DELETE FROM ${table.name} AS t USING ${keys} AS k WHERE ${isSame}`);
  }
  await deleteTogether(client, deletes);
}

/** The columns by which an entity's rows are told apart, where the model makes all of them. */
function keyOf(entity: Entity): readonly string[] {
  const stored = new Set(storedColumns(entity).map(([name]) => name));
  return entity.primaryKey.every((column) => stored.has(column)) ? entity.primaryKey : [];
}

async function copyKeys(
  client: pg.Client,
  {
    universe,
    entity,
    rows,
    table,
    keys,
    buffers,
  }: {
    readonly universe: Universe;
    readonly entity: Entity;
    readonly rows: number;
    readonly table: string;
    readonly keys: string;
    readonly buffers: ChunkBuffers;
  },
): Promise<void> {
  const key = keyOf(entity);
  const columns = storedColumns(entity).flatMap(([name]) => (key.includes(name) ? [quoteIdentifier(name)] : []));
  const list = columns.join(", ");
  await client.query(
    `CREATE TEMP TABLE ${keys.replace("pg_temp.", "")} ON COMMIT DROP AS SELECT ${list} FROM ${table} LIMIT 0`,
  );
  const writer = entityWriter(universe, entity.name, buffers, key);
  await copyRows(
    client,
    `COPY ${keys} (${list}) FROM STDIN WITH (FORMAT binary)`,
    (work) => work,
    (send) => writer.write(0, rows, send),
  );
}

async function deleteTogether(client: pg.Client, deletes: readonly string[]): Promise<void> {
  const parts = deletes.map((statement, at) => `d${at} AS (${statement})`);
  try {
    await client.query(`WITH ${parts.join(", ")} SELECT`);
  } catch (cause) {
    const { code, message, detail } = cause as { code?: string; message: string; detail?: string };
    if (code !== "23503") throw cause;
    throw new SeedBulkError("SB_REFUSED", `${message}${detail === undefined ? "" : `: ${detail}`}`, {
      cause,
      hint: "Nothing was changed. Rows that the run did not make refer to some that it made: take them out first.",
    });
  }
}
