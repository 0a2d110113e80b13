import type { PlanState } from "../state/plan.js";
import { byteText, estimateText, percentText, whole } from "../text/quantities.js";
import { ProblemBox } from "./problem-box.js";

const RATE_FROM = {
  request: "at the rate asked for",
  "last load": "as this machine loaded last",
  assumption: "on two cores that Postgres shares, until a load of some size was measured",
} as const;

/** Rows, bytes and time of the form's values, and how far they are from the scenario's own. */
export function Estimate({ state: { plan, own, isStale, problem } }: { state: PlanState }) {
  return (
    <section class={`panel estimate ${isStale ? "stale" : ""}`} aria-labelledby="estimate-heading" aria-busy={isStale}>
      <h2 id="estimate-heading">What it comes to</h2>
      {problem && <ProblemBox problem={problem} />}
      {plan === null && !problem && <p>Working it out…</p>}
      {plan && (
        <>
          <dl class="figures">
            <Figure name="Rows" value={whole(plan.rows)} change={changeOf(plan.rows, own?.rows)} />
            <Figure name="Bytes" value={byteText(plan.bytes)} change={changeOf(plan.bytes, own?.bytes)} />
            <Figure
              name="Time"
              value={estimateText(plan.secondsEstimated)}
              change={changeOf(plan.secondsEstimated, own?.secondsEstimated)}
            />
            <Figure name="Tables" value={whole(plan.entities.length)} change={undefined} />
          </dl>
          <p class="note">
            Bytes of binary COPY; tables with indexes take about half as much again. Time with keys, indexes and checks,{" "}
            {RATE_FROM[plan.rateFrom]}.
          </p>
          <p class="hidden" role="status">
            {isStale ? "" : `${whole(plan.rows)} rows, ${byteText(plan.bytes)}, ${estimateText(plan.secondsEstimated)}`}
          </p>
        </>
      )}
    </section>
  );
}

function Figure({ name, value, change }: { name: string; value: string; change: string | undefined }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span class="value">{value}</span> <span class="change">{change}</span>
      </dd>
    </div>
  );
}

/** How a figure differs from the scenario's own. */
function changeOf(now: number, own: number | undefined): string | undefined {
  if (own === undefined || own === 0 || now === own) return undefined;
  const ratio = now / own;
  if (ratio >= 2) return `×${ratio.toFixed(ratio < 10 ? 1 : 0)}`;
  return `${ratio > 1 ? "+" : "−"}${percentText(Math.abs(ratio - 1))}`;
}
