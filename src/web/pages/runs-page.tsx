import { useSignal } from "@preact/signals";
import { api } from "../api/client.js";
import type { JobSummary } from "../api/types.js";
import { ProblemBox } from "../parts/problem-box.js";
import { Scroll } from "../parts/scroll.js";
import { StatusBadge } from "../parts/status-badge.js";
import { useLoaded } from "../state/loaded.js";
import { go, href } from "../state/route.js";
import { durationText, momentText, whole } from "../text/quantities.js";

/** All runs that the server or the ledger knows; two of them can be compared. */
export function RunsPage() {
  const { value: jobs, problem, reload } = useLoaded("jobs", api.jobs);
  const picked = useSignal<readonly string[]>([]);
  const pick = (jobId: string, on: boolean): void => {
    const others = picked.value.filter((one) => one !== jobId);
    // A third takes the place of the first.
    picked.value = on ? [...others, jobId].slice(-2) : others;
  };
  const [first, second] = picked.value;
  return (
    <>
      <div class="panel-head">
        <h1>Runs</h1>
        <div class="row actions">
          <button type="button" onClick={reload}>
            Reload
          </button>
          <button
            type="button"
            class="primary"
            disabled={second === undefined}
            onClick={() => go(href.compare(first, second))}
          >
            Compare the two
          </button>
        </div>
      </div>
      <p class="note" role="status">
        {second === undefined ? `Tick two runs to compare them; ${picked.value.length} ticked.` : "Two runs ticked."}
      </p>
      {problem && <ProblemBox problem={problem} />}
      {jobs === undefined && !problem && <p role="status">Asking for the runs…</p>}
      {jobs?.length === 0 && (
        <p>
          None yet. <a href={href.scenarios}>Pick a scenario</a> to start one.
        </p>
      )}
      {jobs !== undefined && jobs.length > 0 && <RunTable jobs={jobs} picked={picked.value} onPick={pick} />}
    </>
  );
}

interface RunTableProps {
  readonly jobs: readonly JobSummary[];
  readonly picked: readonly string[];
  readonly onPick: (jobId: string, on: boolean) => void;
}

function RunTable({ jobs, picked, onPick }: RunTableProps) {
  return (
    <Scroll label="Runs">
      <table class="runs">
        <thead>
          <tr>
            <th scope="col">
              <span class="hidden">Compare</span>
            </th>
            <th scope="col">Run</th>
            <th scope="col">Scenario</th>
            <th scope="col">Status</th>
            <th scope="col" class="number">
              Rows
            </th>
            <th scope="col">Checks</th>
            <th scope="col">Started, UTC</th>
            <th scope="col" class="number">
              Took
            </th>
            <th scope="col">Schema</th>
            <th scope="col" class="number">
              Seed
            </th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <RunRow key={job.jobId} job={job} isPicked={picked.includes(job.jobId)} onPick={onPick} />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

interface RunRowProps {
  readonly job: JobSummary;
  readonly isPicked: boolean;
  readonly onPick: (jobId: string, on: boolean) => void;
}

function RunRow({ job, isPicked, onPick }: RunRowProps) {
  const { jobId, kind, scenario, dryRun, status, schema, seed, rows, rowsTotal, startedAt, finishedAt, verification } =
    job;
  const brief = jobId.slice(0, 8);
  // A replaced or removed run finished when it was, for the ledger.
  const took =
    startedAt && finishedAt && status === "completed"
      ? (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000
      : undefined;
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          checked={isPicked}
          aria-label={`Compare run ${brief}`}
          onChange={(event) => onPick(jobId, event.currentTarget.checked)}
        />
      </td>
      <th scope="row">
        <a href={href.run(jobId)}>
          <code>{brief}</code>
        </a>
      </th>
      <td>
        {scenario}
        {dryRun && " (dry run)"}
        {kind === "export" && " (export)"}
      </td>
      <td>
        <StatusBadge status={status} dryRun={dryRun} />
      </td>
      <td class="number">{whole(rows ?? rowsTotal)}</td>
      <td>
        {verification && (
          <span class={`badge ${verification.ok ? "good" : "bad"}`}>
            {verification.ok ? `${verification.checks} hold` : `${verification.failed} faults`}
          </span>
        )}
      </td>
      <td>{momentText(startedAt)}</td>
      <td class="number">{took === undefined ? "" : durationText(took)}</td>
      <td>{dryRun ? "" : schema}</td>
      <td class="number">{seed}</td>
    </tr>
  );
}
