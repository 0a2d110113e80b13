import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createStatements } from "../../src/postgres/ddl.js";
import { qualified } from "../../src/postgres/identifiers.js";
import { CONTACTS, contactsInsert, contactsStatements } from "../baselines/contacts.js";
import { copyScript, dealFiles, seriesStatement } from "../baselines/programs.js";
import { writeReadyFiles } from "../baselines/ready-files.js";
import type { RestoreDump } from "../baselines/restore.js";
import type { BenchContext, BenchServer } from "../context.js";
import { runInChild, runProgram } from "../processes.js";
import type { Program } from "../programs.js";
import type { ReadyFile, Task } from "../tasks.js";
import { dropSchema, type Loader } from "./contest.js";
import { onlyTarget } from "./workers.js";

/** The contenders' schema: the engine has that of the scenario. */
const SCHEMA = "contender";
/** Rows of the loaders that make a row at a time: enough for a second or more. */
const SLOW_ROWS = { quick: 4000, full: 40_000 };
const SERIES_ROWS = { quick: 20_000, full: 400_000 };
/** pgbench makes 100,000 rows for each. */
const PGBENCH_SCALE = { quick: 1, full: 20 };
const PGBENCH_ROWS_A_SCALE = 100_000;

/** Everything a loader is made of. */
export interface LoaderContext {
  readonly context: BenchContext;
  readonly server: BenchServer;
}

/** The engine itself: the whole scenario, or some entities of it. */
export function engineLoader({ context, server }: LoaderContext, name: string, only?: readonly string[]): Loader {
  const { scenario, workers, limits, plan } = context;
  const { schema } = plan.scenario;
  const target = onlyTarget(server.database)!;
  const names = only ?? plan.entities.map(({ entity }) => entity);
  return {
    name,
    before: [],
    async load() {
      const measured = await runInChild({ kind: "generate", scenario, workers, target, ...(only && { only }) }, limits);
      return { seconds: measured.seconds, rows: measured.rows, bytes: measured.bytes, measured };
    },
    tables: names.map((entity) => qualified(schema, entity)),
    after: [dropSchema(schema), dropSchema("seed_bulk")],
  };
}

/** Writes the scenario's rows as files, for the loaders that copy what is ready. */
export function readyFiles({ context: { universe, plan, folder } }: LoaderContext): Promise<ReadyFile[]> {
  const files = join(folder, "files");
  mkdirSync(files);
  return writeReadyFiles(universe, plan, { folder: files, schema: SCHEMA });
}

/** Streams ready files by Node. */
export function copyFileLoader(made: LoaderContext, files: readonly ReadyFile[]): Loader {
  const { context, server } = made;
  const task = { kind: "copy-files", url: server.database.url, connections: context.workers, files } as const;
  return { ...scenarioTables(made), name: "copy-file", load: () => inChild(context, task) };
}

/** Streams ready files by psql, one process a connection. */
export function psqlLoader(made: LoaderContext, files: readonly ReadyFile[], { path }: Program): Loader {
  const { context, server } = made;
  const hands = dealFiles(files, context.workers);
  const args = ["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", server.database.url];
  return {
    ...scenarioTables(made),
    name: "psql",
    async load() {
      const began = performance.now();
      await Promise.all(hands.map((hand) => runProgram(path, args, { ...context.limits, input: copyScript(hand) })));
      return {
        seconds: (performance.now() - began) / 1000,
        rows: files.reduce((sum, { rows }) => sum + rows, 0),
        bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      };
    },
  };
}

/** Multi-row INSERT with Faker for every value. */
export function insertLoader({ context, server }: LoaderContext): Loader {
  const rows = context.quick ? SLOW_ROWS.quick : SLOW_ROWS.full;
  const { url } = server.database;
  const task = { kind: "insert", url, schema: SCHEMA, connections: context.workers, rows } as const;
  return { ...contactsTable(), name: "insert", load: () => inChild(context, task) };
}

/** drizzle-seed, on its one connection. */
export function drizzleLoader({ context, server }: LoaderContext): Loader {
  const rows = context.quick ? SLOW_ROWS.quick : SLOW_ROWS.full;
  const task = { kind: "drizzle-seed", url: server.database.url, schema: SCHEMA, rows } as const;
  return { ...contactsTable(), name: "drizzle-seed", load: () => inChild(context, task) };
}

/** INSERT … SELECT generate_series over several connections: the server does all of it. */
export function seriesLoader({ context, server }: LoaderContext): Loader {
  const rows = context.quick ? SERIES_ROWS.quick : SERIES_ROWS.full;
  const bound = (i: number): number => 1 + Math.floor((rows * i) / context.workers);
  return {
    ...contactsTable(),
    name: "generate-series",
    async load() {
      const began = performance.now();
      await Promise.all(
        Array.from({ length: context.workers }, (_, i) =>
          server.run(seriesStatement(contactsInsert(SCHEMA), SCHEMA, { start: bound(i), end: bound(i + 1) })),
        ),
      );
      return { seconds: (performance.now() - began) / 1000, rows };
    },
  };
}

/** `pgbench -i`: its own tables of four narrow columns, made by the client, without keys. */
export function pgbenchLoader({ context, server }: LoaderContext, { path }: Program): Loader {
  const scale = context.quick ? PGBENCH_SCALE.quick : PGBENCH_SCALE.full;
  const args = ["--initialize", "--init-steps=dtg", `--scale=${scale}`, "--quiet", server.database.url];
  return {
    name: "pgbench",
    before: [],
    async load() {
      const { seconds } = await runProgram(path, args, context.limits);
      return { seconds, rows: scale * PGBENCH_ROWS_A_SCALE };
    },
    tables: ["pgbench_accounts"],
    after: ["DROP TABLE IF EXISTS pgbench_accounts, pgbench_branches, pgbench_history, pgbench_tellers"],
  };
}

/** pg_restore of a dump of the very database that the engine makes, keys and indexes too. */
export function restoreLoader({ context, server }: LoaderContext, dump: string, { path }: Program): Loader {
  const { schema } = context.plan.scenario;
  const args = [`--jobs=${context.workers}`, "--exit-on-error", "--no-owner", "--dbname", server.database.url, dump];
  return {
    name: "pg_restore",
    before: [],
    async load() {
      const { seconds } = await runProgram(path, args, context.limits);
      return { seconds, rows: context.plan.rows };
    },
    tables: tablesOf(context, schema),
    after: [dropSchema(schema)],
  };
}

/** What pg_restore does, by hand, into tables as the engine's DDL makes them, with the checks that a dump has there. */
export function handRestoreLoader({ context, server }: LoaderContext, { items, checks }: RestoreDump): Loader {
  const { schema } = context.plan.scenario;
  const entities = context.plan.entities.map(({ entity }) => context.universe.entity(entity));
  const { url } = server.database;
  const task = { kind: "restore", url, connections: context.workers, items, rows: context.plan.rows } as const;
  return {
    name: "restore",
    before: [...createStatements(schema, entities), ...checks],
    load: () => inChild(context, task),
    tables: tablesOf(context, schema),
    after: [dropSchema(schema)],
  };
}

async function inChild(context: BenchContext, task: Task) {
  const measured = await runInChild(task, context.limits);
  return { seconds: measured.seconds, rows: measured.rows, bytes: measured.bytes, measured };
}

/** The scenario's tables in the contenders' schema, by the engine's own DDL. */
function scenarioTables({ context }: LoaderContext): Pick<Loader, "before" | "tables" | "after"> {
  const entities = context.plan.entities.map(({ entity }) => context.universe.entity(entity));
  return {
    before: createStatements(SCHEMA, entities),
    tables: tablesOf(context, SCHEMA),
    after: [dropSchema(SCHEMA)],
  };
}

function tablesOf({ plan }: BenchContext, schema: string): string[] {
  return plan.entities.map(({ entity }) => qualified(schema, entity));
}

function contactsTable(): Pick<Loader, "before" | "tables" | "after"> {
  return {
    before: contactsStatements(SCHEMA),
    tables: [qualified(SCHEMA, CONTACTS.name)],
    after: [dropSchema(SCHEMA)],
  };
}
