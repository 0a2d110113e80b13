import type { JobStatus } from "../api/types.js";
import { durationText, short, whole } from "../text/quantities.js";

/** How far the rows are: a bar, and the figures that one looks for. */
export function RunProgress({ status: { progress, status, isHere } }: { status: JobStatus }) {
  const { progressPercent, rows, rowsTotal, throughput, secondsLeft, currentEntity } = progress;
  const isMaking = status === "generating" || status === "started";
  // Of a run of other processes some figures never come; of one here they do in a moment, and their place is kept.
  const isTold = (isKnown: boolean): boolean => isMaking && (isHere || isKnown);
  return (
    <section class="panel" aria-labelledby="progress-heading">
      <h2 id="progress-heading">Progress</h2>
      <progress aria-labelledby="progress-heading" max={100} value={progressPercent}>
        {progressPercent}%
      </progress>
      <dl class="figures">
        <Figure name="Done" value={`${progressPercent}%`} />
        <Figure name="Rows" value={whole(rows)} more={`of ${whole(rowsTotal)}`} />
        {isTold(throughput > 0) && <Figure name="Rows/s" value={throughput > 0 ? short(throughput) : "–"} />}
        {isTold(secondsLeft !== null) && (
          <Figure name="Left" value={secondsLeft === null ? "–" : durationText(secondsLeft)} />
        )}
        {isTold(currentEntity !== null) && <Figure name="Now" value={currentEntity ?? "–"} />}
      </dl>
    </section>
  );
}

function Figure({ name, value, more }: { name: string; value: string; more?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span class="value">{value}</span> {more && <span class="more">{more}</span>}
      </dd>
    </div>
  );
}
