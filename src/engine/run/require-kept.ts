import type pg from "pg";
import { BATCH_ROWS_MAX } from "../../core/vectors.js";
import { SeedBulkError } from "../../errors.js";
import { storedColumns } from "../../model/entity.js";
import type { Universe } from "../../model/universe.js";
import { ownRows } from "../../postgres/ddl.js";
import { quoteIdentifier } from "../../postgres/identifiers.js";
import { previewRows } from "../inspect/preview.js";

/** Rows that are told where some are gone. */
const SHOWN_MAX = 3;

/**
 * Sees to it that the rows which a model refers to, and does not make, are in the database as it knows them.
 * @throws SeedBulkError SB_RUN_CHANGED where some are not
 */
export async function requireKept(
  client: pg.Client,
  { universe, schema }: { readonly universe: Universe; readonly schema: string },
): Promise<void> {
  for (const entity of universe.entities.filter(({ kept }) => kept)) {
    const names = storedColumns(entity).map(([name]) => name);
    const expected = allRows(universe, entity.name);
    const columns = names.map((_, at) => expected.map((row) => row[at]));
    const given = names.map((_, at) => `$${at + 1}::text[]`).join(", ");
    const there = names.map((name) => `${quoteIdentifier(name)}::text`).join(", ");
    const { rows: gone } = await client.query<(string | null)[]>({
      text: `SELECT * FROM unnest(${given}) EXCEPT SELECT ${there} FROM ${ownRows(schema, entity)} LIMIT ${SHOWN_MAX}`,
      values: columns,
      rowMode: "array",
    });
    if (gone.length === 0) continue;
    const shown = gone.map((row) => `(${row.map((value) => value ?? "NULL").join(", ")})`).join(", ");
    throw new SeedBulkError(
      "SB_RUN_CHANGED",
      `rows that the model refers to are not in ${ownRows(schema, entity)} any more, such as ${shown}`,
      { hint: "Nothing was written. Write the model anew with `seed-bulk introspect`." },
    );
  }
}

function allRows(universe: Universe, entity: string): (string | null)[][] {
  const rows: (string | null)[][] = [];
  const count = universe.rowCount(entity);
  for (let start = 0; start < count; start += BATCH_ROWS_MAX) {
    rows.push(...previewRows(universe, entity, start, Math.min(BATCH_ROWS_MAX, count - start)).rows);
  }
  return rows;
}
