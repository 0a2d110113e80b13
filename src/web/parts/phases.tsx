import type { JobPhase } from "../api/types.js";
import type { Step } from "../state/job.js";
import { durationText } from "../text/quantities.js";

interface PhasesProps {
  /** Whether the job has ended: a phase without an end is then where it stopped. */
  readonly isOver: boolean;
  readonly phases: readonly JobPhase[];
  readonly steps: readonly Step[];
  readonly stepCount: number;
}

/** Phases with their times, and the last steps of finishing and checking. */
export function Phases({ phases, steps, stepCount, isOver }: PhasesProps) {
  const longest = Math.max(0.001, ...phases.map(({ seconds }) => seconds ?? 0));
  return (
    <section class="panel" aria-labelledby="phases-heading">
      <h2 id="phases-heading">Phases</h2>
      <ol class="phases">
        {phases.map(({ phase, state, seconds }) => (
          <li key={phase} class={isOver ? "" : state}>
            <span>{phase}</span>
            <span class="bar" aria-hidden="true">
              <span style={{ width: `${((seconds ?? 0) / longest) * 100}%` }} />
            </span>
            <span class="number">
              {state === "running" ? (isOver ? "stopped" : "running") : durationText(seconds ?? 0)}
            </span>
          </li>
        ))}
      </ol>
      {steps.length > 0 && (
        <details>
          <summary>{stepCount} steps done; the last ones</summary>
          <ul class="steps">
            {steps.toReversed().map(({ step, seconds }, at) => (
              <li key={`${stepCount - at}`}>
                {step} <span class="number">{durationText(seconds)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
