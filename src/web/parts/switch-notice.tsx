import { useSignal } from "@preact/signals";
import { api } from "../api/client.js";
import { problemOf } from "../api/problem.js";
import type { Problem } from "../api/types.js";
import { useLoaded } from "../state/loaded.js";
import { momentText } from "../text/quantities.js";
import { ProblemBox } from "./problem-box.js";

/** Says so where the database's switch is off, and turns it on. */
export function SwitchNotice() {
  const { value, problem, reload } = useLoaded("toggle", api.toggle);
  const refused = useSignal<Problem | null>(null);
  const turnOn = async (): Promise<void> => {
    try {
      await api.setToggle(true);
      refused.value = null;
      reload();
    } catch (error) {
      refused.value = problemOf(error);
    }
  };
  const shown = refused.value ?? problem;
  return (
    <>
      {shown && <ProblemBox problem={shown} />}
      {value?.enabled === false && (
        <div class="warning" role="status">
          <p>
            The database is switched off for loads, by {value.changedBy ?? "somebody"} at {momentText(value.changedAt)}{" "}
            UTC. Dry runs go on.
          </p>
          <button type="button" onClick={() => void turnOn()}>
            Switch it on
          </button>
        </div>
      )}
    </>
  );
}
