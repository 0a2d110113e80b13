import { type Condition, FALSE, type Op, TRUE } from "./condition.js";

/** A node of Postgres's own syntax tree, as libpg-query gives it. */
type Node = Readonly<Record<string, unknown>>;

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

function of(node: Node | undefined, kind: string): Node {
  return (node?.[kind] as Node | undefined) ?? {};
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

/** The elements of a literal such as `'{a,b}'`. */
function arrayLiteral(node: Node): string[] {
  const text = constantOf(node);
  const inner = typeof text === "string" ? /^\{(.*)\}$/s.exec(text)?.[1] : undefined;
  if (inner === undefined || inner === "") return [];
  return inner.split(",").map((part) => part.replace(/^"(.*)"$/s, "$1"));
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

/** A date or a moment as Postgres prints it, in ms since 1970 UTC. */
function momentOf(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d(?:\.\d+)?))?([+-]\d\d)?(:?\d\d)?$/.exec(text);
  if (match === null) return undefined;
  const [, day, time = "00:00:00", zone] = match;
  const moment = Date.parse(`${day}T${time}${zone === undefined ? "Z" : `${zone}:00`}`);
  return Number.isNaN(moment) ? undefined : moment;
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
    return ["<", "<=", ">", ">=", "="].includes(op) ? { kind: "columns", left: a, op: op as Op, right: b } : UNREAD;
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

const LENGTHS: ReadonlySet<string> = new Set(["length", "char_length", "character_length", "octet_length"]);
const TRIMS: ReadonlySet<string> = new Set(["btrim", "ltrim", "rtrim", "trim"]);

function lengthOf(node: Node): string | undefined {
  const call = functionOf(node);
  return call !== undefined && LENGTHS.has(call.name) ? columnOf(withoutTrim(call.args[0])) : undefined;
}

/** What is made here neither begins nor ends with blanks. */
function withoutTrim(node: Node): Node {
  const plain = withoutCasts(node);
  const call = functionOf(plain);
  return call !== undefined && TRIMS.has(call.name) && call.args.length === 1 ? withoutTrim(call.args[0]) : plain;
}

function functionOf(node: Node): { readonly name: string; readonly args: readonly Node[] } | undefined {
  if (!("FuncCall" in node)) return undefined;
  const call = of(node, "FuncCall");
  const [name] = (call["funcname"] as readonly Node[]).slice(-1).map((part) => String(of(part, "String")["sval"]));
  return { name, args: (call["args"] as readonly Node[] | undefined) ?? [] };
}

function withoutCasts(node: Node): Node {
  let plain = node;
  while (plain !== undefined && ("TypeCast" in plain || "CollateClause" in plain)) {
    plain = (of(plain, "TypeCast")["arg"] ?? of(plain, "CollateClause")["arg"]) as Node;
  }
  // `btrim(name) <> ''` asks of the name what it asks of what is left of it.
  const call = plain === undefined ? undefined : functionOf(plain);
  return call !== undefined && TRIMS.has(call.name) && call.args.length === 1
    ? withoutCasts(call.args[0])
    : (plain ?? {});
}

function columnOf(node: Node): string | undefined {
  const fields = of(node, "ColumnRef")["fields"] as readonly Node[] | undefined;
  if (fields?.length !== 1) return undefined;
  const name = of(fields[0], "String")["sval"];
  return typeof name === "string" ? name : undefined;
}

/** A constant as a text; null for NULL, undefined for anything else. */
function constantOf(node: Node): string | null | undefined {
  if (!("A_Const" in node)) return undefined;
  const constant = of(node, "A_Const");
  if (constant["isnull"]) return null;
  if ("ival" in constant) return String(of(constant, "ival")["ival"] ?? 0);
  if ("fval" in constant) return String(of(constant, "fval")["fval"]);
  if ("sval" in constant) return String(of(constant, "sval")["sval"] ?? "");
  if ("boolval" in constant) return String(of(constant, "boolval")["boolval"] ?? false);
  return undefined;
}

/** A regular expression that matches what a LIKE pattern does. */
function regexOfLike(pattern: string): string {
  const parts = [...pattern.matchAll(/\\?[\s\S]/gu)].map(([letter]) => {
    if (letter === "%") return "[a-z]{6}";
    if (letter === "_") return "[a-z]";
    const plain = letter.length > 1 ? letter.slice(1) : letter;
    return /[\w\s/:@-]/.test(plain) ? plain : `\\${plain}`;
  });
  return `^${parts.join("")}$`;
}
