import { alignedNumbers, type Node, requireKind, sqlOf, strict, toReal } from "./node.js";
import { ExpressionError, type Operator } from "./parse.js";
import { DATES, EXACT, INTERVAL, isNumber, MOMENT, nameOf, REAL, type ValueType } from "./value-type.js";

/** More digits than 2^53 has. */
const SCALE_MAX = 15;
const DAY_US = 86_400_000_000;

type Arithmetic = "+" | "-" | "*" | "/" | "%";

/**
 * Adds, subtracts, multiplies, divides. Exact numbers stay exact, save where they are divided; moments and dates take
 * intervals and days.
 * @throws ExpressionError on operands that do not go together
 */
export function arithmetic(operator: Arithmetic, left: Node, right: Node): Node {
  if (isNumber(left.type) && isNumber(right.type)) return numeric(operator, left, right);
  const rule = TIMES[`${kindOf(left)} ${operator} ${kindOf(right)}`];
  if (rule === undefined) {
    throw new ExpressionError(`${operator} is not between ${nameOf(left.type)} and ${nameOf(right.type)}`);
  }
  return rule(left, right);
}

function kindOf({ type }: Node): string {
  return isNumber(type) ? "number" : type.kind;
}

/** What may be done with moments, dates and intervals. */
const TIMES: Readonly<Record<string, (left: Node, right: Node) => Node>> = {
  "moment + interval": (left, right) => sum("+", MOMENT, left, right),
  "interval + moment": (left, right) => sum("+", MOMENT, left, right),
  "moment - interval": (left, right) => sum("-", MOMENT, left, right),
  "moment - moment": (left, right) => sum("-", INTERVAL, left, right),
  "interval + interval": (left, right) => sum("+", INTERVAL, left, right),
  "interval - interval": (left, right) => sum("-", INTERVAL, left, right),
  "date + number": (left, right) => sum("+", DATES, left, whole(right)),
  "date - number": (left, right) => sum("-", DATES, left, whole(right)),
  "date - date": (left, right) => sum("-", EXACT, left, right),
  "interval * number": (left, right) => scaled(left, right),
  "number * interval": (left, right) => scaled(right, left),
};

function whole(node: Node): Node {
  if (node.type.kind === "exact" && node.type.scale === 0) return node;
  throw new ExpressionError("a date moves by whole days");
}

function sum(operator: "+" | "-", type: ValueType, left: Node, right: Node): Node {
  const sign = operator === "+" ? 1 : -1;
  const sql = sqlOf([left, right], (a, b) => `(${a} ${operator} ${b})`);
  const held = type.kind === "real" ? (value: number) => value : exact;
  return strict({ type, sql }, [left, right], ([a, b], out, count) => {
    for (let i = 0; i < count; i++) out[i] = held(a[i] + sign * b[i]);
  });
}

/** An interval so many times, to whole microseconds. */
function scaled(interval: Node, by: Node): Node {
  const factor = toReal(by);
  // Postgres rounds an interval's parts by themselves.
  const sql =
    by.type.kind === "exact" && by.type.scale === 0 ? sqlOf([interval, by], (a, b) => `(${a} * ${b})`) : undefined;
  return strict({ type: INTERVAL, sql }, [interval, factor], ([us, times], out, count) => {
    for (let i = 0; i < count; i++) out[i] = Math.round(us[i] * times[i]);
  });
}

function numeric(operator: Arithmetic, left: Node, right: Node): Node {
  if (operator === "/") return quotient(left, right);
  if (operator === "*" && left.type.kind === "exact" && right.type.kind === "exact") return product(left, right);
  const { type, nodes } = alignedNumbers([left, right]);
  // Two of a small type may make more than it holds.
  const cast = type.kind === "exact" ? "::numeric" : "";
  const sql = sqlOf(nodes, (a, b) => `(${a}${cast} ${operator} ${b})`);
  if (operator === "%") {
    if (type.kind === "real") throw new ExpressionError("% is between exact numbers");
    return strict({ type, sql }, nodes, ([a, b], out, count) => {
      // + 0, since -0 is another number.
      for (let i = 0; i < count; i++) out[i] = (a[i] % b[i]) + 0;
    });
  }
  if (operator === "*") {
    return strict({ type, sql }, nodes, ([a, b], out, count) => {
      for (let i = 0; i < count; i++) out[i] = a[i] * b[i];
    });
  }
  return { ...sum(operator, type, nodes[0], nodes[1]), sql };
}

function product(left: Node, right: Node): Node {
  const scale = (left.type as { scale: number }).scale + (right.type as { scale: number }).scale;
  if (scale > SCALE_MAX)
    throw new ExpressionError(`a product would have ${scale} digits behind the point: use round(…, n)`);
  // As numerics: two int4 could overflow where their product is stored as something larger.
  const sql = sqlOf([left, right], (a, b) => `(${a}::numeric * ${b})`);
  return strict({ type: { kind: "exact", scale }, sql }, [left, right], ([a, b], out, count) => {
    for (let i = 0; i < count; i++) out[i] = exact(a[i] * b[i]);
  });
}

/** Always with its fraction, whole numbers' too. */
function quotient(left: Node, right: Node): Node {
  const isExact = left.type.kind === "exact" && right.type.kind === "exact";
  const sql = sqlOf([left, right], (a, b) => (isExact ? `(${a}::numeric / ${b})` : `(${a} / ${b})`));
  return strict({ type: REAL, sql }, [toReal(left), toReal(right)], ([a, b], out, count) => {
    for (let i = 0; i < count; i++) out[i] = a[i] / b[i];
  });
}

/**
 * Exact numbers that are exact still: what has more digits than 2^53 becomes NaN, as what is divided by zero does. A
 * value that no CASE takes harms nobody; one that is a column's ends the load.
 */
function exact(value: number): number {
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : Number.NaN;
}

/** A number's negative. */
export function negative(of: Node): Node {
  if (of.type.kind !== "interval") requireKind(of, "number", "what - stands before");
  return strict({ type: of.type, sql: sqlOf([of], (sql) => `(- ${sql})`) }, [of], ([from], out, count) => {
    // 0 - x, since -0 is another number.
    for (let i = 0; i < count; i++) out[i] = 0 - from[i];
  });
}

/** Whether an operator is one of arithmetic. */
export function isArithmetic(operator: Operator): operator is Arithmetic {
  return ["+", "-", "*", "/", "%"].includes(operator);
}

/** The day of a moment, by UTC. */
export function dayOf(moment: Node): Node {
  requireKind(moment, "moment", "what date() is given");
  const sql = sqlOf([moment], (of) => `((${of})::timestamptz AT TIME ZONE 'UTC')::date`);
  return strict({ type: DATES, sql }, [moment], ([us], out, count) => {
    for (let i = 0; i < count; i++) out[i] = Math.floor(us[i] / DAY_US);
  });
}
