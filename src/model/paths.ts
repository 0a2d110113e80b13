import { INT8, type SqlType } from "../core/sql-type.js";
import { assert } from "../errors.js";
import { type Entity, firstRow, leadsTo } from "./entity.js";

/** Where entities are found by their names; fails for those there are not. */
export interface EntitySource {
  entity(name: string): Entity;
}

/** One step of a path: a column of an entity, or one of `$parent`, `$ordinal` and `$source`. */
export interface PathStep {
  readonly entity: Entity;
  readonly name: string;
}

/** The column that holds what a column of a list is in the rows that another one has picked: `_place.city`. */
export function listedName(picked: string, column: string): string {
  return `${picked}$${column}`;
}

/**
 * The steps of a path from an entity's row: `campaign_id.client_id` is a column of the row, then one of its campaign.
 * @throws where a column is not there, or one on the way refers to nothing
 */
export function stepsOf(source: EntitySource, from: Entity, path: string): PathStep[] {
  const names = path.split(".");
  let entity = from;
  const steps: PathStep[] = [];
  for (const [at, name] of names.entries()) {
    if (at === names.length - 2) {
      const listed = listedName(name, names[at + 1]);
      if (Object.hasOwn(entity.columns, listed)) return [...steps, { entity, name: listed }];
    }
    steps.push({ entity, name });
    if (name.startsWith("$")) {
      assert(SPECIAL.has(name), `${name} is $source, $parent or $ordinal`);
      assert(at === names.length - 1, `${path} ends at ${name}`);
      return steps;
    }
    assert(Object.hasOwn(entity.columns, name), `${entity.name} has a column ${name}, which ${path} names`);
    if (at < names.length - 1) {
      const target = leadsTo(entity.columns[name]);
      assert(target !== undefined, `${entity.name}.${name} refers to an entity, as ${path} needs`);
      entity = source.entity(target);
    }
  }
  return steps;
}

const SPECIAL: ReadonlySet<string> = new Set(["$source", "$parent", "$ordinal"]);

/** The type of what a path names. */
export function typeOfPath(source: EntitySource, from: Entity, path: string): SqlType {
  const { entity, name } = stepsOf(source, from, path).at(-1)!;
  return name.startsWith("$") ? INT8 : entity.columns[name].type;
}

/** Where the column at the end of a path leads to, and what stands for the first row there: 0, or its ID. */
export function linkOfPath(
  source: EntitySource,
  from: Entity,
  path: string,
): { readonly entity: string; readonly first: number } {
  const { entity, name } = stepsOf(source, from, path).at(-1)!;
  const target = name.startsWith("$") ? undefined : leadsTo(entity.columns[name]);
  assert(target !== undefined, `${path}, seen from ${from.name}, leads to an entity`);
  return { entity: target, first: firstRow(entity.columns[name], source.entity(target)) };
}
