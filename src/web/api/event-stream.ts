import { API } from "./client.js";
import { ProblemError, problemFrom, unreachable } from "./problem.js";
import { parseEvent, type ServerEvent } from "./server-event.js";
import { authorization, isTokenWanted } from "./token.js";

/** What a follower is told. */
export interface Follower {
  onEvent(event: ServerEvent): void;
  /** The connection is lost, or there again. */
  onConnected(isConnected: boolean): void;
  /** The server refuses: there is nothing to follow. */
  onRefused(problem: ProblemError): void;
}

/** Milliseconds between attempts to come back. */
const RETRY_MS = [500, 1000, 2000, 4000, 8000] as const;

/**
 * Follows a job until its `end`, coming back after breaks with the last event's ID. Read by `fetch`, because
 * `EventSource` cannot send the token.
 * @returns what ends the following
 */
export function followJob(jobId: string, follower: Follower): () => void {
  const abort = new AbortController();
  void follow(jobId, follower, abort.signal);
  return () => abort.abort();
}

async function follow(jobId: string, follower: Follower, signal: AbortSignal): Promise<void> {
  let lastId: string | undefined;
  let attempts = 0;
  while (!signal.aborted) {
    try {
      for await (const event of read(jobId, lastId, signal)) {
        if (signal.aborted) return;
        if (attempts > 0 || lastId === undefined) follower.onConnected(true);
        attempts = 0;
        lastId = event.id ?? lastId;
        follower.onEvent(event);
        if (event.event === "end") return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ProblemError && error.problem.status >= 400 && error.problem.status < 500) {
        if (error.problem.status === 401) isTokenWanted.value = true;
        if (error.problem.status !== 429) return follower.onRefused(error);
      }
    }
    follower.onConnected(false);
    await pause(RETRY_MS[Math.min(attempts++, RETRY_MS.length - 1)], signal);
  }
}

/** A stream's events until it ends, with `end` or by a break. */
async function* read(jobId: string, lastId: string | undefined, signal: AbortSignal): AsyncGenerator<ServerEvent> {
  const headers = { ...authorization(), ...(lastId === undefined ? {} : { "last-event-id": lastId }) };
  const response = await fetch(`${API}/events?jobId=${encodeURIComponent(jobId)}`, { headers, signal }).catch(() => {
    throw unreachable();
  });
  if (!response.ok || response.body === null) throw await problemFrom(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (text + value).split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = parseEvent(block);
      if (event) yield event;
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
