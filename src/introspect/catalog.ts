import type pg from "pg";
import { inReading } from "../postgres/connection.js";

/** A column as the catalog has it; its domain taken to what it is made of. */
export interface CatalogColumn {
  readonly name: string;
  /** As SQL writes it, with its schema where it is not Postgres's own. */
  readonly type: string;
  /** The type that its values are sent as: below domains. */
  readonly base: string;
  readonly category: "base" | "enum" | "composite" | "range" | "multirange" | "array" | "other";
  /** In characters, of character types that have one. */
  readonly length: number | null;
  /** Of numeric. */
  readonly precision: number | null;
  readonly scale: number | null;
  readonly notNull: boolean;
  /** An SQL expression. */
  readonly default: string | null;
  readonly generated: boolean;
  readonly identity: boolean;
  /** Of an enum, in their order. */
  readonly labels: readonly string[] | null;
  /** Conditions of its domains on `VALUE`. */
  readonly domainChecks: readonly string[];
  readonly comment: string | null;
}

/** A primary key, a unique constraint or a unique index. */
export interface CatalogKey {
  readonly name: string;
  readonly isPrimary: boolean;
  /** Where it holds expressions, the columns that these use stand here too. */
  readonly columns: readonly string[];
  readonly hasExpressions: boolean;
  /** As SQL writes it; null where it holds for all rows. */
  readonly predicate: string | null;
  readonly nullsNotDistinct: boolean;
  readonly definition: string;
}

export interface CatalogForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  /** OID of the table referred to. */
  readonly target: number;
  readonly targetColumns: readonly string[];
}

export interface CatalogCheck {
  readonly name: string;
  readonly columns: readonly string[];
  /** As SQL writes it, with every name's schema. */
  readonly expression: string;
}

export interface CatalogTable {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly comment: string | null;
  readonly isPartitioned: boolean;
  /** Whether other tables inherit from it. */
  readonly isInherited: boolean;
  readonly columns: readonly CatalogColumn[];
  readonly keys: readonly CatalogKey[];
  readonly foreignKeys: readonly CatalogForeignKey[];
  readonly checks: readonly CatalogCheck[];
  readonly exclusions: readonly {
    readonly name: string;
    readonly columns: readonly string[];
    readonly definition: string;
  }[];
  readonly hasRows: boolean;
}

/** Which tables are looked at; patterns with `*` and `?`, of names or of `schema.name`. */
export interface CatalogRequest {
  readonly schemas?: readonly string[] | undefined;
  readonly tables?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
}

/** Tables that tools keep their own records in. */
export const TOOL_TABLES: ReadonlySet<string> = new Set([
  "schema_migrations",
  "ar_internal_metadata",
  "flyway_schema_history",
  "_prisma_migrations",
  "knex_migrations",
  "knex_migrations_lock",
  "alembic_version",
  "spatial_ref_sys",
  "databasechangelog",
  "databasechangeloglock",
  "django_migrations",
  "goose_db_version",
  "typeorm_metadata",
  "sequelizemeta",
  "__drizzle_migrations",
  "__efmigrationshistory",
  "pgmigrations",
  "sqlx_migrations",
  "_sqlx_migrations",
  "diesel_schema_migrations",
  "doctrine_migration_versions",
  "phinxlog",
]);

/** Tables of one's own: not the system's, not an extension's, not partitions, whose rows come by way of their parents. */
const TABLES = `
SELECT c.oid::int8::float8 AS oid, n.nspname AS schema, c.relname AS name, c.relkind = 'p' AS "isPartitioned",
  c.relkind = 'r' AND EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid) AS "isInherited",
  obj_description(c.oid, 'pg_class') AS comment
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
  AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'seed_bulk')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname, c.relname`;

/** Domains over domains go down to what they are made of; the modifier is that of the domain that has one. */
const TYPES = `
WITH RECURSIVE down AS (
  SELECT t.oid AS own, t.oid, t.typtype, t.typbasetype, t.typtypmod, t.typnotnull, 0 AS depth FROM pg_type t
  WHERE t.oid IN (SELECT a.atttypid FROM pg_attribute a WHERE a.attrelid = ANY ($1::oid[]))
  UNION ALL
  SELECT d.own, t.oid, t.typtype, t.typbasetype,
    CASE WHEN d.typtypmod >= 0 THEN d.typtypmod ELSE t.typtypmod END, t.typnotnull OR d.typnotnull, d.depth + 1
  FROM down d JOIN pg_type t ON t.oid = d.typbasetype WHERE d.typtype = 'd'
)`;

const COLUMNS = `${TYPES}
SELECT a.attrelid::int8::float8 AS "tableOid", a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
  format_type(d.oid, CASE WHEN a.atttypmod >= 0 THEN a.atttypmod ELSE d.typtypmod END) AS base,
  CASE WHEN b.typelem <> 0 AND b.typcategory = 'A' THEN 'array' WHEN b.typtype = 'e' THEN 'enum' WHEN b.typtype = 'c' THEN 'composite'
    WHEN b.typtype = 'r' THEN 'range' WHEN b.typtype = 'm' THEN 'multirange' WHEN b.typtype = 'b' THEN 'base' ELSE 'other' END AS category,
  CASE WHEN b.typname IN ('varchar', 'bpchar') AND m.mod > 4 THEN m.mod - 4 END AS length,
  CASE WHEN b.typname = 'numeric' AND m.mod > 4 THEN ((m.mod - 4) >> 16) & 65535 END AS precision,
  CASE WHEN b.typname = 'numeric' AND m.mod > 4 THEN ((m.mod - 4) & 2047 # 1024) - 1024 END AS scale,
  a.attnotnull OR d.typnotnull AS "notNull", pg_get_expr(f.adbin, f.adrelid) AS "default",
  a.attgenerated <> '' AS generated, a.attidentity <> '' AS identity,
  (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = d.oid) AS labels,
  CASE WHEN d.depth > 0 THEN (SELECT json_agg(pg_get_expr(o.conbin, 0)) FROM down u
    JOIN pg_constraint o ON o.contypid = u.oid AND o.contype = 'c' WHERE u.own = a.atttypid) END AS "domainChecks",
  col_description(a.attrelid, a.attnum) AS comment
FROM pg_attribute a JOIN down d ON d.own = a.atttypid AND d.typtype <> 'd' JOIN pg_type b ON b.oid = d.oid
  LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
  CROSS JOIN LATERAL (SELECT CASE WHEN a.atttypmod >= 0 THEN a.atttypmod ELSE d.typtypmod END AS mod) m
WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum`;

const NAMES_OF = (oid: string, numbers: string): string =>
  `(SELECT json_agg(a.attname ORDER BY k.at) FROM unnest(${numbers}) WITH ORDINALITY AS k(number, at) ` +
  `JOIN pg_attribute a ON a.attrelid = ${oid} AND a.attnum = k.number)`;

const KEYS = `
SELECT i.indrelid::int8::float8 AS "tableOid", c.relname AS name, i.indisprimary AS "isPrimary",
  coalesce(${NAMES_OF("i.indrelid", "(i.indkey::int2[])[0:i.indnkeyatts - 1]")}, '[]'::json) AS plain,
  (SELECT json_agg(DISTINCT a.attname) FROM pg_depend d JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = d.refobjsubid
   WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid AND d.refobjid = i.indrelid AND d.refobjsubid > 0
     AND i.indexprs IS NOT NULL) AS used,
  i.indexprs IS NOT NULL AS "hasExpressions", pg_get_expr(i.indpred, i.indrelid) AS predicate,
  coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::bool, false) AS "nullsNotDistinct", pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = ANY ($1::oid[]) AND i.indisunique ORDER BY i.indrelid, NOT i.indisprimary, c.relname`;

const FOREIGN_KEYS = `
SELECT o.conrelid::int8::float8 AS "tableOid", o.conname AS name, ${NAMES_OF("o.conrelid", "o.conkey")} AS columns,
  o.confrelid::int8::float8 AS target, ${NAMES_OF("o.confrelid", "o.confkey")} AS "targetColumns"
FROM pg_constraint o WHERE o.contype = 'f' AND o.conparentid = 0 AND o.conrelid = ANY ($1::oid[]) ORDER BY 1, cardinality(o.conkey), 2`;

const CHECKS = `
SELECT o.conrelid::int8::float8 AS "tableOid", o.conname AS name, coalesce(${NAMES_OF("o.conrelid", "o.conkey")}, '[]'::json) AS columns,
  pg_get_expr(o.conbin, o.conrelid) AS expression
FROM pg_constraint o WHERE o.contype = 'c' AND o.conrelid = ANY ($1::oid[]) ORDER BY 1, 2`;

/** Which rows a partitioned table's partitions take, down to those that hold rows; nothing is asked of one that has a partition for all others. */
const PARTITIONS = `
SELECT p.partrelid::int8::float8 AS "tableOid", 'of its partitions' AS name,
  (SELECT json_agg(DISTINCT a.attname) FROM pg_partition_tree(p.partrelid) t JOIN pg_partitioned_table q ON q.partrelid = t.relid
   CROSS JOIN unnest(q.partattrs::int2[]) k(number) JOIN pg_attribute b ON b.attrelid = t.relid AND b.attnum = k.number
   JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attname = b.attname) AS columns,
  (SELECT string_agg('(' || coalesce(pg_get_partition_constraintdef(t.relid), 'true') || ')', ' OR ' ORDER BY t.relid)
   FROM pg_partition_tree(p.partrelid) t WHERE t.isleaf) AS expression
FROM pg_partitioned_table p WHERE p.partrelid = ANY ($1::oid[]) AND p.partdefid = 0
  AND EXISTS (SELECT FROM pg_partition_tree(p.partrelid) t JOIN pg_partitioned_table q ON q.partrelid = t.relid WHERE q.partstrat <> 'h')
  AND EXISTS (SELECT FROM pg_partition_tree(p.partrelid) t WHERE t.isleaf AND t.relid <> p.partrelid)`;

const EXCLUSIONS = `
SELECT o.conrelid::int8::float8 AS "tableOid", o.conname AS name, coalesce(${NAMES_OF("o.conrelid", "o.conkey")}, '[]'::json) AS columns,
  pg_get_constraintdef(o.oid) AS definition
FROM pg_constraint o WHERE o.contype = 'x' AND o.conrelid = ANY ($1::oid[]) ORDER BY 1, 2`;

/** How many tables are asked at once whether they hold rows. */
const TABLES_ASKED = 200;

/**
 * Reads the tables of a database from its catalog, in the order of their names, in one transaction that writes nothing.
 */
export async function readCatalog(client: pg.Client, request: CatalogRequest = {}): Promise<CatalogTable[]> {
  const read = await inReading(client, "", async () => {
    // Every name is then told with its schema.
    await client.query("SET LOCAL search_path = pg_catalog");
    const { rows } =
      await client.query<Pick<CatalogTable, "oid" | "schema" | "name" | "comment" | "isPartitioned" | "isInherited">>(
        TABLES,
      );
    const tables = rows.filter((table) => isAskedFor(table, request));
    const oids = tables.map(({ oid }) => oid);
    const of = async <T extends { readonly tableOid: number }>(sql: string): Promise<ReadonlyMap<number, T[]>> =>
      byTable((await client.query<T>(sql, [oids])).rows);
    const columns = await of<CatalogColumn & { tableOid: number }>(COLUMNS);
    const keys = await of<KeyRow>(KEYS);
    const foreignKeys = await of<CatalogForeignKey & { tableOid: number }>(FOREIGN_KEYS);
    const checks = await of<CatalogCheck & { tableOid: number }>(CHECKS);
    const partitions = await of<CatalogCheck & { tableOid: number }>(PARTITIONS);
    const exclusions = await of<CatalogTable["exclusions"][number] & { tableOid: number }>(EXCLUSIONS);
    return tables.map((table) => ({
      ...table,
      columns: (columns.get(table.oid) ?? []).map((column) => ({ ...column, domainChecks: column.domainChecks ?? [] })),
      keys: (keys.get(table.oid) ?? []).map(keyOf),
      foreignKeys: foreignKeys.get(table.oid) ?? [],
      checks: [...(checks.get(table.oid) ?? []), ...(partitions.get(table.oid) ?? [])],
      exclusions: exclusions.get(table.oid) ?? [],
    }));
  });
  const filled = await filledOf(
    client,
    read.map(({ oid }) => oid),
  );
  return read.map((table) => ({ ...table, hasRows: filled.has(table.oid) }));
}

function byTable<T extends { readonly tableOid: number }>(rows: readonly T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const group = groups.get(row.tableOid);
    if (group === undefined) groups.set(row.tableOid, [row]);
    else group.push(row);
  }
  return groups;
}

interface KeyRow extends Omit<CatalogKey, "columns"> {
  readonly tableOid: number;
  readonly plain: readonly string[];
  readonly used: readonly string[] | null;
}

function keyOf({ plain, used, tableOid: _tableOid, ...key }: KeyRow): CatalogKey {
  return { ...key, columns: [...new Set([...plain, ...(used ?? [])])] };
}

/** Tables that hold rows; asked some at a time, since whoever reads a table holds a lock on it until the end. */
async function filledOf(client: pg.Client, oids: readonly number[]): Promise<ReadonlySet<number>> {
  const filled = new Set<number>();
  for (let at = 0; at < oids.length; at += TABLES_ASKED) {
    const some = oids.slice(at, at + TABLES_ASKED);
    for (const oid of await inReading(client, "", () => filledAmong(client, some))) filled.add(oid);
  }
  return filled;
}

async function filledAmong(client: pg.Client, oids: readonly number[]): Promise<number[]> {
  const { rows: names } = await client.query<{ oid: number; name: string }>(
    "SELECT c.oid::int8::float8 AS oid, format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c " +
      "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY ($1::oid[]) AND has_table_privilege(c.oid, 'SELECT')",
    [oids],
  );
  if (names.length === 0) return [];
  const asked = names.map(({ oid, name }) => `SELECT ${oid}::float8 AS oid WHERE EXISTS (SELECT FROM ${name})`);
  const { rows } = await client.query<{ oid: number }>(asked.join(" UNION ALL "));
  return rows.map(({ oid }) => oid);
}

function isAskedFor(
  { schema, name }: Pick<CatalogTable, "schema" | "name">,
  { schemas, tables, exclude }: CatalogRequest,
): boolean {
  const isOne = (patterns: readonly string[]): boolean => isNamed({ schema, name }, patterns);
  if (schemas !== undefined && !schemas.some((pattern) => matches(pattern, schema))) return false;
  if (exclude !== undefined && isOne(exclude)) return false;
  return tables === undefined ? !TOOL_TABLES.has(name.toLowerCase()) : isOne(tables);
}

/** Whether a table is one that patterns name, by its name or `schema.name`. */
export function isNamed({ schema, name }: Pick<CatalogTable, "schema" | "name">, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matches(pattern, name) || matches(pattern, `${schema}.${name}`));
}

function matches(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "u").test(name);
}
