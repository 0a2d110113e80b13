import { dictionaryOf } from "../../core/dictionary.js";
import {
  isNull,
  type NumberVector,
  numberVector,
  reserveBytes,
  setNull,
  type TextVector,
  textLength,
  textVector,
  type Vector,
  type WordVector,
  wordVector,
} from "../../core/vectors.js";
import { textAt } from "./logic.js";
import { alignedNumbers, type Loops, type Node, nullNode, requireKind, sqlOf } from "./node.js";
import { ExpressionError } from "./parse.js";
import { isNumber, nameOf, type ValueType } from "./value-type.js";

/** Says of each row which of some vectors it takes; one that is past the last is NULL. */
type Which = (count: number, taken: Int32Array) => void;

/** CASE: the first condition that is true decides; without one, the last value does. */
export function caseNode(conditions: readonly Node[], values: readonly Node[]): Node {
  for (const condition of conditions) requireKind(condition, "bool", "what stands behind when");
  const { type, nodes } = unified(values);
  const sql = sqlOf([...conditions, ...nodes], (...parts) => {
    const whens = conditions.map((_, at) => `WHEN ${parts[at]} THEN ${parts[conditions.length + at]}`);
    return `(CASE ${whens.join(" ")} ELSE ${parts.at(-1)} END)`;
  });
  return chosen({ type, sql, nullable: nodes.some(({ nullable }) => nullable) }, nodes, (loops) => {
    const tests = conditions.map((condition) => condition.bind(loops) as NumberVector);
    return (count, taken) => {
      for (let i = 0; i < count; i++) {
        let at = 0;
        while (at < tests.length && (isNull(tests[at], i) || tests[at].values[i] !== 1)) at++;
        taken[i] = at;
      }
    };
  });
}

/** The first that is not NULL. */
export function coalesce(values: readonly Node[]): Node {
  const { type, nodes } = unified(values);
  const sql = sqlOf(nodes, (...parts) => `coalesce(${parts.join(", ")})`);
  return chosen({ type, sql, nullable: nodes.every(({ nullable }) => nullable) }, nodes, (_loops, vectors) => {
    return (count, taken) => {
      for (let i = 0; i < count; i++) {
        const at = vectors.findIndex((vector) => !isNull(vector, i));
        taken[i] = at < 0 ? 0 : at;
      }
    };
  });
}

/** The least or the greatest of numbers, moments or dates that are not NULL. */
export function extreme(which: "least" | "greatest", values: readonly Node[]): Node {
  const { type, nodes } = unified(values);
  if (type.kind === "text" || type.kind === "bool")
    throw new ExpressionError(`${which} is of numbers, dates or moments`);
  const sign = which === "least" ? -1 : 1;
  const sql = sqlOf(nodes, (...parts) => `${which}(${parts.join(", ")})`);
  return chosen({ type, sql, nullable: nodes.every(({ nullable }) => nullable) }, nodes, (_loops, vectors) => {
    const numbers = vectors as NumberVector[];
    return (count, taken) => {
      for (let i = 0; i < count; i++) {
        let best = 0;
        for (let at = 1; at < numbers.length; at++) {
          if (isNull(numbers[at], i)) continue;
          if (isNull(numbers[best], i) || sign * (numbers[at].values[i] - numbers[best].values[i]) > 0) best = at;
        }
        taken[i] = best;
      }
    };
  });
}

/** Values of one type; NULLs take that of the others. */
function unified(values: readonly Node[]): { readonly type: ValueType; readonly nodes: readonly Node[] } {
  const known = values.filter(({ type }) => type.kind !== "null");
  if (known.length === 0) throw new ExpressionError("all values are NULL");
  const areNumbers = known.every(({ type }) => isNumber(type));
  const other = known.find(({ type }) => type.kind !== known[0].type.kind);
  if (!areNumbers && other !== undefined) {
    throw new ExpressionError(`the values are alike, not ${nameOf(known[0].type)} and ${nameOf(other.type)}`);
  }
  const { type, nodes } = areNumbers ? alignedNumbers(known) : { type: known[0].type, nodes: known };
  const aligned = [...nodes];
  return { type, nodes: values.map((node) => (node.type.kind === "null" ? nullNode(type) : aligned.shift()!)) };
}

function chosen(
  spec: Pick<Node, "type" | "sql" | "nullable">,
  nodes: readonly Node[],
  decide: (loops: Loops, vectors: readonly Vector[]) => Which,
): Node {
  return {
    ...spec,
    bind(loops) {
      const vectors = nodes.map((node) => node.bind(loops));
      const which = decide(loops, vectors);
      const taken = new Int32Array(1024);
      loops.step((count) => which(count, taken));
      if (spec.type.kind !== "text") return takenNumbers(loops, vectors as NumberVector[], taken);
      const isLiteral = nodes.every(({ literal }) => typeof literal === "string" || literal === null);
      return isLiteral ? takenWords(loops, nodes, taken) : takenTexts(loops, vectors, taken);
    },
  };
}

function takenNumbers(loops: Loops, vectors: readonly NumberVector[], taken: Int32Array): Vector {
  const out = numberVector();
  loops.step((count) => {
    out.nulls.any = false;
    for (let i = 0; i < count; i++) {
      const from = vectors[taken[i]];
      out.values[i] = from.values[i];
      if (isNull(from, i)) setNull(out.nulls, i);
    }
  });
  return out;
}

/** Texts that are written out become the words of a list. */
function takenWords(loops: Loops, nodes: readonly Node[], taken: Int32Array): Vector {
  const words = [...new Set(nodes.flatMap(({ literal }) => (typeof literal === "string" ? [literal] : [])))];
  const codes = Int32Array.from(nodes, ({ literal }) => (typeof literal === "string" ? words.indexOf(literal) : -1));
  const out = wordVector(dictionaryOf(words));
  loops.step((count) => {
    out.nulls.any = false;
    for (let i = 0; i < count; i++) {
      const code = codes[taken[i]];
      out.codes[i] = Math.max(0, code);
      if (code < 0) setNull(out.nulls, i);
    }
  });
  return out;
}

function takenTexts(loops: Loops, vectors: readonly Vector[], taken: Int32Array): Vector {
  const texts = vectors as readonly (WordVector | TextVector)[];
  const out = textVector();
  const isText = texts.map(({ kind }) => kind !== ("number" as string));
  loops.step((count) => {
    out.nulls.any = false;
    let end = 0;
    for (let i = 0; i < count; i++) {
      out.offsets[i] = end;
      if (isText[taken[i]]) end += textLength(texts[taken[i]], i);
    }
    out.offsets[count] = end;
    reserveBytes(out, end);
    for (let i = 0; i < count; i++) {
      const from = texts[taken[i]];
      // A NULL that is written out has no texts.
      if (!isText[taken[i]] || isNull(from, i)) setNull(out.nulls, i);
      else out.bytes.set(textAt(from, i), out.offsets[i]);
    }
  });
  return out;
}
