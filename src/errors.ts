/** Every code an error of ours can carry, with the exit code it leads to (DESIGN.md, Command line). */
export const ERROR_CODES = {
  SB_USAGE: 2,
  SB_SCENARIO_NOT_FOUND: 2,
  SB_SCENARIO_SYNTAX: 2,
  SB_SCENARIO_INVALID: 2,
  SB_MODEL_NOT_FOUND: 2,
  SB_MODEL_INVALID: 2,
  SB_ENTITY_NOT_FOUND: 2,
  SB_DATABASE_URL_INVALID: 2,
  SB_DATABASE_UNREACHABLE: 1,
  SB_DATABASE_AUTH: 1,
  SB_DATABASE_VERSION: 1,
  SB_DATABASE_READ_ONLY: 3,
  SB_DATABASE_ENCODING: 3,
  SB_DATABASE_TLS: 1,
  SB_DATABASE_LIMIT: 1,
  SB_DATABASE_LOCKED: 1,
  SB_DATABASE_REFUSED: 1,
  SB_DATABASE_FAILED: 1,
  SB_STATEMENT_CANCELLED: 1,
  SB_OPEN_FILES: 1,
  SB_EMBEDDED_FAILED: 1,
  SB_EMBEDDED_BUSY: 1,
  SB_EMBEDDED_UNSUPPORTED: 1,
  SB_TABLE_EXISTS: 3,
  SB_TABLE_MISSING: 1,
  SB_DDL_FAILED: 2,
  SB_REFUSED: 3,
  SB_VERIFICATION_FAILED: 4,
  SB_CONFIRMATION_NEEDED: 3,
  SB_RUN_BUSY: 1,
  SB_LEASE_LOST: 1,
  SB_LOAD_INCOMPLETE: 1,
  // 42: of `work`, for schedulers, which do not try such a task again.
  SB_RUN_STOPPED: 42,
  SB_QUEUE_UNAVAILABLE: 1,
  SB_LEDGER_NEWER: 3,
  SB_RUN_NOT_FOUND: 2,
  SB_RUN_CHANGED: 3,
  SB_PLAN_UNEXPECTED: 3,
  SB_CONFIG_INVALID: 2,
  SB_COPY_REJECTED: 1,
  SB_CONNECTION_LOST: 1,
  SB_CONSTRAINT_FAILED: 1,
  SB_WORKER_FAILED: 1,
  SB_VALUE_INVALID: 1,
  SB_DISK_FULL: 1,
  SB_EXPORT_FAILED: 1,
  SB_EXPORT_CHANGED: 3,
  SB_FILE_EXISTS: 3,
  SB_BENCH_FAILED: 1,
  SB_BENCH_SLOWER: 1,
  SB_JOB_STATE: 1,
  SB_QUEUE_FULL: 1,
  SB_RATE_LIMITED: 1,
  SB_UNAUTHORIZED: 1,
  SB_ORIGIN_REFUSED: 1,
  SB_ROUTE_NOT_FOUND: 1,
  SB_LISTEN_FAILED: 1,
  SB_OUTPUT_FAILED: 1,
  SB_INTERRUPTED: 130,
  SB_INTERNAL: 1,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** What a user is told: a stable code, a message that says what happened and where, and what to do next. */
export class SeedBulkError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  /**
   * @param code stable; documented in docs/errors.md
   * @param message what happened and where, without the code
   * @param options.hint what to do next, one sentence
   */
  constructor(code: ErrorCode, message: string, options: { cause?: unknown; hint?: string } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "SeedBulkError";
    this.code = code;
    this.hint = options.hint;
  }

  get exitCode(): number {
    return ERROR_CODES[this.code];
  }
}

/** Fails on a bug of ours; the outside world's faults are SeedBulkErrors. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}
