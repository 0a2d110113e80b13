import type pg from "pg";
import { quoteIdentifier, quoteLiteral } from "./identifiers.js";

/** Something that stands on a table and can be taken off it: how that is done, and how it is put back as it was. */
export interface Removable {
  readonly tableOid: number;
  /** In which phase of the finishing it is put back. */
  readonly phase: "indexes" | "keys" | "references" | "validation" | "triggers";
  /** What it is, for people. */
  readonly name: string;
  /** Statements that take it off; none where an earlier one does that too. */
  readonly takeOff: string | null;
  readonly putBack: string;
}

/** What of tables may be taken off. */
export interface TakeOffRequest {
  /** Tables that are filled. */
  readonly tables: readonly number[];
  /** Those of them whose indexes and keys go as well: building these once costs less than keeping them row by row. */
  readonly large: readonly number[];
  readonly triggers: boolean;
}

const OIDS = "SELECT unnest($1::int8[])::oid";

/** Foreign keys; of partitions only their parents' own. */
const FOREIGN_KEYS = `
SELECT o.conrelid::int8::float8 AS oid, o.conrelid::regclass::text AS "table", o.conname AS name, o.convalidated AS valid,
  c.relkind = 'p' AS partitioned, pg_get_constraintdef(o.oid) AS definition, obj_description(o.oid, 'pg_constraint') AS comment
FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
WHERE o.contype = 'f' AND o.conparentid = 0 AND o.conrelid IN (${OIDS}) ORDER BY 2, 3`;

/**
 * B-trees and their like that no standing foreign key needs: those of the filled tables are taken off before. Not those
 * of partitions, whose indexes hang together, nor of exclusion constraints, nor what the planner may not use yet.
 */
const INDEXES = `
SELECT i.indrelid::int8::float8 AS oid, i.indrelid::regclass::text AS "table", i.indexrelid::regclass::text AS index, ic.relname AS name,
  pg_get_indexdef(i.indexrelid) AS definition, obj_description(i.indexrelid, 'pg_class') AS "indexComment",
  i.indisclustered AS clustered, i.indisreplident AS identity,
  o.conname AS "constraint", o.contype AS kind, o.condeferrable AS deferrable, o.condeferred AS deferred,
  obj_description(o.oid, 'pg_constraint') AS "constraintComment",
  (SELECT json_agg(json_build_array(a.attnum, a.attstattarget)) FROM pg_attribute a
   WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0) AS targets
FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
  JOIN pg_am am ON am.oid = ic.relam
  LEFT JOIN pg_constraint o ON o.conindid = i.indexrelid AND o.conrelid = i.indrelid AND o.contype IN ('p', 'u', 'x')
WHERE i.indrelid IN (${OIDS}) AND i.indisvalid AND c.relkind = 'r' AND NOT c.relispartition
  AND (o.oid IS NULL OR o.contype IN ('p', 'u') AND am.amname = 'btree')
  AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = i.indexrelid
                  AND NOT f.conrelid::int8 = ANY ($2))
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_rewrite'::regclass AND d.refobjid = o.oid
                  AND d.refclassid = 'pg_constraint'::regclass)
ORDER BY 2, 4`;

const TRIGGERS = `
SELECT t.tgrelid::int8::float8 AS oid, t.tgrelid::regclass::text AS "table", t.tgname AS name, t.tgenabled AS enabled
FROM pg_trigger t WHERE t.tgrelid IN (${OIDS}) AND NOT t.tgisinternal AND t.tgparentid = 0
  AND t.tgenabled IN ('O', 'A') AND t.tgtype & 4 <> 0 ORDER BY 2, 3`;

/**
 * What may be taken off tables before a load, in the order in which it goes; it is put back phase by phase.
 * @param client in a transaction whose search path is pg_catalog alone, so that every name is told with its schema
 */
export async function removables(client: pg.Client, request: TakeOffRequest): Promise<Removable[]> {
  const { tables, large, triggers } = request;
  return [
    ...(triggers ? (await client.query<TriggerRow>(TRIGGERS, [tables])).rows.map(trigger) : []),
    ...(await client.query<ForeignKeyRow>(FOREIGN_KEYS, [tables])).rows.flatMap(foreignKey),
    ...(large.length === 0 ? [] : (await client.query<IndexRow>(INDEXES, [large, tables])).rows.flatMap(index)),
  ];
}

interface Row {
  readonly oid: number;
  readonly table: string;
  readonly name: string;
}

interface TriggerRow extends Row {
  readonly enabled: "O" | "A";
}

function trigger({ oid, table, name, enabled }: TriggerRow): Removable {
  const quoted = quoteIdentifier(name);
  return {
    tableOid: oid,
    phase: "triggers",
    name: `trigger ${name} of ${table}`,
    takeOff: `ALTER TABLE ${table} DISABLE TRIGGER ${quoted}`,
    putBack: `ALTER TABLE ${table} ENABLE ${enabled === "A" ? "ALWAYS " : ""}TRIGGER ${quoted}`,
  };
}

interface ForeignKeyRow extends Row {
  readonly definition: string;
  readonly valid: boolean;
  readonly partitioned: boolean;
  readonly comment: string | null;
}

function foreignKey({ oid, table, name, definition, valid, partitioned, comment }: ForeignKeyRow): Removable[] {
  const quoted = quoteIdentifier(name);
  const what = `${name} of ${table}`;
  // Not every version declares those of partitioned tables before it checks them.
  const isInTwo = valid && !partitioned && !/ NOT ENFORCED$/.test(definition);
  const remark = comment === null ? "" : `; COMMENT ON CONSTRAINT ${quoted} ON ${table} IS ${quoteLiteral(comment)}`;
  const declared: Removable = {
    tableOid: oid,
    phase: "references",
    name: `put back ${what}`,
    takeOff: `ALTER TABLE ${table} DROP CONSTRAINT ${quoted}`,
    putBack: `ALTER TABLE ${table} ADD CONSTRAINT ${quoted} ${definition}${isInTwo ? " NOT VALID" : ""}${remark}`,
  };
  if (!isInTwo) return [declared];
  const checked: Removable = {
    tableOid: oid,
    phase: "validation",
    name: `check ${what}`,
    takeOff: null,
    putBack: `ALTER TABLE ${table} VALIDATE CONSTRAINT ${quoted}`,
  };
  return [declared, checked];
}

interface IndexRow extends Row {
  /** Quoted, with its schema. */
  readonly index: string;
  readonly definition: string;
  readonly indexComment: string | null;
  readonly clustered: boolean;
  readonly identity: boolean;
  readonly constraint: string | null;
  readonly kind: "p" | "u" | null;
  readonly deferrable: boolean | null;
  readonly deferred: boolean | null;
  readonly constraintComment: string | null;
  readonly targets: readonly (readonly [number, number])[] | null;
}

function index(row: IndexRow): Removable[] {
  const { oid, table, name, index, definition, constraint, kind } = row;
  const quoted = quoteIdentifier(name);
  const after = [
    ...(row.targets ?? []).map(([at, target]) => `ALTER INDEX ${index} ALTER COLUMN ${at} SET STATISTICS ${target}`),
    ...(row.indexComment === null ? [] : [`COMMENT ON INDEX ${index} IS ${quoteLiteral(row.indexComment)}`]),
    ...(row.clustered ? [`ALTER TABLE ${table} CLUSTER ON ${quoted}`] : []),
  ];
  const identity = row.identity ? [`ALTER TABLE ${table} REPLICA IDENTITY USING INDEX ${quoted}`] : [];
  const made: Removable = {
    tableOid: oid,
    phase: "indexes",
    name: `index ${name} of ${table}`,
    takeOff: constraint === null ? `DROP INDEX ${index}` : null,
    putBack: [definition, ...after, ...(constraint === null ? identity : [])].join("; "),
  };
  if (constraint === null) return [made];
  const deferral = row.deferrable ? ` DEFERRABLE${row.deferred ? " INITIALLY DEFERRED" : ""}` : "";
  const called = quoteIdentifier(constraint);
  const remark =
    row.constraintComment === null
      ? []
      : [`COMMENT ON CONSTRAINT ${called} ON ${table} IS ${quoteLiteral(row.constraintComment)}`];
  const adopted: Removable = {
    tableOid: oid,
    phase: "keys",
    name: `key ${constraint} of ${table}`,
    takeOff: `ALTER TABLE ${table} DROP CONSTRAINT ${called}`,
    putBack: [
      `ALTER TABLE ${table} ADD CONSTRAINT ${called} ${kind === "p" ? "PRIMARY KEY" : "UNIQUE"} USING INDEX ${quoted}${deferral}`,
      ...remark,
      ...identity,
    ].join("; "),
  };
  return [made, adopted];
}

const SEQUENCES = `
SELECT DISTINCT a.attrelid::int8::float8 AS oid, a.attrelid::regclass::text AS "table", a.attname AS name, s.oid::regclass::text AS sequence
FROM pg_attribute a
  LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
  JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
    OR d.classid = 'pg_attrdef'::regclass AND d.objid = f.oid AND d.refclassid = 'pg_class'::regclass
  JOIN pg_class s ON s.relkind = 'S' AND s.oid IN (d.objid, d.refobjid)
WHERE a.attrelid IN (${OIDS}) AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
  AND CASE WHEN s.relkind = 'S' THEN has_sequence_privilege(s.oid, 'UPDATE') END
ORDER BY 2, 3`;

/** What has sequences go on behind the largest value of the columns that they are for, where they are not further on. */
export async function sequenceSteps(
  client: pg.Client,
  tables: readonly number[],
): Promise<{ readonly tableOid: number; readonly name: string; readonly sql: string }[]> {
  const { rows } = await client.query<Row & { readonly sequence: string }>(SEQUENCES, [tables]);
  return rows.map(({ oid, table, name, sequence }) => ({
    tableOid: oid,
    name: `sequence of ${table}.${name}`,
    sql:
      `SELECT setval(${quoteLiteral(sequence)}::regclass, m) FROM (SELECT max(${quoteIdentifier(name)})::int8 AS m FROM ${table}) AS t ` +
      `WHERE m >= (SELECT last_value FROM ${sequence})`,
  }));
}
