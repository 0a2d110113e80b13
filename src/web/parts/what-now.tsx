import { useSignal } from "@preact/signals";
import type { JobStatus } from "../api/types.js";
import { database } from "../state/database.js";
import { href } from "../state/route.js";
import { ConfirmCleanup } from "./confirm-cleanup.js";
import { CopiedLine } from "./copied-line.js";

/** What one does with a load that is done: look at it, go on from it, get rid of it. */
export function WhatNow({ status, onCleanedUp }: { status: JobStatus; onCleanedUp: () => void }) {
  const isConfirming = useSignal(false);
  const { jobId, schema, scenario, planHash } = status;
  const lookAt = database.value?.lookAt ?? [];
  return (
    <section class="panel" aria-labelledby="now-heading">
      <div class="panel-head">
        <h2 id="now-heading">What now</h2>
        <div class="row actions">
          <a href={href.scenario(scenario)}>Its rows, table by table</a>
          <button type="button" onClick={() => (isConfirming.value = true)}>
            Drop its tables…
          </button>
        </div>
      </div>
      <p class="note">
        The rows are in the schema <strong>{schema}</strong> of {database.value?.name ?? "the server's database"}. From
        a terminal:
      </p>
      {lookAt.map((line) => (
        <CopiedLine key={line} line={line} label={line.startsWith("psql") ? "open it in psql" : "keep it running"} />
      ))}
      <CopiedLine line={`npx seed-bulk verify --run ${jobId.slice(0, 8)} --exact`} label="compare every byte" />
      <p class="note">
        A benchmark or a test that reckons with these rows says so: <code>--expect-plan {planHash.slice(0, 16)}</code>.
      </p>
      {isConfirming.value && (
        <ConfirmCleanup
          jobId={jobId}
          onCancel={() => (isConfirming.value = false)}
          onDone={() => {
            isConfirming.value = false;
            onCleanedUp();
          }}
        />
      )}
    </section>
  );
}
