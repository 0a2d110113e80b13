import { sessionUrl } from "../engine/run/session-url.js";
import { keepVerification } from "../ledger/verifications.js";
import { verifyExact } from "./exact.js";
import type { VerificationReport } from "./result.js";
import { underLease } from "./under-lease.js";
import { type VerifyOptions, verify } from "./verify.js";

export interface RunVerificationOptions extends Omit<VerifyOptions, "connections"> {
  /** Connections and threads at the most. */
  readonly workers: number;
  /** Read all tables back as well, and compare each byte. */
  readonly exact?: boolean;
  /** The run that loaded what is checked: the ledger keeps what was found. */
  readonly runId?: string;
}

/**
 * Makes all checks that were asked for, as one report, while nobody else loads into the schema.
 * @throws SeedBulkError SB_INTERRUPTED, SB_CONNECTION_LOST, SB_WORKER_FAILED, what `underLease` throws, and what
 *   connecting throws
 */
export async function runVerification(options: RunVerificationOptions): Promise<VerificationReport> {
  const { schema, universe, runId, exact: isExact = false } = options;
  const url = sessionUrl(options, universe.model);
  return underLease(
    url,
    schema,
    options.signal,
    (signal) => makeChecks({ ...options, url, ...(signal && { signal }) }),
    async (client, report) => {
      if (runId !== undefined) await keepVerification(client, { runId, isExact, report });
    },
  );
}

async function makeChecks(options: RunVerificationOptions): Promise<VerificationReport> {
  const { workers, exact = false, explainPlans, ...common } = options;
  const report = await verify({ ...common, connections: workers, ...(explainPlans && { explainPlans }) });
  if (!exact) return report;
  const began = performance.now();
  const compared = await verifyExact({ ...common, workers });
  return {
    ...report,
    ok: report.ok && compared.every(({ ok }) => ok),
    seconds: report.seconds + (performance.now() - began) / 1000,
    checks: [...report.checks, ...compared],
  };
}
