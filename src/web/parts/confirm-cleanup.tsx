import { useSignal } from "@preact/signals";
import { api } from "../api/client.js";
import { problemOf } from "../api/problem.js";
import type { Cleanup, Problem } from "../api/types.js";
import { database } from "../state/database.js";
import { useLoaded } from "../state/loaded.js";
import { byteText, whole } from "../text/quantities.js";
import { Dialog } from "./dialog.js";
import { ProblemBox } from "./problem-box.js";

interface ConfirmCleanupProps {
  readonly jobId: string;
  readonly onCancel: () => void;
  readonly onDone: () => void;
}

/** Asks before a run's tables go, and lets them go. */
export function ConfirmCleanup({ jobId, onCancel, onDone }: ConfirmCleanupProps) {
  const plan = useLoaded(jobId, () => api.cleanupPlan(jobId));
  const refused = useSignal<Problem | null>(null);
  const isBusy = useSignal(false);
  const drop = async (): Promise<void> => {
    isBusy.value = true;
    try {
      await api.cleanUp(jobId);
      onDone();
    } catch (error) {
      refused.value = problemOf(error);
    } finally {
      isBusy.value = false;
    }
  };
  const problem = refused.value ?? plan.problem;
  return (
    <Dialog heading={`Drop what run ${jobId.slice(0, 8)} made?`} onCancel={onCancel}>
      {problem && <ProblemBox problem={problem} />}
      {plan.value === undefined ? (
        <p role="status">Asking what that would be…</p>
      ) : (
        <>
          <p>
            In {database.value?.name ?? "the server's database"}: {whatGoes(plan.value)}.
          </p>
          <ul class="going">
            {[...plan.value.tables, ...plan.value.emptied].map(({ schema, table, rows, bytes }) => (
              <li key={`${schema}.${table}`}>
                {schema}.{table}{" "}
                <span class="note">
                  {rows === null || bytes === null
                    ? "not counted yet"
                    : `about ${whole(rows)} rows, ${byteText(bytes)}`}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      <div class="row actions">
        <button type="button" onClick={onCancel}>
          Back
        </button>
        <button
          type="button"
          class="danger"
          disabled={plan.value === undefined || isBusy.value}
          onClick={() => void drop()}
        >
          {isBusy.value ? "Dropping…" : "Drop them"}
        </button>
      </div>
    </Dialog>
  );
}

function whatGoes({ tables, emptied, types }: Cleanup): string {
  const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;
  const dropped = tables.length > 0 ? [`${count(tables.length, "table")} dropped`] : [];
  const rows = emptied.length > 0 ? [`${count(emptied.length, "table")} emptied of the run's rows`] : [];
  const others = types.length > 0 ? [`${count(types.length, "type")} dropped`] : [];
  return [...dropped, ...rows, ...others].join(", ") || "nothing is left of it";
}
