import { ChunkBuffers, type EntityWriter, entityWriter } from "../../src/engine/threads/entity-writer.js";
import type { PlannedEntity } from "../../src/model/plan.js";
import type { BenchContext } from "../context.js";
import { interleave } from "../interleave.js";
import { type Metric, metric, onlyMetrics, type ScopeResult } from "../metrics.js";

/** A turn of one entity lasts at least this long; small tables are made again until then. */
const TURN_SECONDS = { quick: 0.02, full: 0.15 };
/** A turn of a large table ends with the batches after this time. */
const TURN_SECONDS_MAX = { quick: 0.05, full: 1 };
/** Rows made between two looks at the clock. */
const STRIDE_ROWS = 16 * 1024;

/** One turn of an entity. */
interface Turn {
  readonly rows: number;
  readonly bytes: number;
  readonly seconds: number;
}

/** Makes the rows of every entity on one thread, for nobody: what a core is good for. */
export async function measureGenerate(context: BenchContext): Promise<ScopeResult> {
  const { universe, plan, runs, quick } = context;
  const buffers = new ChunkBuffers();
  const entities = plan.entities.filter(({ rows }) => rows > 0);
  const contenders = entities.map((planned) => {
    const writer = entityWriter(universe, planned.entity, buffers);
    return { name: planned.entity, run: () => turnOf(writer, planned, quick) };
  });
  context.say(`generate: ${entities.length} entities on one thread`);
  // V8 compiles during the first turns; a load of any size outlives that.
  await interleave(contenders, 1);
  const turns = await interleave(contenders, runs, (name, run, { rows, seconds }) => {
    if (name === entities[entities.length - 1].entity) context.say(`generate: run ${run} of ${runs}`);
    if (rows === 0 || seconds === 0) throw new Error(`${name} made nothing`);
  });
  return onlyMetrics([
    ...overall(entities, turns, runs),
    ...[...turns].flatMap(([name, each]) => metricsOf(name, each)),
  ]);
}

async function turnOf(writer: EntityWriter, { rows }: PlannedEntity, quick: boolean): Promise<Turn> {
  const secondsMin = quick ? TURN_SECONDS.quick : TURN_SECONDS.full;
  const secondsMax = quick ? TURN_SECONDS_MAX.quick : TURN_SECONDS_MAX.full;
  const began = performance.now();
  let [made, bytes, seconds] = [0, 0, 0];
  do {
    for (let start = 0; start < rows && seconds < secondsMax; start += STRIDE_ROWS) {
      const end = Math.min(rows, start + STRIDE_ROWS);
      bytes += await writer.write(start, end, () => undefined);
      made += end - start;
      seconds = (performance.now() - began) / 1000;
    }
  } while (seconds < secondsMin);
  return { rows: made, bytes, seconds };
}

function metricsOf(entity: string, turns: readonly Turn[]): Metric[] {
  const scope = "generate";
  return [
    metric({ name: `generate ${entity} rows`, scope, unit: "rows/s", values: turns.map((t) => t.rows / t.seconds) }),
    metric({ name: `generate ${entity} bytes`, scope, unit: "bytes/s", values: turns.map((t) => t.bytes / t.seconds) }),
  ];
}

/** The whole scenario at each entity's rate: run by run, so that noise is that of a run. */
function overall(
  entities: readonly PlannedEntity[],
  turns: ReadonlyMap<string, readonly Turn[]>,
  runs: number,
): Metric[] {
  const whole = Array.from({ length: runs }, (_, run) => {
    let [rows, bytes, seconds] = [0, 0, 0];
    for (const planned of entities) {
      const turn = turns.get(planned.entity)![run];
      const share = planned.rows / turn.rows;
      rows += planned.rows;
      bytes += turn.bytes * share;
      seconds += turn.seconds * share;
    }
    return { rows, bytes, seconds };
  });
  return metricsOf("all", whole);
}
