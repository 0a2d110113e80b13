import { type Command, InvalidArgumentError } from "commander";
import { type BeforehandRequest, guardBeforehand } from "../engine/guard/guard-beforehand.js";
import { MAX_ROWS_DEFAULT } from "../engine/guard/guard-request.js";
import type { RunTarget } from "../engine/run/options.js";
import { SeedBulkError } from "../errors.js";
import { isSessionSetting } from "../model/session-setting.js";
import { namesInUrl } from "../postgres/connection.js";
import { embeddedHome, hasCluster } from "../postgres/embedded/home.js";
import { acquireEmbeddedServer } from "../postgres/embedded/server.js";
import { EMBEDDED_DATABASE } from "../postgres/embedded/url.js";
import { redactUrl } from "../postgres/redact.js";
import { untilReady } from "../postgres/until-ready.js";
import { databaseOfEnvironment } from "./environment.js";
import { wholeNumber } from "./options.js";

/** A database to write to, for as long as a command needs it. */
export interface Target {
  readonly url: string;
  readonly embedded: boolean;
  /** Lines that tell how to look at the data. */
  readonly lookAt: readonly string[];
  release(): Promise<void>;
}

/** Adds --database-url. */
export function withDatabaseOption(command: Command): Command {
  return command.option(
    "--database-url <url>",
    "the database to use; else DATABASE_URL, also in .env; else PGHOST, PGDATABASE, PGSERVICE; else the embedded Postgres",
  );
}

/** What the safety guard is told on the command line. */
export interface SafetyOptions {
  readonly adoptSchema?: boolean;
  readonly maxRows: number;
}

/** Settings for the database's session. */
export interface SessionOptions {
  readonly set?: Readonly<Record<string, string>>;
}

/** Adds --set. */
export function withSessionOption(command: Command): Command {
  return command.option(
    "--set <name=value>",
    "a setting that tables ask for, such as app.tenant=1; may be given again",
    sessionSetting,
  );
}

function sessionSetting(text: string, others: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf("=");
  const name = text.slice(0, Math.max(0, at));
  if (!isSessionSetting(name)) throw new InvalidArgumentError("It is a setting with a dot, such as app.tenant=1.");
  return { ...others, [name]: text.slice(at + 1) };
}

/** Adds --adopt-schema and --max-rows. */
export function withSafetyOptions(command: Command): Command {
  return command
    .option("--adopt-schema", "load into a schema that seed-bulk did not make")
    .option("--max-rows <n>", "refuse a plan of more rows", wholeNumber(1), MAX_ROWS_DEFAULT);
}

/** A database as the target of a run. */
export function runTarget(
  { url, embedded }: Target,
  options: SafetyOptions & SessionOptions,
): Extract<RunTarget, { kind: "postgres" }> {
  const { adoptSchema = false, maxRows, set } = options;
  const safety = { adoptSchema, maxRows, env: process.env };
  return { kind: "postgres", url, embedded, safety, ...(set && { settings: set }) };
}

/**
 * Asks the guard what it can say of the database that `openDatabase` would open, before that opens, starts or makes it.
 * @throws SeedBulkError SB_REFUSED, SB_DATABASE_URL_INVALID
 */
export function refuseBeforehand(
  options: Pick<SafetyOptions, "maxRows"> & { readonly databaseUrl?: string },
  load: Pick<BeforehandRequest, "schema" | "rows" | "rowsAreLeast">,
): void {
  const { databaseUrl, maxRows } = options;
  // Not to be taken for the embedded server: opening it says so.
  if (databaseUrl === "") return;
  const url = databaseUrl ?? databaseOfEnvironment(process.env)?.url;
  guardBeforehand({ ...load, url, embedded: url === undefined, maxRows, env: process.env });
}

/** The database that a command is to use: the one named, else DATABASE_URL, else the embedded Postgres. */
export async function openDatabase(
  named: string | undefined,
  options: {
    readonly signal: AbortSignal;
    readonly onNotice: (text: string) => void;
    /** The embedded one, whatever the environment says. */
    readonly isEmbedded?: boolean;
    /** Whether an embedded one that is not there is not made: for what only looks. */
    readonly isReading?: boolean;
  },
): Promise<Target> {
  if (named === "") {
    throw new SeedBulkError("SB_DATABASE_URL_INVALID", "the database URL is empty", {
      hint: "A script's variable may not be set. Leave --database-url out for DATABASE_URL, or the embedded Postgres.",
    });
  }
  const fromEnvironment = named || options.isEmbedded ? undefined : databaseOfEnvironment(process.env);
  const url = options.isEmbedded ? undefined : (named ?? fromEnvironment?.url);
  if (fromEnvironment && fromEnvironment.from !== "DATABASE_URL") {
    options.onNotice(`database  ${redactUrl(fromEnvironment.url)}, from ${fromEnvironment.from}`);
  }
  if (url) await untilReady(url, options);
  if (url) return { url, embedded: false, lookAt: [psqlLine(redactUrl(url))], release: async () => {} };
  const home = embeddedHome(process.env, process.cwd());
  if (options.isReading && !hasCluster(home)) {
    throw new SeedBulkError(
      "SB_RUN_NOT_FOUND",
      "there is no embedded Postgres here yet, and no other database is named",
      {
        hint: "`seed-bulk --scenario demo` makes one and fills it; --database-url names another.",
      },
    );
  }
  const server = await acquireEmbeddedServer({ home, ...options });
  return {
    url: server.url,
    embedded: true,
    lookAt: ["npx seed-bulk db start", psqlLine(server.url)],
    // It runs in a finally: a fault here must not hide what the command itself came to.
    release: () => server.release().catch((error: Error) => options.onNotice(error.message)),
  };
}

/**
 * What a printed command has to say for another command to find a database, with a space before it: nothing of the
 * embedded one, which each command starts and finds by itself.
 */
export function databaseArgument({ url, embedded }: Pick<Target, "url" | "embedded">): string {
  const isFound = embedded && namesInUrl(url).some(({ of, name }) => of === "database" && name === EMBEDDED_DATABASE);
  return isFound ? "" : ` --database-url ${inShell(redactUrl(url))}`;
}

/** The command that looks into a database, as a shell takes it whatever the address holds. */
export function psqlLine(url: string): string {
  return `psql ${inShell(url)}`;
}

function inShell(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
