import type pg from "pg";
import { SeedBulkError } from "../../errors.js";
import { redactUrl } from "../../postgres/connection.js";
import { guardFacts } from "./guard-facts.js";
import { guardReasons } from "./guard-reasons.js";
import type { GuardRequest } from "./guard-request.js";

/**
 * Refuses to fill a database that looks like the wrong one. Runs before anything is written, outside a transaction,
 * and writes nothing itself.
 * @throws SeedBulkError SB_REFUSED with every reason, and what `guardFacts` throws
 */
export async function guard(client: pg.Client, request: GuardRequest): Promise<void> {
  const reasons = guardReasons(await guardFacts(client, request));
  if (reasons.length === 0) return;
  const list = reasons.map((reason) => `\n  - ${reason}`).join("");
  throw new SeedBulkError("SB_REFUSED", `${redactUrl(request.url)} must not be filled:${list}`, {
    hint: "Nothing was written. docs/safety.md says what each of these protects.",
  });
}
