import type pg from "pg";

export interface CatalogTable {
  readonly table: string;
  /** r, p, v …, as pg_class has it. */
  readonly kind: string;
  /** p (logged), u (unlogged), as pg_class has it. */
  readonly persistence: string;
  readonly hasRowSecurity: boolean;
  /** Tables that inherit from it or that it inherits from. */
  readonly relatives: readonly string[];
  /** As CREATE RULE writes them. */
  readonly rules: readonly string[];
  /** Those that somebody made, as CREATE TRIGGER writes them. */
  readonly triggers: readonly string[];
}

export interface CatalogColumn {
  readonly table: string;
  readonly name: string;
  /** As DDL writes it, for people. */
  readonly typeText: string;
  readonly type: string;
  readonly typeSchema: string;
  readonly modifier: number;
  readonly isNotNull: boolean;
  /** Whether values are compared as the type does it by itself. */
  readonly isPlainlyCollated: boolean;
  /** a (always), d (by default) or nothing. */
  readonly identity: string;
  /** s (stored), v (virtual) or nothing. */
  readonly generated: string;
  readonly defaultText: string | null;
  /** Of the sequence that the identity owns; null where it has none, or one that was never used. */
  readonly lastValue: string | null;
  /** Whether the role may look at the sequence's value. */
  readonly isSequenceReadable: boolean;
  /** What the sequence has that a plain one has not; null where it is plain or not there. */
  readonly sequenceOddity: string | null;
}

export interface CatalogConstraint {
  readonly table: string;
  readonly name: string;
  /** p, u, f, c or x, as pg_constraint has it. */
  readonly kind: string;
  readonly isValid: boolean;
  /** Not deferrable; of a foreign key: no action, simple match; of a check: inherited. */
  readonly isPlain: boolean;
  readonly columns: readonly string[];
  readonly target: string | null;
  readonly targetSchema: string | null;
  readonly targetColumns: readonly string[];
  /** The condition of a check. */
  readonly condition: string | null;
  /** Its triggers that do not fire as they should: of `table`, and how they stand. */
  readonly idleTriggers: readonly string[];
  /** As DDL writes it, for people. */
  readonly text: string;
}

export interface CatalogIndex {
  readonly table: string;
  readonly name: string;
  readonly isValid: boolean;
  readonly isUnique: boolean;
  /** A B-tree of whole rows in ascending order, by the types' own operators and collations, of columns alone. */
  readonly isPlain: boolean;
  readonly columns: readonly string[];
  /** What it is made of, as DDL writes it after USING. */
  readonly text: string;
}

/** What Postgres says of a schema's tables. */
export interface Catalog {
  readonly tables: readonly CatalogTable[];
  readonly columns: readonly CatalogColumn[];
  readonly constraints: readonly CatalogConstraint[];
  readonly indexes: readonly CatalogIndex[];
  /** Labels of the schema's enum types, in their order. */
  readonly enums: ReadonlyMap<string, readonly string[]>;
}

const OF_SCHEMA = "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1";

/** Names of the columns whose numbers an array holds, in its order. */
const namesOf = (numbers: string, table = "c.oid"): string =>
  `ARRAY(SELECT a.attname::text FROM unnest(${numbers}::int2[]) WITH ORDINALITY AS k(attnum, at) ` +
  `JOIN pg_attribute a ON a.attrelid = ${table} AND a.attnum = k.attnum ORDER BY k.at)`;

/** Reads all that definitions are compared by. Nothing in it but what is for people is text that versions differ in. */
export async function readCatalog(client: pg.Client, schema: string): Promise<Catalog> {
  const all = async <T extends pg.QueryResultRow>(sql: string): Promise<T[]> =>
    (await client.query<T>(sql, [schema])).rows;
  const enums = await all<{ name: string; labels: string[] }>(
    "SELECT t.typname AS name, array_agg(e.enumlabel::text ORDER BY e.enumsortorder) AS labels " +
      "FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace AND n.nspname = $1 " +
      "JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY t.oid, t.typname",
  );
  return {
    tables: await all<CatalogTable>(TABLES),
    columns: await all<CatalogColumn>(COLUMNS),
    constraints: await all<CatalogConstraint>(CONSTRAINTS),
    indexes: await all<CatalogIndex>(INDEXES),
    enums: new Map(enums.map(({ name, labels }) => [name, labels])),
  };
}

const TABLES =
  'SELECT c.relname AS table, c.relkind AS kind, c.relpersistence AS persistence, c.relrowsecurity AS "hasRowSecurity", ' +
  "ARRAY(SELECT CASE WHEN h.inhparent = c.oid THEN h.inhrelid ELSE h.inhparent END::regclass::text FROM pg_inherits h " +
  "WHERE c.oid IN (h.inhparent, h.inhrelid) ORDER BY 1) AS relatives, " +
  "ARRAY(SELECT pg_get_ruledef(w.oid) FROM pg_rewrite w WHERE w.ev_class = c.oid AND c.relkind <> 'v' ORDER BY w.rulename) AS rules, " +
  "ARRAY(SELECT pg_get_triggerdef(g.oid) FROM pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal ORDER BY g.tgname) " +
  `AS triggers ${OF_SCHEMA} WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1`;

/** The sequence is the identity's own: its dependency is internal. */
const COLUMNS =
  'SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS "typeText", t.typname AS type, ' +
  'tn.nspname AS "typeSchema", a.atttypmod AS modifier, ' +
  'a.attnotnull AS "isNotNull", a.attcollation = t.typcollation AS "isPlainlyCollated", a.attidentity AS identity, ' +
  'a.attgenerated AS generated, pg_get_expr(d.adbin, d.adrelid) AS "defaultText", ' +
  "CASE WHEN has_sequence_privilege(s.seqrelid, 'SELECT, USAGE') THEN pg_sequence_last_value(s.seqrelid)::text END AS \"lastValue\", " +
  "coalesce(has_sequence_privilege(s.seqrelid, 'SELECT, USAGE'), true) AS \"isSequenceReadable\", " +
  "CASE WHEN s.seqincrement <> 1 OR s.seqmin <> 1 OR s.seqcycle OR s.seqcache <> 1 OR s.seqstart <> 1 OR s.seqtypid <> a.atttypid " +
  "OR s.seqmax <> (CASE s.seqtypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647 ELSE 9223372036854775807 END) " +
  "THEN format('%s from %s, by %s, of %s to %s, cache %s%s', s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, " +
  `s.seqcache, CASE WHEN s.seqcycle THEN ', in a cycle' ELSE '' END) END AS "sequenceOddity" ${OF_SCHEMA} ` +
  "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped " +
  "JOIN pg_type t ON t.oid = a.atttypid JOIN pg_namespace tn ON tn.oid = t.typnamespace " +
  "LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum " +
  "LEFT JOIN pg_depend p ON p.refclassid = 'pg_class'::regclass AND p.refobjid = c.oid AND p.refobjsubid = a.attnum " +
  "AND p.classid = 'pg_class'::regclass AND p.deptype = 'i' AND a.attidentity <> '' " +
  "LEFT JOIN pg_sequence s ON s.seqrelid = p.objid " +
  "WHERE c.relkind IN ('r', 'p') ORDER BY c.relname, a.attnum";

/** NOT NULL is a column's, whether a version keeps a constraint for it (n) or not; what t is, stands with the triggers. */
const CONSTRAINTS =
  `SELECT c.relname AS table, o.conname AS name, o.contype AS kind, ${namesOf("o.conkey")} AS columns, f.relname AS target, ` +
  `fn.nspname AS "targetSchema", ${namesOf("o.confkey", "f.oid")} AS "targetColumns", ` +
  'o.convalidated AND coalesce(i.indisvalid, true) AS "isValid", ' +
  "NOT o.condeferrable AND (o.contype <> 'f' OR (o.confupdtype = 'a' AND o.confdeltype = 'a' AND o.confmatchtype = 's')) " +
  "AND (o.contype <> 'c' OR NOT o.connoinherit) AS \"isPlain\", pg_get_expr(o.conbin, o.conrelid) AS condition, " +
  "ARRAY(SELECT DISTINCT g.tgrelid::regclass::text || CASE g.tgenabled WHEN 'D' THEN ' (disabled)' WHEN 'R' THEN " +
  "' (on replicas alone)' ELSE ' (always, on replicas too)' END FROM pg_trigger g WHERE g.tgconstraint = o.oid AND g.tgenabled <> 'O' " +
  `ORDER BY 1) AS "idleTriggers", pg_get_constraintdef(o.oid) AS text ${OF_SCHEMA} JOIN pg_constraint o ON o.conrelid = c.oid ` +
  "AND o.contype NOT IN ('n', 't') LEFT JOIN pg_class f ON f.oid = o.confrelid LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace " +
  "LEFT JOIN pg_index i ON i.indexrelid = o.conindid AND o.contype <> 'f' ORDER BY c.relname, o.conname";

/** By to_jsonb, since Postgres 14 has no indnullsnotdistinct. */
const INDEXES =
  'SELECT c.relname AS table, x.relname AS name, i.indisvalid AND i.indisready AS "isValid", i.indisunique AS "isUnique", ' +
  `${namesOf("i.indkey")} AS columns, m.amname = 'btree' AND i.indpred IS NULL AND i.indexprs IS NULL ` +
  "AND i.indnkeyatts = i.indnatts AND coalesce(to_jsonb(i)->>'indnullsnotdistinct', 'false') = 'false' " +
  "AND NOT EXISTS (SELECT FROM unnest(i.indoption::int2[]) AS u(bits) WHERE bits <> 0) " +
  "AND NOT EXISTS (SELECT FROM unnest(i.indclass::oid[]) AS u(class) JOIN pg_opclass o ON o.oid = class WHERE NOT o.opcdefault) " +
  "AND NOT EXISTS (SELECT FROM unnest(i.indkey::int2[], i.indcollation::oid[]) AS u(number, collated) " +
  'JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = number WHERE collated <> a.attcollation) AS "isPlain", ' +
  `substring(pg_get_indexdef(i.indexrelid) FROM ' USING (.*)$') AS text ${OF_SCHEMA} ` +
  "JOIN pg_index i ON i.indrelid = c.oid JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam " +
  "ORDER BY c.relname, x.relname";
