import type pg from "pg";
import { type Entity, storedColumns } from "../../model/entity.js";

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
SELECT c.relname AS "table", a.attname AS "column", format_type(a.atttypid, NULL) AS type,
  a.attnotnull AND EXISTS (
    SELECT FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_am am ON am.oid = ic.relam
    WHERE i.indrelid = c.oid AND i.indisvalid AND i.indpred IS NULL AND i.indkey[0] = a.attnum AND am.amname = 'btree'
  ) AS ordered,
  (pg_relation_size(c.oid) / current_setting('block_size')::int8)::float8 AS blocks
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
WHERE n.nspname = $1 AND c.relname = ANY ($2) AND a.attnum > 0 AND NOT a.attisdropped`;

/** The tables of some entities, by name, as the database has them. */
export async function foundTables(
  client: pg.Client,
  schema: string,
  entities: readonly Entity[],
): Promise<Map<string, FoundTable>> {
  const names = entities.map(({ name }) => name);
  const { rows } = await client.query<CatalogRow>(CATALOG_QUERY, [schema, names]);
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
