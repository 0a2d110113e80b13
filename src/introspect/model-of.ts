import { MAX_ROWS_DEFAULT } from "../engine/guard/guard-request.js";
import type { ModelDeclaration } from "../model/file/declaration.js";
import { isIdentifier } from "../model/file/declaration.js";
import { modelOf } from "../model/file/define.js";
import type { CatalogTable } from "./catalog.js";
import { type Accepted, asMapping, fillColumns, WINDOW } from "./columns.js";
import { meetConditions } from "./conditions/apply.js";
import type { Read } from "./conditions/of-table.js";
import { meetOrder } from "./conditions/order.js";
import { passConditionsOn } from "./conditions/pass-on.js";
import { askForFirsts, meetFirsts } from "./conditions/pinned.js";
import { writtenType } from "./conditions/values.js";
import { type DraftColumn, type DraftTable, hiddenColumn, listName, refuse } from "./draft.js";
import { meetExclusions } from "./exclusions.js";
import type { KeptRows } from "./kept.js";
import { meetKeys } from "./keys.js";
import { linkTables, NOTHING } from "./links.js";
import type { Declared } from "./rules.js";
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

function declarationOf(
  tables: readonly DraftTable[],
  { name, schema, settings }: Pick<ModelOptions, "name" | "settings"> & { readonly schema: string },
): ModelDeclaration {
  const sizes = sizeNames(tables);
  const capped = acyclicCaps(tables);
  for (const table of tables) {
    if (table.turn !== undefined || !capped.has(table)) table.size = Math.min(table.size, mostRows(table));
  }
  boundTurns(tables);
  return {
    model: name,
    description: `The tables of ${name}, as they are in the database`,
    schema,
    existing: true,
    window: WINDOW,
    ...(Object.keys(settings).length > 0 && { settings }),
    sizes: Object.fromEntries(
      tables
        .filter((table) => table.kept === undefined && !isMultiple(table))
        .map((table) => [sizes.get(table)!, table.size]),
    ),
    ...listsOf(tables),
    tables: Object.fromEntries(
      tables.map((table) => [
        table.name,
        tableDeclaration(table, { schema, size: `sizes.${sizes.get(table)}`, capped }),
      ]),
    ),
  };
}

/** Whether a table's rows are a multiple of those of another one. */
function isMultiple(table: DraftTable): boolean {
  return table.turn !== undefined && table.turn.root !== table;
}

/** Has tables that take turns have no more rows than the keys of each of them allow. */
function boundTurns(tables: readonly DraftTable[]): void {
  const bases = new Map<DraftTable, number>();
  for (const { turn, size } of tables) {
    if (turn === undefined) continue;
    bases.set(turn.root, Math.min(bases.get(turn.root) ?? Infinity, Math.floor(size / turn.times)));
  }
  for (const table of tables) {
    if (table.turn === undefined) continue;
    const base = bases.get(table.turn.root)!;
    if (base < 1) refuse(table, "its keys allow too few rows for what it refers to");
    table.size = base * table.turn.times;
  }
}

/** The ways to meet tables' conditions, as lists. */
function listsOf(tables: readonly DraftTable[]): Pick<ModelDeclaration, "lists"> {
  const lists = tables.flatMap(
    (table): [string, { rows: Record<string, string | number | boolean | null>[] }][] =>
      [
        ...(table.cases.length > 0
          ? [[listName(table, "cases"), { rows: table.cases.map((row) => ({ ...row })) }] as const]
          : []),
        ...(table.kept ? [[listName(table, "rows"), rowsOfList(table.kept)] as const] : []),
        ...table.witnesses.map((taken, at) => [listName(table, acceptedName(at)), rowsOfList(taken)] as const),
      ] as [string, { rows: Record<string, string | number | boolean | null>[] }][],
  );
  return lists.length === 0 ? {} : { lists: Object.fromEntries(lists) };
}

/** What a table's lists of values that the server has taken are called. */
function acceptedName(at: number): string {
  return at === 0 ? "accepted" : `accepted_${at + 1}`;
}

function rowsOfList({ rows }: KeptRows): { rows: Record<string, string | null>[] } {
  return { rows: rows.map((row) => Object.fromEntries(row.map((value, at) => [`c${at + 1}`, value]))) };
}

/** A size's name for each table; sizes are named by letters, digits and `_`. */
function sizeNames(tables: readonly DraftTable[]): ReadonlyMap<DraftTable, string> {
  const taken = new Set<string>();
  return new Map(
    tables.map((table) => {
      const wanted = table.name.replace(/\W/g, "_").replace(/^(?![A-Za-z])/, "t_");
      let free = wanted;
      for (let i = 2; taken.has(free); i++) free = `${wanted}_${i}`;
      taken.add(free);
      return [table, free];
    }),
  );
}

/** Tables whose combinations may bound their rows by those of other tables: not around in a circle. */
function acyclicCaps(tables: readonly DraftTable[]): ReadonlySet<DraftTable> {
  const needs = (table: DraftTable): DraftTable[] => [
    ...table.combinations.flat().flatMap((member) => table.links.get(member)?.target ?? []),
    ...(table.owner ? [table.owner.target] : []),
  ];
  const capped = new Set<DraftTable>();
  const leadsBack = (from: DraftTable, to: DraftTable, seen: Set<DraftTable>): boolean => {
    if (from === to) return true;
    if (seen.has(from) || !capped.has(from)) return false;
    seen.add(from);
    return needs(from).some((next) => leadsBack(next, to, seen));
  };
  for (const table of tables) {
    if (!needs(table).some((next) => leadsBack(next, table, new Set()))) capped.add(table);
  }
  return capped;
}

/** The most rows that a table's keys allow, while those it refers to have as many as they ask for. */
function mostRows(table: DraftTable, above: readonly DraftTable[] = []): number {
  const { most, combinations, links, columns } = table;
  const sizeOf = (member: string): number => {
    const target = links.get(member)?.target;
    if (target === undefined) return sizeOfColumn(columns.get(member)!);
    const isAround = target === table || above.includes(target);
    return isAround ? target.size : Math.min(target.size, mostRows(target, [...above, table]));
  };
  return Math.min(most, ...combinations.map((members) => members.reduce((size, member) => size * sizeOf(member), 1)));
}

/** How many values a column of a combination has. */
function sizeOfColumn({ declared }: DraftColumn): number {
  const { integer, choice } = declared as {
    readonly integer?: readonly [number, number];
    readonly choice?: readonly string[];
  };
  return integer ? integer[1] - integer[0] + 1 : (choice?.length ?? 2);
}

function tableDeclaration(
  table: DraftTable,
  {
    schema,
    size,
    capped,
  }: { readonly schema: string; readonly size: string; readonly capped: ReadonlySet<DraftTable> },
): ModelDeclaration["tables"][string] {
  const { catalog, name, links, columns, hidden, combinations, most, owner } = table;
  const primary = catalog.keys.find(({ isPrimary }) => isPrimary)?.columns ?? [];
  const uniques = catalog.keys.filter(
    (key) =>
      !key.isPrimary &&
      key.predicate === null &&
      !key.hasExpressions &&
      key.columns.length > 1 &&
      key.columns.every((column) => columns.has(column)),
  );
  // More rows than a plan may have bound nothing.
  const isMost = most < MAX_ROWS_DEFAULT;
  const isBounded = combinations.length > 0 || isMost;
  const bound = isMost ? { most } : {};
  const rows =
    table.kept !== undefined
      ? table.kept.rows.length
      : owner !== undefined
        ? {
            owner: owner.target.name,
            ...(isBounded && capped.has(table) ? { up_to: size, ...bound } : { total: size }),
          }
        : isMultiple(table)
          ? { per: table.turn!.root.name, ...(table.turn!.times > 1 && { times: table.turn!.times }) }
          : isBounded && table.turn === undefined && capped.has(table)
            ? { up_to: size, ...bound }
            : size;
  return {
    ...(catalog.comment !== null && { comment: catalog.comment }),
    rows,
    ...(table.kept !== undefined && { keep: true }),
    ...(table.after > 0 && { after: table.after }),
    ...(catalog.isInherited && { only: true }),
    ...(catalog.schema !== schema && { schema: catalog.schema }),
    ...(catalog.name !== name && { name: catalog.name }),
    ...(links.size > 0 && {
      links: Object.fromEntries([...links].map(([link, { declared }]) => [link, declared])),
    }),
    columns: {
      ...Object.fromEntries([...columns].map(([column, { declared }]) => [column, storedAs(column, declared)])),
      ...Object.fromEntries(hidden),
    },
    key: primary.every((column) => columns.has(column)) ? [...primary] : [],
    ...(uniques.length > 0 && { unique: uniques.map((key) => [...key.columns]) }),
    ...(combinations.length > 0 && { combinations: combinations.map((members) => [...members]) }),
  } as ModelDeclaration["tables"][string];
}

/** A column of the table, although its name begins as those do that are not stored. */
function storedAs(name: string, declared: Declared): Declared {
  if (!name.startsWith("_")) return declared;
  return { ...asMapping(declared), stored: true };
}

/** What the model's own reader has against the declaration is said of the tables that it concerns. */
function tellOfProblems(declaration: ModelDeclaration, tables: readonly DraftTable[]): void {
  const { problems } = modelOf(declaration, () => "");
  for (const { path, message } of problems) {
    const table = path[0] === "tables" ? tables.find(({ name }) => name === path[1]) : undefined;
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
