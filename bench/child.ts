import { runTask } from "./run-task.js";
import type { Outcome, Task } from "./tasks.js";

/** A process of its own for every measurement: its peak of memory and its CPU time are then those of the task alone. */
process.once("message", async (task: Task) => {
  const outcome = await attempt(task);
  // A task that failed may leave connections open, which would keep the process alive.
  process.send?.(outcome, () => process.exit(0));
});

async function attempt(task: Task): Promise<Outcome> {
  try {
    return { ok: true, measured: await runTask(task) };
  } catch (error) {
    // An error's class is lost on its way to the parent.
    const { message, code } = error as { message: string; code?: unknown };
    return { ok: false, code: typeof code === "string" ? code : null, message };
  }
}
