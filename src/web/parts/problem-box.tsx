import type { ComponentChildren } from "preact";
import type { Problem } from "../api/types.js";
import { hintFor } from "../text/hints.js";

/** An error: its code, what happened and what to do. */
export function ProblemBox({ problem, children }: { problem: Problem; children?: ComponentChildren }) {
  const { code, detail, errors = [], reasons = [] } = problem;
  const hint = hintFor(problem);
  return (
    <div class="problem" role="alert">
      <p>
        <strong class="code">{code}</strong> <span class="detail">{detail}</span>
      </p>
      {errors.length > 0 && (
        <ul>
          {errors.map(({ path, message }) => (
            <li key={path}>
              <code>{path}</code>: {message}
            </li>
          ))}
        </ul>
      )}
      {reasons.length > 0 && (
        <ul>
          {reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      {hint && (
        <p class="hint">
          <strong>What to do:</strong> {hint}
        </p>
      )}
      {children}
    </div>
  );
}
