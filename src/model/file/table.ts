import type { Column } from "../../columns/column.js";
import type { Kind } from "../../columns/kinds/kind.js";
import type { SqlType } from "../../core/sql-type.js";
import type { ModelAnomaly } from "../anomalies.js";
import type { TableDeclaration } from "./declaration.js";
import type { LinkDeclaration } from "./links.js";

/** Tells a problem with what stands at a path of the declaration. */
export type Tell = (path: readonly PropertyKey[], message: string) => void;

/** What a column is declared as. */
export interface ColumnDeclaration {
  readonly kind: Kind;
  readonly parameters: { readonly value?: unknown };
  readonly type: SqlType | "enum" | undefined;
  /** A share, or the knob that holds it. */
  readonly nulls: number | string | undefined;
  readonly isUnique: boolean;
  /** The path of a column of 0 and 1: there is no value where that is 0. */
  readonly when: string | undefined;
  /** Stored although its name begins with `_`. */
  readonly isStored: boolean;
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
  /** What anomalies put in the place of columns. */
  readonly strikes: ReadonlyMap<string, readonly Strike[]>;
  readonly anomalies: readonly ModelAnomaly[];
}

/** What an anomaly puts in the place of a column; null where it goes missing. */
export interface Strike {
  /** The column of 0 and 1 that says which rows are struck. */
  readonly flag: string;
  readonly declared: ColumnDeclaration | Column | null;
  readonly anomaly: string;
}

/** The column that holds a struck column's value as it would be. */
export function usualName(column: string): string {
  return `${column}$usual`;
}

/** Whether a column is made for other columns alone, by its name where it does not say otherwise. */
export function isHidden(name: string, declared: ColumnDeclaration | Column | undefined): boolean {
  if (name.includes("$")) return true;
  return name.startsWith("_") && !(declared !== undefined && isDeclaration(declared) && declared.isStored);
}

/** Whether a column is declared, not made by a program. */
export function isDeclaration(declared: ColumnDeclaration | Column): declared is ColumnDeclaration {
  return "parameters" in declared;
}
