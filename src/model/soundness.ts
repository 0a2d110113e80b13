import { assert, SeedBulkError } from "../errors.js";
import { type Entity, type ForeignKey, leadsTo, targetColumns } from "./entity.js";
import type { Model } from "./model.js";
import { type EntitySource, stepsOf } from "./paths.js";
import { displayPath } from "./scenario/problems.js";

/** A model is looked at once a thread, not once a scenario. */
const sound = new WeakSet<Model>();

/**
 * Fails where a model names what is not there or a column needs itself, as far as its data says: columns, references,
 * parents, keys and indexes. What a column asks for only when it is bound is watched by `Universe.within`.
 */
export function assertSound(model: Model): void {
  if (sound.has(model)) return;
  const source = sourceOf(model);
  for (const entity of model.entities) {
    assertNamesColumns(entity);
    for (const key of entity.foreignKeys) assertForeignKey(source, entity, key);
  }
  assertNoCycle(source, model.entities);
  sound.add(model);
}

/** How the errors of `assert` begin. */
const ASSERTION = "assertion failed: ";

/**
 * What an assertion says of a model: a fault of ours in a built-in one, and the user's to mend in one of theirs.
 * @returns SB_MODEL_INVALID, or the error as it was
 */
export function faultOfModel({ name, origin }: Pick<Model, "name" | "origin">, cause: unknown): unknown {
  if (!(cause instanceof Error) || !cause.message.startsWith(ASSERTION)) return cause;
  const where = origin === undefined || origin.kind === "builtIn" ? name : displayPath(origin.file);
  return new SeedBulkError("SB_MODEL_INVALID", `${where}: expected that ${cause.message.slice(ASSERTION.length)}`, {
    cause,
  });
}

/** An assertion's error with the entity and the column it is about; others are as they were. */
export function namedAssertion(error: unknown, name: string): unknown {
  const marker = " (of ";
  if (!(error instanceof Error) || !error.message.startsWith(ASSERTION) || error.message.includes(marker)) return error;
  return new Error(`${error.message}${marker}${name})`, { cause: error });
}

function sourceOf(model: Model): EntitySource {
  const byName = new Map(model.entities.map((entity) => [entity.name, entity]));
  assert(byName.size === model.entities.length, `the entities of ${model.name} have names of their own`);
  return {
    entity(name) {
      const found = byName.get(name);
      assert(found !== undefined, `the model ${model.name} has an entity ${name}`);
      return found;
    },
  };
}

function assertNamesColumns({ name, columns, primaryKey, uniqueKeys, indexes }: Entity): void {
  for (const column of [primaryKey, ...uniqueKeys, ...indexes].flat()) {
    assert(Object.hasOwn(columns, column), `${name} has a column ${column}, which a key or an index names`);
    assert(!columns[column].hidden, `${name}.${column} is stored, as a key or an index needs`);
  }
}

/** A foreign key leads where its link does, to as many columns of a key as it has itself, of the same types. */
function assertForeignKey(source: EntitySource, entity: Entity, key: ForeignKey): void {
  const target = source.entity(key.target);
  const theirs = targetColumns(key, target);
  const name = `the foreign key (${key.columns.join(", ")}) of ${entity.name}`;
  assert(Object.hasOwn(entity.columns, key.link), `${entity.name} has a link ${key.link}, which ${name} names`);
  assert(leadsTo(entity.columns[key.link]) === key.target, `${key.link}, the link of ${name}, leads to ${key.target}`);
  assert(
    key.columns.length === theirs.length,
    `${name} has as many columns as (${theirs.join(", ")}) of ${key.target}`,
  );
  const isKey = [target.primaryKey, ...target.uniqueKeys].some(
    (unique) => unique.length === theirs.length && unique.every((column) => theirs.includes(column)),
  );
  assert(isKey, `${name} leads to a primary or unique key of ${key.target}, not to (${theirs.join(", ")})`);
  for (const column of key.columns) {
    assert(Object.hasOwn(entity.columns, column), `${entity.name} has a column ${column}, which ${name} names`);
    assert(!entity.columns[column].hidden, `${entity.name}.${column} is stored, as ${name} needs`);
  }
}

/** Something that is worked out, and what is worked out before it. */
interface Node {
  readonly name: string;
  needs(): Node[];
}

/** Goes through all that is needed, depth first; what is met again while it is open closes a cycle. */
function assertNoCycle(source: EntitySource, entities: readonly Entity[]): void {
  const done = new Set<string>();
  const open: string[] = [];
  const visit = (node: Node): void => {
    if (done.has(node.name)) return;
    const at = open.indexOf(node.name);
    assert(at < 0, `what needs itself cannot be made: ${[...open.slice(at), node.name].join(" -> ")}`);
    open.push(node.name);
    for (const needed of node.needs()) visit(needed);
    open.pop();
    done.add(node.name);
  };
  for (const entity of entities) {
    visit(rowsNode(source, entity));
    for (const column of Object.keys(entity.columns)) visit(columnNode(source, entity, column));
  }
}

function rowsNode(source: EntitySource, { name, rows }: Entity): Node {
  return {
    name: `the rows of ${name}`,
    needs() {
      if (rows.kind === "labels") return [];
      const bounds = (rows.within ?? []).map((other) => rowsNode(source, source.entity(other)));
      if (rows.kind === "fixed") return bounds;
      const parent = source.entity(rows.parent);
      const { by } = rows;
      if (by === undefined) return [rowsNode(source, parent), ...bounds];
      assert(Object.hasOwn(parent.columns, by), `${parent.name} has a column ${by}, by which ${name} has rows`);
      return [rowsNode(source, parent), columnNode(source, parent, by)];
    },
  };
}

function columnNode(source: EntitySource, entity: Entity, column: string): Node {
  return {
    name: `${entity.name}.${column}`,
    needs() {
      const { reads } = entity.columns[column];
      const target = leadsTo(entity.columns[column]);
      const steps = named(`${entity.name}.${column}`, () => reads.flatMap((path) => stepsOf(source, entity, path)));
      return [
        rowsNode(source, entity),
        ...(target === undefined ? [] : [rowsNode(source, source.entity(target))]),
        ...steps.map((step) =>
          step.name.startsWith("$") ? rowsNode(source, step.entity) : columnNode(source, step.entity, step.name),
        ),
      ];
    },
  };
}

function named<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw namedAssertion(error, name);
  }
}
