import type pg from "pg";

/** What autovacuum writes down in place, whenever it comes by. */
const VACUUMED = ["relpages", "reltuples", "relallvisible", "relallfrozen", "relfrozenxid", "relminmxid"];

/**
 * Every row of the catalogs that anything made, changed or dropped would show in, with its version.
 * @param isBusy whether there are rows that autovacuum may come by for: what it writes is then left out
 */
export async function catalogOf(client: pg.Client, isBusy = false): Promise<Record<string, string[]>> {
  const snapshot: Record<string, string[]> = {};
  for (const catalog of [
    "pg_class",
    "pg_namespace",
    "pg_type",
    "pg_proc",
    "pg_attribute",
    "pg_constraint",
    "pg_description",
    "pg_depend",
    "pg_default_acl",
    "pg_db_role_setting",
    "pg_sequence",
    "pg_trigger",
  ]) {
    const { rows } = await client.query<{ row: string }>(
      `SELECT t.xmin || ' ' || t.ctid || ' ' || (to_jsonb(t) - $1::text[]) AS row FROM pg_catalog.${catalog} t`,
      [isBusy ? VACUUMED : []],
    );
    snapshot[catalog] = rows.map(({ row }) => row).sort();
  }
  return snapshot;
}
