import type { CatalogColumn, CatalogForeignKey, CatalogTable } from "./catalog.js";
import type { Comparison, Condition } from "./conditions/condition.js";
import type { Facts } from "./conditions/facts.js";
import type { KeptRows } from "./kept.js";
import type { Declared, Rule } from "./rules.js";
import type { ColumnType } from "./types.js";

/** A column of a draft. */
export interface DraftColumn {
  readonly catalog: CatalogColumn;
  readonly type: ColumnType;
  readonly rule: Rule | undefined;
  declared: Declared;
  /** Why it is filled as it is, where that was guessed; a comment in the file. */
  why: string | undefined;
  /** Whether all its values are different. */
  isUnique: boolean;
  /** Whether it is read through a link, or otherwise settled: keys and conditions leave it as it is. */
  isSettled: boolean;
  /** What conditions ask of its values. */
  facts?: Facts;
  /** The column that it is never before or below. */
  follows?: string;
}

/** A foreign key as a draft holds it: a link, read through by its columns. */
export interface DraftLink {
  readonly name: string;
  readonly target: DraftTable;
  readonly foreignKey: CatalogForeignKey;
  declared: Record<string, unknown>;
  /** Whether nothing is read through it: the key's column holds a value that is named, and the table is still referred to. */
  isIdle?: boolean;
}

/** One of the ways in which a table's conditions are met, as a row of a list of the model: values, and what is there. */
export type Case = Readonly<Record<string, string | number | boolean | null>>;

/** A table of a model file while it is worked out from the catalog. */
export interface DraftTable {
  readonly catalog: CatalogTable;
  /** What the model calls it. */
  readonly name: string;
  readonly columns: Map<string, DraftColumn>;
  /** Hidden columns, which others are made of. */
  readonly hidden: Map<string, Declared>;
  readonly links: Map<string, DraftLink>;
  /** Of a column that is read through a link: which link, and which column there. */
  readonly covered: Map<string, { readonly link: DraftLink; readonly column: string }>;
  readonly combinations: string[][];
  /** Columns that are different together in all rows, apart from those. */
  readonly distinct: string[][];
  /** Ways to meet its conditions, of which each row takes one. */
  readonly cases: Case[];
  /** What tables that refer to it ask of its columns. */
  readonly inherited: Condition[];
  /** Values of a column that its first rows have, since other tables refer to just these. */
  readonly firsts: Map<string, readonly string[]>;
  /** Keys that hold for some rows, of which there are none. */
  readonly idleKeys: Set<string>;
  /** Columns that conditions compare. */
  readonly order: Comparison[];
  /** Rows that it holds before those that are added to it. */
  readonly after: number;
  /** The most rows that its keys allow, apart from combinations. */
  most: number;
  /** The link to the table that owns its rows, so that others may pick within it. */
  owner: DraftLink | undefined;
  /** The table for each of whose rows it has one. */
  wholeOf: DraftTable | undefined;
  /** Of a table that keys in turn connect with others: how many rows it has for each of one of them. */
  turn: { readonly root: DraftTable; readonly times: number } | undefined;
  /** Rows that are there and stay: it is referred to, and not filled. */
  readonly kept: KeptRows | undefined;
  /** Values of some columns together that the server has taken; of other columns each. */
  witnesses: readonly KeptRows[];
  /** Why nothing can fill it. */
  refused: string | undefined;
  /** What its rows are measured by: a table's rows are shared by weight. */
  size: number;
}

/** The name of a list of a table's in the model. */
export function listName({ name }: DraftTable, what: string): string {
  return `${name.replace(/\W/g, "_").replace(/^(?![A-Za-z])/, "t_")}_${what}`;
}

/** A link or a hidden column's name that the table has not yet. */
export function freeName(table: DraftTable, wanted: string): string {
  const base = wanted.replace(/[^A-Za-z0-9_]/g, "_").replace(/^(?![A-Za-z_])/, "_") || "row";
  const isTaken = (name: string): boolean =>
    table.columns.has(name) ||
    table.links.has(name) ||
    table.hidden.has(name) ||
    table.catalog.columns.some((column) => column.name === name);
  let name = base;
  for (let i = 2; isTaken(name); i++) name = `${base}_${i}`;
  return name;
}

/** A hidden column of the name, made where there is none; columns of the table of that name are left alone. */
export function hiddenColumn(table: DraftTable, wanted: string, declared: Declared): string {
  const key = JSON.stringify(declared);
  for (let i = 1; ; i++) {
    const name = i === 1 ? wanted : `${wanted}_${i}`;
    const there = table.hidden.get(name);
    if (there !== undefined && JSON.stringify(there) === key) return name;
    if (there !== undefined || table.catalog.columns.some((column) => column.name === name)) continue;
    table.hidden.set(name, declared);
    return name;
  }
}

/** Refuses a table, for the first reason that is told. */
export function refuse(table: DraftTable, why: string): void {
  table.refused ??= why;
}
