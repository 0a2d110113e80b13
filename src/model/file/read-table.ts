import type { Column } from "../../columns/column.js";
import { DeclarationError, type Kind, path } from "../../columns/kinds/kind.js";
import { KINDS } from "../../columns/kinds/vocabulary.js";
import { listed } from "../../columns/picks.js";
import { listedName } from "../paths.js";
import { nearest } from "../scenario/nearest.js";
import { readAnomalies } from "./anomalies.js";
import { combinationColumns } from "./combinations.js";
import { isIdentifier, type TableDeclaration } from "./declaration.js";
import { LINK_WORDS, type LinkDeclaration, linkSchema } from "./links.js";
import type { List } from "./lists.js";
import { type ColumnDeclaration, isDeclaration, isHidden, type Table, type Tell, usualName } from "./table.js";
import { parseType, TYPES_TEXT } from "./types.js";

/** The keys that any column may have beside its kind. */
export const COMMON = ["type", "nulls", "when", "unique", "check", "comment", "stored"] as const;

/** What tables are read with. */
export interface Reading {
  readonly lists: ReadonlyMap<string, List>;
  readonly tell: Tell;
}

/** Reads a table's links and columns; each fault is told, and what is faulty is left out. */
export function readTable(name: string, declaration: TableDeclaration, { lists, tell }: Reading): Table {
  const at = ["tables", name];
  if (!isIdentifier(name)) tell(at, "expected the name of a table, up to 63 bytes, without dots");
  const { rows } = declaration;
  const owner = typeof rows === "object" && "owner" in rows ? rows.owner : undefined;
  const links = new Map<string, LinkDeclaration>();
  for (const [link, given] of Object.entries(declaration.links ?? {})) {
    const read = readLink(given, [...at, "links", link], tell);
    if (read !== undefined) links.set(link, read);
  }
  const isTaken = owner === undefined || links.has(owner) || Object.hasOwn(declaration.columns, owner);
  // The owner is a link by its own name, without a word.
  if (!isTaken) links.set(owner, { owner });
  const columns = new Map<string, ColumnDeclaration | Column>();
  for (const [column, given] of Object.entries(declaration.columns)) {
    const where = [...at, "columns", column];
    if (!isIdentifier(column)) tell(where, "expected the name of a column, up to 63 bytes, without dots");
    else if (links.has(column)) tell(where, `${column} is a link of the table already`);
    const read = readColumn(given, where, tell);
    if (read === undefined) continue;
    columns.set(column, read);
    for (const [part, value] of partsOf(column, read, lists)) columns.set(part, value);
  }
  const found = readAnomalies(name, declaration.anomalies ?? {}, {
    isStored: (column) => Object.hasOwn(declaration.columns, column) && !isHidden(column, columns.get(column)),
    moment: [...columns].find(([column, declared]) => !isHidden(column, declared) && isMoment(declared))?.[0],
    hasId: [...columns.values()].some(isId),
    readColumn: (given, where) => readColumn(given, where, tell),
    tell,
  });
  for (const column of found.strikes.keys()) {
    const usual = columns.get(column);
    if (usual !== undefined) columns.set(usualName(column), usual);
  }
  for (const [column, value] of found.columns) columns.set(column, value);
  try {
    for (const [column, value] of combinationColumns({ links, columns, declaration })) columns.set(column, value);
  } catch (error) {
    if (!(error instanceof DeclarationError)) throw error;
    tell([...at, "combinations"], error.message);
  }
  const { strikes, anomalies } = found;
  return { name, declaration, owner, links, columns, strikes, anomalies };
}

const MOMENT_KINDS = new Set(["moment", "between", "after", "latest_change"]);

function isMoment(declared: ColumnDeclaration | Column): boolean {
  if (isDeclaration(declared)) return MOMENT_KINDS.has(declared.kind.name);
  return declared.type.name === "timestamptz" || declared.type.name === "timestamp";
}

function isId(declared: ColumnDeclaration | Column): boolean {
  return isDeclaration(declared) ? declared.kind.name === "id" : declared.rowId === true;
}

/** The columns of the list whose row a column picks, as columns beside it: `_place.city`. */
function partsOf(
  name: string,
  declared: ColumnDeclaration | Column,
  lists: ReadonlyMap<string, List>,
): readonly (readonly [string, Column])[] {
  if (!isDeclaration(declared) || !["pick", "row_of"].includes(declared.kind.name) || !isHidden(name, declared))
    return [];
  const list = lists.get(String(declared.parameters.value));
  const isOptional = declared.nulls !== undefined && declared.nulls !== 0;
  return [...(list?.columns ?? [])].map(([part, held]) => {
    const column = listed(name, held);
    return [listedName(name, part), { ...column, hidden: true, nullable: isOptional || column.nullable === true }];
  });
}

function readLink(given: unknown, at: readonly PropertyKey[], tell: Tell): LinkDeclaration | undefined {
  const schema = typeof given === "object" && given !== null ? linkSchema(given) : undefined;
  if (schema === undefined) {
    tell(at, `expected a link: a mapping that says ${LINK_WORDS.join(", ")}`);
    return undefined;
  }
  const { success, data, error } = schema.safeParse(given);
  if (success) return data as LinkDeclaration;
  for (const issue of error.issues) tell([...at, ...issue.path], messageOf(issue));
  return undefined;
}

/** A problem of zod's in our words. */
export function messageOf(issue: {
  readonly code?: string;
  readonly message: string;
  readonly keys?: readonly string[];
}): string {
  if (issue.code === "unrecognized_keys") return `unknown key ${(issue.keys ?? []).join(", ")}`;
  return issue.message
    .replace("expected object", "expected a mapping")
    .replace("expected record", "expected a mapping")
    .replace(/^Invalid (input|option): /, "")
    .replace(/, received .*$/s, "");
}

function readColumn(given: unknown, at: readonly PropertyKey[], tell: Tell): ColumnDeclaration | Column | undefined {
  if (isColumn(given)) return given;
  if (typeof given === "string") return readWord(given, at, tell);
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    tell(at, "expected a column: the name of a kind, the path of another column, or a mapping with a kind");
    return undefined;
  }
  const words = Object.keys(given).filter((key) => KINDS.has(key));
  if (words.length !== 1) {
    const others = Object.keys(given).filter((key) => !(COMMON as readonly string[]).includes(key));
    tell(at, words.length > 1 ? `expected one kind, got ${words.join(" and ")}` : unknownKind(others[0] ?? ""));
    return undefined;
  }
  return readKind(KINDS.get(words[0])!, given as Record<string, unknown>, at, tell);
}

function isColumn(given: unknown): given is Column {
  return typeof given === "object" && given !== null && typeof (given as Column).bind === "function";
}

function unknownKind(word: string): string {
  const [guess] = nearest(word, [...KINDS.keys()], 1);
  const help = guess === undefined ? "; `seed-bulk kinds` lists them" : `, did you mean ${guess}?`;
  return `there is no kind ${JSON.stringify(word)}${help}`;
}

/** A column of one word: a kind that needs no parameters, or a path. */
function readWord(word: string, at: readonly PropertyKey[], tell: Tell): ColumnDeclaration | undefined {
  const kind = KINDS.get(word);
  if (kind !== undefined) return readKind(kind, { [word]: null }, at, tell);
  if (!path().safeParse(word).success || !word.includes(".")) {
    tell(at, unknownKind(word));
    return undefined;
  }
  return readKind(KINDS.get("copy")!, { copy: word }, at, tell);
}

function readKind(
  kind: Kind,
  given: Readonly<Record<string, unknown>>,
  at: readonly PropertyKey[],
  tell: Tell,
): ColumnDeclaration | undefined {
  const others = Object.entries(given).filter(
    ([key]) => key !== kind.name && !(COMMON as readonly string[]).includes(key),
  );
  const { success, data, error } = kind.parameters.safeParse({
    value: given[kind.name],
    ...Object.fromEntries(others),
  });
  const common = readCommon(given, at, tell);
  if (success && common !== undefined) {
    const copies = kind.name === "copy" ? (data.value as string) : undefined;
    return { kind, parameters: data, ...common, copies };
  }
  for (const issue of error?.issues ?? []) {
    const [first, ...rest] = issue.path;
    tell([...at, ...(first === undefined ? [] : [first === "value" ? kind.name : first]), ...rest], messageOf(issue));
  }
  return undefined;
}

function readCommon(
  { type, nulls, when, unique: isUnique, check, comment, stored }: Readonly<Record<string, unknown>>,
  at: readonly PropertyKey[],
  tell: Tell,
): Omit<ColumnDeclaration, "kind" | "parameters" | "copies"> | undefined {
  const parsed = type === "enum" ? "enum" : typeof type === "string" ? parseType(type) : undefined;
  const faults: [string, string, boolean][] = [
    ["type", `expected a type: ${TYPES_TEXT}`, type !== undefined && parsed === undefined],
    [
      "nulls",
      "expected a share from 0 to 1, or a knob such as shares.unknown",
      nulls !== undefined &&
        !(typeof nulls === "number" && nulls >= 0 && nulls <= 1) &&
        !(typeof nulls === "string" && /^shares\.[A-Za-z]\w*$/.test(nulls)),
    ],
    ["unique", "expected true or false", isUnique !== undefined && typeof isUnique !== "boolean"],
    ["when", "expected the path of a column of true and false", when !== undefined && !path().safeParse(when).success],
    ["stored", "expected true or false", stored !== undefined && typeof stored !== "boolean"],
    ["check", "expected an SQL condition", check !== undefined && typeof check !== "string"],
    ["comment", "expected text", comment !== undefined && typeof comment !== "string"],
  ];
  const wrong = faults.filter(([, , isWrong]) => isWrong);
  for (const [key, message] of wrong) tell([...at, key], message);
  if (wrong.length > 0) return undefined;
  return {
    type: parsed,
    nulls: nulls as number | string | undefined,
    isUnique: isUnique === true,
    when: when as string | undefined,
    isStored: stored === true,
    check: check as string | undefined,
    comment: comment as string | undefined,
  };
}
