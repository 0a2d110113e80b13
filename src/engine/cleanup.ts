import type pg from "pg";
import { SeedBulkError } from "../errors.js";
import type { Lease } from "../ledger/lease.js";
import { releaseLease, takeLease } from "../ledger/lease.js";
import { type OwnObject, ownObjects } from "../ledger/objects.js";
import { forgetProgress } from "../ledger/progress.js";
import { findRun, GONE_STATES, type LedgerRun, listRuns, setRunState } from "../ledger/runs.js";
import { ensureLedger, hasLedger } from "../ledger/schema.js";
import { close, connect, inTransaction } from "../postgres/connection.js";
import { quoteIdentifier } from "../postgres/identifiers.js";
import { dropObjects } from "./run/drop-objects.js";
import { emptyFilled } from "./run/empty-filled.js";

/** What a cleanup drops, as `--json` prints it. */
export interface CleanupPlan {
  readonly runs: readonly Pick<LedgerRun, "runId" | "scenario" | "schema" | "state">[];
  readonly tables: readonly CleanupTable[];
  /** Tables that were there before: they stay, without the run's rows. */
  readonly emptied: readonly CleanupTable[];
  readonly types: readonly { readonly schema: string; readonly type: string }[];
  /** Schemas that seed-bulk made: each goes if it is empty afterwards. */
  readonly schemas: readonly string[];
}

export interface CleanupTable {
  readonly runId: string;
  readonly schema: string;
  readonly table: string;
  /** As Postgres estimates them; null for a table that was never analyzed, as in a load that was cut short. */
  readonly rows: number | null;
  /** With indexes; an estimate too. */
  readonly bytes: number | null;
}

/** What a cleanup did. */
export interface CleanupResult {
  readonly schemasDropped: readonly string[];
  /** Schemas that hold something of somebody else's. */
  readonly schemasKept: readonly string[];
  /** Tables that were there before and hold rows of somebody else's: the run's were taken out by their keys. */
  readonly othersRows: readonly string[];
}

/** What a cleanup did where there was nothing to do. */
export const NOTHING_CLEANED: CleanupResult = { schemasDropped: [], schemasKept: [], othersRows: [] };

/**
 * Works out what a cleanup drops; writes nothing.
 * @param runId of one run, or its beginning; of all runs without it
 * @throws SeedBulkError SB_RUN_NOT_FOUND
 */
export async function planCleanup(client: pg.Client, runId?: string): Promise<CleanupPlan> {
  const found: readonly Omit<LedgerRun, "plan">[] =
    runId === undefined ? await listRuns(client) : [await findRun(client, runId)];
  const runs = found.filter(({ state }) => !GONE_STATES.has(state));
  if (runs.length === 0) return { runs: [], tables: [], emptied: [], types: [], schemas: [] };
  const objects = await objectsOf(client, runs);
  return {
    runs: runs.map(({ runId, scenario, schema, state }) => ({ runId, scenario, schema, state })),
    tables: await tablesOf(client, objects, "table"),
    emptied: await tablesOf(client, objects, "filled"),
    types: objects.filter(({ kind }) => kind === "type").map(({ schema, name }) => ({ schema, type: name })),
    schemas: await ownSchemas(client, [...new Set(runs.map(({ schema }) => schema))]),
  };
}

/**
 * Drops what a run made, or what all runs made: tables, types, and schemas that nothing else is in.
 * @param runId of one run, or its beginning
 * @throws SeedBulkError as {@link planCleanup} and {@link cleanup}
 */
export async function cleanUp(url: string, runId?: string): Promise<CleanupResult> {
  const client = await connect(url, "cleanup");
  try {
    return await cleanup(client, await planCleanup(client, runId));
  } finally {
    await close(client);
  }
}

/**
 * Drops what the plan's runs made: all of it in one transaction, or nothing. The leases on
 * their schemas are held meanwhile.
 * @throws SeedBulkError as `dropObjects`, and SB_RUN_BUSY where the runs have changed since the plan was made
 */
export async function cleanup(client: pg.Client, plan: CleanupPlan): Promise<CleanupResult> {
  return inTransaction(client, async () => {
    await ensureLedger(client);
    const leases: Lease[] = [];
    // In one order, so that two cleanups do not wait for each other.
    for (const schema of [...new Set(plan.runs.map((run) => run.schema))].sort()) {
      leases.push(await takeLease(client, schema));
    }
    const objects = await objectsOf(client, plan.runs);
    requirePlanned(objects, plan);
    const shared: string[] = [];
    for (const { runId } of plan.runs) shared.push(...(await emptyFilled(client, runId)));
    await dropObjects(client, objects);
    const schemasDropped: string[] = [];
    for (const schema of plan.schemas) if (await dropIfEmpty(client, schema)) schemasDropped.push(schema);
    for (const { runId } of plan.runs) {
      await forgetProgress(client, runId);
      await setRunState(client, runId, "cleaned up");
    }
    for (const lease of leases) await releaseLease(client, lease);
    const schemasKept = plan.schemas.filter((schema) => !schemasDropped.includes(schema));
    return { schemasDropped, schemasKept, othersRows: shared.map((name) => name.replace(/^ONLY /, "")) };
  });
}

async function objectsOf(client: pg.Client, runs: CleanupPlan["runs"]): Promise<OwnObject[]> {
  if (!(await hasLedger(client))) return [];
  const ids = new Set(runs.map(({ runId }) => runId));
  return (await ownObjects(client)).filter(({ runId }) => ids.has(runId));
}

/** Nothing is dropped that was not shown. */
function requirePlanned(objects: readonly OwnObject[], { tables, emptied, types }: CleanupPlan): void {
  const shown = new Set([
    ...emptied.map(({ schema, table }) => JSON.stringify(["filled", schema, table])),
    ...tables.map(({ schema, table }) => JSON.stringify(["table", schema, table])),
    ...types.map(({ schema, type }) => JSON.stringify(["type", schema, type])),
  ]);
  const news = objects.filter(({ kind, schema, name }) => !shown.has(JSON.stringify([kind, schema, name])));
  if (news.length === 0) return;
  throw new SeedBulkError(
    "SB_RUN_BUSY",
    `the runs have changed meanwhile: ${news.map(({ name }) => name).join(", ")}`,
    {
      hint: "Nothing was dropped. Try again.",
    },
  );
}

/** Estimates only: counting, and asking for the size of a file, would wait for whoever holds the table. */
/** The tables of earlier runs in a schema, in no order that means anything. */
export async function heldTables(client: pg.Client, schema: string): Promise<CleanupTable[]> {
  return (await hasLedger(client)) ? tablesOf(client, await ownObjects(client, { schema }), "table") : [];
}

/** Rows that Postgres estimates tables to hold together; undefined where it does not know of one. */
export function rowsOfTables(tables: readonly CleanupTable[]): number | undefined {
  const counts = tables.map(({ rows }) => rows);
  return counts.includes(null) ? undefined : counts.reduce<number>((sum, rows) => sum + (rows ?? 0), 0);
}

async function tablesOf(
  client: pg.Client,
  objects: readonly OwnObject[],
  kind: OwnObject["kind"],
): Promise<CleanupTable[]> {
  const tables = objects.filter((object) => object.kind === kind);
  const { rows } = await client.query<{ oid: number; rows: number | null; bytes: number | null }>(
    "SELECT c.oid::int8::float8 AS oid, CASE WHEN c.reltuples >= 0 THEN c.reltuples::float8 END AS rows, " +
      "CASE WHEN c.reltuples >= 0 THEN current_setting('block_size')::float8 * (c.relpages + (SELECT coalesce(sum(i.relpages), 0) " +
      "FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = c.oid)) END AS bytes " +
      "FROM pg_class c WHERE c.oid::int8 = ANY ($1)",
    [tables.map(({ oid }) => oid)],
  );
  const sizes = new Map(rows.map((row) => [row.oid, row]));
  return tables.map(({ runId, schema, name, oid }) => {
    const { rows = null, bytes = null } = sizes.get(oid) ?? {};
    return { runId, schema, table: name, rows, bytes };
  });
}

/** Of these schemas, those that a run made, whichever run that was. */
async function ownSchemas(client: pg.Client, schemas: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT n.nspname AS name FROM pg_namespace n WHERE n.nspname = ANY ($1) AND EXISTS (SELECT FROM seed_bulk.objects o " +
      "WHERE o.kind = 'schema' AND o.object_oid = n.oid AND o.object_name = n.nspname) ORDER BY 1",
    [schemas],
  );
  return rows.map(({ name }) => name);
}

/** Postgres knows best whether a schema is empty: it refuses to drop one that is not. */
async function dropIfEmpty(client: pg.Client, schema: string): Promise<boolean> {
  await client.query("SAVEPOINT before_schema");
  try {
    await client.query(`DROP SCHEMA ${quoteIdentifier(schema)}`);
    return true;
  } catch (error) {
    await client.query("ROLLBACK TO SAVEPOINT before_schema");
    const { code } = error as { code?: string };
    // Not empty; another role's; gone already.
    if (code === "2BP01" || code === "42501" || code === "3F000") return false;
    throw error;
  }
}
