import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { JobSummary, Plan } from "../api/types.js";
import { byteText, estimateText, momentText, whole } from "../text/quantities.js";

interface ConfirmLoadProps {
  readonly plan: Plan;
  readonly schema: string;
  /** The run whose tables the schema holds, as far as the ledger knows. */
  readonly held: JobSummary | undefined;
  readonly onCancel: () => void;
  readonly onConfirm: (options: { replace: boolean; verify: boolean }) => void;
}

/** Asks before anything is written: what comes, and what goes. */
export function ConfirmLoad({ plan, schema, held, onCancel, onConfirm }: ConfirmLoadProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const replace = useSignal(false);
  const verify = useSignal(true);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby="confirm-heading" onCancel={onCancel}>
      <h2 id="confirm-heading">
        Load {plan.scenario.model}/{plan.scenario.name}?
      </h2>
      <p>
        {whole(plan.rows)} rows ({byteText(plan.bytes)}, {estimateText(plan.secondsEstimated)}) go into{" "}
        {plan.entities.length} tables of the schema <strong>{schema}</strong>, seed {plan.scenario.seed}.
      </p>
      {held ? (
        <div class="warning">
          <p>
            The schema holds run <code>{held.jobId.slice(0, 8)}</code> ({held.scenario}, {whole(held.rowsTotal)} rows,{" "}
            {momentText(held.startedAt)} UTC). To load, its tables have to be dropped.
          </p>
          <Check id="replace" checked={replace.value} onChange={(on) => (replace.value = on)}>
            Drop the tables of that run and every other earlier run in this schema
          </Check>
        </div>
      ) : (
        <p>No earlier run holds this schema: nothing is replaced.</p>
      )}
      <Check id="verify" checked={verify.value} onChange={(on) => (verify.value = on)}>
        Check the data once it is loaded
      </Check>
      <div class="row actions">
        <button type="button" onClick={onCancel}>
          Back
        </button>
        <button
          type="button"
          class={held ? "danger" : "primary"}
          disabled={held !== undefined && !replace.value}
          onClick={() => onConfirm({ replace: replace.value, verify: verify.value })}
        >
          {held ? "Replace and load" : "Load"}
        </button>
      </div>
    </dialog>
  );
}

interface CheckProps {
  readonly id: string;
  readonly checked: boolean;
  readonly onChange: (on: boolean) => void;
  readonly children: string;
}

function Check({ id, checked, onChange, children }: CheckProps) {
  return (
    <div class="switch">
      <input id={id} type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      <label for={id}>{children}</label>
    </div>
  );
}
