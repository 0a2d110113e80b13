import type { RunObserver } from "../../engine/observer.js";

/** Shows a run to whoever started it. */
export interface Screen extends RunObserver {
  /** Stops drawing and gives the cursor back; what is on the terminal stays. Later calls do nothing. */
  close(): void;
}
