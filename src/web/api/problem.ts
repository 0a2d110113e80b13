import type { Problem } from "./types.js";

/** A call that failed: the server's problem document, or one of our own where no answer came. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** Whatever was thrown, as a problem that can be shown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  const detail = error instanceof Error ? error.message : String(error);
  return {
    type: "about:blank",
    title: "The page failed",
    status: 0,
    code: "SB_PAGE",
    detail,
    hint: "Reload the page.",
  };
}

/** No answer: the server is stopped, or the network is gone. */
export function unreachable(): ProblemError {
  return new ProblemError({
    type: "about:blank",
    title: "The server does not answer",
    status: 0,
    code: "SB_SERVER_UNREACHABLE",
    detail: "No answer came from the server that this page belongs to.",
    hint: "See whether `seed-bulk serve` still runs. What is committed of a load is kept and can be resumed.",
  });
}

/** A refused answer's problem document; proxies between may answer something else. */
export async function problemFrom(response: Response): Promise<ProblemError> {
  const body: unknown = await response.json().catch(() => undefined);
  if (isProblem(body)) return new ProblemError(body);
  return new ProblemError({
    type: "about:blank",
    title: response.statusText || "Refused",
    status: response.status,
    code: `HTTP ${response.status}`,
    detail: `${new URL(response.url).pathname} answered ${response.status}.`,
  });
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "detail" in body;
}
