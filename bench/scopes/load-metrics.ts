import { build } from "hdr-histogram-js";
import type pg from "pg";
import { type Metric, metric, type Series } from "../metrics.js";
import { median } from "../statistics.js";
import type { Sample } from "./contest.js";

const SCOPE = "load";
/** Loaders that are this program's own: what they do is held against an earlier report. */
const OWN = new Set(["seed-bulk", "contacts"]);
const RESTORES = new Set(["pg_restore", "restore"]);
/** Loaders that fill a table other than the scenario's, and which. */
const OTHER_TABLES: Readonly<Record<string, string>> = {
  pgbench: "its own four narrow columns",
  insert: "contacts",
  "drizzle-seed": "contacts",
  "generate-series": "contacts",
};
/** Phases shorter than this are mostly round trips: told, not judged. */
const PHASE_SECONDS_MIN = 0.05;
/** Percentiles of a latency plot. */
const PERCENTILES = [0, 10, 25, 50, 75, 90, 95, 99, 99.9, 100];

/** What loads come to, loader by loader. */
export function loadMetrics(samples: ReadonlyMap<string, readonly Sample[]>): Metric[] {
  return [...samples].flatMap(([name, all]) => {
    // A restore builds keys and indexes too: a rate of rows would compare it with what does not.
    const main = RESTORES.has(name) ? [wholeTime(name, secondsOf(all))] : rates(name, all);
    return [...main, ...work(name, all), ...(name === "seed-bulk" ? phases(all) : [])];
  });
}

function secondsOf(all: readonly Sample[]): number[] {
  return all.map(({ seconds }) => seconds);
}

function rates(name: string, all: readonly Sample[]): Metric[] {
  const gated = OWN.has(name);
  const rows = { name: `load ${name} rows`, scope: SCOPE, unit: "rows/s" } as const;
  const made = [metric({ ...rows, gated, values: all.map((s) => s.rows / s.seconds) })];
  if (all.every(({ bytes }) => bytes !== null)) {
    const bytes = { name: `load ${name} bytes`, scope: SCOPE, unit: "bytes/s" } as const;
    made.push(metric({ ...bytes, gated: false, values: all.map((s) => s.bytes! / s.seconds) }));
  }
  return made;
}

/** What loads cost: processor time on both sides, memory, write-ahead log. */
function work(name: string, all: readonly Sample[]): Metric[] {
  const gated = OWN.has(name);
  const made: Metric[] = [];
  const add = (what: string, unit: Metric["unit"], values: readonly (number | null)[], judged: boolean): void => {
    // A load too short for a tick of the processor's clock has no figure; a ratio of it would mean nothing.
    const known = values.filter((value) => value !== null && value > 0) as number[];
    if (known.length === values.length)
      made.push(metric({ name: `load ${name} ${what}`, scope: SCOPE, unit, values: known, gated: judged }));
  };
  const own = all.map(({ measured }) => measured);
  add(
    "process CPU",
    "cpu s",
    own.map((m) => m?.cpuSeconds ?? null),
    gated,
  );
  add(
    "Postgres CPU",
    "cpu s",
    all.map(({ server }) => server.cpuSeconds),
    gated,
  );
  add(
    "memory",
    "bytes",
    own.map((m) => m?.peakMemoryBytes ?? null),
    gated,
  );
  add(
    "WAL",
    "bytes",
    all.map(({ server }) => server.walBytes),
    gated,
  );
  return made;
}

function phases(all: readonly Sample[]): Metric[] {
  const runs = all.map(({ measured }) => measured!.phases);
  const each = Object.keys(runs[0]).flatMap((phase): Metric[] => {
    const values = runs.map((run) => Math.max(1e-6, run[phase] ?? 0));
    const gated = median(values) >= PHASE_SECONDS_MIN;
    return [metric({ name: `load seed-bulk ${phase} phase`, scope: SCOPE, unit: "s", values, gated })];
  });
  const whole = runs.map((run) => Object.values(run).reduce((sum, seconds) => sum + seconds, 0));
  return [wholeTime("seed-bulk all", whole), ...each];
}

function wholeTime(name: string, values: readonly number[]): Metric {
  return metric({ name: `load ${name} time`, scope: SCOPE, unit: "s", values, gated: name.startsWith("seed-bulk") });
}

/** Plots of the engine's loads. */
export function loadSeries(engine: readonly Sample[], shards: readonly (readonly [number, number])[]): Series[] {
  const middle = engine.toSorted((a, b) => a.seconds - b.seconds)[engine.length >> 1].measured!;
  const chunks = Object.entries(middle.latencies!.chunkMs).flatMap(([key, ms]): [number, number][] => {
    if (key === "max") return [[100, ms]];
    const percentile = /^p(\d+)$/.exec(key)?.[1];
    if (percentile === undefined) return [];
    return [[percentile.length > 2 ? Number(percentile) / 10 : Number(percentile), ms]];
  });
  return [
    { plot: "throughput", name: "rows/s", points: throughput(middle.progress) },
    { plot: "latency", name: "chunk, ms", points: chunks.sort((a, b) => a[0] - b[0]) },
    { plot: "latency", name: "shard, ms", points: shards },
  ];
}

/** Rows a second between looks at the workers' counters. */
export function throughput(progress: readonly (readonly [number, number])[]): [number, number][] {
  let [time, rows] = [0, 0];
  const points: [number, number][] = [];
  for (const [now, made] of progress) {
    // The last look may come at once after the one before it.
    if (now - time < 0.05) continue;
    points.push([now, Math.max(0, made - rows) / (now - time)]);
    [time, rows] = [now, made];
  }
  return points;
}

/** Percentiles of how long shards took, from the ledger: [percentile, milliseconds]. */
export async function shardLatencies(client: pg.Client): Promise<[number, number][]> {
  const { rows } = await client.query<{ us: number }>(
    "SELECT (extract(epoch FROM finished_at - started_at) * 1e6)::float8 AS us FROM seed_bulk.shards",
  );
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3_600_000_000,
    numberOfSignificantValueDigits: 3,
  });
  for (const { us } of rows) histogram.recordValue(Math.min(3_600_000_000, Math.max(1, Math.round(us))));
  return PERCENTILES.map((percentile) => [percentile, histogram.getValueAtPercentile(percentile) / 1000]);
}

/** What backends waited for, and what cannot be seen. */
export function loadNotes(samples: ReadonlyMap<string, readonly Sample[]>): string[] {
  const engine = samples.get("seed-bulk")!;
  const others = [...samples.keys()].flatMap((name) => (name in OTHER_TABLES ? [`${name} ${OTHER_TABLES[name]}`] : []));
  const waits = Object.entries(engine[engine.length - 1].server.waits).slice(0, 5);
  const shown = waits.map(([wait, share]) => `${wait} ${Math.round(share * 100)}%`).join(", ");
  return [
    ...(waits.length > 0 ? [`Backends of the last load by what they waited for (CPU: for nothing): ${shown}.`] : []),
    ...(engine[0].server.cpuSeconds === null
      ? ["Postgres' processor time is not known: its processes are not of this machine, or /proc does not show them."]
      : []),
    ...(others.length > 0 ? [`Not the scenario, but: ${others.join("; ")}.`] : []),
  ];
}
