import type { FastifyError } from "fastify";
import { type ErrorCode, SeedBulkError } from "../errors.js";
import { redactText } from "../postgres/redact.js";

/** An RFC 9457 problem document, with the code and the hint of our errors. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly hint?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  readonly reasons?: readonly string[];
}

/** An error that goes by itself, and when to ask again. */
export class TryLaterError extends SeedBulkError {
  readonly retryAfterSeconds: number;

  constructor(code: ErrorCode, message: string, options: { retryAfterSeconds: number; hint?: string }) {
    super(code, message, options);
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** An error of HTTP's own that has a status which its code alone does not say. */
export class StatusError extends SeedBulkError {
  readonly status: number;

  constructor(code: ErrorCode, message: string, options: { status: number; hint?: string }) {
    super(code, message, options);
    this.status = options.status;
  }
}

/** The status of each code; 500 for the others. */
const STATUSES: Partial<Record<ErrorCode, number>> = {
  SB_USAGE: 400,
  SB_SCENARIO_NOT_FOUND: 404,
  SB_ENTITY_NOT_FOUND: 404,
  SB_RUN_NOT_FOUND: 404,
  SB_ROUTE_NOT_FOUND: 404,
  SB_SCENARIO_SYNTAX: 422,
  SB_SCENARIO_INVALID: 422,
  SB_UNAUTHORIZED: 401,
  SB_REFUSED: 403,
  SB_ORIGIN_REFUSED: 403,
  SB_CONFIRMATION_NEEDED: 409,
  SB_TABLE_EXISTS: 409,
  SB_RUN_BUSY: 409,
  SB_RUN_CHANGED: 409,
  SB_JOB_STATE: 409,
  SB_QUEUE_FULL: 429,
  SB_RATE_LIMITED: 429,
  SB_DATABASE_UNREACHABLE: 503,
  SB_DATABASE_AUTH: 503,
  SB_DATABASE_VERSION: 503,
  SB_DATABASE_READ_ONLY: 403,
  SB_DATABASE_ENCODING: 422,
  SB_DATABASE_TLS: 503,
  SB_DATABASE_LIMIT: 503,
  SB_DATABASE_LOCKED: 503,
  SB_DATABASE_REFUSED: 502,
  SB_DATABASE_FAILED: 503,
  SB_STATEMENT_CANCELLED: 503,
  SB_EMBEDDED_FAILED: 503,
  SB_EMBEDDED_BUSY: 503,
  SB_CONNECTION_LOST: 503,
  SB_INTERRUPTED: 503,
  SB_DISK_FULL: 507,
};

/** What our errors say is for people at the command line; a password in it stays hidden, as there. */
export function problemOf(error: SeedBulkError): ProblemDocument {
  const { code, hint } = error;
  // The guard's list, a reason a line.
  const [first, ...reasons] = redactText(error.message).split("\n  - ");
  const isList = code === "SB_REFUSED" && reasons.length > 0;
  return {
    type: `errors#${code}`,
    title: titleOf(code),
    status: error instanceof StatusError ? error.status : (STATUSES[code] ?? 500),
    code,
    detail: isList ? `${first} ${reasons.join("; ")}` : redactText(error.message),
    ...(hint !== undefined && { hint: redactText(hint) }),
    ...(isList && { reasons }),
  };
}

/** A request that a schema refused: every wrong value, by its place. */
export function invalidRequestProblem(error: FastifyError): ProblemDocument {
  const errors = (error.validation ?? []).map(({ instancePath, message }) => ({
    path: [error.validationContext ?? "request", ...instancePath.split("/").filter(Boolean)].join("."),
    message: message ?? "is wrong",
  }));
  const detail = errors.map(({ path, message }) => `${path}: ${message}`).join("; ");
  return { ...problemOf(new SeedBulkError("SB_USAGE", `the request is wrong: ${detail}`)), errors };
}

/** Fastify's own refusals: a body that is no JSON, too large, of another type. Undefined for what is a fault of ours. */
export function refusedRequestProblem(error: FastifyError): ProblemDocument | undefined {
  const { statusCode = 500, message } = error;
  if (statusCode < 400 || statusCode >= 500) return undefined;
  return problemOf(new StatusError("SB_USAGE", `the request cannot be read: ${message}`, { status: statusCode }));
}

/** What a caller may know of a fault of ours; the rest is in the server's log. */
export function faultProblem(): ProblemDocument {
  return problemOf(
    new SeedBulkError("SB_INTERNAL", "a fault of seed-bulk", { hint: "The server's own output shows where." }),
  );
}

/** The code in words: "Queue full". */
function titleOf(code: ErrorCode): string {
  const words = code.slice("SB_".length).toLowerCase().replaceAll("_", " ");
  return words[0].toUpperCase() + words.slice(1);
}
