import { join } from "node:path";
import type pg from "pg";
import { plural } from "../../core/thousands.js";
import { guard } from "../../engine/guard/guard.js";
import { guardBeforehand } from "../../engine/guard/guard-beforehand.js";
import { generate } from "../../engine/run/generate.js";
import type { RunReport } from "../../engine/run/report.js";
import { resume } from "../../engine/run/resume.js";
import { SeedBulkError } from "../../errors.js";
import { exportFiles } from "../../export/export-files.js";
import type { LayoutOptions } from "../../export/layout.js";
import { ownObjects } from "../../ledger/objects.js";
import type { LedgerRun } from "../../ledger/runs.js";
import { hasLedger } from "../../ledger/schema.js";
import { close, connect } from "../../postgres/connection.js";
import type { Services } from "../services.js";
import type { Planned, Universes } from "../universes.js";
import type { Job } from "./job.js";
import type { Verifications } from "./verifications.js";

/** What the work of jobs needs. */
export interface Workshop {
  readonly services: Services;
  readonly universes: Universes;
  readonly verifications: Verifications;
}

/** How a load is asked for. */
export interface LoadRequest extends Planned {
  readonly only: readonly string[] | undefined;
  readonly workers: number;
  readonly replace: boolean;
  readonly unlogged: boolean;
  readonly onFailure: "keep" | "rollback";
  readonly verify: boolean;
}

/** Makes a scenario's rows: into the database, and then checks them; or, as a dry run, nowhere. */
export async function doLoad(job: Job, request: LoadRequest, workshop: Workshop): Promise<void> {
  const { universe, plan, workers, replace, unlogged, onFailure, only, verify } = request;
  const { jobId, dryRun } = job.spec;
  const report = await generate({
    runId: jobId,
    universe,
    plan,
    workers,
    replace,
    unlogged,
    onFailure,
    ...(only && { only }),
    target: dryRun ? { kind: "discard" } : workshop.services.target,
    signal: job.abort.signal,
    observer: job,
  });
  keepReport(job, report);
  if (verify && !dryRun) await check(job, { universe, plan, workers: report.workers, unlogged }, workshop);
}

/** Loads what a run lacks, and checks it. */
export async function doResume(
  job: Job,
  request: { readonly workers: number; readonly verify: boolean },
  workshop: Workshop,
): Promise<void> {
  const { workers, verify } = request;
  const { jobId } = job.spec;
  const { run, work } = await resume({
    target: workshop.services.target,
    open: workshop.universes.of,
    workers,
    runId: jobId,
    signal: job.abort.signal,
    observer: job,
  });
  if (work === undefined) {
    job.notice(`the run is ${run.state}: nothing was left to do`);
    return;
  }
  keepReport(job, work.report);
  const { universe, whole, report } = work;
  const { unlogged } = run.options;
  if (verify) await check(job, { universe, plan: whole, workers: report.workers, unlogged }, workshop);
}

/** How an export is asked for; where its files go is the server's own matter. */
export interface ExportRequest extends Planned, LayoutOptions {
  readonly workers: number;
}

/** Writes a scenario's rows into files of a directory of the server's own. */
export async function doExport(job: Job, request: ExportRequest, { services }: Workshop): Promise<void> {
  const { jobId } = job.spec;
  const { signal } = job.abort;
  const dir = join(services.exportsDir, jobId);
  const { manifest } = await exportFiles({ ...request, dir, signal, observer: job });
  const { format, rows, bytes, files } = manifest;
  job.exported = { dir: `exports/${jobId}`, format, rows, bytes, files: files.length };
}

/**
 * Asks the guard about a load before it waits in the queue; it is asked again when the load begins.
 * @throws SeedBulkError SB_REFUSED, SB_DATABASE_VERSION, SB_TABLE_EXISTS, and what connecting throws
 */
export async function askGuard(
  { services: { target } }: Workshop,
  request: Planned & { readonly replace: boolean; readonly resumed?: LedgerRun },
): Promise<void> {
  const { plan, universe, replace, resumed } = request;
  const { schema } = plan.scenario;
  // Whose model fills tables that are there means them.
  const isThere = universe.model.existing === true;
  const safety = resumed || isThere ? { ...target.safety, adoptSchema: true } : target.safety;
  guardBeforehand({ ...target, ...safety, schema, rows: plan.rows });
  const client = await connect(target.url, "guard");
  try {
    await guard(client, { ...target, ...safety, schema, plan, replace });
    if (!replace && resumed === undefined && !isThere) await refuseHeld(client, schema);
  } finally {
    await close(client);
  }
}

/** What would fail in a moment is refused at once; the load itself looks again. */
async function refuseHeld(client: pg.Client, schema: string): Promise<void> {
  const own = (await hasLedger(client)) ? await ownObjects(client, { schema }) : [];
  if (own.length === 0) return;
  throw new SeedBulkError(
    "SB_TABLE_EXISTS",
    `the schema "${schema}" already holds the data of run ${own[0].runId} (${plural(own.length, "object")})`,
    { hint: "Say that it is to be replaced, resume that run, or name another schema." },
  );
}

/** What is loaded stays loaded, whatever becomes of the checks: they can be made again. */
async function check(
  job: Job,
  request: Planned & { readonly workers: number; readonly unlogged: boolean },
  workshop: Workshop,
) {
  const { jobId } = job.spec;
  const { signal } = job.abort;
  try {
    const report = await workshop.verifications.run({ ...request, jobId, exact: false }, signal, job);
    const failed = report.checks.filter(({ ok }) => !ok).length;
    job.verification = { ok: report.ok, checks: report.checks.length, failed };
    const { report: loaded } = job;
    if (report.ok && loaded && job.spec.kind === "generate") {
      workshop.services.rememberLoad({ bytes: loaded.bytes, seconds: loaded.seconds + report.seconds });
    }
  } catch (error) {
    const text = error instanceof SeedBulkError ? `${error.code}: ${error.message}` : String(error);
    job.notice(`the rows are loaded; checking them stopped: ${text}`);
  }
}

function keepReport(job: Job, report: RunReport): void {
  job.report = report;
  job.latencies(report.latencies);
}
