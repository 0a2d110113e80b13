import { zipf } from "../core/distributions.js";
import type { FanOut } from "../core/fan-out.js";
import { permutation } from "../core/permutation.js";
import { type CellKey, cellBits, cellBits53, fillBits, fillUniformBelow, uniformBelow } from "../core/random.js";
import { INT8 } from "../core/sql-type.js";
import { BATCH_ROWS_MAX, mergeNulls, type NumberVector, setNull, type Vector } from "../core/vectors.js";
import { assert, SeedBulkError } from "../errors.js";
import type { BindContext, Column } from "./column.js";
import { type Computed, type NumberFill, numbers } from "./values.js";

/** A link computed by a loop of its own: which row of an entity each row is linked to, or none. */
function link(
  entity: string,
  spec: Omit<Computed, "type">,
  bind: (context: BindContext, inputs: readonly Vector[]) => NumberFill,
): Column {
  return { ...numbers({ ...spec, type: INT8 }, bind), link: entity, hidden: true };
}

const NONE: NumberFill = ({ count }, _out, nulls) => {
  nulls.any = true;
  nulls.flags.fill(1, 0, count);
};

/** The row that owns this one, of an entity whose rows are `childrenOf` that owner. */
export function ownerLink(entity: string): Column {
  return link(entity, { reads: ["$parent"], about: `the ${entity} row that owns this one` }, (_context, [owner]) => {
    const { values } = owner as NumberVector;
    return ({ count }, out) => out.set(values.subarray(0, count));
  });
}

/** How a link draws among all rows of an entity. */
export type RowPick =
  /** Evenly; of the rows behind the first ones, where some are skipped. */
  | { readonly kind: "uniform"; readonly skip?: number }
  /** Few rows often; which ones, a shuffle decides. */
  | { readonly kind: "zipf"; readonly exponent: number }
  /** By the weight that a column of the entity gives each of its rows. */
  | { readonly kind: "weighted"; readonly by: string };

/** Any row of an entity; none where it has no rows, which a link that is not `nullable` is refused for. */
export function anyLink(entity: string, pick: RowPick = { kind: "uniform" }): Column {
  const how = { uniform: "evenly", zipf: "by Zipf", weighted: "by weight" }[pick.kind];
  const law = pick.kind === "zipf" ? pick : pick.kind === "uniform" ? ({ kind: "even" } as const) : undefined;
  return link(entity, { about: `any ${entity} row, ${how}`, ...(law && { law }) }, (context) => {
    const { rowCount } = context.entity(entity);
    const skip = (pick.kind === "uniform" && pick.skip) || 0;
    if (rowCount <= skip) return NONE;
    const key = context.key();
    if (pick.kind === "uniform") {
      return ({ rowIndexes, count }, out) => {
        fillUniformBelow(key, rowIndexes, count, 0, rowCount - skip, out);
        if (skip > 0) for (let i = 0; i < count; i++) out[i] += skip;
      };
    }
    if (pick.kind === "weighted") {
      const { rowAt } = context.weightedRows(entity, pick.by);
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) out[i] = rowAt(cellBits53(key, rowIndexes[i], 0) / 2 ** 53);
      };
    }
    assert(pick.exponent > 0, `Zipf's exponent is above 0, not ${pick.exponent}`);
    const rankOf = zipf(rowCount, pick.exponent);
    const { forward } = permutation(context.key("shuffle"), rowCount);
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = forward(rankOf(bits[i]));
    };
  });
}

/**
 * A row of an entity that is not the one to which another link of the row leads, or that is before it; any row where that
 * one leads nowhere.
 * @param path the other link, which leads to the same entity
 * @throws SeedBulkError SB_SCENARIO_INVALID, while rows are made, where there is no such row
 */
export function apartLink(entity: string, path: string, how: "not" | "below"): Column {
  const about =
    how === "not" ? `a ${entity} row that is not that of ${path}` : `a ${entity} row before that of ${path}`;
  return link(entity, { reads: [path], about }, (context, [other]) => {
    const { rowCount } = context.entity(entity);
    const { first } = context.linkOf(path);
    const key = context.key();
    const { values, nulls: none } = other as NumberVector;
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const isAny = none.any && none.flags[i] === 1;
        const at = values[i] - first;
        const size = isAny ? rowCount : how === "not" ? rowCount - 1 : at;
        if (size < 1)
          throw new SeedBulkError("SB_SCENARIO_INVALID", `row ${rowIndexes[i] + 1} needs ${about}, and there is none`);
        const drawn = uniformBelow(key, rowIndexes[i], 0, size);
        out[i] = isAny || how === "below" ? drawn : (at + 1 + drawn) % rowCount;
      }
    };
  });
}

/** The rows of an entity in turn: the first for the first row, and again from the first after the last. */
export function nthLink(entity: string): Column {
  return link(entity, { about: `the ${entity} rows in turn` }, (context) => {
    const { rowCount } = context.entity(entity);
    if (rowCount === 0) return NONE;
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) out[i] = rowIndexes[i] % rowCount;
    };
  });
}

/**
 * A row of an entity that the same row owns as this one's link leads to: an address of the order's own customer, a
 * product of its tenant. The owner may own the entity's rows by way of others. None where it owns none, and where the
 * link leads nowhere.
 * @param path the link, or the path of one, to the owner
 * @param isRequired whether each row must have one
 * @throws SeedBulkError SB_SCENARIO_INVALID, while rows are made, where one is required and the owner owns none
 */
export function withinLink(entity: string, path: string, isRequired = false): Column {
  const about = `one of the ${entity} rows that ${path} owns, evenly`;
  return link(entity, { reads: [path], about, nullable: !isRequired }, (context, [owner]) => {
    const { first, entity: ownerEntity } = context.linkOf(path);
    const start = ownedBy(context, entity, ownerEntity);
    const key = context.key();
    const { values, nulls: none } = owner as NumberVector;
    return ({ rowIndexes, count }, out, nulls) => {
      mergeNulls(none, nulls, count);
      let last = -1;
      let from = 0;
      let size = 0;
      for (let i = 0; i < count; i++) {
        const isNowhere = nulls.any && nulls.flags[i] === 1;
        if (isNowhere && isRequired) throw ownsNone(entity, { path, rowIndex: rowIndexes[i] });
        if (isNowhere) continue;
        if (values[i] !== last) {
          last = values[i];
          from = start(last - first);
          size = start(last - first + 1) - from;
        }
        if (size === 0 && isRequired) throw ownsNone(entity, { path, rowIndex: rowIndexes[i] });
        if (size === 0) setNull(nulls, i);
        else out[i] = from + uniformBelow(key, rowIndexes[i], 0, size);
      }
    };
  });
}

function ownsNone(
  entity: string,
  { path, rowIndex }: { readonly path: string; readonly rowIndex: number },
): SeedBulkError {
  return new SeedBulkError(
    "SB_SCENARIO_INVALID",
    `row ${rowIndex + 1} needs one of the ${entity} rows that its ${path} owns, which owns none`,
    { hint: `Give ${entity} more rows, so that each owner has some, or leave \`required\` out.` },
  );
}

/**
 * As {@link withinLink}, and another row for each of an owner's rows: the other side of a many-to-many table whose rows
 * are children of one side. With no `path`, of all the entity's rows.
 * @param path the link to whoever owns the rows to choose from, or none
 * @throws SeedBulkError SB_SCENARIO_INVALID, from the plan on, where an owner has more rows than there are to choose from
 */
export function distinctLink(entity: string, path?: string): Column {
  const about = `one of the ${path === undefined ? "" : `${path}'s `}${entity} rows, another for each row of an owner`;
  const reads = ["$parent", "$ordinal", ...(path === undefined ? [] : [path])];
  return link(entity, { reads, about }, (context, inputs) => {
    const [parents, ordinals, owner] = inputs.map((input) => (input as NumberVector).values);
    const { rowCount } = context.entity(entity);
    const to = path === undefined ? undefined : context.linkOf(path);
    const start = to && ownedBy(context, entity, to.entity);
    const first = to?.first ?? 0;
    const key = context.key();
    let last = -1;
    let from = 0;
    let choose: (ordinal: number) => number = () => 0;
    let size = 0;
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        if (parents[i] !== last) {
          last = parents[i];
          from = start?.(owner[i] - first) ?? 0;
          size = start === undefined ? rowCount : start(owner[i] - first + 1) - from;
          choose = size === 0 ? () => 0 : permutation(ownersKey(key, last), size).forward;
        }
        if (ordinals[i] >= size) throw tooFew(context.name, entity, size);
        out[i] = from + choose(ordinals[i]);
      }
    };
  });
}

function ownersKey({ k0, k1 }: CellKey, owner: number): CellKey {
  return { k0: cellBits({ k0, k1 }, owner, 0) | 0, k1: cellBits({ k0, k1 }, owner, 1) | 0 };
}

function tooFew(name: string, entity: string, size: number): SeedBulkError {
  return new SeedBulkError(
    "SB_SCENARIO_INVALID",
    `${name} is another ${entity} row for each row of an owner, and an owner has more rows than the ${size} there are to choose from`,
    { hint: `Give ${entity} more rows, or the table fewer.` },
  );
}

/** How a tree is shaped. */
export interface TreeShape {
  /** Shares of the rows at each depth, roots first: `[5, 25, 70]`. Rows are in the order of their depth. */
  readonly levels: readonly number[];
  /** Roots are linked to themselves, and not to nothing. */
  readonly rootsOwn?: boolean;
}

/** An earlier row of the same entity, one level above this row's: a tree. */
export function treeLink(entity: string, { levels, rootsOwn = false }: TreeShape): Column {
  const about = `an earlier ${entity} row, one of the level above; levels by ${levels.join(" : ")}`;
  return link(entity, { about, nullable: !rootsOwn }, (context) => {
    const ends = levelEnds(levels, context.rowCount);
    const key = context.key();
    return ({ rowIndexes, count }, out, nulls) => {
      for (let i = 0; i < count; i++) {
        const row = rowIndexes[i];
        let level = 0;
        while (row >= ends[level]) level++;
        if (level > 0) {
          const from = level === 1 ? 0 : ends[level - 2];
          out[i] = from + uniformBelow(key, row, 0, ends[level - 1] - from);
        } else if (rootsOwn) out[i] = row;
        else setNull(nulls, i);
      }
    };
  });
}

/** Where each level ends. A level has a row at the least while rows are left, so that the one below has a parent. */
function levelEnds(levels: readonly number[], rowCount: number): number[] {
  const isShares = levels.length > 0 && levels.every((share) => share > 0 && Number.isFinite(share));
  assert(isShares, `the levels of a tree are shares above 0, not ${levels.join(", ")}`);
  const sum = levels.reduce((total, share) => total + share, 0);
  let cumulative = 0;
  let end = 0;
  const ends = levels.map((share) => {
    cumulative += share;
    end = Math.min(rowCount, Math.max(end + 1, Math.round((rowCount * cumulative) / sum)));
    return end;
  });
  ends[levels.length - 1] = rowCount;
  return ends;
}

/**
 * An earlier row of the same owner: the order that a customer made before this one.
 * @param pick the one just before, or any before, evenly
 */
export function earlierLink(entity: string, pick: "previous" | "any" = "previous"): Column {
  const about = `${pick === "any" ? "an earlier" : "the previous"} ${entity} row of the same owner`;
  return link(entity, { reads: ["$ordinal"], about, nullable: true }, (context, [place]) => {
    const ordinals = (place as NumberVector).values;
    const key = context.key();
    return ({ rowIndexes, count }, out, nulls) => {
      for (let i = 0; i < count; i++) {
        const before = ordinals[i];
        if (before === 0) setNull(nulls, i);
        else out[i] = rowIndexes[i] - (pick === "previous" ? 1 : 1 + uniformBelow(key, rowIndexes[i], 0, before));
      }
    };
  });
}

/** The first row of an entity that an owner has, directly or by way of the owners between; ends are the next one's. */
function ownedBy(context: BindContext, entity: string, owner: string): FanOut["start"] {
  const chain: FanOut[] = [];
  for (let at = entity; at !== owner; ) {
    const parent = context.ownerOf(at);
    assert(
      parent !== undefined,
      `${owner} owns ${entity} rows, as ${context.name} needs, directly or by way of others`,
    );
    chain.unshift(context.fanOut(at));
    at = parent;
  }
  return (row) => chain.reduce((from, fanOut) => fanOut.start(from), row);
}
