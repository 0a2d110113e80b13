import type { BindContext, Column, RowProgram } from "../../columns/column.js";
import { numbers, numbersOf } from "../../columns/values.js";
import { DAY_US } from "../../core/calendar.js";
import type { FanOut } from "../../core/fan-out.js";
import { chanceQuotas, keptStrata, type QuotaStep, quotaBefore, STRATUM_ROWS } from "../../core/quota.js";
import { type CellKey, fillBits } from "../../core/random.js";
import { BOOL, INT2, INT4 } from "../../core/sql-type.js";
import type { NumberVector } from "../../core/vectors.js";

// What becomes of an order, anomalies aside, as bits of one hidden column. Nine tables follow from it.

/** Bits 0 to 2: delivered, cancelled as its first, second or third step after the order came, or returned. */
export const FATE_MASK = 7;
export const [DELIVERED, CANCELLED_FIRST, CANCELLED_SECOND, CANCELLED_THIRD, RETURNED] = [0, 1, 2, 3, 4];

/** One payment has been overdue since lately at the window's end. */
export const OVERDUE = 8;

/** The customer asks for money back. */
export const REFUNDED = 16;

/** Bits 5 and 6: parts that the order is paid in, less one. */
export const PARTS_SHIFT = 5;

/** Cancelled orders: how many in each of the three steps. */
const CANCELLED_BY_STEP = [0.4, 0.4, 0.2] as const;

/**
 * Orders this much older than the window's end are through with everything, delayed by a week or not: 10 hours until
 * they are packed, 4 days to the next delivery day, 5 more where two attempts fail, and 7 for the anomaly.
 */
export const MATURE_DAYS = 17;

const EMPTY = new Uint16Array(0);
const knownStrata = new WeakMap<FanOut, (stratum: number) => Uint16Array>();

/** The fate of each order: exact shares of all orders. */
export function fate(): Column {
  const about = "what becomes of the order, by exact quota: a shuffle says which";
  return numbers({ type: INT4, about }, (context) => {
    const fatesOf = strataOf(context);
    return ({ rowIndexes, count }, out) => {
      let stratum = -1;
      let table: Uint16Array = EMPTY;
      for (let i = 0; i < count; i++) {
        const own = Math.floor(rowIndexes[i] / STRATUM_ROWS);
        if (own !== stratum) {
          stratum = own;
          table = fatesOf(own);
        }
        out[i] = table[rowIndexes[i] - own * STRATUM_ROWS];
      }
    };
  });
}

/** Whether an anomaly may strike the order: it was delivered and paid as agreed, or would have been, long before the end. */
export function sound(): Column {
  const reads = ["fate", "created_at"];
  const about = `1 where the order is older than ${MATURE_DAYS} days at the window's end, delivered, not overdue, not refunded`;
  return numbers({ type: BOOL, reads, about }, (context, inputs) => {
    const [fates, created] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
    const end = matureEnd(context);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        out[i] = (fates[i] & (FATE_MASK | OVERDUE | REFUNDED)) === DELIVERED && created[i] < end ? 1 : 0;
      }
    };
  });
}

/** In how many parts the order is paid. */
export function instalments(): Column {
  return numbers({ type: INT2, reads: ["fate"], about: "1 to 3 parts, by exact quota" }, (_context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = 1 + (values[i] >> PARTS_SHIFT);
    };
  });
}

function matureEnd({ windowUs }: BindContext): number {
  return windowUs.to - MATURE_DAYS * DAY_US;
}

/** One table a universe, found by its fan-out: columns of many tables ask for the same strata. */
function strataOf(context: BindContext): (stratum: number) => Uint16Array {
  const lines = context.fanOut("order_items");
  let found = knownStrata.get(lines);
  if (found === undefined) {
    found = keptStrata(dealer(context));
    knownStrata.set(lines, found);
  }
  return found;
}

/** Deals a stratum's fates. */
function dealer(context: BindContext): (stratum: number, out: Uint16Array) => void {
  const { rowCount } = context;
  const { cancelled, returned, overdue, refunded, twoInstalments, threeInstalments } = context.scenario.shares;
  const mature = matureRows(context);
  const shuffle = shuffler(context.key("fate"));
  const shuffleParts = shuffler(context.key("parts"));
  const rows = new Float64Array(STRATUM_ROWS);
  const order = new Int32Array(STRATUM_ROWS);
  // Each of these and those before it, the last first: every step is a part of the one before.
  const fates = [...CANCELLED_BY_STEP.map((part) => cancelled * part), returned, refunded];
  const quotasOf = chanceQuotas(context.key("strata"), rowCount, nested(fates, rowCount));
  const partsOf = chanceQuotas(
    context.key("strata of parts"),
    rowCount,
    nested([threeInstalments, twoInstalments], rowCount),
  );
  const lateOf = chanceQuotas(context.key("strata of late ones"), mature, [
    { total: Math.min(quotaBefore(rowCount, overdue), mature) },
  ]);

  return (stratum, out) => {
    const start = stratum * STRATUM_ROWS;
    const size = Math.min(STRATUM_ROWS, rowCount - start);
    const quotas = quotasOf(stratum);
    const upTo = (fateAt: number): number => quotas[fates.length - 1 - fateAt];
    for (let i = 0; i < size; i++) rows[i] = start + i;
    out.fill(0, 0, size);

    shuffle(rows, size, order);
    let dealt = 0;
    for (const step of CANCELLED_BY_STEP.keys()) {
      for (; dealt < upTo(step); dealt++) out[order[dealt]] = CANCELLED_FIRST + step;
    }
    for (; dealt < upTo(CANCELLED_BY_STEP.length); dealt++) out[order[dealt]] = RETURNED;
    // Late payers are among the orders whose payments have fallen due by the end.
    let late = start < mature ? lateOf(stratum)[0] : 0;
    let back = upTo(CANCELLED_BY_STEP.length + 1) - dealt;
    for (let at = dealt; at < size && late + back > 0; at++) {
      const row = order[at];
      if (late > 0) {
        if (start + row < mature) {
          out[row] = OVERDUE;
          late--;
        }
      } else {
        out[row] = REFUNDED;
        back--;
      }
    }

    shuffleParts(rows, size, order);
    const [several, three] = partsOf(stratum);
    for (let i = 0; i < several; i++) out[order[i]] |= (i < three ? 2 : 1) << PARTS_SHIFT;
  };
}

/** Steps of shares that exclude one another: what they come to together from the first on, the most first. */
function nested(shares: readonly number[], rows: number): QuotaStep[] {
  let total = 0;
  return shares
    .map((share) => (total += quotaBefore(rows, share)))
    .toReversed()
    .map((sum, at) => ({ total: Math.min(rows, sum), ...(at > 0 && { of: at - 1 }) }));
}

/** How many of the orders, the oldest first, are older than MATURE_DAYS at the window's end. */
function matureRows(context: BindContext): number {
  const program = context.program("orders", ["created_at"]);
  const end = matureEnd(context);
  let [low, high] = [0, context.rowCount];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (createdAt(program, middle) < end) low = middle + 1;
    else high = middle;
  }
  return low;
}

function createdAt(program: RowProgram, row: number): number {
  program.run(row, 1);
  return (program.vector("created_at") as NumberVector).values[0];
}

/** Shuffles the positions of a stratum (Fisher and Yates) by the bits of its rows. */
function shuffler(key: CellKey): (rows: Float64Array, size: number, out: Int32Array) => void {
  const bits = new Uint32Array(STRATUM_ROWS);
  return (rows, size, out) => {
    fillBits(key, rows, size, 0, bits);
    for (let i = 0; i < size; i++) out[i] = i;
    for (let i = size - 1; i > 0; i--) {
      const other = Math.floor((bits[i] * (i + 1)) / 2 ** 32);
      const own = out[i];
      out[i] = out[other];
      out[other] = own;
    }
  };
}
