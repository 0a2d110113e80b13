import type pg from "pg";
import { inReading } from "../postgres/connection.js";
import type { CatalogTable } from "./catalog.js";

/** A trigger that fires where rows are put in. */
export interface InsertTrigger {
  readonly tableOid: number;
  readonly name: string;
  /** The statement that makes it on a table of another name, which stands in it as `%TABLE%`. */
  readonly definition: string;
}

/** What stands around tables and concerns whoever fills them. */
export interface Surroundings {
  /** By table. */
  readonly triggers: ReadonlyMap<number, readonly InsertTrigger[]>;
  /** What has to be told of them. */
  readonly notes: readonly string[];
}

const TRIGGERS = `
SELECT t.tgrelid::int8::float8 AS "tableOid", t.tgname AS name,
  replace(pg_get_triggerdef(t.oid), ' ON ' || t.tgrelid::regclass::text || ' ', ' ON %TABLE% ') AS definition
FROM pg_trigger t WHERE t.tgrelid = ANY ($1::oid[]) AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgtype & 4 <> 0
ORDER BY t.tgrelid, t.tgname`;

const NOTES = `
SELECT c.oid::regclass::text AS name, row_security_active(c.oid) AS secured,
  (SELECT string_agg(r.rulename, ', ' ORDER BY r.rulename) FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type = '3' AND r.ev_enabled <> 'D') AS rules
FROM pg_class c WHERE c.oid = ANY ($1::oid[]) ORDER BY 1`;

/** Texts in which a schema asks for settings of the session: defaults, policies, and what triggers and conditions call. */
const TEXTS = `
SELECT c.oid::regclass::text || '.' || a.attname AS place, pg_get_expr(d.adbin, d.adrelid) AS text
FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.adnum WHERE c.oid = ANY ($1::oid[])
UNION ALL
SELECT 'the policy ' || p.polname || ' of ' || p.polrelid::regclass, concat_ws(' ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
FROM pg_policy p WHERE p.polrelid = ANY ($1::oid[])
UNION ALL
SELECT 'the trigger ' || t.tgname || ' of ' || t.tgrelid::regclass, f.prosrc FROM pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid
WHERE t.tgrelid = ANY ($1::oid[]) AND NOT t.tgisinternal AND t.tgenabled <> 'D' AND t.tgtype & 4 <> 0
UNION ALL
SELECT 'the condition ' || o.conname || ' of ' || o.conrelid::regclass, concat_ws(' ', pg_get_constraintdef(o.oid), f.prosrc)
FROM pg_constraint o LEFT JOIN pg_depend d ON d.classid = 'pg_constraint'::regclass AND d.objid = o.oid AND d.refclassid = 'pg_proc'::regclass
  LEFT JOIN pg_proc f ON f.oid = d.refobjid WHERE o.conrelid = ANY ($1::oid[]) AND o.contype = 'c'
ORDER BY 1`;

/** A setting that must be there: a second argument says that it need not. */
const ASKED = /current_setting\s*\(\s*'([^']+)'(?:::text)?\s*\)/gi;

/** Reads what concerns whoever fills tables, beyond what they are. */
export async function readSurroundings(client: pg.Client, catalog: readonly CatalogTable[]): Promise<Surroundings> {
  const oids = catalog.map(({ oid }) => oid);
  return inReading(client, "", async () => {
    const missing = await missingSettings(client, oids);
    // Every name is then told with its schema.
    await client.query("SET LOCAL search_path = pg_catalog");
    const { rows } = await client.query<InsertTrigger>(TRIGGERS, [oids]);
    const triggers = new Map<number, InsertTrigger[]>();
    for (const row of rows) triggers.set(row.tableOid, [...(triggers.get(row.tableOid) ?? []), row]);
    return { triggers, notes: [...(await notesOf(client, oids)), ...missing] };
  });
}

async function notesOf(client: pg.Client, oids: readonly number[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string; secured: boolean; rules: string | null }>(NOTES, [oids]);
  return rows.flatMap(({ name, secured, rules }) => [
    ...(secured
      ? [
          `${name}: row security applies to this role, by which COPY is refused; fill it as its owner, or with BYPASSRLS`,
        ]
      : []),
    ...(rules === null ? [] : [`${name}: rules on INSERT are not asked, since rows go in by COPY: ${rules}`]),
  ]);
}

async function missingSettings(client: pg.Client, oids: readonly number[]): Promise<string[]> {
  const { rows: texts } = await client.query<{ place: string; text: string }>(TEXTS, [oids]);
  const places = new Map<string, string[]>();
  for (const { place, text } of texts) {
    for (const [, name] of text.matchAll(ASKED)) places.set(name, [...(places.get(name) ?? []), place]);
  }
  if (places.size === 0) return [];
  const { rows } = await client.query<{ name: string }>(
    "SELECT name FROM unnest($1::text[]) AS name WHERE coalesce(current_setting(name, true), '') = ''",
    [[...places.keys()]],
  );
  return rows.map(({ name }) => {
    const [first, ...others] = places.get(name)!;
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    return `the setting ${name} is asked for by ${first}${more}, and not given: --set ${name}=…`;
  });
}
