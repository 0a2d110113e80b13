import { dictionaryOf } from "../../core/dictionary.js";
import type { SqlType } from "../../core/sql-type.js";
import { mergeNulls, numberVector, textVector, wordVector } from "../../core/vectors.js";
import { composer, literalPart, type Part, partOf } from "../composing.js";
import { sqlText } from "../sql-text.js";
import { type Node, requireKind, sqlOf, strict } from "./node.js";
import { ExpressionError } from "./parse.js";
import { isNumber, nameOf, TEXTS } from "./value-type.js";

/** A text as it is written. */
export function textLiteral(value: string): Node {
  return {
    type: TEXTS,
    nullable: false,
    literal: value,
    sql: sqlText(value),
    bind: () => wordVector(dictionaryOf([value])),
  };
}

/** `||`: values one behind another, each as Postgres prints it; NULL where any is. */
export function concatenation(left: Node, right: Node): Node {
  const nodes = [left, right];
  if (nodes.every(({ type }) => type.kind !== "text")) throw new ExpressionError("one side of || is a text");
  const types = nodes.map((node) => printedType(node));
  return {
    type: TEXTS,
    nullable: nodes.some(({ nullable }) => nullable),
    sql: sqlOf(nodes, (a, b) => `(${a} || ${b})`),
    bind(loops) {
      const inputs = nodes.map((node) => (node.literal === undefined ? node.bind(loops) : undefined));
      const parts: Part[] = nodes.map(({ literal }, at) =>
        literal === undefined ? partOf(inputs[at]!, types[at], `side ${at + 1} of ||`) : literalPart(String(literal)),
      );
      const out = textVector();
      const compose = composer(parts, out);
      loops.step((count) => {
        out.nulls.any = false;
        for (const input of inputs) if (input !== undefined) mergeNulls(input.nulls, out.nulls, count);
        compose(count);
      });
      return out;
    },
  };
}

function printedType({ type }: Node): SqlType {
  if (type.kind === "text") return { name: "text" };
  if (type.kind === "exact")
    return type.scale === 0 ? { name: "int8" } : { name: "numeric", precision: 15, scale: type.scale };
  if (type.kind === "bool" || type.kind === "date") return { name: type.kind };
  throw new ExpressionError(`|| takes texts, exact numbers, dates and true or false, not ${nameOf(type)}`);
}

/** The number of a text's characters. */
export function lengthOf(of: Node): Node {
  requireKind(of, "text", "what length() is given");
  return {
    type: { kind: "exact", scale: 0 },
    nullable: of.nullable,
    sql: sqlOf([of], (sql) => `length(${sql})`),
    bind(loops) {
      const from = of.bind(loops);
      const out = numberVector();
      if (from.kind === "number") return out;
      loops.step((count) => {
        out.nulls.any = false;
        mergeNulls(from.nulls, out.nulls, count);
        const bytes = from.kind === "text" ? from.bytes : from.dictionary.bytes;
        for (let i = 0; i < count; i++) {
          const start = from.kind === "text" ? from.offsets[i] : from.dictionary.starts[from.codes[i]];
          const end = from.kind === "text" ? from.offsets[i + 1] : start + from.dictionary.lengths[from.codes[i]];
          let characters = 0;
          // All bytes but those that go on with a character (10xxxxxx).
          for (let at = start; at < end; at++) if ((bytes[at] & 0xc0) !== 0x80) characters++;
          out.values[i] = characters;
        }
      });
      return out;
    },
  };
}

/** Whether a node is a number, for functions of numbers. */
export function requireNumber(node: Node, what: string): void {
  if (!isNumber(node.type)) throw new ExpressionError(`${what} is a number, not ${nameOf(node.type)}`);
}

/** A number without its sign. */
export function absolute(of: Node): Node {
  requireNumber(of, "what abs() is given");
  return strict({ type: of.type, sql: sqlOf([of], (sql) => `abs(${sql})`) }, [of], ([from], out, count) => {
    for (let i = 0; i < count; i++) out[i] = Math.abs(from[i]);
  });
}
