import { api } from "../api/client.js";
import { useLoaded } from "../state/loaded.js";
import { byteText, durationText, short, whole } from "../text/quantities.js";
import { ProblemBox } from "./problem-box.js";

/** What a finished run came to. */
export function ReportFigures({ jobId, dryRun }: { jobId: string; dryRun: boolean }) {
  const { value: report, problem } = useLoaded(jobId, () => api.report(jobId));
  if (problem) return <ProblemBox problem={problem} />;
  if (report === undefined) return null;
  const { rows, bytes, seconds, rowsPerSecond, workers, retries, peakMemoryBytes, source, phases } = report;
  const figures: readonly (readonly [string, string])[] = [
    ["Rows", whole(rows)],
    ["Bytes", byteText(bytes)],
    [dryRun ? "Time" : "With keys and indexes", durationText(seconds)],
    ...(dryRun || phases["load"] === undefined ? [] : ([["The rows alone", durationText(phases["load"])]] as const)),
    ["Rows/s", short(rowsPerSecond)],
    ["Bytes/s", byteText(bytes / Math.max(phases["load"] ?? seconds, 1e-9))],
    ["Workers", whole(workers)],
    ["Retries", whole(retries)],
    ...(peakMemoryBytes === null ? [] : ([["Memory, peak", byteText(peakMemoryBytes)]] as const)),
  ];
  return (
    <section class="panel" aria-labelledby="report-heading">
      <h2 id="report-heading">What it came to</h2>
      <dl class="figures">
        {figures.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <span class="value">{text}</span>
            </dd>
          </div>
        ))}
      </dl>
      {source === "ledger" && (
        <p class="note">
          By the database's own notes of the run: times span the pauses of one that was resumed, and leave out moments
          between transactions.
        </p>
      )}
      {dryRun && <p class="note">Made and counted, not written: a load also takes what Postgres takes.</p>}
    </section>
  );
}
