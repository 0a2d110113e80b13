import { type ErrorCode, SeedBulkError } from "../errors.js";

/** What an answer of a server or of the network means for us. */
interface Ruling {
  readonly code: ErrorCode;
  /** What to do about it, where the code alone does not say. */
  readonly hint?: string;
  /** Whether it may pass by itself: what failed so is tried again. */
  readonly passes?: true;
  /** Whether whoever ran the statement may say more with a code of its own: rows were refused, a key was not built. */
  readonly isOfStatement?: true;
}

const CHECK_SERVER = "Check the server and its log, then try again.";
const LEDGER_GRANT =
  "GRANT USAGE ON SCHEMA seed_bulk TO it; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA seed_bulk TO it";

/** What each of our codes advises by itself. */
const HINTS: Partial<Record<ErrorCode, string>> = {
  SB_CONNECTION_LOST: CHECK_SERVER,
  SB_DATABASE_UNREACHABLE: "Check that the server runs and that host, port and database are right.",
  SB_DATABASE_AUTH:
    "The role lacks a right; an owner or a superuser can GRANT it. " +
    `Where another role has made the ledger, its owner runs: ${LEDGER_GRANT}.`,
  SB_DATABASE_READ_ONLY:
    "Somebody has set it so, or it is a standby: use the primary, or have default_transaction_read_only turned off by whoever turned it on.",
  SB_DATABASE_TLS:
    "For a certificate that nobody known has signed, add sslrootcert=/path/to/ca.crt to the URL, or sslmode=no-verify to trust it unseen; " +
    "sslmode=disable connects without TLS.",
  SB_DATABASE_LIMIT: "The server has reached a limit of its own: use fewer --workers, or raise the limit.",
  SB_DATABASE_LOCKED: "Other sessions are in the way: pg_stat_activity shows them. Try again once they are gone.",
  SB_DATABASE_FAILED: "The fault is the server's: its log says more.",
  SB_DATABASE_REFUSED: "A trigger, a policy or a setting of the database may be behind it; its owner knows.",
  SB_STATEMENT_CANCELLED: "Somebody cancelled it (pg_cancel_backend), or a timeout of the server did.",
  SB_DISK_FULL: "Free some space on the server's disk, then try again.",
  SB_WORKER_FAILED: "The thread's memory or the machine's may not suffice: use fewer --workers.",
};

const lost: Ruling = { code: "SB_CONNECTION_LOST", passes: true };
const refused: Ruling = { code: "SB_DATABASE_REFUSED", isOfStatement: true };
const limit: Ruling = { code: "SB_DATABASE_LIMIT" };
const locked: Ruling = { code: "SB_DATABASE_LOCKED", passes: true };
const failed: Ruling = { code: "SB_DATABASE_FAILED" };
const tls: Ruling = { code: "SB_DATABASE_TLS" };

/** By SQLSTATE, or its class: the first two characters (PostgreSQL's errcodes.txt). A state goes before its class. */
const STATES: Readonly<Record<string, Ruling>> = {
  "08": lost,
  "22": refused,
  // Text that the database's encoding has no character for.
  "22P05": { code: "SB_DATABASE_ENCODING" },
  "23": refused,
  // invalid_transaction_state and, of it, what a setting or a standby does.
  "25": refused,
  "25006": { code: "SB_DATABASE_READ_ONLY" },
  "25P03": { ...lost, hint: "idle_in_transaction_session_timeout ended the connection; raise it for this role." },
  "25P04": { ...lost, hint: "transaction_timeout ended the connection; raise it for this role." },
  "28": { code: "SB_DATABASE_AUTH", hint: "Check the user and the password of the database URL." },
  "2F002": { code: "SB_DATABASE_READ_ONLY" },
  "38002": { code: "SB_DATABASE_READ_ONLY" },
  "3D000": {
    code: "SB_DATABASE_UNREACHABLE",
    hint: "The server is there, the database is not: create it, or name another in the URL.",
  },
  "40": locked,
  "42": refused,
  "42501": { code: "SB_DATABASE_AUTH" },
  "53": limit,
  "53100": { code: "SB_DISK_FULL" },
  "53200": { ...limit, hint: "The server is out of memory: use fewer --workers, or lower its work_mem." },
  "53300": {
    ...limit,
    passes: true,
    hint: "The server has no connection left: use fewer --workers, or raise max_connections or the role's CONNECTION LIMIT.",
  },
  "54": limit,
  "55": refused,
  "55006": { code: "SB_DATABASE_LOCKED" },
  "55P03": locked,
  "57": failed,
  "57014": { code: "SB_STATEMENT_CANCELLED" },
  "57P01": { ...lost, hint: "An administrator ended the connection, or the server was stopped." },
  "57P02": lost,
  "57P03": lost,
  "57P04": { code: "SB_CONNECTION_LOST", hint: "Somebody dropped the database." },
  "57P05": { ...lost, hint: "idle_session_timeout ended the connection; raise it for this role." },
  "58": failed,
  F0: failed,
  P0: refused,
  XX: failed,
};

/** By a code of Node's, or one of ours that went through a thread. */
const OTHERS: Readonly<Record<string, Ruling>> = {
  ECONNRESET: lost,
  ECONNREFUSED: lost,
  ECONNABORTED: lost,
  EPIPE: lost,
  ETIMEDOUT: lost,
  EHOSTUNREACH: lost,
  ENETUNREACH: lost,
  ENETDOWN: lost,
  EAI_AGAIN: lost,
  // The socket's file is gone, as while a server restarts.
  ENOENT: lost,
  SELF_SIGNED_CERT_IN_CHAIN: tls,
  DEPTH_ZERO_SELF_SIGNED_CERT: tls,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: tls,
  UNABLE_TO_GET_ISSUER_CERT: tls,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: tls,
  CERT_HAS_EXPIRED: tls,
  CERT_NOT_YET_VALID: tls,
  CERT_UNTRUSTED: tls,
  CERT_SIGNATURE_FAILURE: tls,
  HOSTNAME_MISMATCH: tls,
  ERR_TLS_CERT_ALTNAME_INVALID: tls,
  SB_CONNECTION_LOST: lost,
  SB_DATABASE_UNREACHABLE: { code: "SB_DATABASE_UNREACHABLE", passes: true },
  SB_DATABASE_LIMIT: { ...limit, passes: true },
  SB_WORKER_FAILED: { code: "SB_WORKER_FAILED", passes: true },
};

/** As Postgres makes them: classes begin with a digit, or are one of four; `EPIPE` is a code of Node's. */
const SQLSTATE = /^(?:\d[0-9A-Z]|F0|HV|P0|XX)[0-9A-Z]{3}$/;

/** What node-postgres says without a code. */
const BROKEN = /Connection terminated|Client has encountered a connection error|not queryable|connection is closed/;
const NO_TLS = /does not support SSL|SSL connection|wrong version number/;

function stateOf(code: string): Ruling {
  return STATES[code] ?? STATES[code.slice(0, 2)] ?? refused;
}

/** What a failure means, by its code or its message; undefined where neither server nor network had a part in it. */
function rulingOf(code: string | undefined, message: string): Ruling | undefined {
  if (code !== undefined) {
    if (Object.hasOwn(OTHERS, code)) return OTHERS[code];
    if (code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_")) return tls;
    if (SQLSTATE.test(code)) return stateOf(code);
  }
  if (BROKEN.test(message)) return lost;
  return NO_TLS.test(message) ? tls : undefined;
}

/** Whether a failure may pass by itself. */
export function isTransient(code: string | undefined, message: string): boolean {
  return rulingOf(code, message)?.passes === true;
}

/** What Postgres, the network or a thread says of a failure; of errors, these of their fields. */
export interface Failure {
  readonly code?: string | undefined;
  readonly message: string;
  /** Set by Postgres alone. */
  readonly severity?: string | undefined;
  /** The functions that it happened in, the innermost first. */
  readonly where?: string | undefined;
}

export interface Telling {
  /** What was being done, before the server's own words. */
  readonly what?: string;
  /** The code for what the statement itself met with, such as SB_COPY_REJECTED. */
  readonly refusal?: ErrorCode;
  /** What to do there, once what the hint says is done. */
  readonly next?: string;
  /** In place of the hints for a right that is lacking. */
  readonly rights?: string;
}

/**
 * A failure of a server or of a connection to it, as an error of ours.
 * @returns undefined for anything else: a fault of ours stays one
 */
export function serverError(failure: Failure, telling: Telling = {}): SeedBulkError | undefined {
  const { code, message, severity, where } = failure;
  // A function of the user's may raise whatever five characters it likes.
  const ruling = severity === undefined ? rulingOf(code, message) : stateOf(code ?? "");
  if (ruling === undefined) return undefined;
  const own = ruling.isOfStatement ? (telling.refusal ?? ruling.code) : ruling.code;
  const isState = code !== undefined && (severity !== undefined || SQLSTATE.test(code));
  const inside = where === undefined ? "" : `; ${where.split("\n", 1)[0]}`;
  const what = telling.what === undefined ? "" : `${telling.what}: `;
  const rights = code === "42501" ? telling.rights : undefined;
  const hints = [rights ?? ruling.hint ?? HINTS[own], telling.next].filter((hint) => hint !== undefined);
  return new SeedBulkError(own, `${what}${message}${isState ? ` (SQLSTATE ${code}${inside})` : ""}`, {
    cause: failure,
    ...(hints.length > 0 && { hint: hints.join(" ") }),
  });
}

/** Codes of Node's that say of themselves that a connection broke; ENOENT and EPIPE may be about a file. */
const OF_CONNECTIONS = new Set(["ECONNRESET", "ECONNREFUSED", "ECONNABORTED", "ETIMEDOUT", "EHOSTUNREACH"]);

/**
 * What nobody has translated by the time that it is told to people: a server's or a connection's failure becomes an
 * error of ours, and all else stays as it is.
 */
export function toldError(error: unknown): unknown {
  if (error instanceof SeedBulkError || !(error instanceof Error)) return error;
  const { code, severity } = error as Failure;
  const isServers = severity !== undefined || (code !== undefined && (SQLSTATE.test(code) || OF_CONNECTIONS.has(code)));
  if (!isServers && !(code === undefined && BROKEN.test(error.message))) return error;
  return serverError(error) ?? error;
}

/** What an error of ours advises that has lost its hint on its way through a thread. */
export function hintOf(code: ErrorCode): string | undefined {
  return HINTS[code];
}
