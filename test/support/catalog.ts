import type pg from "pg";

const OWN = "NOT IN ('pg_catalog', 'information_schema', 'seed_bulk', 'pg_toast')";

/** What is known of a database's tables beside their rows, text for text: what a load may take off, and all that hangs on it. */
export async function catalogOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(`
    SELECT concat_ws(' | ', 'constraint', conrelid::regclass, conname, convalidated, condeferrable, condeferred, conislocal,
      pg_get_constraintdef(oid), obj_description(oid, 'pg_constraint')) AS line
    FROM pg_constraint WHERE connamespace::regnamespace::text ${OWN}
    UNION ALL SELECT concat_ws(' | ', 'index', i.indexrelid::regclass, pg_get_indexdef(i.indexrelid), i.indisprimary, i.indisclustered,
      i.indisreplident, i.indisvalid, obj_description(i.indexrelid, 'pg_class'), c.reloptions::text,
      (SELECT array_agg(a.attstattarget ORDER BY a.attnum)::text FROM pg_attribute a WHERE a.attrelid = i.indexrelid))
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace::regnamespace::text ${OWN}
    UNION ALL SELECT concat_ws(' | ', 'trigger', tgrelid::regclass, tgname, tgenabled, pg_get_triggerdef(oid))
    FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT concat_ws(' | ', 'table', oid::regclass, relreplident, relpersistence, relrowsecurity, obj_description(oid, 'pg_class'))
    FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace::regnamespace::text ${OWN}
    UNION ALL SELECT concat_ws(' | ', 'column', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND c.relnamespace::regnamespace::text ${OWN} ORDER BY 1`);
  return rows.map(({ line }) => line);
}
