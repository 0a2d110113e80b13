import type { CatalogColumn } from "./catalog.js";
import { type DraftColumn, type DraftTable, hiddenColumn, refuse } from "./draft.js";
import { type Declared, type RuleContext, rowNumber, ruleFor, ruleName } from "./rules.js";
import { samplesOf, typeOf } from "./types.js";

/**
 * Literals that the server has taken, by type; a type that is not there has not been asked for. Null for a type that has no
 * binary form: Postgres then takes no binary COPY of its table, whichever columns that names.
 */
export type Accepted = ReadonlyMap<string, readonly string[] | null>;

/** The window that moments lie in, where nobody says another: fixed, since the same catalog gives the same file. */
export const WINDOW = { from: "2024-01-01", to: "2026-01-01" } as const;

/** The share of rows without a value, in columns that may be without, where nothing else is known. */
const NULLS_USUAL = 0.1;

/** Fills a table's columns by their names and types, in their order; what Postgres generates is left out. */
export function fillColumns(table: DraftTable, accepted: Accepted): void {
  for (const catalog of table.catalog.columns) {
    if (catalog.generated) continue;
    const type = typeOf(catalog);
    if (accepted.get(type.type) === null) {
      refuse(
        table,
        `${catalog.name} is of the type ${catalog.base}, which has no binary form: its table takes no binary COPY`,
      );
      continue;
    }
    const rule = ruleFor(catalog.name, type);
    const column: DraftColumn = {
      catalog,
      type,
      rule,
      declared: "",
      why: undefined,
      isUnique: false,
      isSettled: false,
    };
    column.declared = declaredFor(table, column, accepted);
    if (rule !== undefined) column.why = rule.name;
    table.columns.set(catalog.name, column);
  }
}

/** The types whose literals nobody here knows: the server says which guesses it takes. */
export function typesToAsk(columns: readonly CatalogColumn[]): string[] {
  const types = columns.flatMap((column) => {
    const { family, type } = typeOf(column);
    return family === "written" && !column.generated ? [type] : [];
  });
  return [...new Set(types)];
}

/** What a rule may ask of a table. */
export function ruleContext(table: DraftTable, { type }: Pick<DraftColumn, "type">): RuleContext {
  return {
    table: table.catalog.name,
    type,
    hidden: (name, declared) => hiddenColumn(table, name, declared),
    like: (rule) =>
      [...table.columns.values()].find(
        (column) => column.rule?.name === rule && column.type.family === "moment" && column.catalog.notNull,
      )?.catalog.name,
  };
}

function declaredFor(table: DraftTable, column: DraftColumn, accepted: Accepted): Declared {
  const { rule, type, catalog } = column;
  const declared =
    type.family === "enum"
      ? { choice: catalog.labels ?? [] }
      : (rule?.make(ruleContext(table, column)) ?? usual(table, column, accepted));
  return withNulls(declared, column);
}

/** What a column holds where its name says nothing. */
function usual(table: DraftTable, { type, catalog }: DraftColumn, accepted: Accepted): Declared {
  const context = ruleContext(table, { type });
  const word = context.hidden.bind(context, "_noun", { word: "noun" });
  switch (type.family) {
    case "whole":
      return { integer: [1, Math.min(1000, type.largest)], type: type.type };
    case "decimal":
    case "double":
      return { decimal: [0, Math.min(1000, type.largest)], type: type.type };
    case "bool":
      return { chance: 0.5 };
    case "enum":
      return { choice: catalog.labels ?? [] };
    case "text":
      if (type.length === Infinity) return { word: "noun" };
      return type.length >= 20
        ? { text: `{${word()}}`, type: type.type }
        : { pattern: letters(type.length), type: type.type };
    case "fixed":
      return { pattern: fixed(type.length), type: type.type };
    case "bytes":
      return { matching: "^[0-9a-f]{16}$" };
    case "uuid":
      return "uuid";
    case "jsonb":
      return { json: { [ruleName(catalog.name)]: { always: "sample" }, number: rowNumber(context) } };
    case "json":
      return { choice: ['{"a": 1}', '{"b": [1, 2]}', "{}"] };
    case "date":
    case "moment":
      return { moment: "window", ...(type.type !== "timestamptz" && { type: type.type }) };
    case "texts":
      return { some_of: ["red", "green", "blue", "white", "black"] };
    case "written":
      return writtenOut(table, { type, catalog }, accepted.get(type.type) ?? samplesOf(type.type).literals);
  }
}

/** One of some literals; where none is known, nothing. */
function writtenOut(
  table: DraftTable,
  { type, catalog }: Pick<DraftColumn, "type" | "catalog">,
  literals: readonly string[],
): Declared {
  if (literals.length > 0) return { choice: literals, type: type.type };
  if (catalog.notNull) refuse(table, `no value of ${catalog.name}, of the type ${catalog.base}, is known`);
  return { always: "", nulls: 1 };
}

/** Letters of a pattern, up to as many as a number can tell apart. */
export function letters(length: number): string {
  return "?".repeat(Math.max(1, Math.min(8, length)));
}

/** A pattern of exactly a length, so that Postgres pads nothing. */
export function fixed(length: number): string {
  return letters(length).padEnd(length, "X");
}

/** A declaration to which others may be added: of a bare word, the kind of that name, or a copy of the path. */
export function asMapping(declared: Declared): Readonly<Record<string, unknown>> {
  if (typeof declared !== "string") return declared;
  return ["id", "uuid", "ordinal"].includes(declared) ? { [declared]: null } : { copy: declared };
}

/** A declaration with a share of rows without a value, where the column may be without. */
export function withNulls(declared: Declared, { catalog, rule }: Pick<DraftColumn, "catalog" | "rule">): Declared {
  const share = rule?.nulls ?? NULLS_USUAL;
  if (catalog.notNull || share === 0) return declared;
  return { ...asMapping(declared), nulls: share };
}

/** A declaration with a value in each row. */
export function withoutNulls(declared: Declared): Declared {
  if (typeof declared === "string") return declared;
  const { nulls: _nulls, ...rest } = declared;
  return rest;
}
