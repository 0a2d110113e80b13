import type pg from "pg";
import { inReading } from "../postgres/connection.js";
import { qualified, quoteIdentifier } from "../postgres/identifiers.js";
import type { CatalogTable } from "./catalog.js";

/** Rows that are in a table, as far as others refer to them: as Postgres prints them. */
export interface KeptRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Of a table that holds more, these are referred to. */
export const KEPT_ROWS_MAX = 10_000;

/** Reads the keys of the tables that hold rows, and what foreign keys refer to of them; by OID. */
export async function readKept(
  client: pg.Client,
  catalog: readonly CatalogTable[],
): Promise<ReadonlyMap<number, KeptRows>> {
  const kept = new Map<number, KeptRows>();
  for (const table of catalog.filter(({ hasRows }) => hasRows)) {
    const columns = columnsNeeded(table, catalog);
    if (columns.length === 0) continue;
    const shown = columns.map((column) => `${quoteIdentifier(column)}::text`);
    const { rows } = await inReading(client, "", () =>
      client.query<(string | null)[]>({
        text: `SELECT ${shown.join(", ")} FROM ${qualified(table.schema, table.name)} ORDER BY ${shown.join(", ")} LIMIT ${KEPT_ROWS_MAX}`,
        rowMode: "array",
      }),
    );
    kept.set(table.oid, { columns, rows });
  }
  return kept;
}

function columnsNeeded(table: CatalogTable, catalog: readonly CatalogTable[]): string[] {
  const referred = catalog.flatMap(({ foreignKeys }) =>
    foreignKeys.flatMap(({ target, targetColumns }) => (target === table.oid ? targetColumns : [])),
  );
  const keys = table.keys.filter(({ isPrimary }) => isPrimary).flatMap(({ columns }) => columns);
  return [...new Set([...keys, ...referred])];
}
