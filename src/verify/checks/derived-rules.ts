import type { Column, ColumnLaw } from "../../columns/column.js";
import { DAY_US } from "../../core/calendar.js";
import { powerOf10, type SqlType } from "../../core/sql-type.js";
import type { BirthRule } from "../../model/checks.js";
import { type Entity, keyStep, storedColumns, tableColumns, targetColumns } from "../../model/entity.js";
import { typeOfPath } from "../../model/paths.js";
import { type CheckContext, lawOfDraws } from "../context.js";
import { escapeBraces, isWithinPlan, pathsOf } from "../row-source.js";
import type { CountRule } from "./count-rules.js";

/** What an entity's columns themselves say of its rows. */
export function derivedRules(context: CheckContext, entity: Entity): CountRule[] {
  const columns = storedColumns(entity);
  return [
    ...notNullRule(entity, columns),
    ...columns.flatMap(([name, column]) => valueRule(entity, name, column)),
    ...rangeRule(entity, columns),
    ...windowRule(context, entity, columns),
    ...referenceRules(context, entity),
    ...birthRules(context, entity),
    ...columns.flatMap(([name, { law }]) => orderRules(context, entity, name, law)),
    ...columns.flatMap(([name, column]) => computedRule(context, entity, name, column)),
    ...composedRule(context, entity, columns),
    ...generatedRule(entity),
  ];
}

function notNullRule(entity: Entity, columns: readonly [string, Column][]): CountRule[] {
  const names = columns.flatMap(([name, { nullable }]) => (nullable ? [] : [name]));
  if (names.length === 0) return [];
  return [
    {
      entity: entity.name,
      kind: "notNull",
      name: `not null in ${entity.name}`,
      where: names.map((name) => `{${name}} IS NULL`).join(" OR "),
      expected: `no NULL in ${names.length} columns`,
      isProved: true,
    },
  ];
}

function valueRule(entity: Entity, name: string, { check }: Column): CountRule[] {
  if (check === undefined) return [];
  return [
    {
      entity: entity.name,
      kind: "values",
      name: `values of ${entity.name}.${name}`,
      where: `NOT (${escapeBraces(check)})`,
      expected: check,
      isProved: true,
      show: [name],
    },
  ];
}

function rangeRule(entity: Entity, columns: readonly [string, Column][]): CountRule[] {
  const ranges = columns.flatMap(([name, column]) => {
    const { type } = column;
    const law = lawOfDraws(column);
    const unit = law?.kind === "range" ? unitOf(type) : undefined;
    return law?.kind === "range" && unit !== undefined ? [{ name, low: law.low / unit, high: law.high / unit }] : [];
  });
  if (ranges.length === 0) return [];
  return [
    {
      entity: entity.name,
      kind: "values",
      name: `ranges of ${entity.name}`,
      where: ranges.map(({ name, low, high }) => `{${name}} < ${low} OR {${name}} > ${high}`).join(" OR "),
      expected: ranges.map(({ name, low, high }) => `${name} from ${low} to ${high}`).join(", "),
    },
  ];
}

/** How many of a vector's units make 1 in SQL; undefined for types that are no plain numbers there. */
function unitOf(type: SqlType): number | undefined {
  if (type.name === "numeric") return 10 ** type.scale;
  return ["int2", "int4", "int8", "float8"].includes(type.name) ? 1 : undefined;
}

/** Dates are left out: a date of birth lies where it likes. So does what is computed: its expression says where. */
function windowRule(context: CheckContext, entity: Entity, columns: readonly [string, Column][]): CountRule[] {
  const { scenario, model } = context.universe;
  const outside = new Set(model.checks?.outsideWindow);
  const names = columns.flatMap(([name, { type, law }]) => {
    const isMoment = type.name === "timestamp" || type.name === "timestamptz";
    return isMoment && law?.kind !== "computed" && !outside.has(`${entity.name}.${name}`) ? [name] : [];
  });
  if (names.length === 0) return [];
  return [
    {
      entity: entity.name,
      kind: "window",
      name: `window of ${entity.name}`,
      where: names.map((name) => `{${name}} < {$from} OR {${name}} >= {$to}`).join(" OR "),
      expected: `${names.join(", ")} from ${scenario.window.from} to before ${scenario.window.to}`,
    },
  ];
}

/** A key with a NULL in it leads nowhere, and a row of the target has none in the key that is led to. */
function referenceRules(context: CheckContext, entity: Entity): CountRule[] {
  return entity.foreignKeys
    .filter(({ target }) => context.planned.has(target))
    .map((key) => {
      const [theirs] = targetColumns(key, context.universe.entity(key.target));
      const isThere = key.columns.map((column) => `{${column}} IS NOT NULL`).join(" AND ");
      return {
        entity: entity.name,
        kind: "reference",
        name: `reference ${entity.name}.${key.columns.join(", ")}`,
        where: `${isThere} AND {${keyStep(key)}.${theirs}} IS NULL`,
        expected: `each is a row of ${key.target}`,
        isProved: key.enforced,
      };
    });
}

function orderRules(context: CheckContext, entity: Entity, name: string, law: ColumnLaw | undefined): CountRule[] {
  if (law?.kind !== "between" && law?.kind !== "after") return [];
  const rule = (path: string, where: string, expected: string): CountRule[] => {
    // A hidden moment is one that the table's reader knows nothing of.
    const isSeen = isWithinPlan(context, { entity: entity.name, expressions: [where], isLenient: true });
    if (!isSeen) return [];
    return [{ entity: entity.name, kind: "order", name: `order ${entity.name}.${name} and ${path}`, where, expected }];
  };
  if (law.kind === "after") {
    const { from, lowDays, highDays } = law;
    // A moment is rounded to its type's digits, and so is what it follows.
    const digit = digitOf(entity.columns[name].type);
    const slack = digit === 1 ? 0 : digit;
    const last = `({$to} - ${microseconds(digit)})`;
    const low = `greatest({${from}}, least({${from}} + ${microseconds(Math.floor(lowDays * DAY_US) - slack)}, ${last}))`;
    const high = `greatest({${from}}, least({${from}} + ${microseconds(Math.ceil(highDays * DAY_US) + slack)}, ${last}))`;
    const where = `{${name}} < ${low} OR {${name}} > ${high}`;
    return rule(from, where, `${name} is ${lowDays} to ${highDays} days after ${from}, within the window`);
  }
  const { from, to } = law;
  return [
    ...rule(from, `{${name}} < {${from}}`, `${name} is not before ${from}`),
    ...(to === undefined ? [] : rule(to, `{${name}} > greatest({${from}}, {${to}})`, `${name} is not after ${to}`)),
  ];
}

/** What is computed from columns that are stored is computed anew; a NULL of its own is the column's to say. */
function computedRule(context: CheckContext, entity: Entity, name: string, column: Column): CountRule[] {
  const { law, type } = column;
  if (law?.kind !== "computed") return [];
  const value = type.name === "enum" ? `{${name}}::text` : `{${name}}`;
  const differs = law.isRounded ? isFar(value, law.sql, type) : `${value} IS DISTINCT FROM ${law.sql}`;
  const where = law.isThinned ? `${value} IS NOT NULL AND (${differs})` : differs;
  if (!isWithinPlan(context, { entity: entity.name, expressions: [where], isLenient: true })) return [];
  return [
    {
      entity: entity.name,
      kind: "values",
      name: `computed ${entity.name}.${name}`,
      where,
      expected: `${name} is ${column.about}`,
      show: [name],
    },
  ];
}

/** Values that Postgres has made, by the expression that it was given: it may have been given another since. */
function generatedRule(entity: Entity): CountRule[] {
  const made = tableColumns(entity).flatMap(([name, { database }]) =>
    database?.kind === "generated" ? [{ name, sql: database.sql }] : [],
  );
  if (made.length === 0) return [];
  return [
    {
      entity: entity.name,
      kind: "values",
      name: `generated columns of ${entity.name}`,
      where: made.map(({ name, sql }) => `{${name}} IS DISTINCT FROM (${escapeBraces(sql)})`).join(" OR "),
      expected: made.map(({ name, sql }) => `${name} is ${sql}`).join(", "),
    },
  ];
}

/** Copies and texts of a table, all of them at once; a key that is read through its own link is a reference's to check. */
function composedRule(context: CheckContext, entity: Entity, columns: readonly [string, Column][]): CountRule[] {
  const own = new Set(
    entity.foreignKeys.flatMap(({ columns: names, link, target, targetColumns: theirs }) =>
      context.planned.has(target)
        ? names.map((name, at) => `${name} {${link}.${(theirs ?? context.universe.entity(target).primaryKey)[at]}}`)
        : [],
    ),
  );
  const conditions = columns.flatMap(([name, { law, type }]) => {
    if (law?.kind !== "composed" || own.has(`${name} ${law.sql}`) || !isComparable(context, entity, law.sql, type))
      return [];
    const differs = `{${name}} IS DISTINCT FROM ${law.sql}`;
    return [{ name, where: law.isThinned ? `{${name}} IS NOT NULL AND ${differs}` : differs }];
  });
  if (conditions.length === 0) return [];
  const names = conditions.map(({ name }) => name);
  return [
    {
      entity: entity.name,
      kind: "values",
      name: `copies and texts of ${entity.name}`,
      where: conditions.map(({ where }) => `(${where})`).join(" OR "),
      expected: `each of ${names.join(", ")} is what the row's other columns make it`,
      show: names,
    },
  ];
}

/** Whether all that a composed column reads is stored, and Postgres compares and prints it as it is written here. */
function isComparable(context: CheckContext, entity: Entity, sql: string, type: SqlType): boolean {
  if (!isWithinPlan(context, { entity: entity.name, expressions: [sql], isLenient: true })) return false;
  const isText = sql.includes("::text");
  return [type, ...pathsOf(sql).map((path) => typeOfPath(context.universe, entity, path))].every(
    ({ name }) => name !== "other" && !(isText && name === "inet"),
  );
}

/** Another value, by more than the last digit: where what is divided is rounded, that may differ. */
function isFar(value: string, sql: string, type: SqlType): string {
  const most =
    type.name === "float8" ? `1e-9 * greatest(1, abs(${sql}))` : `1e-${type.name === "numeric" ? type.scale : 0}`;
  return `(${value} IS NULL) <> (${sql} IS NULL) OR abs(${value} - ${sql}) > ${most}`;
}

/** No row older than one that it refers to, nor changed before it was there. */
function birthRules(context: CheckContext, entity: Entity): CountRule[] {
  const births = context.universe.model.checks?.births;
  const own = births && birthColumn(entity, births);
  if (births === undefined || own === undefined) return [];
  const { changed, except = [] } = births;
  const rule = (after: string, before: string): CountRule => ({
    entity: entity.name,
    kind: "order",
    name: `order ${entity.name}.${after} and ${before}`,
    where: `{${after}} < {${before}}`,
    expected: `${after} is not before ${before}`,
  });
  const parents = entity.foreignKeys.flatMap(({ target, link }) => {
    if (!context.planned.has(target)) return [];
    const theirs = birthColumn(context.universe.entity(target), births);
    return theirs === undefined || except.includes(`${entity.name}.${link}`) ? [] : [rule(own, `${link}.${theirs}`)];
  });
  const isChanged = changed !== undefined && storedColumns(entity).some(([name]) => name === changed);
  return isChanged ? [...parents, rule(changed, own)] : parents;
}

function birthColumn(entity: Entity, { columns }: BirthRule): string | undefined {
  const stored = new Set(storedColumns(entity).map(([name]) => name));
  return columns.find((name) => stored.has(name));
}

/** In whole microseconds, as the column counts: with 'day', a change of clocks would make a day of 23 hours. */
/** The last digit of a moment's type, in µs. */
function digitOf(type: SqlType): number {
  const isMoment = type.name === "timestamp" || type.name === "timestamptz";
  return isMoment && type.precision !== undefined ? powerOf10(6 - type.precision) : 1;
}

function microseconds(count: number): string {
  return `interval '${count} microseconds'`;
}
