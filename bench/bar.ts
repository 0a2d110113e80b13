import type { Metric } from "./metrics.js";
import { type Ratio, ratioOf } from "./statistics.js";

/** What the project asks of itself: a figure or a ratio of two figures of one run, and its limit. */
interface BarSpec {
  readonly claim: string;
  /** Names of metrics; `of` alone is a figure, with `to` a ratio of medians. */
  readonly of: string;
  readonly to?: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** One line of the bar as measured. */
export interface BarLine {
  readonly claim: string;
  /** A ratio, or a figure in the unit of its metric. */
  readonly value: number;
  readonly noise: number | null;
  readonly unit: Metric["unit"] | "ratio";
  readonly limit: { readonly atLeast: number } | { readonly atMost: number };
  /** `within noise` where the distance to the limit may be chance. */
  readonly verdict: "holds" | "misses" | "within noise";
}

const BAR: readonly BarSpec[] = [
  { claim: "load : copying ready files", of: "load seed-bulk rows", to: "load copy-file rows", atLeast: 0.9 },
  { claim: "load : INSERT with Faker", of: "load seed-bulk rows", to: "load insert rows", atLeast: 60 },
  { claim: "load : drizzle-seed", of: "load seed-bulk rows", to: "load drizzle-seed rows", atLeast: 60 },
  { claim: "contacts alone : INSERT with Faker", of: "load contacts rows", to: "load insert rows", atLeast: 60 },
  { claim: "contacts alone : drizzle-seed", of: "load contacts rows", to: "load drizzle-seed rows", atLeast: 60 },
  { claim: "pg_restore : all of generate", of: "load pg_restore time", to: "load seed-bulk all time", atLeast: 1.5 },
  {
    claim: "restoring by hand : all of generate",
    of: "load restore time",
    to: "load seed-bulk all time",
    atLeast: 1.5,
  },
  { claim: "generating, a core, bytes", of: "generate all bytes", atLeast: 250e6 },
  { claim: "generating, a core, rows", of: "generate all rows", atLeast: 1.5e6 },
  { claim: "discard, 2 workers : 1", of: "workers 2 discard rows", to: "workers 1 discard rows", atLeast: 1.85 },
  {
    claim: "memory at scale 10 : 1, discard",
    of: "scale 10 discard memory",
    to: "scale 1 discard memory",
    atMost: 1.05,
  },
  { claim: "memory at scale 10 : 1, load", of: "scale 10 load memory", to: "scale 1 load memory", atMost: 1.05 },
  { claim: "cold start to first row", of: "start first row", atMost: 0.5 },
  { claim: "comparing every byte : load", of: "verify exact time", to: "verify load time", atMost: 1 },
  { claim: "verify --exact, checks too : load", of: "verify exact whole time", to: "verify load time", atMost: 1 },
];

/** Of the slowest entity of the scenario, tables of a few rows too. */
const SLOWEST_ENTITY_BYTES_MIN = 60e6;

/** Holds measurements against the bar; lines that need what was not measured are left out. */
export function barLines(metrics: readonly Metric[]): BarLine[] {
  const byName = new Map(metrics.map((metric) => [metric.name, metric]));
  const lines = BAR.flatMap((spec): BarLine[] => {
    const of = byName.get(spec.of);
    const to = spec.to === undefined ? undefined : byName.get(spec.to);
    if (of === undefined || (spec.to !== undefined && to === undefined)) return [];
    return [lineOf(spec, of, to)];
  });
  const slowest = slowestEntity(metrics);
  if (slowest === undefined) return lines;
  const claim = `slowest entity, a core (${slowest.name.split(" ")[1]})`;
  return [...lines, lineOf({ claim, of: slowest.name, atLeast: SLOWEST_ENTITY_BYTES_MIN }, slowest, undefined)];
}

function lineOf({ claim, atLeast, atMost }: BarSpec, of: Metric, to: Metric | undefined): BarLine {
  const ratio: Ratio =
    to === undefined ? { value: of.summary.median, noise: of.summary.noise } : ratioOf(of.summary, to.summary);
  const limit = atLeast !== undefined ? { atLeast } : { atMost: atMost! };
  return { claim, ...ratio, unit: to === undefined ? of.unit : "ratio", limit, verdict: verdictOf(ratio, limit) };
}

/** A figure that lies nearer to its limit than its noise has not shown on which side it is. */
function verdictOf({ value, noise }: Ratio, limit: BarLine["limit"]): BarLine["verdict"] {
  const [bound, good] =
    "atLeast" in limit ? [limit.atLeast, value >= limit.atLeast] : [limit.atMost, value <= limit.atMost];
  if (noise === null || Math.abs(Math.log(value / bound)) <= noise) return "within noise";
  return good ? "holds" : "misses";
}

function slowestEntity(metrics: readonly Metric[]): Metric | undefined {
  const entities = metrics.filter(({ name }) => /^generate \S+ bytes$/.test(name) && name !== "generate all bytes");
  return entities.reduce<Metric | undefined>(
    (worst, next) => (worst === undefined || next.summary.median < worst.summary.median ? next : worst),
    undefined,
  );
}
