import type { SqlType } from "../../core/sql-type.js";
import { type NumberVector, numberVector, type Vector } from "../../core/vectors.js";
import { SeedBulkError } from "../../errors.js";
import type { BindContext, Rows } from "../column.js";
import { arithmetic, isArithmetic, negative } from "./arithmetic.js";
import { caseNode } from "./choose.js";
import { call } from "./functions.js";
import { comparison, connective, inverse, nullTest } from "./logic.js";
import { constantNode, type Loops, type Node, nullNode, roundedTo, type Step, toReal } from "./node.js";
import { type Comparison, type Expression, ExpressionError, parseExpression } from "./parse.js";
import { concatenation, textLiteral } from "./texts.js";
import {
  EXACT,
  fits,
  INTERVAL,
  isNumber,
  MOMENT,
  nameOf,
  REAL,
  TRUTH,
  type ValueType,
  valueTypeOf,
} from "./value-type.js";

/** What the columns at an expression's paths are. */
export interface ExpressionScope {
  /** @throws where the path leads nowhere */
  typeOf(path: string): SqlType;
  isNullable(path: string): boolean;
  /** @throws where the model has no such knob */
  requireKnob(knob: string): void;
}

/** An expression whose values are made ready for a column. */
export interface CompiledExpression {
  readonly type: SqlType;
  /** Paths, each once, in the order in which `bind` gets their vectors. */
  readonly reads: readonly string[];
  readonly nullable: boolean;
  /** The same as SQL over the row's paths; undefined where Postgres has no such thing. */
  readonly sql: string | undefined;
  /** Whether the SQL's value may differ by the last digit: what is divided, Postgres rounds at another one. */
  readonly isRounded: boolean;
  bind(context: BindContext, inputs: readonly Vector[]): { readonly out: Vector; fill(rows: Rows): void };
}

/**
 * Compiles an expression for a column.
 * @param type the column's; without it, what the expression makes
 * @throws ExpressionError
 */
export function compileExpression(text: string, scope: ExpressionScope, type?: SqlType): CompiledExpression {
  const reads: string[] = [];
  const whole = nodeOf(parseExpression(text), scope, reads);
  const target = type ?? sqlTypeOf(whole.type);
  if (!fits(whole.type, target)) throw new ExpressionError(`it makes ${nameOf(whole.type)}, not a ${target.name}`);
  const node = readied(whole, target);
  return {
    type: target,
    reads,
    nullable: node.nullable,
    sql: node.sql,
    isRounded: whole.type.kind === "real",
    bind(context, inputs) {
      const steps: Step[] = [];
      const loops: Loops = { context, input: (path) => inputs[reads.indexOf(path)], step: (work) => steps.push(work) };
      const out = node.bind(loops);
      return {
        out,
        fill(rows) {
          for (const step of steps) step(rows.count);
          if (out.kind === "number") requireFinite(out, rows, context);
        },
      };
    },
  };
}

function nodeOf(expression: Expression, scope: ExpressionScope, reads: string[]): Node {
  const inner = (of: Expression): Node => nodeOf(of, scope, reads);
  switch (expression.kind) {
    case "number":
      return numberLiteral(expression.text);
    case "text":
      return textLiteral(expression.value);
    case "bool":
      return constantNode(TRUTH, expression.value ? 1 : 0, {
        sql: String(expression.value),
        literal: expression.value,
      });
    case "null":
      return nullNode({ kind: "null" });
    case "interval":
      return constantNode(INTERVAL, expression.us, { sql: `interval '${expression.us} microseconds'` });
    case "path":
      return pathNode(expression.path, scope, reads);
    case "negative":
      return negative(inner(expression.of));
    case "not":
      return inverse(inner(expression.of));
    case "isNull":
      return nullTest(inner(expression.of));
    case "case":
      return caseNode(
        expression.cases.map(({ when }) => inner(when)),
        [...expression.cases.map(({ value }) => inner(value)), inner(expression.otherwise)],
      );
    case "call":
      return call(expression.name, expression.args.map(inner));
    case "binary": {
      const { operator } = expression;
      const [left, right] = [inner(expression.left), inner(expression.right)];
      if (operator === "and" || operator === "or") return connective(operator, left, right);
      if (operator === "||") return concatenation(left, right);
      return isArithmetic(operator)
        ? arithmetic(operator, left, right)
        : comparison(operator as Comparison, left, right);
    }
  }
}

function numberLiteral(text: string): Node {
  const [, fraction = ""] = text.split(".");
  const units = Number(text.replace(".", ""));
  if (!Number.isSafeInteger(units) || fraction.length > 10) throw new ExpressionError(`${text} has too many digits`);
  return constantNode({ kind: "exact", scale: fraction.length }, units, { sql: text, literal: Number(text) });
}

/** What a scenario says, the same in every row. */
function scenarioNode(path: string, scope: ExpressionScope): Node | undefined {
  const [section, name] = path.split(".");
  if (path === "window.from" || path === "window.to") {
    const bound = name as "from" | "to";
    return { ...scenarioValue(MOMENT, ({ windowUs }) => windowUs[bound]), sql: `({$${bound}})` };
  }
  if (section !== "sizes" && section !== "shares" && section !== "settings") return undefined;
  scope.requireKnob(path);
  return scenarioValue(section === "sizes" ? EXACT : REAL, ({ scenario }) => scenario[section][name]);
}

function scenarioValue(type: ValueType, readValue: (context: BindContext) => number): Node {
  return {
    type,
    nullable: false,
    sql: undefined,
    bind({ context }) {
      const out = numberVector();
      out.values.fill(readValue(context));
      return out;
    },
  };
}

function pathNode(path: string, scope: ExpressionScope, reads: string[]): Node {
  const fixed = scenarioNode(path, scope);
  if (fixed !== undefined) return fixed;
  const sqlType = scope.typeOf(path);
  const type = valueTypeOf(sqlType);
  if (type === undefined)
    throw new ExpressionError(`${path} is of the type ${sqlType.name}, which expressions do not work with`);
  if (!reads.includes(path)) reads.push(path);
  // An enum's label as a text, to be compared with one.
  const sql = sqlType.name === "enum" ? `{${path}}::text` : `{${path}}`;
  return { type, nullable: scope.isNullable(path), sql, bind: (loops) => loops.input(path) };
}

function sqlTypeOf(type: ValueType): SqlType {
  switch (type.kind) {
    case "exact":
      return type.scale === 0 ? { name: "int8" } : { name: "numeric", precision: 15, scale: type.scale };
    case "real":
      return { name: "float8" };
    case "text":
      return { name: "text" };
    case "bool":
      return { name: "bool" };
    case "moment":
      return { name: "timestamptz" };
    case "date":
      return { name: "date" };
    default:
      throw new ExpressionError(`a column cannot hold ${nameOf(type)}`);
  }
}

/** The values in the unit of the column's type. */
function readied(node: Node, type: SqlType): Node {
  if (node.type.kind === "null") return nullNode(valueTypeOf(type)!);
  if (!isNumber(node.type)) return node;
  if (type.name === "float8") return toReal(node);
  return roundedTo(node, type.name === "numeric" ? type.scale : 0);
}

/** @throws SeedBulkError SB_VALUE_INVALID where a value is none: divided by zero, or with too many digits to be exact */
function requireFinite(
  { values, nulls }: NumberVector,
  { ownIndexes, count }: Rows,
  { name, firstId }: BindContext,
): void {
  for (let i = 0; i < count; i++) {
    if (Number.isFinite(values[i]) || (nulls.any && nulls.flags[i] === 1)) continue;
    throw new SeedBulkError(
      "SB_VALUE_INVALID",
      `${name}, row ${firstId + ownIndexes[i]}: an expression divides by zero, or has more digits than are exact (2^53)`,
      { hint: "nullif(x, 0) makes NULL of a zero; round(x, 2) takes digits away." },
    );
  }
}
