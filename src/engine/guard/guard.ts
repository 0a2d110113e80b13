import type pg from "pg";
import { redactUrl } from "../../postgres/redact.js";
import { refusal } from "./guard-beforehand.js";
import { guardFacts } from "./guard-facts.js";
import { guardReasons } from "./guard-reasons.js";
import type { GuardRequest } from "./guard-request.js";
import { findingsOf, type ServerFindings, serverTraits } from "./server-kinds.js";

const NOTHING_FOUND: ServerFindings = { reasons: [], notices: [] };

/**
 * Refuses to fill a database that looks like the wrong one. Runs before anything is written, outside a transaction,
 * and writes nothing itself.
 * @throws SeedBulkError SB_REFUSED with every reason, and what `guardFacts` throws
 */
export async function guard(client: pg.Client, request: GuardRequest): Promise<void> {
  const facts = await guardFacts(client, request);
  const { unlogged = false, onNotice } = request;
  const server = request.embedded ? NOTHING_FOUND : findingsOf(await serverTraits(client), unlogged);
  const reasons = [...guardReasons(facts), ...server.reasons];
  if (reasons.length > 0) throw refusal(redactUrl(request.url), reasons);
  for (const notice of server.notices) onNotice?.(notice);
}
