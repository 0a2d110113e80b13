import { availableParallelism } from "node:os";
import { type CleanupResult, cleanUp } from "../engine/cleanup.js";
import { MAX_ROWS_DEFAULT } from "../engine/guard/guard-request.js";
import type { RunObserver } from "../engine/observer.js";
import { type OpenOptions, open } from "../engine/open.js";
import { generate } from "../engine/run/generate.js";
import type { GenerateOptions } from "../engine/run/options.js";
import { recordedRun, wholePlan } from "../engine/run/recorded.js";
import type { RunReport } from "../engine/run/report.js";
import { withTargets } from "../engine/with-targets.js";
import { buildPlan } from "../model/plan.js";
import type { ScenarioOverrides } from "../model/scenario/index.js";
import { untilReady } from "../postgres/until-ready.js";
import { failOnFault } from "../verify/fail-on-fault.js";
import type { VerificationReport } from "../verify/result.js";
import { runToVerify } from "../verify/run-to-verify.js";
import { runVerification } from "../verify/run-verification.js";
import { isEmbedded } from "./embedded.js";

/** Which data: a scenario's name or file; or a model, as `open` takes it. */
export type What = string | Pick<OpenOptions, "model" | "scenario" | "searchDirs">;

/** How it is loaded. All but the address may be left out. */
export interface LoadOptions
  extends Pick<GenerateOptions, "replace" | "truncate" | "unlogged" | "signal">,
    ScenarioOverrides {
  /** The database. */
  readonly url: string;
  /**
   * Says that this database may be filled, as the environment does by SEED_BULK_ENABLED=true. Names that say production
   * are refused all the same.
   */
  readonly enabled?: boolean;
  /** Only these tables, and of tables that were there those that they refer to. */
  readonly only?: readonly string[];
  /** Threads; as many as there are processors without it. */
  readonly workers?: number;
  /** Whether to check what was loaded; `exact` compares each byte as well. True without it. */
  readonly verify?: boolean | "exact";
  /** Load into a schema that seed-bulk did not make. */
  readonly adoptSchema?: boolean;
  readonly maxRows?: number;
  readonly observer?: RunObserver;
}

/** What a load came to. */
export interface Loaded {
  readonly runId: string;
  readonly schema: string;
  readonly rows: number;
  readonly seconds: number;
  readonly report: RunReport;
  /** Absent with `verify: false`. */
  readonly verification?: VerificationReport;
  /** Drops what the run made, and nothing else. */
  cleanUp(): Promise<CleanupResult>;
}

/**
 * Loads a scenario into a database, and checks it: `await load("demo", { url })`.
 * @throws SeedBulkError SB_VERIFICATION_FAILED where a check failed, and what `open`, `generate` and `runVerification` throw
 */
export async function load(what: What, options: LoadOptions): Promise<Loaded> {
  const { url, only: named, workers = availableParallelism(), verify = true, signal, observer } = options;
  const { replace = false, truncate = false, unlogged = false, adoptSchema = false, enabled = false } = options;
  const { maxRows = MAX_ROWS_DEFAULT } = options;
  const { universe, plan: all } = await open({
    ...(typeof what === "string" ? { scenario: what } : what),
    overrides: overridesOf(options),
  });
  const only = named && universe.model.existing ? withTargets(universe, named) : named;
  const plan = only ? buildPlan(universe, only) : all;
  const common = { ...(signal && { signal }), ...(observer && { observer }) };
  await untilReady(url, signal ? { signal } : {});
  const env = enabled ? { ...process.env, SEED_BULK_ENABLED: "true" } : process.env;
  const report = await generate({
    universe,
    plan,
    workers,
    replace,
    truncate,
    unlogged,
    ...(only && { only }),
    target: { kind: "postgres", url, embedded: isEmbedded(url), safety: { adoptSchema, maxRows, env } },
    ...common,
  });
  const { runId, schema, rows, seconds, beside } = report;
  const loaded = { runId, schema, rows, seconds, report, cleanUp: () => cleanUp(url, runId) };
  if (verify === false) return loaded;
  const verification = await runVerification({
    url,
    schema,
    runId,
    universe,
    plan: wholePlan(universe, plan, beside),
    unlogged,
    workers: report.workers,
    isProved: true,
    exact: verify === "exact",
    ...common,
  });
  failOnFault(verification);
  return { ...loaded, verification };
}

/** What to check. */
export interface VerifyRunOptions {
  readonly url: string;
  /** A run's ID or its beginning; the newest finished one without it. */
  readonly runId?: string;
  /** Also read all tables back, and compare each byte. */
  readonly exact?: boolean;
  readonly workers?: number;
  readonly signal?: AbortSignal;
  readonly observer?: RunObserver;
}

/**
 * Checks what a database holds of a run, on any day after it.
 * @returns what was found; faults are in it, and no error
 * @throws SeedBulkError SB_RUN_NOT_FOUND, SB_RUN_CHANGED, and what `runVerification` throws
 */
export async function verify(options: VerifyRunOptions): Promise<VerificationReport> {
  const { url, exact = false, workers = availableParallelism(), signal, observer } = options;
  const run = await runToVerify(url, options.runId);
  const { universe, whole: plan } = await recordedRun(run);
  const { runId, schema } = run;
  const { unlogged } = run.options;
  const common = { ...(signal && { signal }), ...(observer && { observer }) };
  return runVerification({ url, schema, runId, universe, plan, unlogged, workers, exact, ...common });
}

function overridesOf({ seed, scale, from, to, schema, sizes, features, anomalies }: LoadOptions): ScenarioOverrides {
  return { seed, scale, from, to, schema, sizes, features, anomalies };
}
