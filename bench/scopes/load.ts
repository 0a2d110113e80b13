import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { SeedBulkError } from "../../src/errors.js";
import { drizzleMissing } from "../baselines/drizzle-seed.js";
import { dumpSchema, type RestoreDump } from "../baselines/restore.js";
import type { BaselineName, BenchContext } from "../context.js";
import { interleave } from "../interleave.js";
import type { Absence, ScopeResult } from "../metrics.js";
import { runInChild, runProgram } from "../processes.js";
import { dumpRefusal, findProgram, type Program } from "../programs.js";
import type { ReadyFile } from "../tasks.js";
import { type Loader, loadOnce, type Sample } from "./contest.js";
import { loadMetrics, loadNotes, loadSeries, shardLatencies } from "./load-metrics.js";
import {
  copyFileLoader,
  drizzleLoader,
  engineLoader,
  handRestoreLoader,
  insertLoader,
  type LoaderContext,
  pgbenchLoader,
  psqlLoader,
  readyFiles,
  restoreLoader,
  seriesLoader,
} from "./loaders.js";
import { onlyTarget } from "./workers.js";

/** What verifying the loaded data came to. */
export interface Validation {
  readonly ok: boolean;
  readonly checks: number;
  readonly failed: readonly string[];
}

/** Loads the scenario into Postgres, beside the other ways of filling a table. */
export async function measureLoad(context: BenchContext): Promise<ScopeResult & { validation: Validation | null }> {
  const server = await context.server();
  const made: LoaderContext = { context, server };
  const engine = engineLoader(made, "seed-bulk");
  const absences: Absence[] = [];
  // The first load into a new server pays for its files; it is also the one to look at closely.
  context.say("load: a first one, which does not count");
  const { validation, dump, byHand, shards } = await firstLoad(made, engine, absences);
  const others = [
    ...(await otherLoaders(made, { dump, absences })),
    ...(byHand ? [handRestoreLoader(made, byHand)] : []),
  ];
  const loaders = [engine, ...others];
  const failed = new Map<string, string>();
  const contenders = loaders.map((loader) => ({
    name: loader.name,
    run: async (): Promise<Sample | null> => (failed.has(loader.name) ? null : attempt(loader, made, failed)),
  }));
  const results = await interleave(contenders, context.runs, (name, run, sample) => {
    const rate = sample === null ? failed.get(name) : `${Math.round(sample.rows / sample.seconds / 1000)} k rows/s`;
    context.say(`load: ${name}, run ${run} of ${context.runs}: ${rate}`);
  });
  for (const [name, reason] of failed) absences.push({ name, reason });
  const samples = new Map(
    [...results].flatMap(([name, all]): [string, Sample[]][] => {
      const whole = all.filter((sample) => sample !== null);
      return failed.has(name) || whole.length === 0 ? [] : [[name, whole]];
    }),
  );
  return {
    metrics: loadMetrics(samples),
    absences,
    series: loadSeries(samples.get("seed-bulk")!, shards),
    notes: loadNotes(samples),
    validation,
  };
}

/** A baseline that fails is told and left out; where the engine itself fails, there is nothing to measure. */
async function attempt(loader: Loader, { context, server }: LoaderContext, failed: Map<string, string>) {
  try {
    return await loadOnce(loader, context, server);
  } catch (error) {
    const ours = loader.name === "seed-bulk" || loader.name === "contacts";
    if (ours || (error as SeedBulkError).code === "SB_INTERRUPTED") throw error;
    failed.set(loader.name, `it failed: ${(error as Error).message}`);
    return null;
  }
}

async function firstLoad(made: LoaderContext, engine: Loader, absences: Absence[]) {
  const { context, server } = made;
  let validation: Validation | null = null;
  let dump: { readonly folder: string; readonly program: Program } | undefined;
  let byHand: RestoreDump | undefined;
  let shards: Awaited<ReturnType<typeof shardLatencies>> = [];
  await loadOnce(
    {
      ...engine,
      async load() {
        const loaded = await engine.load();
        shards = await shardLatencies(server.probe.client);
        if (context.validate) validation = await validate(made);
        if (context.baselines.includes("pg_restore")) dump = await makeDump(made, absences);
        if (context.baselines.includes("restore")) byHand = await dumpByHand(made);
        return loaded;
      },
    },
    context,
    server,
  );
  return { validation: validation as Validation | null, dump, byHand, shards };
}

async function validate({ context, server }: LoaderContext): Promise<Validation> {
  const { scenario, workers, limits } = context;
  const target = onlyTarget(server.database)!;
  const { checks } = await runInChild({ kind: "verify", scenario, workers, target, exact: true }, limits);
  context.say(`load: verified by ${checks!.count} checks and every byte, ${checks!.failed.length} failed`);
  return { ok: checks!.failed.length === 0, checks: checks!.count, failed: checks!.failed };
}

async function makeDump({ context, server }: LoaderContext, absences: Absence[]) {
  const [dump, restore] = await Promise.all(["pg_dump", "pg_restore"].map((name) => findProgram(name, process.env)));
  const reason =
    [dump, restore].find((found) => typeof found === "string") ?? dumpRefusal(dump as Program, server.major);
  if (typeof reason === "string") {
    absences.push({ name: "pg_restore", reason });
    return undefined;
  }
  context.say("load: dumping for pg_restore");
  const folder = join(context.folder, "dump");
  const { schema } = context.plan.scenario;
  const args = [
    "--format=directory",
    "--compress=0",
    `--jobs=${context.workers}`,
    `--schema=${schema}`,
    "--file",
    folder,
  ];
  await runProgram((dump as Program).path, [...args, server.database.url], context.limits);
  return { folder, program: restore as Program };
}

function dumpByHand({ context, server }: LoaderContext): Promise<RestoreDump> {
  context.say("load: dumping for a restore by hand");
  const folder = join(context.folder, "text");
  mkdirSync(folder);
  return dumpSchema(server.probe.client, context.plan.scenario.schema, folder);
}

/** The loaders asked for; what is not there is told. */
async function otherLoaders(
  made: LoaderContext,
  { dump, absences }: { dump: { folder: string; program: Program } | undefined; absences: Absence[] },
): Promise<Loader[]> {
  const { context } = made;
  const wants = (name: BaselineName): boolean => context.baselines.includes(name);
  const loaders: Loader[] = [];
  const withProgram = async (name: BaselineName, program: string, make: (found: Program) => Loader): Promise<void> => {
    if (!wants(name)) return;
    const found = await findProgram(program, process.env);
    if (typeof found === "string") absences.push({ name, reason: found });
    else loaders.push(make(found));
  };
  const onContacts = wants("insert") || wants("drizzle-seed") || wants("generate-series");
  if (
    onContacts &&
    context.plan.entities.some(({ entity }) => entity === "contacts") &&
    context.universe.model.name === "marketing"
  )
    loaders.push(engineLoader(made, "contacts", ["contacts"]));
  let files: ReadyFile[] = [];
  if (wants("copy-file") || wants("psql")) {
    context.say("load: writing the same rows as files");
    files = await readyFiles(made);
  }
  if (wants("copy-file")) loaders.push(copyFileLoader(made, files));
  await withProgram("psql", "psql", (found) => psqlLoader(made, files, found));
  if (wants("insert")) loaders.push(insertLoader(made));
  if (wants("drizzle-seed")) {
    const reason = await drizzleMissing();
    if (reason === undefined) loaders.push(drizzleLoader(made));
    else absences.push({ name: "drizzle-seed", reason });
  }
  if (wants("generate-series")) loaders.push(seriesLoader(made));
  await withProgram("pgbench", "pgbench", (found) => pgbenchLoader(made, found));
  if (dump) loaders.push(restoreLoader(made, dump.folder, dump.program));
  return loaders;
}
