import type { InsertTask, TaskResult } from "../tasks.js";
import { runThreads } from "./threads.js";

/** What a thread that inserts is told: IDs `[start, end)`. */
export interface InsertThreadData {
  readonly url: string;
  readonly schema: string;
  readonly start: number;
  readonly end: number;
}

/** Inserts contacts, 1,000 a statement, each value by Faker: one thread a connection, since Faker takes a core. */
export async function insertContacts({ url, schema, connections, rows }: InsertTask): Promise<TaskResult> {
  const bound = (i: number): number => 1 + Math.floor((rows * i) / connections);
  const seconds = await runThreads(
    "baselines/insert-thread",
    Array.from(
      { length: connections },
      (_, i): InsertThreadData => ({ url, schema, start: bound(i), end: bound(i + 1) }),
    ),
  );
  return { seconds, rows };
}
