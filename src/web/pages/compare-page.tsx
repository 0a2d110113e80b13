import { api } from "../api/client.js";
import { problemOf } from "../api/problem.js";
import type { JobStatus, Report } from "../api/types.js";
import { ProblemBox } from "../parts/problem-box.js";
import { useLoaded } from "../state/loaded.js";
import { href } from "../state/route.js";
import { byteText, durationText, momentText, percentText, short, whole } from "../text/quantities.js";
import { lookOf } from "../text/statuses.js";

/** A run with what it came to; an unfinished one has no report. */
interface Side {
  readonly status: JobStatus;
  readonly report: Report | undefined;
}

/** A line of the comparison: a figure of each side. */
interface Line {
  readonly name: string;
  readonly values: readonly [string, string];
  readonly numbers?: readonly [number | undefined, number | undefined];
}

/** Two runs side by side. */
export function ComparePage({ jobIds }: { jobIds: readonly [string, string] }) {
  const { value: sides, problem } = useLoaded(jobIds.join(), async () =>
    inTime(await Promise.all([sideOf(jobIds[0]), sideOf(jobIds[1])])),
  );
  return (
    <>
      <p class="crumbs">
        <a href={href.runs}>Runs</a> / compare
      </p>
      <h1>Two runs</h1>
      {problem && <ProblemBox problem={problem} />}
      {sides === undefined && !problem && <p role="status">Asking for the runs…</p>}
      {sides && (
        <>
          <p class="note">{sameness(sides)}</p>
          <Lines title="Settings" sides={sides} lines={settingLines(sides)} />
          <Lines title="Speed" sides={sides} lines={speedLines(sides)} />
          <Lines title="Phases" sides={sides} lines={phaseLines(sides)} />
          <Lines title="Rows by table" sides={sides} lines={tableLines(sides)} />
        </>
      )}
    </>
  );
}

async function sideOf(jobId: string): Promise<Side> {
  const status = await api.status(jobId);
  const report = await api.report(jobId).catch((error: unknown) => {
    // A run that is under way, or whose tables are gone, is compared by its status alone.
    if (problemOf(error).status >= 400) return undefined;
    throw error;
  });
  return { status, report };
}

/** The older one on the left: a change is then what came after. */
function inTime([a, b]: readonly [Side, Side]): readonly [Side, Side] {
  const began = ({ status: { startedAt } }: Side): number => Date.parse(startedAt ?? "") || 0;
  return began(a) <= began(b) ? [a, b] : [b, a];
}

function sameness([a, b]: readonly [Side, Side]): string {
  if (a.status.planHash === b.status.planHash) return "Both have the same plan: the same rows, byte for byte.";
  return "Their plans differ: so do their rows.";
}

function settingLines([a, b]: readonly [Side, Side]): Line[] {
  const line = (name: string, text: (side: Side) => string): Line => ({ name, values: [text(a), text(b)] });
  return [
    line("Scenario", ({ status }) => status.scenario),
    line("Kind", ({ status: { dryRun, kind } }) => (dryRun ? "dry run" : kind)),
    line("Status", ({ status: { status, dryRun } }) => lookOf(status, dryRun).text),
    line("Schema", ({ status: { schema } }) => schema),
    line("Seed", ({ status: { seed } }) => String(seed)),
    line("Size", ({ report }) => (report ? `×${report.scale}` : "–")),
    line("Plan", ({ status: { planHash } }) => planHash.slice(0, 8)),
    line("Workers", ({ report }) => (report ? whole(report.workers) : "–")),
    line("Checks", ({ status: { verification } }) =>
      verification ? `${verification.checks} made, ${verification.failed} faults` : "not made",
    ),
  ];
}

function speedLines([a, b]: readonly [Side, Side]): Line[] {
  const line = (name: string, figure: (report: Report) => number | null, text: (value: number) => string): Line => {
    const numbers = [a, b].map(({ report }) => (report ? (figure(report) ?? undefined) : undefined));
    const values = numbers.map((value) => (value === undefined ? "–" : text(value)));
    return { name, values: [values[0], values[1]], numbers: [numbers[0], numbers[1]] };
  };
  return [
    line("Rows", ({ rows }) => rows, whole),
    line("Bytes", ({ bytes }) => bytes, byteText),
    line("With keys and indexes", ({ seconds }) => seconds, durationText),
    line("The rows alone", ({ phases }) => phases["load"] ?? null, durationText),
    line("Rows/s", ({ rowsPerSecond }) => rowsPerSecond, short),
    line("Retries", ({ retries }) => retries, whole),
    line("Memory, peak", ({ peakMemoryBytes }) => peakMemoryBytes, byteText),
  ];
}

const GONE: ReadonlySet<JobStatus["status"]> = new Set(["rolled_back", "replaced", "cleaned_up"]);

function phaseLines(sides: readonly [Side, Side]): Line[] {
  return numberLines(
    sides.map(({ report }) => report?.phases ?? {}),
    durationText,
  );
}

function tableLines(sides: readonly [Side, Side]): Line[] {
  return numberLines(
    // Of a run whose tables are gone, its plan alone is left.
    sides.map(({ status: { status, progress } }) =>
      GONE.has(status)
        ? Object.fromEntries(progress.entities.map(({ entity, rowsTotal }) => [entity, rowsTotal]))
        : progress.recordsGenerated,
    ),
    whole,
  );
}

function numberLines(sides: readonly Readonly<Record<string, number>>[], text: (value: number) => string): Line[] {
  const names = [...new Set(sides.flatMap((side) => Object.keys(side)))];
  return names.map((name) => {
    const numbers = [sides[0][name], sides[1][name]] as const;
    const [first, second] = numbers.map((value) => (value === undefined ? "–" : text(value)));
    return { name, values: [first, second], numbers };
  });
}

function Lines({ title, sides, lines }: { title: string; sides: readonly [Side, Side]; lines: readonly Line[] }) {
  const id = `compare-${title.replaceAll(" ", "-").toLowerCase()}`;
  if (lines.length === 0) return null;
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <table class="compare">
        <thead>
          <tr>
            <th scope="col">
              <span class="hidden">What</span>
            </th>
            {sides.map(({ status: { jobId, startedAt } }) => (
              <th scope="col" class="number" key={jobId}>
                <a href={href.run(jobId)}>
                  <code>{jobId.slice(0, 8)}</code>
                </a>{" "}
                <span class="when">{momentText(startedAt)}</span>
              </th>
            ))}
            <th scope="col" class="number">
              Later run
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ name, values: [first, second], numbers }) => (
            <tr key={name} class={first === second ? "same" : ""}>
              <th scope="row">{name}</th>
              <td class="number">{first}</td>
              <td class="number">{second}</td>
              <td class="number">{numbers ? changeText(numbers) : first === second ? "" : "differs"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function changeText([first, second]: NonNullable<Line["numbers"]>): string {
  if (first === undefined || second === undefined || first === second || first === 0) return "";
  const ratio = second / first;
  if (ratio >= 2) return `×${ratio.toFixed(ratio < 10 ? 1 : 0)}`;
  return `${ratio > 1 ? "+" : "−"}${percentText(Math.abs(ratio - 1))}`;
}
