import type pg from "pg";
import { type Entity, type ForeignKey, targetColumns } from "../../model/entity.js";
import { quoteIdentifier } from "../../postgres/identifiers.js";
import { type CheckContext, type CheckTask, lawOfDraws, tableOf } from "../context.js";
import { OFFENDING_ROWS_MAX } from "../result.js";
import { judgeShares } from "./distributions.js";
import { type Finding, singleTask } from "./single.js";

/** Ranges of IDs that evenly drawn references are counted in. */
const RANGES_MAX = 64;

/** Ranks are compared down to this expected count: below, noise decides which row has which rank. */
const COUNT_MIN = 50;
/** What sorting by the counts found adds to the head's share, at the most, beside chance. */
const SORTING_SLACK = 0.05;
/** Beyond six standard deviations chance goes once in a billion. */
const DEVIATIONS_MAX = 6;

/** How references are spread over the rows they may refer to: evenly, or by Zipf. */
export function spreadTasks(context: CheckContext, entity: Entity): CheckTask[] {
  return entity.foreignKeys.flatMap((key) => {
    const law = lawOfDraws(entity.columns[key.link]);
    const target = context.planned.get(key.target);
    if (target === undefined || target.rows === 0 || !isOfIds(context, key)) return [];
    const [column] = key.columns;
    const reference: Reference = { table: tableOf(context, entity.name), column: quoteIdentifier(column), ...target };
    const common = { entity: entity.name, effort: 1.5 };
    if (law?.kind === "even") {
      return [
        singleTask(context, {
          ...common,
          name: `spread of ${entity.name}.${column}`,
          kind: "distribution",
          expected: `${target.entity} rows evenly`,
          look: (client) => compareRanges(client, reference),
        }),
      ];
    }
    if (law?.kind !== "zipf") return [];
    return [
      singleTask(context, {
        ...common,
        name: `skew of ${entity.name}.${column}`,
        kind: "skew",
        expected: `${target.entity} rows by Zipf, exponent ${law.exponent}`,
        look: (client) => compareRanks(client, reference, law.exponent),
      }),
    ];
  });
}

/** Whether the key's values are the target's IDs, which tell how far from the first its row is. */
function isOfIds({ universe }: CheckContext, key: ForeignKey): boolean {
  const target = universe.entity(key.target);
  const theirs = targetColumns(key, target);
  return theirs.length === 1 && target.columns[theirs[0]].rowId === true;
}

interface Reference {
  readonly table: string;
  readonly column: string;
  /** Of the entity referred to. */
  readonly rows: number;
  readonly idStart: number;
}

async function compareRanges(client: pg.Client, { table, column, rows, idStart }: Reference): Promise<Finding> {
  const size = Math.ceil(rows / RANGES_MAX);
  const { rows: found } = await client.query<{ range: number; count: number }>(
    `SELECT floor((${column} - $1::int8)::float8 / $2) AS range, count(*)::float8 AS count ` +
      `FROM ${table} WHERE ${column} IS NOT NULL GROUP BY 1`,
    [idStart, size],
  );
  const label = (range: number): string => `IDs from ${idStart + range * size}`;
  const weights: Record<string, number> = {};
  for (let range = 0; range * size < rows; range++) weights[label(range)] = Math.min(size, rows - range * size);
  return judgeShares(new Map(found.map(({ range, count }) => [label(range), count])), weights);
}

/** Shares of the most referred to 1, 10, 100… rows, as far as each of them is expected often. */
async function compareRanks(client: pg.Client, { table, column, rows }: Reference, exponent: number): Promise<Finding> {
  const { rows: found } = await client.query<{ id: string; count: number }>(
    `SELECT ${column}::text AS id, count(*)::float8 AS count FROM ${table} WHERE ${column} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC`,
  );
  const total = found.reduce((sum, { count }) => sum + count, 0);
  const heads: number[] = [];
  for (let head = 1; head < rows && total * rankShare(head - 1, rows, exponent) >= COUNT_MIN; head *= 10)
    heads.push(head);
  if (heads.length === 0) return { ok: true, found: "too few rows to tell", rowsChecked: total };
  const shares = heads.map((head) => {
    const share = found.slice(0, head).reduce((sum, { count }) => sum + count, 0) / total;
    const expected = headShare(head, rows, exponent);
    const slack = SORTING_SLACK * expected + DEVIATIONS_MAX * Math.sqrt((expected * (1 - expected)) / total);
    return { head, share, expected, isWrong: Math.abs(share - expected) > slack };
  });
  const ok = shares.every(({ isWrong }) => !isWrong);
  const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;
  return {
    ok,
    found: shares
      .map(({ head, share, expected }) => `top ${head}: ${percent(share)} (${percent(expected)} expected)`)
      .join(", "),
    offending: ok ? [] : found.slice(0, OFFENDING_ROWS_MAX).map(({ id, count }) => ({ id, referred: String(count) })),
    rowsChecked: total,
    cells: shares.map(({ head, share, expected }) => ({
      label: `top ${head}`,
      observed: share * total,
      expected: expected * total,
    })),
  };
}

/** The share of the first ranks: the integral of x^-exponent up to there, as the column draws them. */
function headShare(head: number, size: number, exponent: number): number {
  const power = 1 - exponent;
  const integral = (x: number): number => (Math.abs(power) < 1e-9 ? Math.log(x) : x ** power / power);
  return (integral(head + 0.5) - integral(0.5)) / (integral(size + 0.5) - integral(0.5));
}

function rankShare(rank: number, size: number, exponent: number): number {
  return headShare(rank + 1, size, exponent) - (rank === 0 ? 0 : headShare(rank, size, exponent));
}
