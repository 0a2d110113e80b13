import { type Column, type ColumnScenario, checked, described, unique } from "../../columns/column.js";
import { either, missingWhere, onlyWhere } from "../../columns/conditions.js";
import { DeclarationError, type KindContext } from "../../columns/kinds/kind.js";
import { heldTo } from "../../columns/lengths.js";
import { apart, copied, sometimes } from "../../columns/values.js";
import type { SqlType } from "../../core/sql-type.js";
import { listedName } from "../paths.js";
import { nearest } from "../scenario/nearest.js";
import { combined } from "./combinations.js";
import { buildLink, linkTarget, nullsOf } from "./links.js";
import type { List } from "./lists.js";
import { type ColumnDeclaration, isDeclaration, isHidden, type Strike, type Table, usualName } from "./table.js";

/** What a table's columns may know of the model around them. */
export interface Surroundings {
  readonly tables: ReadonlyMap<string, Table>;
  labelsOf(weights: string): readonly string[] | undefined;
  hasKnob(knob: string): boolean;
  listOf(name: string): List | undefined;
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

  /** The type at the end of a path. @throws DeclarationError where it leads nowhere */
  typeOf(table: Table, path: string): SqlType {
    return this.#end(table, path).type;
  }

  #build(table: Table, name: string): Column {
    const link = table.links.get(name);
    if (link !== undefined) {
      this.#requireTable(linkTarget(link));
      if ("any" in link && !("earlier" in link) && link.within !== undefined) this.#target(table, link.within);
      const { nulls, when } = link as { readonly nulls?: number; readonly when?: string };
      const drawn = combined(table, name);
      const column = drawn === undefined ? buildLink(link, table.name, table.owner) : nullsOf(drawn, nulls);
      return when === undefined ? column : onlyWhere(this.#flag(table, when), column);
    }
    const declared = table.columns.get(name)!;
    const strikes = table.strikes.get(name);
    return strikes === undefined ? this.#declared(table, name, declared) : this.#struck(table, name, strikes);
  }

  /** The path of a column of true and false. @throws DeclarationError where it is none */
  #flag(table: Table, when: string): string {
    const { name } = this.typeOf(table, when);
    if (name === "bool" || name.startsWith("int")) return when;
    throw new DeclarationError(`expected a column of true and false, and ${when} is of the type ${name}`, ["when"]);
  }

  /** A column that anomalies strike: the usual value, save in the rows that they do. */
  #struck(table: Table, name: string, strikes: readonly Strike[]): Column {
    const usual = this.column(table, usualName(name));
    const { check, comment, unique: isUnique } = usual;
    const others = { ...(check && { check }), ...(comment && { comment }), ...(isUnique && { unique: isUnique }) };
    let column: Column = { ...copied(usualName(name), usual.type, { nullable: usual.nullable === true }), ...others };
    for (const { flag, declared, anomaly } of strikes) {
      if (declared === null) {
        column = missingWhere(flag, column);
        continue;
      }
      column = within(["anomalies", anomaly, "set", name], () => {
        const set = this.#declared(table, name, typedAs(usual.type, declared), name);
        const reads = set.reads.map((path) => (path === name ? usualName(name) : path));
        const literals = [...(column.literals ?? []), ...(set.literals ?? [])];
        return {
          ...either(flag, { ...set, reads, type: usual.type }, column),
          ...(literals.length > 0 && { literals }),
        };
      });
    }
    return column;
  }

  /** @param struck the column in whose place it is set: its name means the value as it would be */
  #declared(table: Table, name: string, declared: ColumnDeclaration | Column, struck?: string): Column {
    const hidden = isHidden(name, declared);
    if (!isDeclaration(declared)) return { ...declared, ...(hidden && { hidden: true }) };
    const { kind, parameters, type, nulls, when, isUnique, check, comment } = declared;
    if (isUnique && !kind.canBeUnique) {
      throw new DeclarationError(`${kind.name} makes no values that are all different`, ["unique"]);
    }
    let column =
      combined(table, name) ??
      kind.build(
        parameters as never,
        this.#context(table, columnOf(name), { type, isHidden: hidden, isUnique }, struck),
      );
    if (type !== undefined && type !== "enum" && type.name !== column.type.name && column.type.name !== "other") {
      throw new DeclarationError(`${kind.name} makes ${column.type.name}, not ${type.name}`, ["type"]);
    }
    column = heldTo(column.type, column);
    if (nulls !== undefined && nulls !== 0) column = sometimes(presentShare(nulls, this.#around), apart(column));
    if (when !== undefined) column = onlyWhere(this.#flag(table, when), column);
    // What is not stored has no key; it differs all the same.
    if (isUnique && !hidden) column = unique(column);
    if (check !== undefined) column = checked(check, column);
    if (comment !== undefined) column = described(comment, column);
    return hidden ? { ...column, hidden: true, identity: false } : column;
  }

  #context(
    table: Table,
    column: string,
    own: Pick<KindContext, "type" | "isHidden" | "isUnique">,
    struck?: string,
  ): KindContext {
    const { labelsOf, hasKnob, listOf, useWords } = this.#around;
    const seen = (path: string): string => (path === struck ? usualName(path) : path);
    return {
      table: table.name,
      column,
      ...own,
      typeOf: (path) => this.#end(table, seen(path)).type,
      textsOf: (path) => this.#end(table, seen(path)).texts,
      typeIn: (other, name) => this.#typed(this.#requireTable(other), name).type,
      isNullable: (path) => this.#isNullable(table, seen(path)),
      labelsOf(name) {
        const labels = labelsOf(name);
        if (labels === undefined) throw new DeclarationError(`the model has no weights ${name}`);
        return labels;
      },
      listOf(name) {
        const list = listOf(name);
        if (list === undefined) throw new DeclarationError(`the model has no list ${name}`);
        return list;
      },
      requireKnob(knob) {
        if (!hasKnob(knob)) throw new DeclarationError(`the model has no knob ${knob}`);
      },
      wordsOf: (path) => {
        const { owner, name } = this.#walk(table, seen(path));
        const declared = owner.columns.get(name);
        if (declared !== undefined && isDeclaration(declared)) {
          if (declared.copies !== undefined)
            return this.#context(owner, name, { type: undefined, isHidden: false, isUnique: false }).wordsOf(
              declared.copies,
            );
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
    for (const [at, step] of steps.slice(0, -1).entries()) {
      const part = listedName(step, steps[at + 1]);
      if (at === steps.length - 2 && owner.columns.has(part)) return { owner, name: part };
      owner = this.#requireTable(this.#linkOf(owner, step));
    }
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
    const column = declared !== undefined && !isDeclaration(declared) ? declared : undefined;
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
    if (table.columns.has(name)) {
      const column = this.column(table, name);
      if (column.database === undefined) return column;
      throw new DeclarationError(`${table.name}.${name} is made by Postgres: no column can be made of it`);
    }
    const what = table.links.has(name)
      ? `${name} is a link of ${table.name}, and no column`
      : `${table.name} has no column ${name}`;
    const [guess] = nearest(name, [...table.columns.keys()], 1);
    throw new DeclarationError(guess === undefined ? what : `${what}, did you mean ${guess}?`);
  }

  #isNullable(table: Table, path: string): boolean {
    const steps = path.split(".");
    return steps.some((_, at) => {
      const { owner, name } = this.#walk(table, steps.slice(0, at + 1).join("."));
      return (at === steps.length - 1 ? this.#typed(owner, name) : this.column(owner, name)).nullable === true;
    });
  }
}

/** The share of rows that have a value, under a scenario. */
function presentShare(nulls: number | string, { hasKnob }: Surroundings): (scenario: ColumnScenario) => number {
  if (typeof nulls === "number") return () => 1 - nulls;
  if (!hasKnob(nulls)) throw new DeclarationError(`the model has no knob ${nulls}`, ["nulls"]);
  const name = nulls.slice("shares.".length);
  return ({ shares }) => 1 - shares[name];
}

/** Work whose faults lie below a path of the table, not of the column. */
function within<T>(path: readonly PropertyKey[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    const message = (error as Error).message.replace(/^assertion failed: /, "");
    throw new DeclarationError(`${path.join(".")}: ${message}`);
  }
}

/** A declaration of the type that another has, where it says none: a label of an enum is written as a text. */
function typedAs(type: SqlType, declared: ColumnDeclaration | Column): ColumnDeclaration | Column {
  if (!isDeclaration(declared)) return declared;
  if (type.name !== "enum") return declared.type === undefined ? { ...declared, type } : declared;
  const { value } = declared.parameters;
  const labels =
    typeof value === "object" && value !== null ? (Array.isArray(value) ? value : Object.keys(value)) : [value];
  const unknown = labels.find((label) => !type.labels.includes(String(label)));
  if (!["always", "choice", "exactly"].includes(declared.kind.name) || unknown !== undefined) {
    throw new DeclarationError(`expected labels among ${type.labels.join(", ")}`);
  }
  return { ...declared, type: undefined };
}

/** The column that a hidden one stands for. */
function columnOf(name: string): string {
  return name.replace(/\$usual$/, "");
}
