import type pg from "pg";

/** A table or an enum type that a run made, or a table that was there and that it fills. */
export interface OwnObject {
  readonly runId: string;
  readonly kind: "table" | "type" | "filled";
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
}

/**
 * What runs made and is still there, tables before types. An object is known by its OID and by its name: what somebody
 * has dropped and made again has another OID, in a restored dump the OIDs belong to anything, and what somebody has
 * renamed is theirs.
 * @param of all of a schema, of one run, or of the database
 */
export async function ownObjects(
  client: pg.Client,
  of: { readonly schema?: string; readonly runId?: string } = {},
): Promise<OwnObject[]> {
  const { rows } = await client.query<OwnObject>(
    'SELECT o.run_id AS "runId", o.kind, o.object_oid::int8::float8 AS oid, o.schema_name AS schema, o.object_name AS name ' +
      "FROM seed_bulk.objects o JOIN pg_namespace n ON n.nspname = o.schema_name " +
      "WHERE ($1::text IS NULL OR o.schema_name = $1) AND ($2::uuid IS NULL OR o.run_id = $2) AND (" +
      "o.kind = 'table' AND EXISTS (SELECT FROM pg_class c WHERE c.oid = o.object_oid AND c.relname = o.object_name " +
      "AND c.relnamespace = n.oid AND c.relkind = 'r') OR " +
      "o.kind = 'filled' AND EXISTS (SELECT FROM pg_class c WHERE c.oid = o.object_oid AND c.relname = o.object_name " +
      "AND c.relnamespace = n.oid AND c.relkind IN ('r', 'p')) OR " +
      "o.kind = 'type' AND EXISTS (SELECT FROM pg_type t WHERE t.oid = o.object_oid AND t.typname = o.object_name " +
      "AND t.typnamespace = n.oid AND t.typtype = 'e')) ORDER BY 2, 4, 5",
    [of.schema ?? null, of.runId ?? null],
  );
  return rows;
}
