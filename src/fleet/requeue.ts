import { SeedBulkError } from "../errors.js";
import { FINAL_STATES, findRun } from "../ledger/runs.js";
import { committedShards } from "../ledger/shards.js";
import { close, connect } from "../postgres/connection.js";
import { requeue } from "./pg-boss.js";
import { SLICES_IN_QUEUE_MIN, shardName, slicesOf } from "./slices.js";
import { together } from "./together.js";

/**
 * Throws the queue of a run away and fills it anew with what the ledger lacks. Workers that are at it notice nothing but
 * that a slice may be tried twice.
 * @throws SeedBulkError SB_RUN_NOT_FOUND, SB_QUEUE_UNAVAILABLE
 */
export async function requeueRun(
  url: string,
  { runId: named, onNotice }: { readonly runId: string | undefined; readonly onNotice: (text: string) => void },
): Promise<{ readonly runId: string; readonly slices: number }> {
  const client = await connect(url);
  const run = await findRun(client, named).finally(() => close(client));
  const { runId, plan, state } = run;
  if (FINAL_STATES.has(state))
    throw new SeedBulkError("SB_RUN_NOT_FOUND", `run ${runId} is ${state}: nothing is left to queue`);
  const committed = async (): Promise<ReadonlySet<string>> => {
    const shards = await together(url, (asking) => committedShards(asking, run));
    return new Set(shards.map(shardName));
  };
  const slices = slicesOf(plan, { slicesMin: SLICES_IN_QUEUE_MIN });
  return { runId, slices: await requeue({ runId, url, slices, committed, onNotice }) };
}
