import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";
import type { RunReport } from "../../src/engine/run/report.js";
import { storedColumns } from "../../src/model/entity.js";
import { close, connect } from "../../src/postgres/connection.js";
import { destroyEmbedded, startEmbedded } from "../../src/postgres/embedded/index.js";
import type { BenchContext } from "../context.js";
import { interleave } from "../interleave.js";
import { metric, type ScopeResult } from "../metrics.js";
import { runProgram } from "../processes.js";

/** Seconds of one cold start. */
interface Start {
  /** From the command's start until its first shard is in the database. */
  readonly firstRow: number | null;
  readonly whole: number;
}

/** A server that is up, and how commands are told of it. */
interface StartServer {
  readonly url: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  close(): Promise<void>;
}

/**
 * Starts the command line again and again, from nothing to the first row in a server that is up. It loads the smallest
 * table that refers to no other: the whole scenario is worked out for it, and its only shard is in at once.
 */
export async function measureStart(context: BenchContext): Promise<ScopeResult> {
  const { runs, say, limits } = context;
  const bin = join(context.root, "bin", "seed-bulk.js");
  const server = await serverOf(context);
  const client = await connect(server.url, "bench start");
  try {
    const args = [...loadArguments(context), ...server.args];
    const contenders = [
      { name: "node alone", run: () => wholeOf(runProgram(process.execPath, ["-e", "0"], limits)) },
      { name: "version", run: () => wholeOf(runProgram(process.execPath, [bin, "--version"], limits)) },
      { name: "first row", run: () => firstRow(client, [bin, ...args], { ...limits, env: server.env }) },
    ];
    await interleave(contenders, 1);
    const starts = await interleave(contenders, runs, (name, run, { whole }) =>
      say(`start ${name}, run ${run} of ${runs}: ${Math.round(whole * 1000)} ms`),
    );
    const wholes = (name: string): number[] => starts.get(name)!.map(({ whole }) => whole);
    const first = starts.get("first row")!.map(({ firstRow }) => firstRow!);
    const scope = "start";
    return {
      metrics: [
        metric({ name: "start node alone", scope, unit: "s", values: wholes("node alone"), gated: false }),
        metric({ name: "start version", scope, unit: "s", values: wholes("version") }),
        metric({ name: "start first row", scope, unit: "s", values: first }),
        metric({ name: "start whole command", scope, unit: "s", values: wholes("first row") }),
      ],
      absences: [],
      series: [],
      notes: [],
    };
  } finally {
    await close(client);
    await server.close();
  }
}

function loadArguments({ scenario, universe, plan, workers }: BenchContext): string[] {
  const { seed, scale } = scenario.overrides;
  const roots = plan.entities.filter(
    ({ entity, rows }) => rows > 0 && storedColumns(universe.entity(entity)).every(([, { references }]) => !references),
  );
  const smallest = roots.reduce((a, b) => (b.rows < a.rows ? b : a));
  return [
    "generate",
    ...["--scenario", scenario.name, "--only", smallest.entity, "--workers", String(workers)],
    ...(seed === undefined ? [] : ["--seed", String(seed)]),
    ...(scale === undefined ? [] : ["--scale", String(scale)]),
    ...["--replace", "--yes", "--no-verify", "--json"],
  ];
}

/** An embedded server of the bench's own, so that finding it is part of the start; else the database of the bench. */
async function serverOf(context: BenchContext): Promise<StartServer> {
  if (!context.embedded) {
    const { database } = await context.server();
    return { url: database.url, args: ["--database-url", database.url], env: process.env, close: async () => {} };
  }
  const home = join(context.folder, "home");
  mkdirSync(home);
  // Root's umask may be strict, and the user who runs Postgres must get in.
  for (const folder of [context.folder, home]) chmodSync(folder, 0o755);
  const { DATABASE_URL: _, ...env } = process.env;
  try {
    const { url } = await startEmbedded(home);
    const close = async (): Promise<void> => void (await destroyEmbedded(home));
    return { url, args: [], env: { ...env, SEED_BULK_HOME: home }, close };
  } catch (error) {
    await destroyEmbedded(home);
    throw error;
  }
}

async function wholeOf(program: Promise<{ readonly seconds: number }>): Promise<Start> {
  return { firstRow: null, whole: (await program).seconds };
}

async function firstRow(
  client: pg.Client,
  args: readonly string[],
  options: Parameters<typeof runProgram>[2],
): Promise<Start> {
  const { seconds, stdout, startedMs } = await runProgram(process.execPath, args, options);
  const { runId } = JSON.parse(stdout) as RunReport;
  const { rows } = await client.query<{ at: number }>(
    "SELECT (extract(epoch FROM min(finished_at)) * 1000)::float8 AS at FROM seed_bulk.shards WHERE run_id = $1",
    [runId],
  );
  const aheadMs = await clockDifferenceMs(client);
  return { firstRow: (rows[0].at - aheadMs - startedMs) / 1000, whole: seconds };
}

/** How far the server's clock is ahead of ours, to within half a round trip. */
async function clockDifferenceMs(client: pg.Client): Promise<number> {
  const before = Date.now();
  const { rows } = await client.query<{ at: number }>(
    "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS at",
  );
  return rows[0].at - (before + Date.now()) / 2;
}
