import type pg from "pg";
import { inReading } from "../postgres/connection.js";
import { qualified, quoteIdentifier } from "../postgres/identifiers.js";
import type { CatalogTable } from "./catalog.js";

/** Types whose largest value in a key says where further ones go on. */
const WHOLE: ReadonlySet<string> = new Set(["smallint", "integer", "bigint"]);

/** Numbers beside the primary key are counted where the largest is not so many times the rows. */
const SPARSE = 10;

/**
 * How many rows each of some tables has before those that are added to it: as many as it holds, or as the largest number by
 * which its rows are counted, whichever is more; by OID.
 */
export async function rowsBefore(
  client: pg.Client,
  tables: readonly CatalogTable[],
): Promise<ReadonlyMap<number, number>> {
  const before = new Map<number, number>();
  for (const table of tables) {
    const largest = table.keys.flatMap(({ columns, isPrimary }) => {
      const number = table.columns.find(({ name, base }) => name === columns[0] && WHOLE.has(base));
      if (columns.length !== 1 || number === undefined) return [];
      const most = `coalesce(max(${quoteIdentifier(number.name)}), 0)`;
      return [isPrimary ? most : `CASE WHEN ${most} <= ${SPARSE} * count(*) THEN ${most} ELSE 0 END`];
    });
    const { rows } = await inReading(client, "", () =>
      client.query<{ before: string }>(
        `SELECT greatest(${["count(*)", ...largest].join(", ")})::text AS before FROM ${qualified(table.schema, table.name)}`,
      ),
    );
    before.set(table.oid, Number(rows[0].before));
  }
  return before;
}
