import type pg from "pg";
import { SeedBulkError } from "../../errors.js";
import type { Plan } from "../../model/plan.js";
import { redactUrl } from "../../postgres/connection.js";
import { guardFacts } from "./guard-facts.js";
import { guardReasons } from "./guard-reasons.js";

/** Rows that a plan may have where --max-rows does not say otherwise. */
export const MAX_ROWS_DEFAULT = 2_000_000_000;

/** What is about to be written, and where. */
export interface GuardRequest {
  readonly url: string;
  /** Whether it is the embedded server, which needs no enabling. */
  readonly embedded: boolean;
  readonly schema: string;
  readonly plan: Plan;
  /** Bytes of the plan that are in the database already, for a run that is resumed. */
  readonly bytesDone?: number;
  /** Whether what earlier runs made in the schema is dropped first. */
  readonly replace: boolean;
  /** Whether the schema may be one that seed-bulk did not make. */
  readonly adoptSchema: boolean;
  readonly maxRows: number;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Refuses to fill a database that looks like the wrong one. Runs before anything is written, outside a transaction,
 * and writes nothing itself.
 * @throws SeedBulkError SB_REFUSED with every reason, SB_DATABASE_VERSION
 */
export async function guard(client: pg.Client, request: GuardRequest): Promise<void> {
  const reasons = guardReasons(await guardFacts(client, request));
  if (reasons.length === 0) return;
  const list = reasons.map((reason) => `\n  - ${reason}`).join("");
  throw new SeedBulkError("SB_REFUSED", `${redactUrl(request.url)} must not be filled:${list}`, {
    hint: "Nothing was written. docs/safety.md says what each of these protects.",
  });
}
