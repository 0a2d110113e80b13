import { effect, signal } from "@preact/signals";
import { api, type Query } from "../api/client.js";
import { problemOf } from "../api/problem.js";
import type { Plan, Problem } from "../api/types.js";
import type { Choice } from "./choice.js";

/** Milliseconds without a further keystroke before the server is asked. */
const DEBOUNCE_MS = 200;

/** What the form's values come to. */
export interface PlanState {
  /** The last plan that could be made; it stays while the next is asked for. */
  readonly plan: Plan | null;
  /** What the scenario's own values come to, to compare with. */
  readonly own: Plan | null;
  /** Whether `plan` is not that of the form's values yet. */
  readonly isStale: boolean;
  readonly problem: Problem | null;
}

/** Follows a form with its plan. */
export function followPlan(choice: Choice) {
  const state = signal<PlanState>({ plan: null, own: null, isStale: true, problem: null });
  let abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const ask = async (query: Query): Promise<void> => {
    const { signal: given } = abort;
    try {
      const plan = await api.plan(query, given);
      if (!given.aborted) state.value = { ...state.peek(), plan, isStale: false, problem: null };
    } catch (error) {
      if (!given.aborted) state.value = { ...state.peek(), isStale: true, problem: problemOf(error) };
    }
  };

  // Without it the figures lack their comparison; whatever is wrong with the scenario, the form's plan says too.
  const { scenario } = choice.query.peek();
  api.plan({ scenario }).then(
    (own) => {
      state.value = { ...state.peek(), own };
    },
    () => {},
  );
  const stop = effect(() => {
    const query = choice.query.value;
    const hasFaults = Object.keys(choice.faults.value).length > 0;
    abort.abort();
    abort = new AbortController();
    clearTimeout(timer);
    state.value = { ...state.peek(), isStale: true, problem: null };
    if (hasFaults) return;
    const isFirst = state.peek().plan === null;
    timer = setTimeout(() => void ask(query), isFirst ? 0 : DEBOUNCE_MS);
  });
  const end = (): void => {
    stop();
    abort.abort();
    clearTimeout(timer);
  };
  return { state, end };
}
