import { useComputed, useSignal } from "@preact/signals";
import { api } from "../api/client.js";
import { problemOf } from "../api/problem.js";
import type { ExportRequest, JobSummary, Problem } from "../api/types.js";
import { type Choice, commandOf, requestOf } from "../state/choice.js";
import { database } from "../state/database.js";
import { useLoaded } from "../state/loaded.js";
import type { PlanState } from "../state/plan.js";
import { go, href } from "../state/route.js";
import { ConfirmLoad } from "./confirm-load.js";
import { CopiedLine } from "./copied-line.js";
import { Field } from "./field.js";
import { ProblemBox } from "./problem-box.js";
import { SwitchNotice } from "./switch-notice.js";

/** How a load is asked for, beside what it makes. */
export interface LoadOptions {
  readonly schema: string;
  readonly replace: boolean;
  readonly verify: boolean;
  readonly workers: number | undefined;
}

/** Starts a dry run, or a load once it is confirmed. */
export function StartForm({ choice, state }: { choice: Choice; state: PlanState }) {
  const own = choice.scenario.schema ?? "";
  const schema = useSignal(own);
  const workers = useSignal("");
  const isConfirming = useSignal(false);
  const isStarting = useSignal(false);
  const problem = useSignal<Problem | null>(null);
  const jobs = useLoaded("jobs", api.jobs);
  const workersFault = useComputed(() =>
    workers.value === "" || /^([1-9]\d?|1\d\d|2[0-4]\d|25[0-6])$/.test(workers.value) ? undefined : "From 1 to 256.",
  );
  const isReady = state.plan !== null && !state.isStale && workersFault.value === undefined && !isStarting.value;

  const start = async (dryRun: boolean, options: Partial<LoadOptions> = {}): Promise<void> => {
    isStarting.value = true;
    problem.value = null;
    try {
      const { config, ...request } = requestOf(choice);
      const threads = workers.value === "" ? {} : { workers: Number(workers.value) };
      const { jobId } = await api.generate({ ...request, ...options, ...threads, config: { ...config, dryRun } });
      go(href.run(jobId));
    } catch (error) {
      problem.value = problemOf(error);
    } finally {
      isStarting.value = false;
    }
  };

  const startExport = async (format: ExportRequest["format"]): Promise<void> => {
    isStarting.value = true;
    problem.value = null;
    try {
      const threads = workers.value === "" ? {} : { workers: Number(workers.value) };
      const { jobId } = await api.export({ ...requestOf(choice), ...threads, format });
      go(href.run(jobId));
    } catch (error) {
      problem.value = problemOf(error);
    } finally {
      isStarting.value = false;
    }
  };

  const { isEmbedded = true, url = "" } = database.value ?? {};
  const where = isEmbedded ? "" : ` --database-url '${url}'`;
  const command = commandOf(choice, { schema: schema.value.trim(), workers: workers.value }) + where;
  const held = heldBy(jobs.value ?? [], schema.value.trim());
  return (
    <section class="panel" aria-labelledby="start-heading">
      <h2 id="start-heading">Start</h2>
      <SwitchNotice />
      <div class="fields">
        <Field id="schema" label="Schema" note="Where a load puts its tables.">
          <input
            id="schema"
            maxLength={63}
            value={schema.value}
            onInput={(event) => (schema.value = event.currentTarget.value)}
            aria-describedby="schema-note"
          />
        </Field>
        <Field id="workers" label="Workers" note="Empty: as the server has it." fault={workersFault.value}>
          <input
            id="workers"
            inputMode="numeric"
            value={workers.value}
            onInput={(event) => (workers.value = event.currentTarget.value)}
            aria-describedby="workers-note"
            aria-invalid={workersFault.value !== undefined}
          />
        </Field>
      </div>
      {problem.value && <ProblemBox problem={problem.value} />}
      <div class="row actions">
        <button type="button" disabled={!isReady} onClick={() => void start(true)}>
          Dry run
        </button>
        <button
          type="button"
          class="primary"
          disabled={!isReady || schema.value.trim() === ""}
          onClick={() => {
            jobs.reload();
            isConfirming.value = true;
          }}
        >
          Load…
        </button>
      </div>
      <p class="note">A dry run makes every row and writes none: it shows the rate.</p>
      <ExportRow isReady={isReady} onExport={(format) => void startExport(format)} />
      {!choice.scenario.isIntrospected && (
        <>
          <p class="note">The same from a terminal:</p>
          <CopiedLine line={command} label="the command that loads the same" />
        </>
      )}
      {isConfirming.value && state.plan && (
        <ConfirmLoad
          plan={state.plan}
          schema={schema.value.trim()}
          held={held}
          onCancel={() => (isConfirming.value = false)}
          onConfirm={({ replace, verify }) => {
            isConfirming.value = false;
            void start(false, { replace, verify, ...(schema.value.trim() !== own && { schema: schema.value.trim() }) });
          }}
        />
      )}
    </section>
  );
}

const FORMATS = { csv: "CSV", jsonl: "JSON Lines", parquet: "Parquet", sql: "an SQL script" } as const;

/** Files in the place of tables. */
function ExportRow({ isReady, onExport }: { isReady: boolean; onExport: (format: ExportRequest["format"]) => void }) {
  const format = useSignal<ExportRequest["format"]>("csv");
  return (
    <div class="row export">
      <label class="note" for="export-format">
        Or write files:
      </label>
      <select
        id="export-format"
        value={format.value}
        onChange={(event) => (format.value = event.currentTarget.value as ExportRequest["format"])}
      >
        {Object.entries(FORMATS).map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
      <button type="button" disabled={!isReady} onClick={() => onExport(format.value)}>
        Export
      </button>
    </div>
  );
}

/** The run whose tables a schema holds: one that is done, or one that can go on. */
function heldBy(jobs: readonly JobSummary[], schema: string): JobSummary | undefined {
  const loads = jobs.filter((job) => job.schema === schema && !job.dryRun && job.kind !== "export");
  return loads.find(({ status }) => status === "completed") ?? loads.find(({ canResume }) => canResume);
}
