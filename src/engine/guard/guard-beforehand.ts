import { SeedBulkError } from "../../errors.js";
import type { Universe } from "../../model/universe.js";
import { namesInUrl } from "../../postgres/connection.js";
import { redactUrl } from "../../postgres/redact.js";
import { ENABLING_VARIABLES, type GuardFacts, guardReasons } from "./guard-reasons.js";
import type { GuardRequest } from "./guard-request.js";

/** What is known of a load before anybody is asked. */
export interface BeforehandRequest extends Pick<GuardRequest, "embedded" | "maxRows" | "env"> {
  /** Of a database that is not the embedded one, whose address has no names that say anything. */
  readonly url: string | undefined;
  /** Undefined where the ledger has to be asked, as for a run that is resumed. */
  readonly schema?: string;
  readonly rows: number;
  /** Whether the plan may come to more rows than these. */
  readonly rowsAreLeast?: boolean;
}

/**
 * Refuses what needs no server to be refused, with every such reason, before there is a connection: the environment,
 * the address's names, the ledger's schema, too many rows. The guard itself looks again, at the server's names too.
 * @throws SeedBulkError SB_REFUSED, SB_DATABASE_URL_INVALID
 */
export function guardBeforehand(request: BeforehandRequest): void {
  const reasons = guardReasons(beforehandFacts(request));
  if (reasons.length === 0) return;
  const where = request.url === undefined || request.embedded ? "the embedded Postgres" : redactUrl(request.url);
  throw refusal(where, reasons);
}

/** What the guard says of a database that it refuses. */
export function refusal(where: string, reasons: readonly string[]): SeedBulkError {
  const list = reasons.map((reason) => `\n  - ${reason}`).join("");
  return new SeedBulkError("SB_REFUSED", `${where} must not be filled:${list}`, {
    hint: "Nothing was written. docs/safety.md says what each of these protects.",
  });
}

/** Whether the environment enables filling databases that are not embedded. */
export function isEnabled(env: NodeJS.ProcessEnv): boolean {
  return ENABLING_VARIABLES.some((name) => env[name]?.trim().toLowerCase() === "true");
}

function beforehandFacts({ url, embedded, schema, rows, rowsAreLeast, maxRows, env }: BeforehandRequest): GuardFacts {
  return {
    nodeEnv: env["NODE_ENV"],
    embedded,
    enabled: isEnabled(env),
    names: embedded || url === undefined ? [] : namesInUrl(url),
    schema: schema ?? "",
    schemaMadeBy: schema === "seed_bulk" ? "the ledger" : "nobody yet",
    rows,
    rowsAreLeast: rowsAreLeast ?? false,
    rowsMax: maxRows,
    // What only a server knows speaks against nothing here.
    toggled: null,
    adoptSchema: true,
    disk: null,
  };
}

/**
 * Rows that a scenario has at least, from its sizes alone: without a plan, and without a fan-out, whose weights take
 * seconds where tables are large. Children whose number their parents' columns say count as none.
 * @param only the entities wanted; all without it
 */
export function rowsAtLeast(universe: Universe, only?: readonly string[]): number {
  const { scenario } = universe;
  const rowsOf = (name: string): number => {
    if (!universe.has(name)) return 0;
    const { rows } = universe.entity(name);
    if (rows.kind === "labels" || (rows.kind === "children" && rowsOf(rows.parent) === 0)) return 0;
    const asked = rows.kind === "fixed" ? rows.count(scenario) : (rows.total?.(scenario) ?? 0);
    return Math.min(asked, rows.most?.(rowsOf) ?? Infinity);
  };
  return universe.entities
    .filter(({ name }) => only === undefined || only.includes(name))
    .reduce((sum, { name }) => sum + rowsOf(name), 0);
}
