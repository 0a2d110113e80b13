import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { api } from "../api/client.js";
import { problemOf } from "../api/problem.js";
import type { Problem, Verification } from "../api/types.js";
import { SharePlot } from "../plots/share-plot.js";
import { shareGroups } from "../plots/shares.js";
import { durationText, whole } from "../text/quantities.js";
import { CheckTable, Faults } from "./check-table.js";
import { ProblemBox } from "./problem-box.js";

/** Milliseconds between two looks at checks that are being made. */
const POLL_MS = 1000;

/** The checks of a loaded run, with what was found beside what was configured. */
export function VerificationSection({ jobId }: { jobId: string }) {
  const { answer, problem, ask } = useVerification(jobId);
  const report = answer?.report;
  const groups = report ? shareGroups(report.checks) : [];
  const failed = report?.checks.filter(({ ok }) => !ok).length ?? 0;
  return (
    <section class="panel" aria-labelledby="verification-heading">
      <div class="panel-head">
        <h2 id="verification-heading">
          Verification{" "}
          {report && (
            <span class={`badge ${report.ok ? "good" : "bad"}`}>{report.ok ? "all holds" : `${failed} faults`}</span>
          )}
        </h2>
        <div class="row actions">
          <button type="button" disabled={answer?.status === "running"} onClick={() => ask({ again: "true" })}>
            Check again
          </button>
          <button
            type="button"
            disabled={answer?.status === "running"}
            onClick={() => ask({ again: "true", exact: "true" })}
          >
            Compare every byte
          </button>
        </div>
      </div>
      {problem && <ProblemBox problem={problem} />}
      {answer?.error && (
        <ProblemBox
          problem={{ type: "", title: "", status: 0, ...answer.error, hint: answer.error.hint ?? undefined } as Problem}
        />
      )}
      <p role="status" class="note">
        {answer?.status === "running" && `Checking: ${answer.checksDone} checks done.`}
        {report &&
          `${whole(report.checks.length)} checks over ${whole(report.rowsChecked)} rows in ${durationText(report.seconds)}; ${failed === 0 ? "none found a fault" : `${failed} found faults`}.`}
      </p>
      {report && <Faults checks={report.checks} />}
      {groups.length > 0 && (
        <>
          <h3>Observed and configured</h3>
          <p class="note">
            <span class="key observed" /> observed in the database <span class="key expected" /> configured by the
            scenario. The columns say the same in figures.
          </p>
          {groups.map(({ heading, plots }) => (
            <section key={heading} aria-label={heading}>
              <h4>{heading}</h4>
              <div class="plots">
                {plots.map((shares) => (
                  <SharePlot key={`${shares.kind} ${shares.title}`} shares={shares} />
                ))}
              </div>
            </section>
          ))}
        </>
      )}
      {report && <CheckTable checks={report.checks} />}
    </section>
  );
}

/** A run's checks: started where nobody made them yet, asked after until they are done. */
function useVerification(jobId: string) {
  const answer = useSignal<Verification | undefined>(undefined);
  const problem = useSignal<Problem | undefined>(undefined);
  const wanted = useSignal<Readonly<Record<string, string>>>({});
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const look = async (query: Readonly<Record<string, string>>): Promise<void> => {
      try {
        const next = await api.verify(jobId, query);
        if (isOver) return;
        answer.value = next;
        problem.value = undefined;
        if (next.status === "running") timer = setTimeout(() => void look({}), POLL_MS);
      } catch (error) {
        if (!isOver) problem.value = problemOf(error);
      }
    };
    void look(wanted.value);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [jobId, wanted.value]);
  const ask = (query: Readonly<Record<string, string>>): void => {
    wanted.value = { ...query };
  };
  return { answer: answer.value, problem: problem.value, ask };
}
