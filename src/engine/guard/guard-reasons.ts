import { withThousands } from "../../core/thousands.js";
import type { Switch } from "../../postgres/switch.js";

/** What the guard decides by. */
export interface GuardFacts {
  readonly nodeEnv: string | undefined;
  readonly embedded: boolean;
  /** Whether the environment enables filling databases that are not embedded. */
  readonly enabled: boolean;
  /** By what names the database is known: as the URL has them and as the server does. */
  readonly names: readonly { readonly of: "host" | "database"; readonly name: string }[];
  /** The database's own switch; null where it has none. */
  readonly toggled: Switch | "unreadable" | null;
  readonly schema: string;
  readonly schemaMadeBy: "nobody yet" | "seed-bulk" | "somebody else" | "the ledger";
  readonly adoptSchema: boolean;
  readonly rows: number;
  /** Whether the plan is not made yet, and may come to more. */
  readonly rowsAreLeast?: boolean;
  readonly rowsMax: number;
  /** Null where the server's disk cannot be known. */
  readonly disk: { readonly path: string; readonly bytesFree: number; readonly bytesNeeded: number } | null;
}

/** Environment variables that enable filling a database that is not the embedded one; the word is `true`. */
export const ENABLING_VARIABLES = ["SEED_BULK_ENABLED", "MOCK_DATA_ENABLED"] as const;

/** Words that say production wherever a name has them as a word of its own. */
export const PRODUCTION_WORDS: ReadonlySet<string> = new Set(["prod", "production", "prd", "live"]);

/** Words that take it back: `non-prod`, `pre_production`. */
const NEGATIONS: ReadonlySet<string> = new Set(["non", "not", "pre"]);

/**
 * Why a database must not be filled, every reason at once, each with what allows it where anything does.
 * @returns none where it may be
 */
export function guardReasons(facts: GuardFacts): string[] {
  return [
    environmentReason(facts),
    enablingReason(facts),
    ...nameReasons(facts),
    switchReason(facts),
    schemaReason(facts),
    rowsReason(facts),
    diskReason(facts),
  ].filter((reason) => reason !== undefined);
}

/**
 * Whether a name says production, word by word: `prod-db`, `appProduction`, `db.prod1.example.com`, and neither
 * `product_catalog` nor `non-prod`.
 */
export function saysProduction(name: string): boolean {
  const words = name
    .replace(/(\p{Ll})(\p{Lu})|(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1$3_$2$4")
    .toLowerCase()
    // A dot starts a new label: "non.prod" is a host of prod.
    .split(/([^\p{L}.]+|\.)/u)
    .filter((word) => /^[\p{L}.]/u.test(word));
  return words.some((word, i) => PRODUCTION_WORDS.has(word) && !NEGATIONS.has(words[i - 1] ?? ""));
}

function environmentReason({ nodeEnv }: GuardFacts): string | undefined {
  if (nodeEnv?.trim().toLowerCase() !== "production") return undefined;
  return "NODE_ENV is production; unset it, or set it to another word";
}

function enablingReason({ embedded, enabled }: GuardFacts): string | undefined {
  if (embedded || enabled) return undefined;
  const [first, second] = ENABLING_VARIABLES;
  return `nothing enables filling a database that is not the embedded one; set ${first}=true (or ${second}=true)`;
}

function nameReasons({ names }: GuardFacts): string[] {
  const reasons = names
    .filter(({ name }) => saysProduction(name))
    .map(({ of, name }) => `the ${of} "${name}" says production by its name; use another one: nothing allows this`);
  return [...new Set(reasons)];
}

function switchReason({ toggled }: GuardFacts): string | undefined {
  if (toggled === null) return undefined;
  if (toggled === "unreadable") {
    return "the database's switch cannot be read by this role; GRANT SELECT ON seed_bulk.switch, or use the role that turned it";
  }
  if (toggled.enabled) return undefined;
  const { changedBy, changedAt } = toggled;
  return `the database is switched off, by ${changedBy} at ${changedAt.toISOString()}; \`seed-bulk toggle --enable\` turns it on`;
}

function schemaReason({ schema, schemaMadeBy, adoptSchema }: GuardFacts): string | undefined {
  if (schemaMadeBy === "the ledger")
    return `the schema "${schema}" is where seed-bulk keeps its ledger; use --schema for another`;
  if (schemaMadeBy !== "somebody else" || adoptSchema) return undefined;
  return `the schema "${schema}" is there already and seed-bulk did not make it; add --adopt-schema to load into it, or --schema for another`;
}

function rowsReason({ rows, rowsAreLeast = false, rowsMax }: GuardFacts): string | undefined {
  if (rows <= rowsMax) return undefined;
  return `the plan has ${rowsAreLeast ? "at least " : ""}${withThousands(rows)} rows, more than ${withThousands(rowsMax)}; raise --max-rows, or lower --scale`;
}

function diskReason({ disk }: GuardFacts): string | undefined {
  if (disk === null || disk.bytesNeeded <= disk.bytesFree) return undefined;
  const { path, bytesFree, bytesNeeded } = disk;
  return `the load takes about ${gigabytes(bytesNeeded)} and ${path} has ${gigabytes(bytesFree)} free; free some, or lower --scale`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toPrecision(3)} GB`;
}
