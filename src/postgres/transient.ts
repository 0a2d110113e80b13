/** What may pass by itself: a shard that failed so is tried again. Classes are an SQLSTATE's first two characters. */
const TRANSIENT: Readonly<Record<string, string>> = {
  "08": "connection exception",
  "40": "transaction rollback: serialization failure, deadlock",
  "53300": "too many connections",
  "55P03": "lock not available",
  "57P01": "the connection was ended by an administrator",
  "57P02": "the server crashed and restarts",
  "57P05": "the connection was idle for longer than the server allows",
  "25P03": "a transaction was idle for longer than the server allows",
  "57P03": "the server cannot take connections now",
  ECONNRESET: "connection reset",
  ECONNREFUSED: "nobody listens, as while a server restarts",
  EPIPE: "connection closed by the server",
  ETIMEDOUT: "connection timed out",
  ENOENT: "the socket is gone, as while a server restarts",
  SB_CONNECTION_LOST: "no answer",
  SB_DATABASE_UNREACHABLE: "no connection",
  SB_WORKER_FAILED: "a worker thread ended",
};

/** Whether a failure may pass by itself, by its code or, where node-postgres gives none, its message. */
export function isTransient(code: string | undefined, message: string): boolean {
  if (code !== undefined && (code in TRANSIENT || (code.length === 5 && code.slice(0, 2) in TRANSIENT))) return true;
  return /Connection terminated|Client has encountered a connection error|not queryable/.test(message);
}
