import { Bench } from "tinybench";
import { permutation } from "../../src/core/permutation.js";
import { deriveKey, fillBits, fillUniformBelow } from "../../src/core/random.js";
import { BATCH_ROWS_MAX } from "../../src/core/vectors.js";
import { copyBinaryEncoder } from "../../src/encode/copy-binary.js";
import type { Universe } from "../../src/model/universe.js";
import type { BenchContext } from "../context.js";
import { metric, onlyMetrics, type ScopeResult } from "../metrics.js";
import { CELL_ROWS, KINDS, microUniverse } from "./micro-model.js";

/** How long tinybench measures one thing in one round. */
const ROUND_MS = { quick: 5, full: 60 };
const WARMUP_MS = { quick: 5, full: 30 };
/** A batch's largest field and then some. */
const ENCODED_BYTES_MAX = BATCH_ROWS_MAX * 256;

/** Measures the small: random bits, every kind of column, every type's encoder; a batch of rows at a time. */
export async function measureMicro(context: BenchContext): Promise<ScopeResult> {
  const { runs, quick, say, universe } = context;
  const tasks = new Map([...randomTasks(), ...columnTasks(microUniverse(universe.scenario, universe.model.knobs))]);
  const values = new Map<string, number[]>([...tasks.keys()].map((name) => [name, []]));
  for (let run = 1; run <= runs; run++) {
    const bench = new Bench({
      time: quick ? ROUND_MS.quick : ROUND_MS.full,
      warmupTime: quick ? WARMUP_MS.quick : WARMUP_MS.full,
      iterations: 4,
      throws: true,
    });
    for (const [name, task] of tasks) bench.add(name, task);
    await bench.run();
    for (const { name, result } of bench.tasks) {
      if (result.state !== "completed") throw new Error(`${name} was not measured: ${result.state}`);
      values.get(name)!.push((result.latency.p50 * 1e6) / BATCH_ROWS_MAX);
    }
    say(`micro: run ${run} of ${runs}, ${tasks.size} things`);
  }
  const scope = "micro";
  return onlyMetrics(
    [...values].map(([name, each]) => metric({ name: `micro ${name}`, scope, unit: "ns/row", values: each })),
  );
}

type Task = [name: string, run: () => void];

function randomTasks(): Task[] {
  const key = deriveKey({ seed: 42, model: "micro", entity: "cells", column: "bits" });
  const rowIndexes = Float64Array.from({ length: BATCH_ROWS_MAX }, (_, i) => i);
  const bits = new Uint32Array(BATCH_ROWS_MAX);
  const below = new Float64Array(BATCH_ROWS_MAX);
  const shuffle = permutation(key, CELL_ROWS);
  return [
    ["random bits", () => fillBits(key, rowIndexes, BATCH_ROWS_MAX, 0, bits)],
    ["random below n", () => fillUniformBelow(key, rowIndexes, BATCH_ROWS_MAX, 0, 1_000_003, below)],
    [
      "permutation",
      () => {
        for (let i = 0; i < BATCH_ROWS_MAX; i++) below[i] = shuffle.forward(i);
      },
    ],
  ];
}

/** Filling each column, another batch each time, and encoding what it filled last. */
function columnTasks(universe: Universe): Task[] {
  return Object.entries(KINDS).flatMap(([kind, { type }]): Task[] => {
    const program = universe.program("cells", [kind]);
    const vector = program.vector(kind);
    program.run(0, BATCH_ROWS_MAX);
    const encoder = copyBinaryEncoder([{ type, vector }]);
    const bytes = Buffer.allocUnsafeSlow(ENCODED_BYTES_MAX);
    const target = { bytes, view: new DataView(bytes.buffer) };
    let start = 0;
    return [
      [
        `column ${kind}`,
        () => {
          start = (start + BATCH_ROWS_MAX) % (CELL_ROWS - BATCH_ROWS_MAX);
          program.run(start, BATCH_ROWS_MAX);
        },
      ],
      [
        `encode ${type.name} (${kind})`,
        () => {
          encoder.measure(BATCH_ROWS_MAX);
          encoder.write(BATCH_ROWS_MAX, target, 0);
        },
      ],
    ];
  });
}
