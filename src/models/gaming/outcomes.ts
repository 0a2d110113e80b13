import type { BindContext, Column } from "../../columns/column.js";
import { numbers, numbersOf } from "../../columns/values.js";
import { chanceQuotas } from "../../core/quota.js";
import { cellBits } from "../../core/random.js";
import { BOOL, INT2 } from "../../core/sql-type.js";
import type { Scenario } from "../../model/scenario/types.js";

/** What comes of an attempt to log in. */
export const [PLAYS, LOOKS_IN, FAILS] = [0, 1, 2];

/**
 * Logins among which outcomes are dealt out. A power of two, so that a row's rank takes a few multiplications: whoever
 * looks for users' last logins goes back and forth over the table, and keeps no dealt stratum for long.
 */
const STRATUM_ROWS = 1024;

/** How many logins fail: the scenario's share, or what sessions leave. */
export function failedLogins({ sizes, shares }: Pick<Scenario, "sizes" | "shares">): number {
  return Math.min(sizes["logins"] - sizes["sessions"], Math.round(sizes["logins"] * shares["loginFailed"]));
}

/** Exactly as many logins as there are sessions start one, and exactly a share fails. */
export function outcome(): Column {
  const about = "by exact quota: a shuffle says which start a session and which fail";
  return numbers({ type: INT2, about }, (context) => {
    const { rowCount } = context;
    const stratum = stratumOf(context);
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const row = rowIndexes[i];
        if (row >= rowCount) {
          out[i] = FAILS;
          continue;
        }
        const index = Math.floor(row / STRATUM_ROWS);
        if (index !== stratum.index) stratum.open(index);
        const rank = stratum.rank(row - index * STRATUM_ROWS);
        out[i] = rank < stratum.plays ? PLAYS : rank < stratum.fails ? FAILS : LOOKS_IN;
      }
    };
  });
}

/** One stratum at a time: its quotas, and the shuffle that ranks its rows. */
interface Stratum {
  index: number;
  /** Ranks below this start a session. */
  plays: number;
  /** Ranks from `plays` on and below this fail. */
  fails: number;
  open(index: number): void;
  /** @param at the row's place in the stratum */
  rank(at: number): number;
}

function stratumOf({ rowCount, scenario, key }: BindContext): Stratum {
  const own = key();
  const sessions = scenario.sizes["sessions"];
  const steps = [{ total: sessions + failedLogins(scenario) }, { total: sessions, of: 0 }];
  const quotasOf = chanceQuotas(key("strata"), rowCount, steps, STRATUM_ROWS);
  let [size, mask, shift, first, second, third] = [0, 0, 0, 0, 0, 0];
  const stratum: Stratum = {
    index: -1,
    plays: 0,
    fails: 0,
    open(index) {
      const start = index * STRATUM_ROWS;
      const end = Math.min(rowCount, start + STRATUM_ROWS);
      stratum.index = index;
      [stratum.fails, stratum.plays] = quotasOf(index);
      size = end - start;
      const bits = Math.max(1, 32 - Math.clz32(size - 1));
      mask = (1 << bits) - 1;
      shift = (bits + 1) >> 1;
      first = cellBits(own, index, 0);
      second = cellBits(own, index, 1);
      third = cellBits(own, index, 2);
    },
    rank(at) {
      // Odd factors and shifted bits are bijections of [0, mask]; whoever falls behind the last row walks on.
      let x = at;
      do {
        x = (Math.imul(x, first | 1) + (first >>> 16)) & mask;
        x ^= x >>> shift;
        x = (Math.imul(x, second | 1) + (second >>> 16)) & mask;
        x ^= x >>> shift;
        x = (Math.imul(x, third | 1) + (third >>> 16)) & mask;
      } while (x >= size);
      return x;
    },
  };
  return stratum;
}

/** Whether the outcome is one of two: 0 or 1. */
export function outcomeIs(first: number, second = first): Column {
  const about = "whether that comes of the attempt";
  return numbers({ type: BOOL, reads: ["outcome"], about }, (_context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = values[i] === first || values[i] === second ? 1 : 0;
    };
  });
}
