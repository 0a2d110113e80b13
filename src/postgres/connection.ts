import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import pg from "pg";
import { type ErrorCode, SeedBulkError } from "../errors.js";
import { redactUrl } from "./redact.js";
import { sessionOf } from "./session.js";
import { type Failure, serverError } from "./sqlstate.js";

/** Firewalls and NATs forget flows that are silent for minutes: a connection that idles says something sooner. */
const KEEPALIVE_DELAY_MS = 30_000;

/** How long a connection attempt may take, where the caller does not say. */
const CONNECT_SECONDS_MAX = 10;

/**
 * Connects to a database.
 * @param name shown in pg_stat_activity behind "seed-bulk"
 * @throws SeedBulkError SB_DATABASE_URL_INVALID, SB_DATABASE_UNREACHABLE, SB_DATABASE_AUTH
 */
export async function connect(
  url: string,
  name = "coordinator",
  secondsMax: number = CONNECT_SECONDS_MAX,
): Promise<pg.Client> {
  const client = newClient(url, name, Math.min(secondsMax, CONNECT_SECONDS_MAX));
  // A connection that breaks while nobody waits for it says so by an event, be it in the moment in which it was made; the
  // next query on it fails and is handled there.
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (cause) {
    // A server that never answers leaves the socket open, which would keep the process alive.
    client.end().catch(() => {});
    throw connectError(url, cause);
  }
  return client;
}

/** How long a server may take to hear that we go. */
const CLOSE_MS_MAX = 2000;

/** Closes a connection; one whose other side no longer answers is cut. Never throws. */
export async function close(client: pg.Client): Promise<void> {
  const timer = setTimeout(() => cut(client), CLOSE_MS_MAX);
  await client.end().catch(() => {});
  clearTimeout(timer);
}

/** Whether a connection's socket is gone. */
export function isCut(client: pg.Client): boolean {
  return socketOf(client).destroyed;
}

/** Cuts a connection: all that waits for it fails at once. */
export function cut(client: pg.Client): void {
  socketOf(client).destroy();
}

function socketOf(client: pg.Client): Socket {
  return (client as pg.Client & { connection: { stream: Socket } }).connection.stream;
}

/**
 * Waits for work of a connection; where it takes too long, the connection is cut and the work fails.
 * @throws SeedBulkError SB_CONNECTION_LOST, and what the work throws
 */
export async function within<T>(secondsMax: number, client: pg.Client, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const stalled = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new SeedBulkError("SB_CONNECTION_LOST", `no answer for ${secondsMax} s`));
      cut(client);
    }, secondsMax * 1000);
  });
  try {
    return await Promise.race([work, stalled]);
  } finally {
    clearTimeout(timer);
    // Cut off, the work fails a moment later, when nobody listens any more.
    work.catch(() => {});
  }
}

/** What a connection is called in pg_stat_activity. */
export function applicationName(client: pg.Client): string {
  return (client as pg.Client & { connectionParameters: { application_name: string } }).connectionParameters
    .application_name;
}

/** A name for a connection that has to be told from all others, on any machine. */
export function distinctName(name: string): string {
  return `${name} ${randomUUID().slice(0, 8)}`;
}

/** What a transaction of ours depends on; a session's own timeouts and ways to print must not reach into it. */
const OWN_SETTINGS =
  "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; " +
  "SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL client_encoding = 'UTF8'; " +
  "SET LOCAL TimeZone = 'UTC'; SET LOCAL extra_float_digits = 1; SET LOCAL search_path = pg_catalog";

/** What else the transactions of a connection set, by {@link sessionOf} its URL. */
const SESSIONS = new WeakMap<pg.Client, string>();

function ownSettings(client: pg.Client): string {
  return `${OWN_SETTINGS}${SESSIONS.get(client) ?? ""}`;
}

/**
 * Begins a transaction that writes, whatever the database, the role or a pooler's last client has set: nothing of it
 * outlives the transaction. Names are written in full, so that no search path is needed.
 */
export function beginWriting(client: pg.Client): string {
  return `BEGIN; ${ownSettings(client)}`;
}

/**
 * Runs work in a transaction that cannot write and sees one state of the database, whatever else is set.
 * @param settings further `SET LOCAL`s, such as those of the planner
 */
export async function inReading<T>(client: pg.Client, settings: string, work: () => Promise<T>): Promise<T> {
  await client.query(
    `BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; ${ownSettings(client)}; ${settings}`,
  );
  try {
    return await work();
  } finally {
    await client.query("ROLLBACK").catch(() => {});
  }
}

/** Runs work in a transaction: committed where it resolves, rolled back where it throws. */
export async function inTransaction<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query(beginWriting(client));
  try {
    const result = await work();
    await client.query("COMMIT");
    return result;
  } catch (error) {
    // A broken connection has no transaction left to roll back; the first error is the one to tell.
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
}

function newClient(carrying: string, name: string, secondsMax: number): pg.Client {
  const { url, statements } = sessionOf(carrying);
  const client = plainClient(url, name, secondsMax);
  if (statements !== "") SESSIONS.set(client, statements);
  return client;
}

function plainClient(url: string, name: string, secondsMax: number): pg.Client {
  try {
    if (!/^postgres(ql)?:\/\//.test(url)) throw new TypeError("it does not begin with postgres://");
    const client = new pg.Client({
      connectionString: encodeStrays(url),
      connectionTimeoutMillis: secondsMax * 1000,
      application_name: `seed-bulk ${name}`,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEPALIVE_DELAY_MS,
    });
    // node-postgres leaves %23, %2F, %3F, %40 and the like in a database's name as they are.
    const database = databaseOf(url);
    if (database !== "")
      Object.assign((client as pg.Client & { connectionParameters: object }).connectionParameters, { database });
    return database === "" ? client : Object.assign(client, { database });
  } catch (cause) {
    throw new SeedBulkError("SB_DATABASE_URL_INVALID", `the database URL cannot be read: ${redactUrl(url)}`, {
      cause,
      hint: "A URL looks like postgres://user:password@host:5432/database; encode @ : / ? # % in a password as %40 %3A %2F %3F %23 %25.",
    });
  }
}

/** What the server or TLS says of a connection that is no matter of where the server is. */
const TOLD_AS_THEY_ARE: ReadonlySet<ErrorCode> = new Set(["SB_DATABASE_AUTH", "SB_DATABASE_LIMIT", "SB_DATABASE_TLS"]);

/** Spaces and percent signs that stand for themselves, encoded: node-postgres encodes such a URL twice over. */
function encodeStrays(url: string): string {
  return url.replaceAll(" ", "%20").replace(/%(?![0-9a-f]{2})/gi, "%25");
}

/** The name of the database in a URL, or none. */
function databaseOf(url: string): string {
  const [, path = ""] = /^\w+:\/\/[^/?#]*\/([^?#]*)/.exec(encodeStrays(url)) ?? [];
  return decodeURIComponent(path);
}

/**
 * The names that a database URL goes by, without a connection.
 * @throws SeedBulkError SB_DATABASE_URL_INVALID
 */
export function namesInUrl(url: string): { readonly of: "host" | "database"; readonly name: string }[] {
  const { host, database } = newClient(url, "guard", CONNECT_SECONDS_MAX);
  return [{ of: "host", name: host }, ...(database ? [{ of: "database" as const, name: database }] : [])];
}

/**
 * A database as a question names it before something in it goes: which, where, and as whom.
 * @throws SeedBulkError SB_DATABASE_URL_INVALID
 */
export function toldDatabase({ url, embedded }: { readonly url: string; readonly embedded: boolean }): string {
  const { host, port, database, user } = newClient(url, "guard", CONNECT_SECONDS_MAX);
  if (embedded) return `"${database}" of the embedded Postgres`;
  return `"${database}" at ${host.startsWith("/") ? host : `${host}:${port}`} as "${user}"`;
}

function connectError(url: string, cause: unknown): SeedBulkError {
  const { code, message } = cause as { code?: string; message: string };
  const where = redactUrl(url);
  if (code === "28P01" || code === "28000" || /password|SASL|SCRAM/i.test(message)) {
    return new SeedBulkError("SB_DATABASE_AUTH", `${where} refused the user or password: ${message}`, {
      cause,
      hint: /no encryption|SSL off/.test(message)
        ? "The server takes encrypted connections alone: add sslmode=require to the URL."
        : "Check the user and the password of the database URL.",
    });
  }
  const told = serverError(cause as Failure, { what: `cannot connect to ${where}` });
  if (told && TOLD_AS_THEY_ARE.has(told.code)) return told;
  const reason = message || code || "no answer";
  return new SeedBulkError("SB_DATABASE_UNREACHABLE", `cannot connect to ${where}: ${reason}`, {
    cause,
    hint:
      code === "3D000"
        ? "The server is there, the database is not: create it, or name another in the URL."
        : "Check that the server runs and that host, port and database are right.",
  });
}
