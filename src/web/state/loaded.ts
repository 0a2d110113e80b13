import { useEffect, useState } from "preact/hooks";
import { problemOf } from "../api/problem.js";
import type { Problem } from "../api/types.js";

/** Something from the server: not there yet, there, or refused. */
export interface Loaded<T> {
  readonly value: T | undefined;
  readonly problem: Problem | undefined;
  /** Asks again. */
  readonly reload: () => void;
}

/**
 * Asks the server for something whenever what is asked for changes; the last value stays meanwhile.
 * @param key of what is asked for; null asks for nothing
 */
export function useLoaded<T>(key: string | null, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ value?: T | undefined; problem?: Problem | undefined }>({});
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (key === null) return;
    const abort = new AbortController();
    load(abort.signal).then(
      (value) => abort.signal.aborted || setState({ value }),
      (error: unknown) => abort.signal.aborted || setState(({ value }) => ({ value, problem: problemOf(error) })),
    );
    return () => abort.abort();
  }, [key, attempt]);
  return { value: state.value, problem: state.problem, reload: () => setAttempt((count) => count + 1) };
}
