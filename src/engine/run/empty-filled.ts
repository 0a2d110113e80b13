import type pg from "pg";
import { SeedBulkError } from "../../errors.js";
import { type OwnObject, ownObjects } from "../../ledger/objects.js";
import { findRun, setRunState } from "../../ledger/runs.js";
import { finishedSteps } from "../../ledger/steps.js";
import { forgetTakenOff, rowsCommitted, takenOff } from "../../ledger/taken-off.js";
import { qualified } from "../../postgres/identifiers.js";
import { FINISHING_PHASES, type FinishingStep } from "../schedule/finishing-steps.js";
import { deleteByKeys } from "./delete-by-keys.js";

/** Steps that follow a load, and put back nothing. */
const NOT_OWED: ReadonlySet<string> = new Set(["sequences", "statistics"]);

/**
 * Takes the rows of a run out of tables that were there before it, and puts back what the run took off them; in the
 * caller's transaction. Where somebody else has changed which rows a table holds, the run's are told by their keys.
 * @returns tables that held other rows than the run's, as statements name them
 * @throws SeedBulkError as {@link deleteByKeys}
 */
export async function emptyFilled(client: pg.Client, runId: string): Promise<string[]> {
  const tables = (await ownObjects(client, { runId })).filter(({ kind }) => kind === "filled");
  const names = await namesOf(client, tables);
  let shared: string[] = [];
  if (tables.length > 0) {
    await lock(client, [...names.values()]);
    shared = await sharedTables(client, runId, names);
    if (shared.length === 0 && !(await addsRows(client, runId))) await emptyTables(client, tables);
    else await deleteByKeys(client, runId, filledOf(tables, names, shared));
  }
  for (const step of await owedSteps(client, runId)) await client.query(step.sql);
  await forgetTakenOff(client, runId);
  return shared;
}

/** Whether a run put its rows behind others: then no number of rows tells that these are gone. */
async function addsRows(client: pg.Client, runId: string): Promise<boolean> {
  const { plan } = await findRun(client, runId);
  return plan.entities.some(({ idStart }) => idStart > 1);
}

function filledOf(
  tables: readonly OwnObject[],
  names: ReadonlyMap<number, string>,
  shared: readonly string[],
): ReadonlyMap<string, { readonly name: string; readonly isShared: boolean }> {
  return new Map(
    tables.map(({ oid, schema, name: table }) => {
      const name = names.get(oid)!;
      return [qualified(schema, table), { name, isShared: shared.includes(name) }];
    }),
  );
}

/**
 * Takes all rows out of tables, in the caller's transaction.
 * @throws SeedBulkError SB_REFUSED where a table that keeps its rows refers to one of them
 */
export async function emptyTables(
  client: pg.Client,
  tables: readonly Omit<OwnObject, "runId" | "kind">[],
): Promise<void> {
  const names = await namesOf(client, tables);
  await lock(client, [...names.values()]);
  await truncate(client, [...names.values(), ...(await emptyReferrers(client, [...names.keys()]))]);
}

/** Ends a run whose rows are out of the tables: what it took off is put back. */
export async function replaceRun(client: pg.Client, runId: string): Promise<void> {
  for (const step of await owedSteps(client, runId)) await client.query(step.sql);
  await forgetTakenOff(client, runId);
  await setRunState(client, runId, "replaced");
}

/** What a run has taken off tables and not put back yet, in the order in which it is put back. */
export async function owedSteps(client: pg.Client, runId: string): Promise<FinishingStep[]> {
  const done = await finishedSteps(client, runId);
  const steps = (await takenOff(client, runId)) as FinishingStep[];
  const owed = steps.filter(({ name, phase }) => !NOT_OWED.has(phase) && !done.has(name));
  return owed.sort((a, b) => FINISHING_PHASES.indexOf(a.phase) - FINISHING_PHASES.indexOf(b.phase));
}

/** Tables as statements name them, by OID: without those that inherit from them, and with their partitions. */
async function namesOf(
  client: pg.Client,
  tables: readonly Omit<OwnObject, "runId" | "kind">[],
): Promise<Map<number, string>> {
  const { rows } = await client.query<{ oid: number }>(
    "SELECT oid::int8::float8 AS oid FROM pg_class WHERE oid::int8 = ANY ($1) AND relkind = 'p'",
    [tables.map(({ oid }) => oid)],
  );
  const partitioned = new Set(rows.map(({ oid }) => oid));
  return new Map(
    tables.map(({ oid, schema, name }) => [oid, `${partitioned.has(oid) ? "" : "ONLY "}${qualified(schema, name)}`]),
  );
}

/** Tables that do not hold as many rows as the run has put there. */
async function sharedTables(client: pg.Client, runId: string, tables: ReadonlyMap<number, string>): Promise<string[]> {
  const committed = await rowsCommitted(client, runId);
  const others: string[] = [];
  for (const [oid, table] of tables) {
    const { rows } = await client.query<{ count: number }>(`SELECT count(*)::float8 AS count FROM ${table}`);
    // Fewer are no better: somebody has taken rows out, and may have put others in.
    if (rows[0].count !== (committed.get(oid) ?? 0)) others.push(table);
  }
  return others;
}

/** Keeps everybody else away from tables: what is looked at is what goes. */
async function lock(client: pg.Client, names: readonly string[]): Promise<void> {
  if (names.length > 0) await client.query(`LOCK TABLE ${names.join(", ")} IN ACCESS EXCLUSIVE MODE`);
}

/** Tables without rows that refer to some others: as Postgres has it, they are truncated with these or not at all. */
async function emptyReferrers(client: pg.Client, tables: readonly number[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    "WITH RECURSIVE referrers AS (SELECT unnest($1::int8[])::oid AS oid UNION " +
      "SELECT o.conrelid FROM pg_constraint o JOIN referrers r ON o.confrelid = r.oid WHERE o.contype = 'f') " +
      "SELECT format('%I.%I', n.nspname, c.relname) AS name FROM referrers r JOIN pg_class c USING (oid) " +
      "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT c.oid::int8 = ANY ($1) AND NOT c.relispartition",
    [tables],
  );
  const empty: string[] = [];
  for (const { name } of rows) {
    // Nobody may put a row in between the look and the end.
    await lock(client, [name]);
    const found = await client.query(`SELECT FROM ${name} LIMIT 1`);
    if (found.rowCount === 0) empty.push(name);
  }
  return empty;
}

async function truncate(client: pg.Client, names: readonly string[]): Promise<void> {
  try {
    await client.query(`TRUNCATE ${names.join(", ")}`);
  } catch (cause) {
    const { code, message, detail } = cause as { code?: string; message: string; detail?: string };
    // Another table refers to one of them.
    if (code !== "0A000" && code !== "42501") throw cause;
    throw new SeedBulkError("SB_REFUSED", `${message}${detail === undefined ? "" : `: ${detail}`}`, {
      cause,
      hint: "Nothing was changed. Take these rows out yourself first.",
    });
  }
}
