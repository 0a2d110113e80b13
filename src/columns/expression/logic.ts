import {
  isNull,
  type NumberVector,
  numberVector,
  setNull,
  type TextVector,
  type Vector,
  type WordVector,
} from "../../core/vectors.js";
import { alignedNumbers, type Node, requireKind, sqlOf, strict } from "./node.js";
import { type Comparison, ExpressionError } from "./parse.js";
import { isNumber, nameOf, TRUTH } from "./value-type.js";

const TESTS: Readonly<Record<Comparison, (a: number, b: number) => boolean>> = {
  "=": (a, b) => a === b,
  "<>": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

/** Whether two values compare so. @throws ExpressionError on two that are not alike, and on texts' order */
export function comparison(operator: Comparison, left: Node, right: Node): Node {
  const sql = sqlOf([left, right], (a, b) => `(${a} ${operator} ${b})`);
  if (left.type.kind === "text" || right.type.kind === "text") return textComparison(operator, left, right, sql);
  const areNumbers = isNumber(left.type) && isNumber(right.type);
  if (!areNumbers && left.type.kind !== right.type.kind && left.type.kind !== "null" && right.type.kind !== "null") {
    throw new ExpressionError(`${operator} compares alike values, not ${nameOf(left.type)} with ${nameOf(right.type)}`);
  }
  const { nodes } = areNumbers ? alignedNumbers([left, right]) : { nodes: [left, right] };
  const test = TESTS[operator];
  return strict({ type: TRUTH, sql }, nodes, ([a, b], out, count) => {
    for (let i = 0; i < count; i++) out[i] = test(a[i], b[i]) ? 1 : 0;
  });
}

function textComparison(operator: Comparison, left: Node, right: Node, sql: string | undefined): Node {
  requireKind(left, "text", `what ${operator} compares`);
  requireKind(right, "text", `what ${operator} compares`);
  if (operator !== "=" && operator !== "<>")
    throw new ExpressionError(`texts are compared by = and <>, not by ${operator}`);
  return {
    type: TRUTH,
    nullable: left.nullable || right.nullable,
    sql,
    bind(loops) {
      const [a, b] = [left.bind(loops), right.bind(loops)];
      const out = numberVector();
      const isSame =
        a.kind === "word" && typeof right.literal === "string" ? sameAsWord(a, right.literal) : sameTexts(a, b);
      const whenSame = operator === "=" ? 1 : 0;
      loops.step((count) => {
        out.nulls.any = false;
        for (let i = 0; i < count; i++) {
          if (isNull(a, i) || isNull(b, i)) setNull(out.nulls, i);
          else out.values[i] = isSame(i) ? whenSame : 1 - whenSame;
        }
      });
      return out;
    },
  };
}

/** Words are compared once each, not once a row. */
function sameAsWord(vector: WordVector, literal: string): (i: number) => boolean {
  const wanted = new TextEncoder().encode(literal);
  const { dictionary } = vector;
  const table = Uint8Array.from({ length: dictionary.count }, (_, code) => {
    const start = dictionary.starts[code];
    return Buffer.compare(wanted, dictionary.bytes.subarray(start, start + dictionary.lengths[code])) === 0 ? 1 : 0;
  });
  return (i) => table[vector.codes[i]] === 1;
}

function sameTexts(a: Vector, b: Vector): (i: number) => boolean {
  return (i) => Buffer.compare(textAt(a as WordVector | TextVector, i), textAt(b as WordVector | TextVector, i)) === 0;
}

/** The bytes of a row of words or texts. */
export function textAt(vector: WordVector | TextVector, i: number): Uint8Array {
  if (vector.kind === "text") return vector.bytes.subarray(vector.offsets[i], vector.offsets[i + 1]);
  const start = vector.dictionary.starts[vector.codes[i]];
  return vector.dictionary.bytes.subarray(start, start + vector.dictionary.lengths[vector.codes[i]]);
}

/** AND and OR of SQL's three values: what decides alone decides, beside an unknown too. */
export function connective(operator: "and" | "or", left: Node, right: Node): Node {
  requireKind(left, "bool", `what ${operator} joins`);
  requireKind(right, "bool", `what ${operator} joins`);
  const decisive = operator === "and" ? 0 : 1;
  return {
    type: TRUTH,
    nullable: left.nullable || right.nullable,
    sql: sqlOf([left, right], (a, b) => `(${a} ${operator.toUpperCase()} ${b})`),
    bind(loops) {
      const a = left.bind(loops) as NumberVector;
      const b = right.bind(loops) as NumberVector;
      const out = numberVector();
      loops.step((count) => {
        out.nulls.any = false;
        for (let i = 0; i < count; i++) {
          const [isUnknownA, isUnknownB] = [isNull(a, i), isNull(b, i)];
          const isDecided = (!isUnknownA && a.values[i] === decisive) || (!isUnknownB && b.values[i] === decisive);
          out.values[i] = isDecided ? decisive : 1 - decisive;
          if (!isDecided && (isUnknownA || isUnknownB)) setNull(out.nulls, i);
        }
      });
      return out;
    },
  };
}

/** NOT; unknown stays unknown. */
export function inverse(of: Node): Node {
  requireKind(of, "bool", "what not stands before");
  return strict({ type: TRUTH, sql: sqlOf([of], (sql) => `(NOT ${sql})`) }, [of], ([from], out, count) => {
    for (let i = 0; i < count; i++) out[i] = 1 - from[i];
  });
}

/** IS NULL, which is never NULL itself. */
export function nullTest(of: Node): Node {
  return {
    type: TRUTH,
    nullable: false,
    sql: sqlOf([of], (sql) => `(${sql} IS NULL)`),
    bind(loops) {
      const from = of.bind(loops);
      const out = numberVector();
      loops.step((count) => {
        for (let i = 0; i < count; i++) out.values[i] = isNull(from, i) ? 1 : 0;
      });
      return out;
    },
  };
}
