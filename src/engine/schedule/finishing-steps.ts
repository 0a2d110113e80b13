import type { DeferredKey } from "../../ledger/deferred.js";
import { type Entity, storedColumns } from "../../model/entity.js";
import { tableName } from "../../postgres/ddl.js";
import { boundedName, qualified, quoteIdentifier, quoteLiteral } from "../../postgres/identifiers.js";

/** One statement of the work after a load. */
export interface FinishingStep {
  readonly phase: FinishingPhase;
  readonly name: string;
  readonly entity: string;
  readonly sql: string;
}

/** The phases in their order; the steps of one phase may run side by side, save those that lock several tables. */
export const FINISHING_PHASES = [
  "indexes",
  "keys",
  "references",
  "validation",
  "sequences",
  "triggers",
  "statistics",
] as const;

/** Phases that most runs have nothing to do in: they are told of only where there is. */
export const OPTIONAL_PHASES: ReadonlySet<FinishingPhase> = new Set(["triggers"]);

/**
 * Phases whose steps run one after another. Declaring a foreign key locks both tables against each other's like: side
 * by side, two of them deadlock. Each takes a millisecond.
 */
export const SEQUENTIAL_PHASES: ReadonlySet<FinishingPhase> = new Set(["references", "triggers"]);

export type FinishingPhase = (typeof FINISHING_PHASES)[number];

/**
 * What has to be built once the rows are there. Locks decide the phases: indexes of one table are built side by side
 * (they take SHARE), keys then adopt them at once; foreign keys are declared unchecked, each for a moment, and checked
 * afterwards under locks that let other tables' checks go on.
 * @param entities the tables that were loaded
 * @param standing what was there before: tables that references may lead to, and keys to be put back
 */
export function finishingSteps(
  schema: string,
  entities: readonly Entity[],
  standing: { readonly tables?: readonly string[]; readonly keys?: readonly DeferredKey[] } = {},
): FinishingStep[] {
  const loaded = new Set([...entities.map(({ name }) => name), ...(standing.tables ?? [])]);
  const own = entities.flatMap((entity) => [
    ...indexSteps(schema, entity),
    ...keySteps(schema, entity),
    ...referenceSteps(schema, entity, loaded),
    ...sequenceSteps(schema, entity),
    {
      phase: "statistics" as const,
      name: `analyze ${entity.name}`,
      entity: entity.name,
      sql: `ANALYZE ${tableName(schema, entity)}`,
    },
  ]);
  return [...own, ...restoringSteps(schema, standing.keys ?? [])];
}

function primaryKeyName(entity: Entity): string {
  return boundedName(entity.name, "pkey");
}

function uniqueKeyName(entity: Entity, columns: readonly string[]): string {
  return boundedName(entity.name, ...columns, "key");
}

function columnList(columns: readonly string[]): string {
  return columns.map(quoteIdentifier).join(", ");
}

/** Names of the indexes of an entity, those of its keys too. */
export function indexNames(entity: Entity): string[] {
  return indexesOf(entity).map(({ name }) => name);
}

function indexesOf(entity: Entity): { name: string; columns: readonly string[]; unique: boolean }[] {
  return [
    { name: primaryKeyName(entity), columns: entity.primaryKey, unique: true },
    ...entity.uniqueKeys.map((columns) => ({ name: uniqueKeyName(entity, columns), columns, unique: true })),
    ...entity.indexes.map((columns) => ({ name: boundedName(entity.name, ...columns, "idx"), columns, unique: false })),
  ];
}

function indexSteps(schema: string, entity: Entity): FinishingStep[] {
  return indexesOf(entity).map(({ name, columns, unique }) => ({
    phase: "indexes",
    name: `index ${name}`,
    entity: entity.name,
    sql:
      `CREATE ${unique ? "UNIQUE " : ""}INDEX ${quoteIdentifier(name)} ` +
      `ON ${tableName(schema, entity)} (${columnList(columns)})`,
  }));
}

/** One ALTER TABLE for all keys and checks of a table: the checks then share one scan. */
function keySteps(schema: string, entity: Entity): FinishingStep[] {
  const adopt = (name: string, kind: string): string =>
    `ADD CONSTRAINT ${quoteIdentifier(name)} ${kind} USING INDEX ${quoteIdentifier(name)}`;
  const actions = [
    adopt(primaryKeyName(entity), "PRIMARY KEY"),
    ...entity.uniqueKeys.map((columns) => adopt(uniqueKeyName(entity, columns), "UNIQUE")),
    ...storedColumns(entity).flatMap(([column, { check }]) =>
      check === undefined
        ? []
        : [`ADD CONSTRAINT ${quoteIdentifier(boundedName(entity.name, column, "check"))} CHECK (${check})`],
    ),
  ];
  return [
    {
      phase: "keys",
      name: `keys of ${entity.name}`,
      entity: entity.name,
      sql: `ALTER TABLE ${tableName(schema, entity)} ${actions.join(", ")}`,
    },
  ];
}

function referenceSteps(schema: string, entity: Entity, loaded: ReadonlySet<string>): FinishingStep[] {
  const table = tableName(schema, entity);
  const keys = entity.foreignKeys
    .filter(({ enforced, target }) => enforced && loaded.has(target))
    .map((key) => ({ ...key, name: boundedName(entity.name, ...key.columns, "fkey") }));
  if (keys.length === 0) return [];
  const declare = keys.map(
    ({ columns, target, targetColumns, name }) =>
      `ADD CONSTRAINT ${quoteIdentifier(name)} FOREIGN KEY (${columnList(columns)}) ` +
      `REFERENCES ${qualified(schema, target)}${targetColumns ? ` (${columnList(targetColumns)})` : ""} NOT VALID`,
  );
  return [
    {
      phase: "references",
      name: `foreign keys of ${entity.name}`,
      entity: entity.name,
      sql: `ALTER TABLE ${table} ${declare.join(", ")}`,
    },
    // Checks of one table exclude each other, so they share a connection; those of different tables do not.
    {
      phase: "validation",
      name: `check foreign keys of ${entity.name}`,
      entity: entity.name,
      sql: keys.map(({ name }) => `ALTER TABLE ${table} VALIDATE CONSTRAINT ${quoteIdentifier(name)}`).join("; "),
    },
  ];
}

/** Puts back the foreign keys of standing tables that had to go with what they refer to. */
function restoringSteps(schema: string, keys: readonly DeferredKey[]): FinishingStep[] {
  return keys.flatMap(({ table, name, definition }) => {
    const alter = `ALTER TABLE ${qualified(schema, table)}`;
    const constraint = quoteIdentifier(name);
    return [
      {
        phase: "references" as const,
        name: `put back ${name} of ${table}`,
        entity: table,
        sql: `${alter} ADD CONSTRAINT ${constraint} ${definition}${/ NOT VALID$/.test(definition) ? "" : " NOT VALID"}`,
      },
      {
        phase: "validation" as const,
        name: `check ${name} of ${table}`,
        entity: table,
        sql: `${alter} VALIDATE CONSTRAINT ${constraint}`,
      },
    ];
  });
}

function sequenceSteps(schema: string, entity: Entity): FinishingStep[] {
  const table = tableName(schema, entity);
  return storedColumns(entity)
    .filter(([, { identity }]) => identity)
    .map(([column]) => ({
      phase: "sequences",
      name: `sequence of ${entity.name}.${column}`,
      entity: entity.name,
      sql:
        `SELECT setval(pg_get_serial_sequence(${quoteLiteral(table)}, ${quoteLiteral(column)}), ` +
        `max(${quoteIdentifier(column)})) FROM ${table}`,
    }));
}
