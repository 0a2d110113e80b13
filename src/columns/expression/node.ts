import { powerOf10 } from "../../core/sql-type.js";
import { mergeNulls, type NullMask, type NumberVector, numberVector, type Vector } from "../../core/vectors.js";
import type { BindContext } from "../column.js";
import { ExpressionError } from "./parse.js";
import { isNumber, nameOf, type ValueType } from "./value-type.js";

/** Works on the first `count` rows of a batch. */
export type Step = (count: number) => void;

/** Where an expression's loops come together: the vectors of its paths, and what is done in order. */
export interface Loops {
  input(path: string): Vector;
  readonly context: BindContext;
  step(work: Step): void;
}

/** A part of an expression whose type is known: what it is in SQL, and the vector that a batch of it fills. */
export interface Node {
  readonly type: ValueType;
  readonly nullable: boolean;
  /** Over the row's paths, `{path}`; undefined where Postgres would not give the very same. */
  readonly sql: string | undefined;
  /** Of a literal. */
  readonly literal?: string | number | boolean | null;
  bind(loops: Loops): Vector;
}

/** A function or an operator over nodes, as SQL: undefined where one of them has none. */
export function sqlOf(nodes: readonly Node[], write: (...parts: string[]) => string): string | undefined {
  const parts = nodes.map(({ sql }) => sql);
  return parts.every((part) => part !== undefined) ? write(...(parts as string[])) : undefined;
}

/** @throws ExpressionError where a node is not of a kind */
export function requireKind(node: Node, kind: ValueType["kind"] | "number", what: string): void {
  const isRight = node.type.kind === "null" || (kind === "number" ? isNumber(node.type) : node.type.kind === kind);
  if (!isRight)
    throw new ExpressionError(
      `${what} is of ${nameOf(kind === "number" ? { kind: "real" } : asType(kind))}, not of ${nameOf(node.type)}`,
    );
}

function asType(kind: ValueType["kind"]): ValueType {
  return kind === "exact" ? { kind, scale: 0 } : { kind };
}

/** Numbers made of numbers, row by row; NULL where any of them is. */
export function strict(
  spec: Pick<Node, "type" | "sql">,
  operands: readonly Node[],
  loop: (inputs: readonly Float64Array[], out: Float64Array, count: number, nulls: NullMask) => void,
): Node {
  return {
    ...spec,
    nullable: operands.some(({ nullable }) => nullable),
    bind(loops) {
      const inputs = operands.map((operand) => operand.bind(loops) as NumberVector);
      const values = inputs.map((input) => input.values);
      const out = numberVector();
      loops.step((count) => {
        out.nulls.any = false;
        for (const { nulls } of inputs) mergeNulls(nulls, out.nulls, count);
        loop(values, out.values, count, out.nulls);
      });
      return out;
    },
  };
}

/** The same value in every row. */
export function constantNode(type: ValueType, value: number, spec: Pick<Node, "sql" | "literal">): Node {
  return {
    type,
    nullable: false,
    ...spec,
    bind() {
      const out = numberVector();
      out.values.fill(value);
      return out;
    },
  };
}

/** The larger of two scales: what two numbers are compared or added in. */
export function commonScale(nodes: readonly Node[]): number {
  return nodes.reduce((most, { type }) => (type.kind === "exact" ? Math.max(most, type.scale) : most), 0);
}

/** Numbers of one kind: all of them exact and of one scale, or all of them real. */
export function alignedNumbers(nodes: readonly Node[]): { readonly type: ValueType; readonly nodes: readonly Node[] } {
  if (nodes.some(({ type }) => type.kind === "real")) return { type: { kind: "real" }, nodes: nodes.map(toReal) };
  const scale = commonScale(nodes);
  return { type: { kind: "exact", scale }, nodes: nodes.map((node) => toScale(node, scale)) };
}

/** A number as a real one. */
export function toReal(node: Node): Node {
  const { type } = node;
  if (type.kind !== "exact") return node;
  const unit = powerOf10(type.scale);
  return strict(
    { type: { kind: "real" }, sql: sqlOf([node], (sql) => `(${sql})::float8`) },
    [node],
    ([from], out, count) => {
      for (let i = 0; i < count; i++) out[i] = from[i] / unit;
    },
  );
}

/** An exact number with more digits behind the point. */
function toScale(node: Node, scale: number): Node {
  const { type } = node;
  if (type.kind !== "exact" || type.scale === scale) return node;
  const factor = powerOf10(scale - type.scale);
  return strict({ type: { kind: "exact", scale }, sql: node.sql }, [node], ([from], out, count) => {
    for (let i = 0; i < count; i++) out[i] = from[i] * factor;
  });
}

/** Whole units of 10^-scale of numbers, rounded half away from zero as Postgres rounds numerics. */
export function roundedTo(node: Node, scale: number): Node {
  const { type } = node;
  const spec = {
    type: { kind: "exact", scale },
    sql: sqlOf([node], (sql) => `round((${sql})::numeric, ${scale})`),
  } as const;
  if (type.kind === "real") {
    const unit = powerOf10(scale);
    return strict(spec, [node], ([from], out, count) => {
      for (let i = 0; i < count; i++) {
        const size = Math.floor(Math.abs(from[i]) * unit + 0.5);
        out[i] = from[i] < 0 ? -size : size;
      }
    });
  }
  if (type.kind !== "exact") return node;
  if (type.scale <= scale) return { ...toScale(node, scale), sql: spec.sql };
  const divisor = powerOf10(type.scale - scale);
  return strict(spec, [node], ([from], out, count) => {
    for (let i = 0; i < count; i++) {
      const size = roundedQuotient(Math.abs(from[i]), divisor);
      out[i] = from[i] < 0 ? -size : size;
    }
  });
}

/** `size / divisor`, rounded half up: exact below 2^53, where the quotient itself may be rounded. */
function roundedQuotient(size: number, divisor: number): number {
  let quotient = Math.floor(size / divisor);
  let rest = size - quotient * divisor;
  if (rest < 0) {
    quotient--;
    rest += divisor;
  }
  return 2 * rest >= divisor ? quotient + 1 : quotient;
}

/** NULL in every row, of the type that is wanted in its place. */
export function nullNode(type: ValueType): Node {
  return {
    type,
    nullable: true,
    sql: "NULL",
    literal: null,
    bind() {
      const out = numberVector();
      out.nulls.any = true;
      out.nulls.flags.fill(1);
      return out;
    },
  };
}
