import { type Condition, FALSE, type Op, TRUE } from "./condition.js";
import {
  arrayLiteral,
  columnOf,
  constantOf,
  functionOf,
  lengthOf,
  momentOf,
  type Node,
  of,
  regexOfLike,
  withoutCasts,
  withoutTrim,
} from "./nodes.js";

/** Reads conditions once its parser, which takes 131 MB, is loaded. */
export async function conditionParser(): Promise<(expression: string) => Condition> {
  const { loadModule, parseSync } = await import("libpg-query");
  await loadModule();
  return (expression) => {
    try {
      const tree = parseSync(`SELECT ${expression}`) as unknown as { stmts: readonly [{ stmt: Node }] };
      const select = of(tree.stmts[0].stmt, "SelectStmt");
      const [target] = select["targetList"] as readonly Node[];
      return read(of(target, "ResTarget")["val"] as Node, true);
    } catch {
      return { kind: "unread" };
    }
  };
}

const UNREAD: Condition = { kind: "unread" };

/** @param holds false where the condition stands under a NOT */
function read(node: Node, holds: boolean): Condition {
  const plain = withoutCasts(node);
  if ("BoolExpr" in plain) return boolean(of(plain, "BoolExpr"), holds);
  if ("NullTest" in plain) return nullTest(of(plain, "NullTest"), holds);
  if ("A_Expr" in plain) return comparison(of(plain, "A_Expr"), holds);
  if ("CaseExpr" in plain) return caseOf(of(plain, "CaseExpr"), holds);
  if ("BooleanTest" in plain) return booleanTest(of(plain, "BooleanTest"), holds);
  const column = columnOf(plain);
  if (column !== undefined) return { kind: "in", column, values: [String(holds)], isIn: true };
  const constant = constantOf(plain);
  if (constant === "true" || constant === "false") return (constant === "true") === holds ? TRUE : FALSE;
  if (constant === null) return TRUE;
  return UNREAD;
}

function boolean(node: Node, holds: boolean): Condition {
  const args = node["args"] as readonly Node[];
  if (node["boolop"] === "NOT_EXPR") return read(args[0], !holds);
  const isAnd = (node["boolop"] === "AND_EXPR") === holds;
  return { kind: isAnd ? "and" : "or", parts: args.map((arg) => read(arg, holds)) };
}

function nullTest(node: Node, holds: boolean): Condition {
  const isNull = (node["nulltesttype"] === "IS_NULL") === holds;
  const arg = withoutCasts(node["arg"] as Node);
  const column = columnOf(arg);
  if (column !== undefined) return { kind: "null", column, isNull };
  if (!("RowExpr" in arg)) return UNREAD;
  const columns = (of(arg, "RowExpr")["args"] as readonly Node[]).map((one) => columnOf(withoutCasts(one)));
  if (columns.includes(undefined)) return UNREAD;
  // `ROW(a, b) IS NULL`: all of them; its opposite: one at the least is there.
  const isTest = node["nulltesttype"] === "IS_NULL";
  const parts = columns.map((name): Condition => ({ kind: "null", column: name!, isNull }));
  return { kind: isTest === holds ? "and" : "or", parts };
}

function booleanTest(node: Node, holds: boolean): Condition {
  const column = columnOf(withoutCasts(node["arg"] as Node));
  const test = String(node["booltesttype"]);
  if (column === undefined || !/^IS_(NOT_)?(TRUE|FALSE)$/.test(test)) return UNREAD;
  const wanted = (test.endsWith("TRUE") !== test.includes("NOT")) === holds;
  return { kind: "in", column, values: [String(wanted)], isIn: true };
}

function caseOf(node: Node, holds: boolean): Condition {
  if (node["arg"] !== undefined) return UNREAD;
  const parts: Condition[] = [];
  const before: Condition[] = [];
  for (const when of node["args"] as readonly Node[]) {
    const { expr, result } = of(when, "CaseWhen") as { readonly expr: Node; readonly result: Node };
    parts.push({ kind: "and", parts: [...before, read(expr, true), read(result, holds)] });
    before.push(read(expr, false));
  }
  const last = node["defresult"] as Node | undefined;
  parts.push({ kind: "and", parts: [...before, last === undefined ? TRUE : read(last, holds)] });
  return { kind: "or", parts };
}

const OPPOSITES: Readonly<Record<string, string>> = {
  "=": "<>",
  "<>": "=",
  "<": ">=",
  "<=": ">",
  ">": "<=",
  ">=": "<",
  "~": "!~",
  "!~": "~",
  "~*": "!~*",
  "~~": "!~~",
  "!~~": "~~",
  "~~*": "!~~*",
};
const TURNED: Readonly<Record<string, string>> = { "=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

function comparison(node: Node, holds: boolean): Condition {
  const [name] = (node["name"] as readonly Node[]).slice(-1).map((part) => String(of(part, "String")["sval"]));
  const left = withoutCasts(node["lexpr"] as Node);
  const right = withoutCasts(node["rexpr"] as Node);
  switch (node["kind"]) {
    case "AEXPR_OP_ANY":
    case "AEXPR_OP_ALL":
    case "AEXPR_IN":
      return membership(left, right, { name, isAll: node["kind"] === "AEXPR_OP_ALL", holds });
    case "AEXPR_OP": {
      const op = holds ? name : OPPOSITES[name];
      return op === undefined ? UNREAD : operation(left, op, right);
    }
    case "AEXPR_BETWEEN": {
      const [low, high] = (of(right, "List")["items"] as readonly Node[]).map(withoutCasts);
      const parts = [operation(left, holds ? ">=" : "<", low), operation(left, holds ? "<=" : ">", high)];
      return { kind: holds ? "and" : "or", parts };
    }
    case "AEXPR_DISTINCT":
    case "AEXPR_NOT_DISTINCT":
      return operation(left, (node["kind"] === "AEXPR_NOT_DISTINCT") === holds ? "=" : "<>", right);
    default:
      return UNREAD;
  }
}

function membership(
  left: Node,
  right: Node,
  { name, isAll, holds }: { readonly name: string; readonly isAll: boolean; readonly holds: boolean },
): Condition {
  const column = columnOf(left);
  const items = "A_ArrayExpr" in right ? of(right, "A_ArrayExpr")["elements"] : of(right, "List")["items"];
  const values = ((items as readonly Node[] | undefined) ?? arrayLiteral(right)).map((one) =>
    typeof one === "string" ? one : constantOf(withoutCasts(one as Node)),
  );
  if (values.length === 0 || values.some((value) => value === undefined)) return UNREAD;
  const known = values.filter((value) => value !== null) as string[];
  const isEqual = name === "=" && !isAll;
  const isOther = name === "<>" && (isAll || !items);
  const cased = caseCallOf(left);
  if (cased !== undefined && isEqual && holds && known.every((value) => value === cased.turn(value))) {
    return { kind: "in", column: cased.column, values: known, isIn: true };
  }
  if (column !== undefined && (isEqual || isOther))
    return { kind: "in", column, values: known, isIn: isEqual === holds };
  if (name === "~" && !isAll && column !== undefined && holds) {
    return { kind: "or", parts: known.map((regex): Condition => ({ kind: "regex", column, regex })) };
  }
  return UNREAD;
}

function operation(left: Node, op: string, right: Node): Condition {
  const truths = [left, right].filter(isTruth).length;
  const columns = [left, right].filter((side) => columnOf(side) !== undefined).length;
  if (truths > 0 && truths + columns === 2) return sameTruth(left, right, op);
  const constant = constantOf(right);
  if (constant === undefined) {
    if (constantOf(left) !== undefined && TURNED[op] !== undefined) return operation(right, TURNED[op], left);
    return ofColumns(left, op, right);
  }
  if (constant === null) return TRUE;
  const column = columnOf(left);
  if (column !== undefined) return ofConstant(column, op, constant);
  const cased = caseCallOf(left);
  if (cased !== undefined && op === "=" && constant === cased.turn(constant)) {
    return { kind: "in", column: cased.column, values: [constant], isIn: true };
  }
  const begun = functionOf(left);
  if ((begun?.name === "left" || begun?.name === "starts_with") && op === "=") {
    const start = columnOf(withoutCasts(begun.args[0]));
    if (start !== undefined) return { kind: "regex", column: start, regex: regexOfLike(`${constant}%`) };
  }
  const measured = lengthOf(left);
  const bound = Number(constant);
  if (measured !== undefined && Number.isFinite(bound)) return bounded("length", measured, op, bound);
  const counted = nullCount(left);
  if (counted !== undefined && Number.isInteger(bound)) return countOf(counted, op, bound);
  return UNREAD;
}

/** Whether a node is a condition by itself. */
function isTruth(node: Node): boolean {
  return ["BoolExpr", "NullTest", "BooleanTest"].some((kind) => kind in node) || isComparison(node);
}

function isComparison(node: Node): boolean {
  const names = (of(node, "A_Expr")["name"] as readonly Node[] | undefined) ?? [];
  return names.some((part) => Object.hasOwn(OPPOSITES, String(of(part, "String")["sval"])));
}

/** `(state = 'closed') = (closed_at IS NOT NULL)`: both, or neither. */
function sameTruth(left: Node, right: Node, op: string): Condition {
  if (op !== "=" && op !== "<>") return UNREAD;
  const both: Condition = { kind: "and", parts: [read(left, true), read(right, op === "=")] };
  return { kind: "or", parts: [both, { kind: "and", parts: [read(left, false), read(right, op !== "=")] }] };
}

function ofConstant(column: string, op: string, constant: string): Condition {
  switch (op) {
    case "=":
    case "<>":
      return { kind: "in", column, values: [constant], isIn: op === "=" };
    case "~":
    case "~*":
      return { kind: "regex", column, regex: constant };
    case "~~":
    case "~~*":
      return { kind: "regex", column, regex: regexOfLike(constant) };
    default: {
      const bound = momentOf(constant) ?? Number(constant);
      return constant.trim() !== "" && Number.isFinite(bound) ? bounded("value", column, op, bound) : UNREAD;
    }
  }
}

function bounded(of: "value" | "length", column: string, op: string, bound: number): Condition {
  if (op === "=") {
    const parts = ([">=", "<="] as const).map((one): Condition => ({ kind: "range", of, column, op: one, bound }));
    return { kind: "and", parts };
  }
  return ["<", "<=", ">", ">="].includes(op) ? { kind: "range", of, column, op: op as Op, bound } : UNREAD;
}

function ofColumns(left: Node, op: string, right: Node): Condition {
  const [a, b] = [columnOf(left), columnOf(right)];
  if (a !== undefined && b !== undefined) {
    return ["<", "<=", ">", ">=", "=", "<>"].includes(op)
      ? { kind: "columns", left: a, op: op as Op, right: b }
      : UNREAD;
  }
  // `lower(name) = name`
  const [call, column] = a === undefined ? [left, b] : [right, a];
  const to = functionOf(call);
  if (op === "=" && column !== undefined && (to?.name === "lower" || to?.name === "upper")) {
    const [arg] = to.args.map(withoutTrim);
    if (columnOf(arg) === column) return { kind: "case", column, to: to.name };
  }
  return UNREAD;
}

/** `lower(name)` or `upper(name)`. */
function caseCallOf(node: Node): { readonly column: string; readonly turn: (text: string) => string } | undefined {
  const call = functionOf(node);
  const column = call && columnOf(withoutTrim(call.args[0] ?? {}));
  if (column === undefined || (call?.name !== "lower" && call?.name !== "upper")) return undefined;
  return { column, turn: (text) => (call.name === "lower" ? text.toLowerCase() : text.toUpperCase()) };
}

/** How many of some columns are there: `num_nonnulls(a, b)`, or `(a IS NOT NULL)::int + …`. */
function nullCount(node: Node): { readonly columns: readonly string[]; readonly isNull: boolean } | undefined {
  const call = functionOf(node);
  if (call?.name === "num_nonnulls" || call?.name === "num_nulls") {
    const columns = call.args.map((arg) => columnOf(withoutCasts(arg)));
    if (columns.some((column) => column === undefined)) return undefined;
    return { columns: columns as string[], isNull: call.name === "num_nulls" };
  }
  const terms = summands(node);
  const tests = terms.map((term) => ("NullTest" in term ? of(term, "NullTest") : undefined));
  if (terms.length < 2 || tests.some((test) => test?.["nulltesttype"] !== "IS_NOT_NULL")) return undefined;
  const columns = tests.map((test) => columnOf(withoutCasts(test!["arg"] as Node)));
  return columns.includes(undefined) ? undefined : { columns: columns as string[], isNull: false };
}

function summands(node: Node): Node[] {
  const plain = withoutCasts(node);
  const sum = of(plain, "A_Expr");
  const isSum = (sum["name"] as readonly Node[] | undefined)?.some((part) => of(part, "String")["sval"] === "+");
  return isSum ? [...summands(sum["lexpr"] as Node), ...summands(sum["rexpr"] as Node)] : [plain];
}

const COUNTED_MAX = 6;

function countOf(
  { columns, isNull }: { readonly columns: readonly string[]; readonly isNull: boolean },
  op: string,
  bound: number,
): Condition {
  if (columns.length > COUNTED_MAX) return UNREAD;
  const meets = (count: number): boolean =>
    op === "="
      ? count === bound
      : op === "<"
        ? count < bound
        : op === "<="
          ? count <= bound
          : op === ">"
            ? count > bound
            : op === ">="
              ? count >= bound
              : count !== bound;
  const parts: Condition[] = [];
  for (let subset = 0; subset < 2 ** columns.length; subset++) {
    const counted = columns.filter((_, at) => (subset >> at) & 1);
    if (!meets(counted.length)) continue;
    parts.push({
      kind: "and",
      parts: columns.map(
        (column): Condition => ({ kind: "null", column, isNull: counted.includes(column) === isNull }),
      ),
    });
  }
  return { kind: "or", parts };
}
