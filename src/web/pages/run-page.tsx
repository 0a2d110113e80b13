import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { api } from "../api/client.js";
import { problemOf } from "../api/problem.js";
import type { JobStatus, Problem } from "../api/types.js";
import { EntityProgress } from "../parts/entity-progress.js";
import { ExportedFilesSection } from "../parts/exported-files.js";
import { Latencies } from "../parts/latencies.js";
import { Phases } from "../parts/phases.js";
import { ProblemBox } from "../parts/problem-box.js";
import { ReportFigures } from "../parts/report-figures.js";
import { RunProgress } from "../parts/run-progress.js";
import { StatusBadge } from "../parts/status-badge.js";
import { VerificationSection } from "../parts/verification-section.js";
import { WhatNow } from "../parts/what-now.js";
import { Workers } from "../parts/workers.js";
import { Throughput } from "../plots/throughput.js";
import { JobFeed } from "../state/job.js";
import { href } from "../state/route.js";
import { momentText } from "../text/quantities.js";
import { lookOf, meaningOf } from "../text/statuses.js";

/** One run: live while it goes on, and what it came to. */
export function RunPage({ jobId }: { jobId: string }) {
  const feed = useMemo(() => new JobFeed(jobId), [jobId]);
  useEffect(() => {
    feed.follow();
    return () => feed.end();
  }, [feed]);
  const status = feed.status.value;
  return (
    <>
      <p class="crumbs">
        <a href={href.runs}>Runs</a> / {jobId.slice(0, 8)}
      </p>
      {feed.problem.value && <ProblemBox problem={feed.problem.value} />}
      {status === null && !feed.problem.value && <p role="status">Asking for the run…</p>}
      {!feed.isConnected.value && (
        <div class="warning" role="status">
          <p>The connection to the server is lost; the page tries again. A load goes on without it.</p>
        </div>
      )}
      {status && <RunView feed={feed} status={status} />}
    </>
  );
}

function RunView({ feed, status }: { feed: JobFeed; status: JobStatus }) {
  const { scenario, dryRun, kind, error, notices } = status;
  const isDone = status.status === "completed";
  const what = dryRun ? "Dry run of" : kind === "export" ? "Export of" : "Load of";
  return (
    <>
      <div class="panel-head">
        <h1>
          {what} {scenario} <StatusBadge status={status.status} dryRun={dryRun} />
        </h1>
        <RunActions feed={feed} status={status} />
      </div>
      <p class="note">{meaningOf(status)}</p>
      <RunFacts status={status} />
      {/* Told at each change of status, not at each of five figures a second. */}
      <p class="hidden" role="status">
        {scenario}: {lookOf(status.status, dryRun).text}
      </p>
      {error && (
        <ProblemBox
          problem={{
            type: "",
            title: "",
            status: 0,
            code: error.code,
            detail: error.detail,
            ...(error.hint !== null && { hint: error.hint }),
          }}
        />
      )}
      {isDone && <Result feed={feed} status={status} />}
      {!isDone && <RunProgress status={status} />}
      <div class="columns even">
        <div>
          {(status.canCancel || feed.points.value.some(({ rowsPerSecond }) => rowsPerSecond > 0)) && (
            <Throughput points={feed.points.value} isOver={!status.canCancel} />
          )}
          {status.latencies && <Latencies latencies={status.latencies} />}
        </div>
        {status.phases.length > 0 && (
          <Phases
            isOver={!status.canCancel}
            phases={status.phases}
            steps={feed.steps.value}
            stepCount={feed.stepCount.value}
          />
        )}
      </div>
      {status.workers.length > 0 && <Workers workers={status.workers} />}
      <EntityProgress progress={status.progress} />
      {notices.length > 0 && (
        <section class="panel" aria-labelledby="notices-heading">
          <h2 id="notices-heading">Notices</h2>
          <ul>
            {notices.map((notice) => (
              <li key={notice}>{notice}</li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

/** What a finished run came to, before all that led there. */
function Result({ feed, status }: { feed: JobFeed; status: JobStatus }) {
  const { jobId, kind, dryRun } = status;
  if (kind === "export") return <ExportedFilesSection jobId={jobId} dir={status.export?.dir} />;
  return (
    <>
      <ReportFigures jobId={jobId} dryRun={dryRun} />
      {!dryRun && <WhatNow status={status} onCleanedUp={() => feed.follow()} />}
      {!dryRun && <VerificationSection jobId={jobId} />}
    </>
  );
}

function RunFacts({ status: { jobId, schema, seed, dryRun, startedAt, finishedAt, planHash } }: { status: JobStatus }) {
  return (
    <dl class="facts">
      <div>
        <dt>Run</dt>
        <dd>
          <code>{jobId}</code>
        </dd>
      </div>
      {!dryRun && (
        <div>
          <dt>Schema</dt>
          <dd>{schema}</dd>
        </div>
      )}
      <div>
        <dt>Seed</dt>
        <dd>{seed}</dd>
      </div>
      <div>
        <dt>Plan</dt>
        <dd>
          <code title={planHash}>{planHash.slice(0, 8)}</code>
        </dd>
      </div>
      <div>
        <dt>Started</dt>
        <dd>{momentText(startedAt)} UTC</dd>
      </div>
      {finishedAt && (
        <div>
          <dt>Finished</dt>
          <dd>{momentText(finishedAt)} UTC</dd>
        </div>
      )}
    </dl>
  );
}

function RunActions({ feed, status }: { feed: JobFeed; status: JobStatus }) {
  const isAsking = useSignal(false);
  const problem = useSignal<Problem | null>(null);
  const ask = async (work: () => Promise<unknown>): Promise<void> => {
    isAsking.value = true;
    problem.value = null;
    try {
      await work();
    } catch (error) {
      problem.value = problemOf(error);
    } finally {
      isAsking.value = false;
    }
  };
  const resume = async (): Promise<void> => {
    await api.resume(status.jobId);
    feed.follow();
  };
  const [model, name] = status.scenario.split("/");
  return (
    <div class="row actions">
      {problem.value && <ProblemBox problem={problem.value} />}
      {status.canCancel && (
        <button
          type="button"
          class="danger"
          disabled={isAsking.value}
          onClick={() => void ask(() => api.cancel(status.jobId))}
        >
          Cancel
        </button>
      )}
      {status.canResume && (
        <button type="button" class="primary" disabled={isAsking.value} onClick={() => void ask(resume)}>
          Resume
        </button>
      )}
      {!status.canCancel && <a href={href.scenario(`${model}/${name}`)}>To the scenario</a>}
    </div>
  );
}
