import * as z from "zod";
import type { Column } from "../../columns/column.js";
import { type Radix, sizeOfRadix } from "../../columns/combinations.js";
import { DeclarationError } from "../../columns/kinds/kind.js";
import { SLUG_SUFFIX, slugOf, WORD_LISTS } from "../../columns/kinds/texts.js";
import { childrenOf, type Entity, entity, rows as fixedRows, type Relation, type RowSource } from "../entity.js";
import type { DictionarySource, Model } from "../model.js";
import { feature, setting, share, size, weights } from "../scenario/knobs.js";
import type { Scenario, ScenarioKnobs } from "../scenario/types.js";
import { isSessionSetting } from "../session-setting.js";
import { ColumnBuilder } from "./column-builder.js";
import { radicesOf } from "./combinations.js";
import { modelSchema, type TableDeclaration } from "./declaration.js";
import { foreignKeysOf } from "./foreign-keys.js";
import { BUILT_IN_LISTS, type List, type ReadBeside, readList } from "./lists.js";
import { messageOf, readTable } from "./read-table.js";
import { isHidden, type Table, type Tell } from "./table.js";

/** One thing that is wrong with a declaration, and where. */
export interface DeclarationProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

type Declared = z.output<ReturnType<typeof modelSchema>>;

/** A model made of a declaration, or all that is wrong with it. */
export function modelOf(
  given: unknown,
  readBeside: ReadBeside,
):
  | { readonly model: Model; readonly problems: [] }
  | { readonly model: undefined; readonly problems: DeclarationProblem[] } {
  const problems: DeclarationProblem[] = [];
  const tell: Tell = (path, message) => problems.push({ path, message });
  const { success, data, error } = modelSchema().safeParse(given);
  if (!success) {
    for (const issue of error.issues) tell(issue.path, messageOf(issue));
    return { model: undefined, problems };
  }
  const lists = readLists(data.lists ?? {}, readBeside, tell);
  const tables = new Map(
    Object.entries(data.tables).map(([name, table]) => [name, readTable(name, table, { lists, tell })]),
  );
  if (tables.size === 0) tell(["tables"], "expected a table at the least");
  const dictionaries: Record<string, DictionarySource> = {};
  const builder = new ColumnBuilder({
    tables,
    labelsOf: (name) => data.weights?.[name] && Object.keys(data.weights[name]),
    hasKnob: (knob) => hasKnob(data, knob),
    listOf: (name) => lists.get(name),
    useWords: (name) => {
      dictionaries[name] = wordSource(name);
    },
  });
  const entities = inOrder([...tables.values()], tell).map((table) => entityOf(table, { data, tables, builder, tell }));
  if (problems.length > 0) return { model: undefined, problems };
  const { model: name, description = "", schema = name.replaceAll("-", "_") } = data;
  return {
    model: {
      name,
      description,
      schema,
      ...(data.existing && { existing: true }),
      ...sessionOf(data),
      knobs: knobsOf(data),
      entities: entities as Entity[],
      dictionaries,
      anomalies: [...tables.values()].flatMap(({ anomalies }) => anomalies),
    },
    problems: [],
  };
}

function readLists(
  declared: NonNullable<Declared["lists"]>,
  readBeside: ReadBeside,
  tell: Tell,
): ReadonlyMap<string, List> {
  const lists = new Map(BUILT_IN_LISTS);
  for (const [name, list] of Object.entries(declared)) {
    try {
      lists.set(name, readList(list, readBeside));
    } catch (error) {
      tell(["lists", name], (error as Error).message);
    }
  }
  return lists;
}

function hasKnob(data: Declared, knob: string): boolean {
  const [section, name] = knob.split(".");
  const knobs = data[section as "sizes" | "shares" | "settings"];
  return knobs !== undefined && Object.hasOwn(knobs, name);
}

function wordSource(name: string): DictionarySource {
  const list = WORD_LISTS[name.replace(SLUG_SUFFIX, "")];
  return name.endsWith(SLUG_SUFFIX) ? (faker) => list(faker).map(slugOf) : list;
}

/** Owners before what they own. */
function inOrder(tables: readonly Table[], tell: Tell): Table[] {
  const ordered: Table[] = [];
  const byName = new Map(tables.map((table) => [table.name, table]));
  const visit = (table: Table, above: readonly string[]): void => {
    if (ordered.includes(table)) return;
    if (above.includes(table.name)) {
      tell(["tables", table.name, "rows"], `rows that own each other: ${[...above, table.name].join(" -> ")}`);
      return;
    }
    const owner = table.owner === undefined ? undefined : byName.get(table.owner);
    if (table.owner !== undefined && owner === undefined) {
      tell(["tables", table.name, "rows", "owner"], `there is no table ${table.owner}`);
    }
    if (owner !== undefined) visit(owner, [...above, table.name]);
    if (!ordered.includes(table)) ordered.push(table);
  };
  for (const table of tables) visit(table, []);
  return ordered;
}

interface Defining {
  readonly data: Declared;
  readonly tables: ReadonlyMap<string, Table>;
  readonly builder: ColumnBuilder;
  readonly tell: Tell;
}

function entityOf(table: Table, defining: Defining): Entity | undefined {
  const { name, declaration, links, columns } = table;
  const { tell, data } = defining;
  const at = ["tables", name];
  const built: Record<string, Column> = {};
  for (const [section, names] of [
    ["links", [...links.keys()]],
    ["columns", [...columns.keys()]],
  ] as const) {
    for (const column of names) {
      // That an owner is not there is said of the rows.
      if (section === "links" && column === table.owner && !defining.tables.has(column)) continue;
      try {
        built[column] = defining.builder.column(table, column);
      } catch (error) {
        if (!(error instanceof DeclarationError)) throw error;
        tell([...at, section, column, ...error.path], error.message);
      }
    }
  }
  tellOfAnomalies(table, defining);
  const rows = rowsOf(table, defining);
  const keys = keysOf(table, built, tell);
  const { feature: switchedBy } = declaration;
  if (switchedBy !== undefined && data.features?.[switchedBy] === undefined) {
    tell([...at, "feature"], `the model has no feature ${switchedBy}`);
  }
  if (rows === undefined || keys === undefined) return undefined;
  return entity(name, {
    comment: declaration.comment ?? name.replaceAll("_", " "),
    rows,
    columns: built,
    ...keys,
    foreignKeys: foreignKeysOf(table, built, defining.tables),
    ...relationOf(declaration),
    ...(declaration.keep && { kept: true }),
    ...(declaration.first_id !== undefined && { firstId: declaration.first_id }),
    ...(declaration.after !== undefined && { rowsBefore: declaration.after }),
    ...(switchedBy !== undefined && { feature: switchedBy }),
  });
}

/** Where a table stands, where that is elsewhere than its name says. */
function relationOf({ schema, name, only }: TableDeclaration): { relation?: Relation } {
  if (schema === undefined && name === undefined && !only) return {};
  return {
    relation: { ...(schema !== undefined && { schema }), ...(name !== undefined && { name }), ...(only && { only }) },
  };
}

/** What anomalies say of their table beyond what they set: moments, texts, and a name that no other has. */
function tellOfAnomalies(table: Table, { tables, builder, tell }: Defining): void {
  const at = ["tables", table.name, "anomalies"];
  const looked = (path: string, where: readonly PropertyKey[], isMoment: boolean): void => {
    try {
      const { name } = builder.typeOf(table, path);
      if (isMoment && !/^timestamp/.test(name))
        tell(where, `expected the path of a moment, got one of the type ${name}`);
    } catch (error) {
      if (!(error instanceof DeclarationError)) throw error;
      tell(where, error.message);
    }
  };
  for (const { name, since, until, detail } of table.anomalies) {
    const other = [...tables.values()].find(({ anomalies }) => anomalies.some((one) => one.name === name));
    if (other !== table)
      tell([...at, name], `${other?.name} has an anomaly ${name} already: labels and scenarios go by the name`);
    for (const [part, path] of Object.entries({ since, until }))
      if (path !== "") looked(path, [...at, name, part], true);
    const paths = detail === undefined ? [] : builder.column(table, detail).reads;
    for (const path of paths) looked(path, [...at, name, "detail"], false);
  }
}

type Bounds = Required<Pick<Extract<RowSource, { readonly kind: "fixed" }>, "most" | "within">>;
type Counted = (given: number | string, where: readonly PropertyKey[]) => (scenario: Scenario) => number;

/** What a table asks for where it may have fewer rows, and what bounds it; undefined where its combinations are wrong. */
function rowsUpTo(
  table: Table,
  { counted, at }: { readonly counted: Counted; readonly at: readonly PropertyKey[] },
): { readonly asked: (scenario: Scenario) => number; readonly bounds: Bounds } | undefined {
  const { rows } = table.declaration;
  const isUpTo = typeof rows === "object" && "up_to" in rows && rows.up_to !== undefined;
  if (!isUpTo) return { asked: () => 0, bounds: { most: () => 0, within: [] } };
  try {
    const bounds = boundsOf(table, rows.most ?? Number.MAX_SAFE_INTEGER);
    return { asked: counted(rows.up_to!, [...at, "up_to"]), bounds };
  } catch (error) {
    // Told of the combinations themselves.
    if (error instanceof DeclarationError) return undefined;
    throw error;
  }
}

/** No more rows than there are combinations of what must differ. */
function boundsOf(table: Table, most: number): Bounds {
  const groups = (table.declaration.combinations ?? []).map((members) => radicesOf(table, members));
  const sizeOf = (radices: readonly Radix[], rowCount: (entity: string) => number): number =>
    radices.reduce<number>((size, radix) => size * sizeOfRadix(radix, rowCount), 1);
  return {
    within: groups.flat().flatMap((radix) => (typeof radix === "number" ? [] : [radix.entity])),
    most: (rowCount) => Math.min(most, ...groups.map((radices) => sizeOf(radices, rowCount))),
  };
}

/** So many rows for each row of another table. */
function timesOf(per: string, times: number): RowSource {
  const asked = (): number => Number.MAX_SAFE_INTEGER;
  return { kind: "fixed", count: asked, within: [per], most: (rowCount) => times * rowCount(per) };
}

function rowsOf(table: Table, { data, tables, tell }: Defining): RowSource | undefined {
  const at = ["tables", table.name, "rows"];
  const { rows } = table.declaration;
  const counted: Counted = (given, where) => {
    if (typeof given === "number") return () => given;
    if (!hasKnob(data, given)) tell(where, `the model has no size ${given.slice("sizes.".length)}`);
    return ({ sizes }) => sizes[given.slice("sizes.".length)];
  };
  if (typeof rows !== "object") return fixedRows(counted(rows, at));
  const bounded = rowsUpTo(table, { counted, at });
  if (bounded === undefined) return undefined;
  if ("up_to" in rows && !("owner" in rows)) return { kind: "fixed", count: bounded.asked, ...bounded.bounds };
  if ("per" in rows) {
    const { per, times } = rows;
    if (!tables.has(per)) tell([...at, "per"], `the model has no table ${per}`);
    return timesOf(per, times);
  }
  const { owner, total, by, up_to: upTo } = rows;
  if (total !== undefined && upTo !== undefined) tell(at, "expected total or up_to, not both");
  if (total === undefined && upTo === undefined && by === undefined)
    tell(at, "expected total, up_to, or by: the column of the owner that holds each one's number");
  const weight = by === undefined ? undefined : tables.get(owner)?.columns.get(by);
  if (by !== undefined && tables.has(owner) && weight === undefined)
    tell([...at, "by"], `${owner} has no column ${by}`);
  return childrenOf(owner, {
    ...(total !== undefined && { total: counted(total, [...at, "total"]) }),
    ...(upTo !== undefined && { total: bounded.asked, ...bounded.bounds }),
    ...(by !== undefined && { by }),
  });
}

/** Keys and indexes; those whose columns are not stored are told. */
function keysOf(
  { name, declaration, columns: declared }: Table,
  built: Readonly<Record<string, Column>>,
  tell: Tell,
):
  | { primaryKey: readonly string[]; unique: readonly (readonly string[])[]; indexes: readonly (readonly string[])[] }
  | undefined {
  const at = ["tables", name];
  const { key = ["id"], unique = [], indexes = [] } = declaration;
  let isWhole = true;
  const look = (columns: readonly string[], where: readonly PropertyKey[]): void => {
    const missing = columns.find(
      (column) => !Object.hasOwn(declaration.columns, column) || isHidden(column, declared.get(column)),
    );
    if (missing === undefined) return;
    isWhole = false;
    const isDefault = where.at(-1) === "key" && declaration.key === undefined;
    const message = isDefault
      ? `expected key: the columns of ${name}'s primary key`
      : `${name} has no stored column ${missing}`;
    tell(isDefault ? at : where, message);
  };
  look(key, [...at, "key"]);
  for (const [i, columns] of unique.entries()) look(columns, [...at, "unique", i]);
  for (const [i, columns] of indexes.entries()) look(columns, [...at, "indexes", i]);
  for (const column of key) {
    if (built[column]?.database) tell([...at, "columns", column], "is of the primary key, and made by Postgres");
    else if (built[column]?.nullable) tell([...at, "columns", column], `is of the primary key and may be NULL`);
  }
  return isWhole ? { primaryKey: key, unique, indexes } : undefined;
}

/** Settings that a database's session is told. */
function sessionOf({ settings = {} }: Declared): Pick<Model, "session"> {
  const told = Object.entries(settings).filter(([name]) => isSessionSetting(name));
  return told.length === 0 ? {} : { session: Object.fromEntries(told.map(([name, value]) => [name, String(value)])) };
}

function knobsOf({
  sizes = {},
  features = {},
  shares = {},
  weights: choices = {},
  settings = {},
}: Declared): ScenarioKnobs {
  const each = <T, K>(given: Readonly<Record<string, T>>, knob: (value: T) => K): Record<string, K> =>
    Object.fromEntries(Object.entries(given).map(([name, value]) => [name, knob(value)]));
  const most = Number.MAX_SAFE_INTEGER;
  const numbers = Object.fromEntries(
    Object.entries(settings).filter((entry): entry is [string, number] => !isSessionSetting(entry[0])),
  );
  return {
    sizes: z.strictObject(each(sizes, (value) => size(value, "", { min: 0 }))),
    features: z.strictObject(each(features, (value) => feature(value, ""))),
    shares: z.strictObject(each(shares, (value) => share(value, ""))),
    weights: z.strictObject(each(choices, (value) => weights(value, ""))),
    settings: z.strictObject(each(numbers, (value) => setting(value, "", { min: -most, max: most }))),
  } as unknown as ScenarioKnobs;
}
