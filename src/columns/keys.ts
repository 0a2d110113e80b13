import { zipf } from "../core/distributions.js";
import { permutation } from "../core/permutation.js";
import { bijectBits, fillBits, fillUniformBelow } from "../core/random.js";
import { INT4, INT8, type SqlType, UUID } from "../core/sql-type.js";
import {
  BATCH_ROWS_MAX,
  isNull,
  mergeNulls,
  type NumberVector,
  numberVector,
  setNull,
  textVector,
} from "../core/vectors.js";
import { assert } from "../errors.js";
import type { Column } from "./column.js";
import { copied } from "./values.js";

/** The row's ID: `firstId + rowIndex`. */
export function id(type: SqlType = INT8): Column {
  return {
    type,
    reads: [],
    identity: true,
    rowId: true,
    about: "first ID + row index",
    bind({ firstId }) {
      const out = numberVector();
      return {
        out,
        fill({ ownIndexes, count }) {
          for (let i = 0; i < count; i++) out.values[i] = firstId + ownIndexes[i];
        },
      };
    },
  };
}

/** The ID of the parent whose child the row is, of an entity whose rows are `childrenOf` that parent. */
export function parent(entity: string, type: SqlType = INT8): Column {
  return {
    type,
    reads: ["$parent"],
    references: { entity, foreignKey: true },
    about: `the ${entity} row that owns this one, by the fan-out`,
    bind(context, [owner]) {
      const { firstId } = context.entity(entity);
      const out = numberVector();
      const parents = (owner as NumberVector).values;
      return {
        out,
        fill({ count }) {
          for (let i = 0; i < count; i++) out.values[i] = firstId + parents[i];
        },
      };
    },
  };
}

/** The ID of a row of another entity, read through a path, as a foreign key of this one. */
export function linked(entity: string, path: string, type: SqlType = INT8): Column {
  return { ...copied(path, type), references: { entity, foreignKey: true } };
}

/** How a reference picks the row it refers to. */
export type Pick =
  | { readonly kind: "uniform" }
  /** Few rows are referred to often; which ones, a shuffle decides. */
  | { readonly kind: "zipf"; readonly exponent: number };

/**
 * A reference to any row of another entity: NULL where it has no rows, so that a table with rows whose reference must
 * be there is refused (model/program.ts).
 */
export function reference(entity: string, pick: Pick = { kind: "uniform" }, type: SqlType = INT8): Column {
  return {
    type,
    reads: [],
    references: { entity, foreignKey: true },
    law: pick.kind === "uniform" ? { kind: "even" } : pick,
    about: pick.kind === "uniform" ? `any ${entity} row, evenly` : `${entity} rows by Zipf, exponent ${pick.exponent}`,
    bind(context) {
      const { rowCount, firstId } = context.entity(entity);
      const key = context.key();
      const out = numberVector();
      if (rowCount === 0) return { out, fill: ({ count }) => markAllNull(out, count) };
      if (pick.kind === "uniform") {
        return {
          out,
          fill({ rowIndexes, count }) {
            fillUniformBelow(key, rowIndexes, count, 0, rowCount, out.values);
            for (let i = 0; i < count; i++) out.values[i] += firstId;
          },
        };
      }
      assert(pick.exponent > 0, `Zipf's exponent is above 0, not ${pick.exponent}`);
      const rankOf = zipf(rowCount, pick.exponent);
      const shuffle = permutation(context.key("shuffle"), rowCount);
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      return {
        out,
        fill({ rowIndexes, count }) {
          fillBits(key, rowIndexes, count, 0, bits);
          for (let i = 0; i < count; i++) out.values[i] = firstId + shuffle.forward(rankOf(bits[i]));
        },
      };
    },
  };
}

/**
 * A reference to one of the rows that a given parent owns: a template of the campaign's own client.
 * NULL where the parent owns none.
 * @param entity an entity whose rows are `childrenOf` the parent
 * @param parentPath the path of the parent's ID
 */
export function childOf(entity: string, parentPath: string, parentEntity: string): Column {
  return {
    type: INT8,
    reads: [parentPath],
    references: { entity, foreignKey: true },
    nullable: true,
    about: `one of the ${entity} rows of ${parentPath}, evenly`,
    bind(context, [parentIds]) {
      const { firstId } = context.entity(entity);
      const firstParentId = context.entity(parentEntity).firstId;
      const fanOut = context.fanOut(entity);
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      const ids = parentIds as NumberVector;
      const out = numberVector();
      return {
        out,
        fill({ rowIndexes, count }) {
          fillBits(key, rowIndexes, count, 0, bits);
          out.nulls.any = false;
          mergeNulls(ids.nulls, out.nulls, count);
          let owner = -1;
          let start = 0;
          let size = 0;
          for (let i = 0; i < count; i++) {
            // What stands in the place of a NULL is no parent's ID.
            if (isNull(ids, i)) continue;
            const parentIndex = ids.values[i] - firstParentId;
            if (parentIndex !== owner) {
              owner = parentIndex;
              start = fanOut.start(owner);
              size = fanOut.start(owner + 1) - start;
            }
            // A parent's children are far fewer than 2^32: the unevenness of a scaled draw stays below 2^-12.
            out.values[i] = firstId + start + Math.floor((bits[i] / 2 ** 32) * size);
            if (size === 0) setNull(out.nulls, i);
          }
        },
      };
    },
  };
}

function markAllNull({ nulls }: NumberVector, count: number): void {
  nulls.any = true;
  nulls.flags.fill(1, 0, count);
}

/** Which of its parent's children the row is, from `first`. */
export function ordinal(first = 1, type: SqlType = INT4): Column {
  return {
    type,
    reads: ["$ordinal"],
    about: `which of its parent's children the row is, from ${first}`,
    bind(_context, [ordinals]) {
      const out = numberVector();
      const from = (ordinals as NumberVector).values;
      return {
        out,
        fill({ count }) {
          for (let i = 0; i < count; i++) out.values[i] = first + from[i];
        },
      };
    },
  };
}

/** Bits that a row's high word takes of a UUID's last half: all rows to 2^53 differ in them and the 32 behind them. */
const LOW_21 = 0x1fffff;
const TWO_32 = 2 ** 32;

/**
 * UUIDs that differ for every row, by a bijection of the row index in their last 53 bits; the others are random.
 * @param path of a moment: then version 7, which grows with it (RFC 9562, 5.7); without it version 4
 */
export function uuidKey(path?: string): Column {
  const about =
    path === undefined ? "a UUID, version 4, another in every row" : `a UUID of the moment ${path}, version 7`;
  return {
    type: UUID,
    reads: path === undefined ? [] : [path],
    about,
    bind(context, [moment]) {
      const key = context.key();
      const shuffle = context.key("shuffle");
      const atUs = moment === undefined ? undefined : (moment as NumberVector).values;
      const out = textVector();
      const view = new DataView(out.bytes.buffer);
      for (let i = 0; i <= BATCH_ROWS_MAX; i++) out.offsets[i] = 16 * i;
      const first = new Uint32Array(BATCH_ROWS_MAX);
      const second = new Uint32Array(BATCH_ROWS_MAX);
      const third = new Uint32Array(BATCH_ROWS_MAX);
      return {
        out,
        fill({ rowIndexes, ownIndexes, count }) {
          if (atUs === undefined) fillBits(key, rowIndexes, count, 0, first);
          fillBits(key, rowIndexes, count, 1, second);
          fillBits(key, rowIndexes, count, 2, third);
          for (let i = 0; i < count; i++) {
            const at = 16 * i;
            if (atUs === undefined) {
              view.setUint32(at, first[i]);
              view.setUint32(at + 4, (second[i] & 0xffff0fff) | 0x4000);
            } else {
              const ms = Math.floor(atUs[i] / 1000);
              view.setUint32(at, Math.floor(ms / 65_536));
              view.setUint32(at + 4, (ms << 16) | (second[i] & 0x0fff) | 0x7000);
            }
            const high = (ownIndexes[i] * (1 / TWO_32)) & LOW_21;
            view.setUint32(at + 8, (third[i] & 0x3fe00000) | (high ^ (shuffle.k1 & LOW_21)) | 0x80000000);
            view.setUint32(at + 12, bijectBits(shuffle, ownIndexes[i] | 0));
          }
        },
      };
    },
  };
}
