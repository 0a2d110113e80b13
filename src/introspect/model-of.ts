import { isIdentifier, type ModelDeclaration } from "../model/file/declaration.js";
import { modelOf } from "../model/file/define.js";
import type { CatalogTable } from "./catalog.js";
import { type Accepted, fillColumns } from "./columns.js";
import { meetConditions } from "./conditions/apply.js";
import type { Read } from "./conditions/of-table.js";
import { meetOrder } from "./conditions/order.js";
import { passConditionsOn } from "./conditions/pass-on.js";
import { askForFirsts, meetFirsts } from "./conditions/pinned.js";
import { writtenType } from "./conditions/values.js";
import { NOTHING } from "./cover.js";
import { acceptedName, declarationOf } from "./declaration.js";
import { type DraftTable, hiddenColumn, listName, refuse } from "./draft.js";
import { meetExclusions } from "./exclusions.js";
import type { KeptRows } from "./kept.js";
import { meetKeys } from "./keys.js";
import { linkTables } from "./links.js";
import { shareRows } from "./sizes.js";
import { followParents } from "./times.js";
import { sizeTurns, type Turns } from "./turns.js";

/** A table that nothing can fill, and why. */
export interface RefusedTable {
  readonly schema: string;
  readonly table: string;
  readonly reason: string;
}

/** A model worked out from a catalog. */
export interface IntrospectedModel {
  readonly declaration: ModelDeclaration;
  /** Why columns are filled as they are, where that was guessed: by table and column. */
  readonly reasons: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly refused: readonly RefusedTable[];
  /** What whoever fills the tables should know: rules, row security, settings, what triggers would do. */
  readonly notes: readonly string[];
  /** The tables that are in it, by OID. */
  readonly names: ReadonlyMap<number, NamedTable>;
}

/** A table of a model. */
export interface NamedTable {
  readonly entity: string;
  readonly isKept: boolean;
  /** Columns that keys and links have settled. */
  readonly fixed: ReadonlySet<string>;
}

/** What the server has said of a table's rows. */
export interface Fix {
  readonly refused?: string;
  /** That rows cannot be added to it: those that are there stay, and are referred to. */
  readonly isKept?: boolean;
  /** The most rows that it may have. */
  readonly most?: number;
  readonly witnesses?: readonly KeptRows[];
}

/** What a model is worked out by, beside the catalog. */
export interface ModelOptions {
  readonly name: string;
  readonly rows: number;
  readonly accepted: Accepted;
  readonly read: Read;
  /** By table. */
  readonly kept: ReadonlyMap<number, KeptRows>;
  /** Rows that are there before those that are added; by table. */
  readonly added: ReadonlyMap<number, number>;
  readonly fixes: ReadonlyMap<number, Fix>;
  /** Settings that the session was given. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Works out how the tables of a catalog are filled. */
export function modelOfCatalog(catalog: readonly CatalogTable[], options: ModelOptions): IntrospectedModel {
  const refused = new Map<number, RefusedTable>();
  const schema = commonSchema(catalog);
  // A table that falls out may take others with it, whose keys must refer to it.
  for (;;) {
    const left = catalog.filter(({ oid }) => !refused.has(oid));
    const tables = draftTables(left, options);
    shareRows(
      tables.filter(({ kept }) => kept === undefined),
      options.rows,
    );
    const declaration = declarationOf(tables, { ...options, schema });
    const news = tables.filter(({ refused }) => refused !== undefined);
    if (news.length === 0 && tables.length > 0) tellOfProblems(declaration, tables);
    const all = tables.filter(({ refused }) => refused !== undefined);
    if (all.length === 0) {
      return {
        declaration,
        reasons: reasonsOf(tables),
        refused: [...refused.values()],
        notes: [],
        names: entitiesOf(tables),
      };
    }
    for (const { catalog, refused: reason } of all) {
      refused.set(catalog.oid, { schema: catalog.schema, table: catalog.name, reason: reason! });
    }
  }
}

function draftTables(catalog: readonly CatalogTable[], options: ModelOptions): DraftTable[] {
  const turns: Turns = new Set();
  for (;;) {
    const tables = filledTables(catalog, options);
    const news = linkTables(tables, turns).filter((key) => !turns.has(key));
    if (news.length === 0) {
      sizeTurns(tables, turns);
      settleValues(tables, options);
      return tables;
    }
    for (const key of news) turns.add(key);
  }
}

/** Drafts whose columns are filled by their names and types, or hold what is there. */
function filledTables(catalog: readonly CatalogTable[], options: ModelOptions): DraftTable[] {
  const { accepted, kept, fixes } = options;
  const added = new Map([...options.added].filter(([oid]) => fixes.get(oid)?.isKept !== true));
  const names = namesOf(catalog);
  const tables = catalog.map(
    (table): DraftTable => ({
      catalog: table,
      name: names.get(table.oid)!,
      columns: new Map(),
      hidden: new Map(),
      links: new Map(),
      covered: new Map(),
      combinations: [],
      distinct: [],
      cases: [],
      order: [],
      inherited: [],
      firsts: new Map(),
      idleKeys: new Set(),
      most: fixes.get(table.oid)?.most ?? Number.MAX_SAFE_INTEGER,
      owner: undefined,
      wholeOf: undefined,
      turn: undefined,
      kept: added.has(table.oid) ? undefined : kept.get(table.oid),
      after: added.get(table.oid) ?? 0,
      witnesses: fixes.get(table.oid)?.witnesses ?? [],
      refused: fixes.get(table.oid)?.refused,
      size: 0,
    }),
  );
  for (const table of tables) {
    fillColumns(table, accepted);
    if (table.columns.size === 0) refuse(table, "it has no column that could be filled");
    const odd = table.catalog.columns.find(({ name }) => !isIdentifier(name));
    if (odd !== undefined) refuse(table, `a model file has no way to write the column ${odd.name}`);
    if (table.kept !== undefined) fromList(table, table.kept, { list: "rows", hidden: "_kept", kind: "row_of" });
    else if (table.catalog.hasRows && !added.has(table.catalog.oid))
      refuse(table, "it holds rows, and has no key by which they could be referred to");
  }
  return tables;
}

/** Has tables that are linked meet their conditions and keys. */
function settleValues(tables: readonly DraftTable[], { read }: ModelOptions): void {
  const filled = tables.filter((table) => table.kept === undefined);
  for (const table of filled) askForFirsts(table, read);
  passConditionsOn(filled, read);
  for (const table of filled) {
    for (const [at, taken] of table.witnesses.entries())
      fromList(table, taken, { list: acceptedName(at), hidden: `_${acceptedName(at)}`, kind: "pick" });
    meetConditions(table, read);
  }
  followParents(filled);
  for (const table of filled) {
    meetExclusions(table);
    meetKeys(table);
    meetFirsts(table);
  }
  for (const table of filled) meetOrder(table);
}

/** Has columns hold what stands in a list; of a table whose rows are there, no others are told. */
function fromList(
  table: DraftTable,
  { columns, rows }: KeptRows,
  { list, hidden, kind }: { readonly list: string; readonly hidden: string; readonly kind: "row_of" | "pick" },
): void {
  if (kind === "row_of") {
    for (const name of [...table.columns.keys()]) if (!columns.includes(name)) table.columns.delete(name);
    table.hidden.clear();
  }
  const row = hiddenColumn(table, hidden, { [kind]: listName(table, list) });
  for (const [at, name] of columns.entries()) {
    const column = table.columns.get(name);
    if (column === undefined || table.covered.has(name)) continue;
    const type = writtenType(column);
    const isThere = rows.some((values) => values[at] !== null);
    column.declared = isThere
      ? { copy: `${row}.c${at + 1}`, ...(!/^(text|varchar(\(\d+\))?)$/.test(type) && { type }) }
      : NOTHING;
    column.why = kind === "pick" ? "as the server has accepted it" : undefined;
    column.isSettled = true;
  }
}

function commonSchema(catalog: readonly CatalogTable[]): string {
  const counts = new Map<string, number>();
  for (const { schema } of catalog) counts.set(schema, (counts.get(schema) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).at(0)?.[0] ?? "public";
}

/** What the model calls each table: its own name, with its schema where two have the same. */
function namesOf(catalog: readonly CatalogTable[]): ReadonlyMap<number, string> {
  const taken = new Set<string>();
  const counts = new Map<string, number>();
  for (const { name } of catalog) counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Map(
    catalog.map(({ oid, schema, name }) => {
      const isShared = counts.get(name)! > 1;
      const wanted = (isShared ? `${schema}_${name}` : name).replace(/[.#$+\p{Cc}]/gu, "_");
      let free = wanted;
      for (let i = 2; taken.has(free) || !isIdentifier(free); i++) free = `${wanted.slice(0, 50)}_${i}`;
      taken.add(free);
      return [oid, free];
    }),
  );
}

/** What the model's own reader has against the declaration is said of the tables that it concerns. */
function tellOfProblems(declaration: ModelDeclaration, tables: readonly DraftTable[]): void {
  const { problems } = modelOf(declaration, () => "");
  for (const { path, message } of problems) {
    const table =
      path[0] === "tables"
        ? tables.find(({ name }) => name === path[1])
        : tables.find((one) => String(path[1]).startsWith(listName(one, "")) && path[0] === "lists");
    if (table === undefined) throw new Error(`the model that was worked out is wrong: ${path.join(".")}: ${message}`);
    refuse(table, `${path.slice(2).join(".")}: ${message}`);
  }
}

function entitiesOf(tables: readonly DraftTable[]): ReadonlyMap<number, NamedTable> {
  return new Map(
    tables.map(({ catalog, name, kept, columns, covered, combinations }) => {
      const unique = [...columns].flatMap(([column, { isUnique }]) => (isUnique ? [column] : []));
      const fixed = new Set([...covered.keys(), ...unique, ...combinations.flat()]);
      return [catalog.oid, { entity: name, isKept: kept !== undefined, fixed }];
    }),
  );
}

function reasonsOf(tables: readonly DraftTable[]): ReadonlyMap<string, ReadonlyMap<string, string>> {
  return new Map(
    tables.map(({ name, columns }) => [
      name,
      new Map([...columns].flatMap(([column, { why }]) => (why === undefined ? [] : [[column, why] as const]))),
    ]),
  );
}
