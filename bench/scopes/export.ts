import { rmSync } from "node:fs";
import { join } from "node:path";
import { EXPORT_FORMATS, type ExportFormat } from "../../src/export/protocol.js";
import type { BenchContext } from "../context.js";
import { interleave } from "../interleave.js";
import { metric, onlyMetrics, type ScopeResult } from "../metrics.js";
import { runProgram } from "../processes.js";

/** Bytes of binary COPY that an export is made of: Parquet takes seconds for as many. */
const COPY_BYTES_MAX = 60e6;

interface Exported {
  readonly seconds: number;
  readonly bytesMade: number;
  readonly peakMemoryBytes: number;
  readonly manifest: { readonly rows: number };
}

/** Writes the scenario, or as much of it as takes seconds, into files of each format. */
export async function measureExport(context: BenchContext): Promise<ScopeResult> {
  const { runs, say, plan } = context;
  const share = Math.min(1, COPY_BYTES_MAX / plan.bytesEstimated);
  const contenders = EXPORT_FORMATS.map((format) => ({ name: format, run: () => exportAs(context, format, share) }));
  const results = await interleave(contenders, runs, (name, run, { seconds }) =>
    say(`export ${name}, run ${run} of ${runs}: ${seconds.toFixed(2)} s`),
  );
  const metrics = EXPORT_FORMATS.flatMap((format) => {
    const measured = results.get(format)!;
    const named = (name: string): string => `export ${format} ${name}`;
    const scope = "export";
    return [
      metric({
        name: named("rows"),
        scope,
        unit: "rows/s",
        values: measured.map((one) => one.manifest.rows / one.seconds),
      }),
      metric({
        name: named("bytes"),
        scope,
        unit: "bytes/s",
        values: measured.map((one) => one.bytesMade / one.seconds),
      }),
      metric({ name: named("memory"), scope, unit: "bytes", values: measured.map((one) => one.peakMemoryBytes) }),
    ];
  });
  const notes = share < 1 ? [`Exports are of ${Math.round(share * 100)}% of the scenario's rows.`] : [];
  return { ...onlyMetrics(metrics), notes };
}

async function exportAs(
  { root, folder, scenario, workers, limits }: BenchContext,
  format: ExportFormat,
  share: number,
): Promise<Exported> {
  const out = join(folder, `export-${format}`);
  const { seed, scale = 1 } = scenario.overrides;
  const args = [
    ...["export", "--scenario", scenario.name, "--format", format, "--out", out, "--workers", String(workers)],
    ...["--scale", (scale * share).toFixed(6), "--json", "--replace"],
    ...(seed === undefined ? [] : ["--seed", String(seed)]),
  ];
  try {
    const { stdout } = await runProgram(process.execPath, [join(root, "bin", "seed-bulk.js"), ...args], limits);
    return JSON.parse(stdout) as Exported;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
