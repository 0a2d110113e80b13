import { assert } from "../errors.js";
import { LABELS_TABLE } from "../model/anomalies.js";
import type { Excuse } from "../model/checks.js";
import { type Entity, keyThrough, targetColumns } from "../model/entity.js";
import { quoteIdentifier, quoteLiteral } from "../postgres/identifiers.js";
import { type CheckContext, tableOf } from "./context.js";

/** In an expression, `{$labelled name}` is true for rows that have a label of the anomaly. */
export const LABELLED = "$labelled ";

/** An expression, save for rows that any of some labels excuse. */
export function unlessLabelled(expression: string, excuses: readonly Excuse[] = []): string {
  return [`(${expression})`, ...excuses.map((excuse) => `NOT {${LABELLED}${excuse}}`)].join(" AND ");
}

export interface RowSourceOptions {
  /** The row's alias; unlike that of any other source in the same statement. */
  readonly alias?: string;
  /**
   * Join each row to one parent at the most, though several have its ID. Slower; without it a parent that is there
   * twice doubles its children.
   */
  readonly isExact?: boolean;
}

/**
 * The rows of an entity as a FROM clause that grows as paths are asked for: each reference of a path is a left join,
 * so that the orphan keeps its row.
 */
export class RowSource {
  readonly entity: Entity;
  readonly #context: CheckContext;
  readonly #alias: string;
  readonly #isExact: boolean;
  readonly #joins: string[] = [];
  /** Path of a reference -> alias and entity of what it refers to. */
  readonly #targets = new Map<string, { readonly alias: string; readonly entity: Entity }>();
  readonly #columns = new Map<string, string>();

  constructor(context: CheckContext, entity: string, { alias = "t", isExact = false }: RowSourceOptions = {}) {
    this.#context = context;
    this.entity = context.universe.entity(entity);
    this.#alias = alias;
    this.#isExact = isExact;
  }

  /** The column at the end of a path, quoted. */
  column(path: string): string {
    const known = this.#columns.get(path);
    if (known !== undefined) return known;
    const dot = path.lastIndexOf(".");
    const owner = dot < 0 ? { alias: this.#alias, entity: this.entity } : this.#target(path.slice(0, dot));
    const name = path.slice(dot + 1);
    assert(isStored(owner.entity, name), `${owner.entity.name}.${name} is a stored column`);
    const sql = `${owner.alias}.${quoteIdentifier(name)}`;
    this.#columns.set(path, sql);
    return sql;
  }

  /** An expression with its paths put in. */
  expand(expression: string): string {
    const { scenario } = this.#context.universe;
    return expandBraces(expression, (path) => {
      if (path === "$from") return instantLiteral(scenario.window.from);
      if (path === "$to") return instantLiteral(scenario.window.to);
      if (path.startsWith(LABELLED)) return this.#labelled(path.slice(LABELLED.length));
      return this.column(path);
    });
  }

  /** The paths asked for so far, in their order. */
  get paths(): readonly string[] {
    return [...this.#columns.keys()];
  }

  /** What tells its rows apart in a list, for ORDER BY: its key, or its first column where it has none. */
  get order(): string {
    const { primaryKey, columns } = this.entity;
    const first = Object.entries(columns).find(([, { hidden }]) => !hidden);
    const names = primaryKey.length > 0 ? primaryKey : first ? [first[0]] : [];
    return names.map((column) => this.column(column)).join(", ");
  }

  /** The FROM clause, with its keyword. */
  get from(): string {
    return [`FROM ${tableOf(this.#context, this.entity.name)} ${this.#alias}`, ...this.#joins].join(" ");
  }

  #labelled(excuse: string): string {
    const dot = excuse.lastIndexOf(".");
    const anomaly = this.#context.universe.model.anomalies?.find(({ name }) => name === excuse.slice(dot + 1));
    assert(anomaly !== undefined, `${excuse}, which a rule excuses, is an anomaly of the model`);
    if (!this.#context.planned.has(LABELS_TABLE)) return "false";
    const labels = tableOf(this.#context, LABELS_TABLE);
    const key = this.column(dot < 0 ? keyColumn(this.entity) : excuse.slice(0, dot));
    // IN, not EXISTS: Postgres hashes the labels once instead of asking for each row.
    return (
      `coalesce(${key} IN (SELECT l.row_id FROM ${labels} l WHERE l.entity = ${quoteLiteral(anomaly.entity)} ` +
      `AND l.name = ${quoteLiteral(anomaly.name)}), false)`
    );
  }

  #target(path: string): { readonly alias: string; readonly entity: Entity } {
    const known = this.#targets.get(path);
    if (known !== undefined) return known;
    const dot = path.lastIndexOf(".");
    const owner = dot < 0 ? this.entity : this.#target(path.slice(0, dot)).entity;
    const key = keyThrough(owner, path.slice(dot + 1));
    assert(key !== undefined, `${owner.name}.${path.slice(dot + 1)} refers to an entity`);
    const entity = this.#context.universe.entity(key.target);
    const theirs = targetColumns(key, entity).map(quoteIdentifier);
    const alias = `${this.#alias}${this.#targets.size + 1}`;
    const table = tableOf(this.#context, entity.name);
    const list = theirs.join(", ");
    const rows = this.#isExact ? `(SELECT DISTINCT ON (${list}) * FROM ${table} ORDER BY ${list})` : table;
    const own = key.columns.map((column) => this.column(`${path.slice(0, dot + 1)}${column}`));
    const equal = theirs.map((column, at) => `${alias}.${column} = ${own[at]}`);
    this.#joins.push(`LEFT JOIN ${rows} ${alias} ON ${equal.join(" AND ")}`);
    const target = { alias, entity };
    this.#targets.set(path, target);
    return target;
  }
}

/** The column that references to an entity hold the values of. */
export function keyColumn(entity: Entity): string {
  assert(entity.primaryKey.length === 1, `${entity.name}, which is referred to, has a key of one column`);
  return entity.primaryKey[0];
}

/**
 * Whether an expression can be put to the database: false where one of its paths leads to an entity that the plan
 * leaves out. With `isLenient` also where it leads to a hidden column; else that is an error in the model.
 */
export function isWithinPlan(
  context: CheckContext,
  rule: {
    readonly entity: string;
    readonly expressions: readonly (string | undefined)[];
    readonly isLenient?: boolean;
  },
): boolean {
  if (!context.planned.has(rule.entity)) return false;
  return rule.expressions.every((expression) =>
    pathsOf(expression ?? "").every((path) => pathIsWithinPlan(context, rule.entity, path, rule.isLenient ?? false)),
  );
}

function pathIsWithinPlan(context: CheckContext, root: string, path: string, isLenient: boolean): boolean {
  let entity = context.universe.entity(root);
  const names = path.split(".");
  for (const [at, name] of names.entries()) {
    const isLast = at === names.length - 1;
    const key = isLast ? undefined : keyThrough(entity, name);
    if (isLast ? !isStored(entity, name) : key === undefined && !isStored(entity, name)) {
      assert(isLenient, `${root} has the stored column ${path}, which a check names`);
      return false;
    }
    if (isLast) break;
    assert(key !== undefined, `${root}.${path}, which a check names, leads through references`);
    if (!context.planned.has(key.target)) return false;
    entity = context.universe.entity(key.target);
  }
  return true;
}

/** The paths of columns in an expression. */
export function pathsOf(expression: string): string[] {
  const paths: string[] = [];
  expandBraces(expression, (path) => {
    if (!path.startsWith("$")) paths.push(path);
    return "";
  });
  return paths;
}

/** Replaces each `{name}`; `{{` and `}}` become braces. */
export function expandBraces(text: string, replace: (name: string) => string): string {
  return text.replace(/\{\{|\}\}|\{([^{}]+)\}/g, (match, name: string | undefined) =>
    name === undefined ? match[0] : replace(name),
  );
}

/** Text that {@link expandBraces} gives back as it is. */
export function escapeBraces(text: string): string {
  return text.replace(/[{}]/g, (brace) => brace + brace);
}

/** A moment as an SQL literal. */
export function instantLiteral(instant: string): string {
  return `timestamptz ${quoteLiteral(instant)}`;
}

function isStored(entity: Entity, column: string): boolean {
  const found = entity.columns[column];
  return found !== undefined && !found.hidden;
}
