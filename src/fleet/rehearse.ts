import { load } from "../engine/run/load.js";
import { recordedRun } from "../engine/run/recorded.js";
import { findRun } from "../ledger/runs.js";
import { inTransaction } from "../postgres/connection.js";
import { literalForms } from "../postgres/literals.js";
import { PartSource } from "./part-source.js";
import type { Part } from "./parts.js";
import { SLICES_PER_PART_MIN, slicesOf } from "./slices.js";
import { together } from "./together.js";
import type { WorkOptions } from "./work.js";

/** What one part of a run takes to make, without a row written anywhere. */
export interface Rehearsal {
  readonly runId: string;
  readonly rows: number;
  readonly bytes: number;
  readonly seconds: number;
}

/**
 * Makes a part of a run and throws it away: what this machine could make, were it never to wait for a server. Takes no
 * share and writes nothing.
 */
export async function rehearse(
  options: Pick<WorkOptions, "target" | "runId" | "workers" | "signal" | "observer"> & { readonly part: Part },
): Promise<Rehearsal> {
  const { target, part, workers, signal = new AbortController().signal, observer } = options;
  const run = await together(target.url, (client) => findRun(client, options.runId), signal);
  const { universe, plan } = await recordedRun(run);
  const slices = slicesOf(plan, { slicesMin: SLICES_PER_PART_MIN * part.of });
  const nothing: ReadonlySet<string> = new Set();
  const source = new PartSource({
    slices,
    part,
    steal: false,
    committed: async () => nothing,
    random: () => 0,
    signal,
  });
  universe.literals = await together(target.url, (client) =>
    inTransaction(client, () => literalForms(client, universe.entities)),
  );
  const { rows, bytes, seconds } = await load({
    plan,
    universe,
    sink: { kind: "discard" },
    workers,
    source,
    signal,
    ...(observer && { observer }),
  });
  return { runId: run.runId, rows, bytes, seconds };
}
