import type { Column } from "../../columns/column.js";
import { checked, described, unique } from "../../columns/column.js";
import { DeclarationError, type Kind, type KindContext, path as pathSchema } from "../../columns/kinds/kind.js";
import { KINDS } from "../../columns/kinds/vocabulary.js";
import { apart, sometimes } from "../../columns/values.js";
import type { SqlType } from "../../core/sql-type.js";
import { nearest } from "../scenario/nearest.js";
import { isIdentifier, type TableDeclaration } from "./declaration.js";
import { buildLink, LINK_WORDS, type LinkDeclaration, linkSchema, linkTarget } from "./links.js";
import { parseType, TYPES_TEXT } from "./types.js";

/** Tells a problem with what stands at a path of the declaration. */
export type Tell = (path: readonly PropertyKey[], message: string) => void;

/** What a column is declared as. */
export interface ColumnDeclaration {
  readonly kind: Kind;
  readonly parameters: { readonly value?: unknown };
  readonly type: SqlType | "enum" | undefined;
  readonly nulls: number | undefined;
  readonly isUnique: boolean;
  readonly check: string | undefined;
  readonly comment: string | undefined;
  /** The path that it is a plain copy of: of such columns foreign keys are made. */
  readonly copies: string | undefined;
}

/** A table with its links and columns as declarations. */
export interface Table {
  readonly name: string;
  readonly declaration: TableDeclaration;
  readonly owner: string | undefined;
  readonly links: ReadonlyMap<string, LinkDeclaration>;
  /** Declarations, or columns that a program has made itself. */
  readonly columns: ReadonlyMap<string, ColumnDeclaration | Column>;
}

/** The keys that any column may have beside its kind. */
const COMMON = ["type", "nulls", "unique", "check", "comment"] as const;

/** Reads a table's links and columns; each fault is told, and what is faulty is left out. */
export function readTable(name: string, declaration: TableDeclaration, tell: Tell): Table {
  const at = ["tables", name];
  if (!isIdentifier(name)) tell(at, "expected the name of a table, up to 63 bytes, without dots");
  const { rows } = declaration;
  const owner = typeof rows === "object" ? rows.owner : undefined;
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
    if (read !== undefined) columns.set(column, read);
  }
  return { name, declaration, owner, links, columns };
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
  if (!pathSchema().safeParse(word).success || !word.includes(".")) {
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
  { type, nulls, unique: isUnique, check, comment }: Readonly<Record<string, unknown>>,
  at: readonly PropertyKey[],
  tell: Tell,
): Omit<ColumnDeclaration, "kind" | "parameters" | "copies"> | undefined {
  const parsed = type === "enum" ? "enum" : typeof type === "string" ? parseType(type) : undefined;
  const faults: [string, string, boolean][] = [
    ["type", `expected a type: ${TYPES_TEXT}`, type !== undefined && parsed === undefined],
    [
      "nulls",
      "expected a share from 0 to 1",
      nulls !== undefined && !(typeof nulls === "number" && nulls >= 0 && nulls <= 1),
    ],
    ["unique", "expected true or false", isUnique !== undefined && typeof isUnique !== "boolean"],
    ["check", "expected an SQL condition", check !== undefined && typeof check !== "string"],
    ["comment", "expected text", comment !== undefined && typeof comment !== "string"],
  ];
  const wrong = faults.filter(([, , isWrong]) => isWrong);
  for (const [key, message] of wrong) tell([...at, key], message);
  if (wrong.length > 0) return undefined;
  return {
    type: parsed,
    nulls: nulls as number | undefined,
    isUnique: isUnique === true,
    check: check as string | undefined,
    comment: comment as string | undefined,
  };
}

/** What a table's columns may know of the model around them. */
export interface Surroundings {
  readonly tables: ReadonlyMap<string, Table>;
  labelsOf(weights: string): readonly string[] | undefined;
  hasKnob(knob: string): boolean;
  useWords(name: string): void;
}

/** Builds columns as they are asked for, since the type of a copy is that of what it copies. */
export class ColumnBuilder {
  readonly #around: Surroundings;
  readonly #built = new Map<string, Column>();
  readonly #underway: string[] = [];

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /**
   * A column or a link of a table.
   * @throws DeclarationError, with a path below its own declaration
   */
  column(table: Table, name: string): Column {
    const key = `${table.name}.${name}`;
    const known = this.#built.get(key);
    if (known !== undefined) return known;
    const at = this.#underway.indexOf(key);
    if (at >= 0) throw new DeclarationError(`needs itself: ${[...this.#underway.slice(at), key].join(" -> ")}`);
    this.#underway.push(key);
    try {
      const column = this.#build(table, name);
      this.#built.set(key, column);
      return column;
    } finally {
      this.#underway.pop();
    }
  }

  #build(table: Table, name: string): Column {
    const link = table.links.get(name);
    if (link !== undefined) {
      this.#requireTable(linkTarget(link));
      if ("any" in link && !("earlier" in link) && link.within !== undefined) this.#target(table, link.within);
      return buildLink(link, table.name, table.owner);
    }
    const declared = table.columns.get(name)!;
    const isHidden = name.startsWith("_");
    if (!("kind" in declared) || !("parameters" in declared))
      return { ...(declared as Column), ...(isHidden && { hidden: true }) };
    const { kind, parameters, type, nulls, isUnique, check, comment } = declared;
    let column = kind.build(parameters as never, this.#context(table, name, type, isHidden));
    if (type !== undefined && type !== "enum" && type.name !== column.type.name) {
      throw new DeclarationError(`${kind.name} makes ${column.type.name}, not ${type.name}`, ["type"]);
    }
    if (nulls !== undefined && nulls > 0) column = sometimes(1 - nulls, apart(column));
    if (isUnique) column = unique(column);
    if (check !== undefined) column = checked(check, column);
    if (comment !== undefined) column = described(comment, column);
    return isHidden ? { ...column, hidden: true, identity: false } : column;
  }

  #context(table: Table, column: string, type: KindContext["type"], isHidden: boolean): KindContext {
    const { labelsOf, hasKnob, useWords } = this.#around;
    return {
      table: table.name,
      column,
      type,
      isHidden,
      typeOf: (path) => this.#end(table, path).type,
      typeIn: (other, name) => this.#typed(this.#requireTable(other), name).type,
      isNullable: (path) => this.#isNullable(table, path),
      labelsOf(name) {
        const labels = labelsOf(name);
        if (labels === undefined) throw new DeclarationError(`the model has no weights ${name}`);
        return labels;
      },
      requireKnob(knob) {
        if (!hasKnob(knob)) throw new DeclarationError(`the model has no knob ${knob}`);
      },
      wordsOf: (path) => {
        const { owner, name } = this.#walk(table, path);
        const declared = owner.columns.get(name);
        if (declared !== undefined && "parameters" in declared) {
          if (declared.copies !== undefined)
            return this.#context(owner, name, undefined, false).wordsOf(declared.copies);
          if (declared.kind.name === "word") return String(declared.parameters.value);
        }
        throw new DeclarationError(`${path} is no word of a list`);
      },
      useWords,
    };
  }

  #requireTable(name: string): Table {
    const found = this.#around.tables.get(name);
    if (found !== undefined) return found;
    const [guess] = nearest(name, [...this.#around.tables.keys()], 1);
    throw new DeclarationError(`there is no table ${name}${guess === undefined ? "" : `, did you mean ${guess}?`}`);
  }

  /** The table and the name of the column that a path ends at. */
  #walk(table: Table, path: string): { readonly owner: Table; readonly name: string } {
    const steps = path.split(".");
    let owner = table;
    for (const step of steps.slice(0, -1)) owner = this.#requireTable(this.#linkOf(owner, step));
    return { owner, name: steps.at(-1)! };
  }

  /** The table that a path of links leads to. */
  #target(table: Table, path: string): Table {
    const { owner, name } = this.#walk(table, path);
    return this.#requireTable(this.#linkOf(owner, name));
  }

  #linkOf(table: Table, step: string): string {
    const link = table.links.get(step);
    if (link !== undefined) return linkTarget(link);
    const declared = table.columns.get(step);
    const column = declared !== undefined && !("parameters" in declared) ? (declared as Column) : undefined;
    const target = column?.link ?? column?.references?.entity;
    if (target !== undefined) return target;
    const [guess] = nearest(step, [...table.links.keys()], 1);
    const help = guess === undefined ? "it has none" : `did you mean ${guess}?`;
    throw new DeclarationError(`${table.name} has no link ${step}, ${help}`);
  }

  #end(table: Table, path: string): Column {
    const { owner, name } = this.#walk(table, path);
    return this.#typed(owner, name);
  }

  #typed(table: Table, name: string): Column {
    if (table.columns.has(name)) return this.column(table, name);
    const what = table.links.has(name)
      ? `${name} is a link of ${table.name}, and no column`
      : `${table.name} has no column ${name}`;
    const [guess] = nearest(name, [...table.columns.keys()], 1);
    throw new DeclarationError(guess === undefined ? what : `${what}, did you mean ${guess}?`);
  }

  #isNullable(table: Table, path: string): boolean {
    const steps = path.split(".");
    return steps.some((step, at) => {
      const { owner } = this.#walk(table, steps.slice(0, at + 1).join("."));
      return (at === steps.length - 1 ? this.#typed(owner, step) : this.column(owner, step)).nullable === true;
    });
  }
}
