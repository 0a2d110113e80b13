import { utcDate } from "../../core/calendar.js";
import { powerOf10 } from "../../core/sql-type.js";
import { dayOf } from "./arithmetic.js";
import { caseNode, coalesce, extreme } from "./choose.js";
import { comparison } from "./logic.js";
import { type Node, nullNode, requireKind, roundedTo, sqlOf, strict, toReal } from "./node.js";
import { ExpressionError } from "./parse.js";
import { absolute, lengthOf, requireNumber } from "./texts.js";
import { EXACT, REAL } from "./value-type.js";

/** A function: how many values it takes, and what it makes of them. */
interface ExpressionFunction {
  readonly arity: readonly [least: number, most: number];
  readonly make: (args: readonly Node[]) => Node;
}

const FUNCTIONS: Readonly<Record<string, ExpressionFunction>> = {
  coalesce: { arity: [1, 100], make: coalesce },
  nullif: {
    arity: [2, 2],
    make: ([value, other]) => caseNode([comparison("=", value, other)], [nullNode(value.type), value]),
  },
  least: { arity: [1, 100], make: (args) => extreme("least", args) },
  greatest: { arity: [1, 100], make: (args) => extreme("greatest", args) },
  abs: { arity: [1, 1], make: ([of]) => absolute(of) },
  round: { arity: [1, 2], make: ([of, digits]) => rounded(of, digits) },
  floor: { arity: [1, 1], make: ([of]) => toWhole("floor", of) },
  ceil: { arity: [1, 1], make: ([of]) => toWhole("ceil", of) },
  sqrt: { arity: [1, 1], make: ([of]) => root(of) },
  length: { arity: [1, 1], make: ([of]) => lengthOf(of) },
  date: { arity: [1, 1], make: ([of]) => dayOf(of) },
  year: field("year", (date) => date.getUTCFullYear()),
  month: field("month", (date) => date.getUTCMonth() + 1),
  day: field("day", (date) => date.getUTCDate()),
  hour: field("hour", (date) => date.getUTCHours()),
  minute: field("minute", (date) => date.getUTCMinutes()),
  dow: field("dow", (date) => date.getUTCDay()),
};

export const FUNCTION_NAMES: readonly string[] = Object.keys(FUNCTIONS);

/** @throws ExpressionError on one that there is not, or with too many or too few values */
export function call(name: string, args: readonly Node[]): Node {
  const found = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (found === undefined)
    throw new ExpressionError(`there is no function ${name}; there are ${FUNCTION_NAMES.join(", ")}`);
  const [least, most] = found.arity;
  if (args.length < least || args.length > most) {
    const wanted = least === most ? `${least}` : `${least} to ${most}`;
    throw new ExpressionError(`${name} takes ${wanted} ${wanted === "1" ? "value" : "values"}, not ${args.length}`);
  }
  return found.make(args);
}

const DIGITS_MAX = 10;

function rounded(of: Node, digits: Node | undefined): Node {
  requireNumber(of, "what round() is given");
  const scale = digits === undefined ? 0 : digits.literal;
  if (typeof scale !== "number" || !Number.isInteger(scale) || scale < 0 || scale > DIGITS_MAX) {
    throw new ExpressionError(`round takes a number of digits from 0 to ${DIGITS_MAX}, written out`);
  }
  return roundedTo(of, scale);
}

function toWhole(name: "floor" | "ceil", of: Node): Node {
  requireNumber(of, `what ${name}() is given`);
  const work = name === "floor" ? Math.floor : Math.ceil;
  const unit = of.type.kind === "exact" ? powerOf10(of.type.scale) : 1;
  return strict({ type: EXACT, sql: sqlOf([of], (sql) => `${name}(${sql})`) }, [of], ([from], out, count) => {
    // + 0, since -0 is another number.
    for (let i = 0; i < count; i++) out[i] = work(from[i] / unit) + 0;
  });
}

/** Exact to the last bit everywhere (IEEE 754). */
function root(of: Node): Node {
  requireNumber(of, "what sqrt() is given");
  const real = toReal(of);
  return strict({ type: REAL, sql: sqlOf([real], (sql) => `sqrt(${sql})`) }, [real], ([from], out, count) => {
    for (let i = 0; i < count; i++) out[i] = Math.sqrt(from[i]);
  });
}

const DAY_US = 86_400_000_000;

/** A field of a moment by UTC, or of a date. */
function field(name: string, read: (date: Date) => number): ExpressionFunction {
  return {
    arity: [1, 1],
    make: ([of]) => {
      if (of.type.kind !== "date") requireKind(of, "moment", `what ${name}() is given`);
      const isDate = of.type.kind === "date";
      const unit = isDate ? DAY_US : 1;
      const sql = sqlOf(
        [of],
        (from) => `extract(${name} FROM ${isDate ? from : `(${from})::timestamptz AT TIME ZONE 'UTC'`})`,
      );
      return strict({ type: EXACT, sql }, [of], ([from], out, count) => {
        for (let i = 0; i < count; i++) out[i] = read(utcDate(from[i] * unit));
      });
    },
  };
}
