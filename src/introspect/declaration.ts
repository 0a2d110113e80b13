import { MAX_ROWS_DEFAULT } from "../engine/guard/guard-request.js";
import type { ModelDeclaration } from "../model/file/declaration.js";
import { asMapping, WINDOW } from "./columns.js";
import { type DraftColumn, type DraftTable, listName, refuse } from "./draft.js";
import type { KeptRows } from "./kept.js";
import type { Declared } from "./rules.js";

/** The model that drafts come to, as data; sizes are held to what keys allow. */
export function declarationOf(
  tables: readonly DraftTable[],
  {
    name,
    schema,
    settings,
  }: { readonly name: string; readonly schema: string; readonly settings: Readonly<Record<string, string>> },
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
export function acceptedName(at: number): string {
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
