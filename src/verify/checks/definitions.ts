import type pg from "pg";
import type { SqlType } from "../../core/sql-type.js";
import { type Entity, storedColumns } from "../../model/entity.js";
import { boundedName } from "../../postgres/identifiers.js";
import { attempt } from "../attempt.js";
import type { CheckContext, CheckTask } from "../context.js";
import { type CheckResult, OFFENDING_ROWS_MAX } from "../result.js";

/**
 * Whether each table has the columns, keys, references, checks, indexes and sequences that its entity declares, and
 * Postgres holds them for valid. One look at the catalog for all tables.
 */
export function definitionsTask(context: CheckContext): CheckTask {
  const entities = [...context.planned.keys()].map((name) => context.universe.entity(name));
  return {
    rows: 0,
    async run(client) {
      const began = performance.now();
      const catalog = await attempt(client, () => readCatalog(client, context.schema));
      const seconds = (performance.now() - began) / 1000 / entities.length;
      return entities.map((entity): CheckResult => {
        const problems = catalog.ok ? problemsOf(context, entity, catalog.value) : [catalog.message];
        return {
          name: `definition of ${entity.name}`,
          kind: "definition",
          entity: entity.name,
          ok: problems.length === 0,
          found: problems.length === 0 ? "all is there and valid" : problems.join("; "),
          expected: `${storedColumns(entity).length} columns; keys, references, checks and indexes as declared`,
          rowsChecked: 0,
          seconds,
          offending: problems.slice(0, OFFENDING_ROWS_MAX).map((problem) => ({ problem })),
        };
      });
    },
  };
}

interface CatalogColumn {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly modifier: number;
  readonly isNotNull: boolean;
  /** Of its sequence; null where it has none, or one that was never used. */
  readonly lastValue: string | null;
}

interface CatalogConstraint {
  readonly table: string;
  readonly name: string;
  /** p, u, f or c, as pg_constraint has it. */
  readonly kind: string;
  readonly isValid: boolean;
  readonly columns: readonly string[];
  readonly target: string | null;
}

interface CatalogIndex {
  readonly table: string;
  readonly isValid: boolean;
  readonly columns: readonly string[];
}

interface Catalog {
  readonly columns: readonly CatalogColumn[];
  readonly constraints: readonly CatalogConstraint[];
  readonly indexes: readonly CatalogIndex[];
}

const OF_SCHEMA = "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1";

/** Names of the columns whose numbers an array holds, in its order. */
const namesOf = (numbers: string): string =>
  `ARRAY(SELECT a.attname::text FROM unnest(${numbers}::int2[]) WITH ORDINALITY AS k(attnum, at) ` +
  "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum ORDER BY k.at)";

async function readCatalog(client: pg.Client, schema: string): Promise<Catalog> {
  const columns = await client.query<CatalogColumn>(
    'SELECT c.relname AS table, a.attname AS name, t.typname AS type, a.atttypmod AS modifier, a.attnotnull AS "isNotNull", ' +
      "CASE WHEN a.attidentity <> '' THEN pg_sequence_last_value(pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), " +
      `a.attname)::regclass)::text END AS "lastValue" ${OF_SCHEMA} ` +
      "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped JOIN pg_type t ON t.oid = a.atttypid " +
      "WHERE c.relkind IN ('r', 'p') ORDER BY c.relname, a.attnum",
    [schema],
  );
  const constraints = await client.query<CatalogConstraint>(
    `SELECT c.relname AS table, o.conname AS name, o.contype AS kind, ${namesOf("o.conkey")} AS columns, f.relname AS target, ` +
      `o.convalidated AND coalesce(i.indisvalid, true) AS "isValid" ${OF_SCHEMA} JOIN pg_constraint o ON o.conrelid = c.oid ` +
      "LEFT JOIN pg_class f ON f.oid = o.confrelid LEFT JOIN pg_index i ON i.indexrelid = o.conindid",
    [schema],
  );
  const indexes = await client.query<CatalogIndex>(
    `SELECT c.relname AS table, i.indisvalid AND i.indisready AS "isValid", ${namesOf("i.indkey")} AS columns ` +
      `${OF_SCHEMA} JOIN pg_index i ON i.indrelid = c.oid WHERE i.indpred IS NULL`,
    [schema],
  );
  return { columns: columns.rows, constraints: constraints.rows, indexes: indexes.rows };
}

function problemsOf(context: CheckContext, entity: Entity, catalog: Catalog): string[] {
  const ofTable = <T extends { readonly table: string }>(all: readonly T[]): T[] =>
    all.filter(({ table }) => table === entity.name);
  const columns = ofTable(catalog.columns);
  if (columns.length === 0) return ["there is no such table"];
  return [
    ...columnProblems(entity, columns),
    ...sequenceProblems(context, entity, columns),
    ...constraintProblems(context, entity, ofTable(catalog.constraints)),
    ...indexProblems(entity, ofTable(catalog.indexes)),
  ];
}

function columnProblems(entity: Entity, found: readonly CatalogColumn[]): string[] {
  return storedColumns(entity).flatMap(([name, { type, nullable }]) => {
    const column = found.find((candidate) => candidate.name === name);
    if (column === undefined) return [`no column ${name}`];
    const expected = catalogType(type);
    const isTyped = column.type === expected.name && column.modifier === expected.modifier;
    return [
      ...(isTyped ? [] : [`${name} has the type ${column.type}, not ${expected.name}`]),
      ...(nullable || column.isNotNull ? [] : [`${name} may be NULL`]),
    ];
  });
}

/** A type as pg_type and pg_attribute have it: a precision, a scale and a length are packed into the modifier. */
function catalogType(type: SqlType): { readonly name: string; readonly modifier: number } {
  if (type.name === "numeric") return { name: "numeric", modifier: ((type.precision << 16) | type.scale) + 4 };
  if (type.name === "varchar") return { name: "varchar", modifier: type.length + 4 };
  if (type.name === "enum") return { name: type.type, modifier: -1 };
  return { name: type.name === "text[]" ? "_text" : type.name, modifier: -1 };
}

function sequenceProblems(context: CheckContext, entity: Entity, found: readonly CatalogColumn[]): string[] {
  const planned = context.planned.get(entity.name);
  if (planned === undefined || planned.rows === 0) return [];
  return storedColumns(entity).flatMap(([name, { identity }]) => {
    const column = found.find((candidate) => candidate.name === name);
    if (!identity || column === undefined) return [];
    const last = column.lastValue === null ? 0 : Number(column.lastValue);
    return last >= planned.idEnd - 1 ? [] : [`the sequence of ${name} goes on after ${last}, not ${planned.idEnd - 1}`];
  });
}

function constraintProblems(context: CheckContext, entity: Entity, found: readonly CatalogConstraint[]): string[] {
  const columns = storedColumns(entity);
  const wanted = [
    { kind: "p", columns: entity.primaryKey, text: `primary key (${entity.primaryKey.join(", ")})` },
    ...entity.uniqueKeys.map((key) => ({ kind: "u", columns: key, text: `unique key (${key.join(", ")})` })),
    ...columns.flatMap(([name, { references }]) =>
      references?.foreignKey && context.planned.has(references.entity)
        ? [{ kind: "f", columns: [name], target: references.entity, text: `foreign key of ${name}` }]
        : [],
    ),
    ...columns.flatMap(([name, { check }]) =>
      check === undefined
        ? []
        : [{ kind: "c", name: boundedName(entity.name, name, "check"), text: `check of ${name}` }],
    ),
  ];
  return wanted.flatMap((one) => {
    const match = found.find(
      ({ kind, name, columns, target }) =>
        kind === one.kind &&
        ("name" in one ? name === one.name : sameList(columns, one.columns)) &&
        (!("target" in one) || target === one.target),
    );
    if (match === undefined) return [`no ${one.text}`];
    return match.isValid ? [] : [`the ${one.text} is not valid`];
  });
}

function indexProblems(entity: Entity, found: readonly CatalogIndex[]): string[] {
  return entity.indexes.flatMap((wanted) => {
    const matches = found.filter(({ columns }) => sameList(columns, wanted));
    if (matches.length === 0) return [`no index (${wanted.join(", ")})`];
    return matches.some(({ isValid }) => isValid) ? [] : [`the index (${wanted.join(", ")}) is not valid`];
  });
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, at) => name === b[at]);
}
