import { useSignal } from "@preact/signals";
import { api } from "../api/client.js";
import type { Cleanup, JobSummary, Plan } from "../api/types.js";
import { database } from "../state/database.js";
import { useLoaded } from "../state/loaded.js";
import { byteText, estimateText, momentText, whole } from "../text/quantities.js";
import { Dialog } from "./dialog.js";

interface ConfirmLoadProps {
  readonly plan: Plan;
  readonly schema: string;
  /** The run whose tables the schema holds, as far as the ledger knows. */
  readonly held: JobSummary | undefined;
  readonly onCancel: () => void;
  readonly onConfirm: (options: { replace: boolean; verify: boolean }) => void;
}

/** Asks before anything is written: where, what comes, and what goes. */
export function ConfirmLoad({ plan, schema, held, onCancel, onConfirm }: ConfirmLoadProps) {
  const replace = useSignal(false);
  const verify = useSignal(true);
  const there = useLoaded(held === undefined ? null : "cleanup", () => api.cleanupPlan());
  return (
    <Dialog heading={`Load ${plan.scenario.model}/${plan.scenario.name}?`} onCancel={onCancel}>
      <dl class="facts">
        <div>
          <dt>Database</dt>
          <dd>{database.value?.name ?? "that of the server"}</dd>
        </div>
        <div>
          <dt>Schema</dt>
          <dd>
            <strong>{schema}</strong>
          </dd>
        </div>
        <div>
          <dt>Comes</dt>
          <dd>
            {whole(plan.rows)} rows in {plan.entities.length} tables ({byteText(plan.bytes)},{" "}
            {estimateText(plan.secondsEstimated)}), seed {plan.scenario.seed}
          </dd>
        </div>
        <div>
          <dt>Goes</dt>
          <dd>{held === undefined ? "nothing" : goes(there.value, schema)}</dd>
        </div>
      </dl>
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
    </Dialog>
  );
}

/** The tables of a schema that a load has to drop, and their rows as Postgres estimates them. */
function goes(there: Cleanup | undefined, schema: string): string {
  if (there === undefined) return "…";
  const tables = there.tables.filter((table) => table.schema === schema);
  const rows = tables.reduce((sum, table) => sum + (table.rows ?? 0), 0);
  return `${tables.length} ${tables.length === 1 ? "table" : "tables"}, about ${whole(rows)} rows`;
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
