import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPlan } from "../src/model/plan.js";
import type { Scenario } from "../src/model/scenario/index.js";
import { close, connect } from "../src/postgres/connection.js";
import { barLines } from "./bar.js";
import { makeBenchDatabase } from "./bench-database.js";
import type { BaselineName, BenchContext, BenchServer, Scope } from "./context.js";
import { commitOf, type ServerFacts, serverFacts, thisMachine } from "./machine.js";
import { joinResults, type ScopeResult } from "./metrics.js";
import type { BenchReport } from "./report/report.js";
import { universeOf } from "./scenario.js";
import { measureExport } from "./scopes/export.js";
import { measureGenerate } from "./scopes/generate.js";
import { measureLoad, type Validation } from "./scopes/load.js";
import { measureMicro } from "./scopes/micro.js";
import { measureQueries } from "./scopes/queries.js";
import { measureScale } from "./scopes/scale.js";
import { measureStart } from "./scopes/start.js";
import { measureVerify } from "./scopes/verify.js";
import { measureWorkers } from "./scopes/workers.js";
import { ServerProbe } from "./server-probe.js";
import type { BenchTarget, ScenarioRef } from "./tasks.js";
import type { TimedQuery } from "./timed-query.js";

export interface BenchOptions {
  readonly scopes: readonly Scope[];
  readonly scenario: ScenarioRef;
  readonly workers: number;
  readonly runs: number;
  readonly quick: boolean;
  readonly validate: boolean;
  readonly baselines: readonly BaselineName[];
  /** Queries of one's own. */
  readonly queries: readonly TimedQuery[];
  /** Of seed-bulk. */
  readonly version: string;
  /** The package's root. */
  readonly root: string;
  /** Whether `openServer` opens the embedded one. */
  readonly embedded: boolean;
  /** Opens the server, once, if any scope asks for it; the caller closes it. */
  openServer(): Promise<BenchTarget>;
  readonly signal: AbortSignal;
  say(text: string): void;
}

/** How long one process of a measurement may take. */
const PROCESS_SECONDS_MAX = { quick: 60, full: 900 };

/**
 * Measures what was asked for, scope by scope.
 * @throws SeedBulkError SB_BENCH_FAILED, SB_INTERRUPTED, and what loading and verifying throw
 */
export async function runBench(options: BenchOptions): Promise<BenchReport> {
  const { scopes, scenario, workers, runs, quick, validate, baselines, queries, signal, root, embedded, say } = options;
  const began = performance.now();
  const date = new Date().toISOString();
  const universe = await universeOf(scenario);
  const plan = buildPlan(universe);
  const folder = await mkdtemp(join(tmpdir(), "seed-bulk-bench-"));
  const server = new LazyServer(options);
  const context: BenchContext = {
    ...{ scenario, universe, plan, workers, runs, quick, validate, baselines, queries, embedded, root, folder, say },
    limits: { secondsMax: quick ? PROCESS_SECONDS_MAX.quick : PROCESS_SECONDS_MAX.full, signal },
    server: () => server.open(),
  };
  try {
    let validation: Validation | null = null;
    const results: ScopeResult[] = [];
    for (const scope of scopes) {
      const result = await MEASURE[scope](context);
      if ("validation" in result) validation = result.validation as Validation | null;
      results.push(result);
    }
    const joined = joinResults(results);
    return {
      format: 1,
      date,
      version: options.version,
      commit: await commitOf(root),
      machine: thisMachine(),
      postgres: server.facts,
      ...{ scopes, quick, workers, runs },
      scenario: plan.scenario.name,
      model: plan.scenario.model,
      scale: plan.scenario.scale,
      seed: plan.scenario.seed,
      planHash: plan.hash,
      rows: plan.rows,
      seconds: (performance.now() - began) / 1000,
      ...joined,
      notes: [...joined.notes, ...(quick ? [] : barNotes(plan.scenario))],
      // Set for a load of some size; small figures are mostly start-up.
      bar: quick ? [] : barLines(joined.metrics),
      validation,
    };
  } finally {
    await server.close().finally(() => rm(folder, { recursive: true, force: true }));
  }
}

/** The bar is meant for one scenario. */
function barNotes({ name, scale }: Scenario): string[] {
  return name === "load_test" && scale === 1
    ? []
    : [`The bar is set for load_test at scale 1; this is ${name} at ${scale}.`];
}

const MEASURE: Readonly<Record<Scope, (context: BenchContext) => Promise<ScopeResult>>> = {
  micro: measureMicro,
  generate: measureGenerate,
  load: measureLoad,
  scale: measureScale,
  workers: measureWorkers,
  start: measureStart,
  verify: measureVerify,
  queries: measureQueries,
  export: measureExport,
};

/** A server that is opened when the first scope asks for it. */
class LazyServer {
  facts: ServerFacts | null = null;
  readonly #options: BenchOptions;
  #opened: Promise<BenchServer> | undefined;

  constructor(options: BenchOptions) {
    this.#options = options;
  }

  open(): Promise<BenchServer> {
    return (this.#opened ??= this.#make());
  }

  async close(): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined);
    if (opened === undefined) return;
    await close(opened.probe.client);
    await opened.database.drop();
  }

  async #make(): Promise<BenchServer> {
    const database = await makeBenchDatabase(await this.#options.openServer(), process.env);
    try {
      const probe = await ServerProbe.open(database.url);
      this.facts = await serverFacts(probe.client, database.embedded);
      const major = Number.parseInt(this.facts.version, 10);
      return { database, probe, major, run: (sql) => runAlone(database.url, sql) };
    } catch (error) {
      await database.drop();
      throw error;
    }
  }
}

async function runAlone(url: string, sql: string): Promise<void> {
  const client = await connect(url, "bench");
  try {
    await client.query(sql);
  } finally {
    await close(client);
  }
}
