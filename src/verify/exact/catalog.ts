import type pg from "pg";
import { type Entity, placeOf, storedColumns } from "../../model/entity.js";

/** A table as the database has it. */
export interface FoundTable {
  /** Each column's type as SQL writes it, without a length. */
  readonly types: ReadonlyMap<string, string>;
  /** Columns that are never NULL and lead an index. */
  readonly ordered: ReadonlySet<string>;
  /** Blocks of its file. */
  readonly blocks: number;
}

interface CatalogRow {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly ordered: boolean;
  readonly blocks: number;
}

const CATALOG_QUERY = `
SELECT w.entity AS "table", a.attname AS "column", format_type(a.atttypid, NULL) AS type,
  a.attnotnull AND EXISTS (
    SELECT FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_am am ON am.oid = ic.relam
    WHERE i.indrelid = c.oid AND i.indisvalid AND i.indpred IS NULL AND i.indkey[0] = a.attnum AND am.amname = 'btree'
  ) AS ordered,
  (pg_relation_size(c.oid) / current_setting('block_size')::int8)::float8 AS blocks
FROM unnest($1::text[], $2::text[], $3::text[]) AS w(entity, schema, name) JOIN pg_namespace n ON n.nspname = w.schema
  JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name JOIN pg_attribute a ON a.attrelid = c.oid
WHERE a.attnum > 0 AND NOT a.attisdropped`;

/** The tables of some entities, by name, as the database has them. */
export async function foundTables(
  client: pg.Client,
  schema: string,
  entities: readonly Entity[],
): Promise<Map<string, FoundTable>> {
  const names = entities.map(({ name }) => name);
  const places = entities.map((entity) => placeOf(entity, schema));
  const { rows } = await client.query<CatalogRow>(CATALOG_QUERY, [
    names,
    places.map((place) => place.schema),
    places.map((place) => place.name),
  ]);
  const found = names.map((name): [string, FoundTable] | undefined => {
    const columns = rows.filter(({ table }) => table === name);
    if (columns.length === 0) return undefined;
    return [
      name,
      {
        types: new Map(columns.map(({ column, type }) => [column, type])),
        ordered: new Set(columns.filter(({ ordered }) => ordered).map(({ column }) => column)),
        blocks: columns[0].blocks,
      },
    ];
  });
  return new Map(found.filter((table) => table !== undefined));
}

/** Why a table cannot be read back at all; undefined where it can. */
export function unreadable(entity: Entity, table: FoundTable | undefined): string | undefined {
  if (table === undefined) return "there is no such table";
  const missing = storedColumns(entity).flatMap(([name]) => (table.types.has(name) ? [] : [name]));
  return missing.length === 0 ? undefined : `there is no column ${missing.join(", ")}`;
}
