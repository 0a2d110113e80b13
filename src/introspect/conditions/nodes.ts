/** A node of Postgres's own syntax tree, as libpg-query gives it. */
export type Node = Readonly<Record<string, unknown>>;

/** What a node of a kind holds; nothing where it is of another. */
export function of(node: Node | undefined, kind: string): Node {
  return (node?.[kind] as Node | undefined) ?? {};
}

const LENGTHS: ReadonlySet<string> = new Set(["length", "char_length", "character_length", "octet_length"]);

const TRIMS: ReadonlySet<string> = new Set(["btrim", "ltrim", "rtrim", "trim"]);

/** The column whose length a node is. */
export function lengthOf(node: Node): string | undefined {
  const call = functionOf(node);
  return call !== undefined && LENGTHS.has(call.name) ? columnOf(withoutTrim(call.args[0])) : undefined;
}

/** What is made here neither begins nor ends with blanks. */
export function withoutTrim(node: Node): Node {
  const plain = withoutCasts(node);
  const call = functionOf(plain);
  return call !== undefined && TRIMS.has(call.name) && call.args.length === 1 ? withoutTrim(call.args[0]) : plain;
}

/** A call of a function: its name, without a schema, and its arguments. */
export function functionOf(node: Node): { readonly name: string; readonly args: readonly Node[] } | undefined {
  if (!("FuncCall" in node)) return undefined;
  const call = of(node, "FuncCall");
  const [name] = (call["funcname"] as readonly Node[]).slice(-1).map((part) => String(of(part, "String")["sval"]));
  return { name, args: (call["args"] as readonly Node[] | undefined) ?? [] };
}

/** What is cast to other types, or trimmed, or collated, by itself. */
export function withoutCasts(node: Node): Node {
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

/** A column's name; undefined for anything else. */
export function columnOf(node: Node): string | undefined {
  const fields = of(node, "ColumnRef")["fields"] as readonly Node[] | undefined;
  if (fields?.length !== 1) return undefined;
  const name = of(fields[0], "String")["sval"];
  return typeof name === "string" ? name : undefined;
}

/** A constant as a text; null for NULL, undefined for anything else. */
export function constantOf(node: Node): string | null | undefined {
  if (!("A_Const" in node)) return undefined;
  const constant = of(node, "A_Const");
  if (constant["isnull"]) return null;
  if ("ival" in constant) return String(of(constant, "ival")["ival"] ?? 0);
  if ("fval" in constant) return String(of(constant, "fval")["fval"]);
  if ("sval" in constant) return String(of(constant, "sval")["sval"] ?? "");
  if ("boolval" in constant) return String(of(constant, "boolval")["boolval"] ?? false);
  return undefined;
}

/** The elements of a literal such as `'{a,b}'`. */
export function arrayLiteral(node: Node): string[] {
  const text = constantOf(node);
  const inner = typeof text === "string" ? /^\{(.*)\}$/s.exec(text)?.[1] : undefined;
  if (inner === undefined || inner === "") return [];
  return inner.split(",").map((part) => part.replace(/^"(.*)"$/s, "$1"));
}

/** A regular expression that matches what a LIKE pattern does. */
export function regexOfLike(pattern: string): string {
  const parts = [...pattern.matchAll(/\\?[\s\S]/gu)].map(([letter]) => {
    if (letter === "%") return "[a-z]{6}";
    if (letter === "_") return "[a-z]";
    const plain = letter.length > 1 ? letter.slice(1) : letter;
    return /[\w\s/:@-]/.test(plain) ? plain : `\\${plain}`;
  });
  return `^${parts.join("")}$`;
}

/** A date or a moment as Postgres prints it, in ms since 1970 UTC. */
export function momentOf(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d(?:\.\d+)?))?([+-]\d\d)?(:?\d\d)?$/.exec(text);
  if (match === null) return undefined;
  const [, day, time = "00:00:00", zone] = match;
  const moment = Date.parse(`${day}T${time}${zone === undefined ? "Z" : `${zone}:00`}`);
  return Number.isNaN(moment) ? undefined : moment;
}
