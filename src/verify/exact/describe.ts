import type pg from "pg";
import { previewRows } from "../../engine/inspect/preview.js";
import { type Entity, storedColumns } from "../../model/entity.js";
import type { Universe } from "../../model/universe.js";
import { typeName } from "../../postgres/ddl.js";
import type { FoundTable } from "./catalog.js";
import type { Difference } from "./difference.js";
import { fieldsOf, sameField } from "./row-bytes.js";

/** A row that is wrong, in words. */
export interface DescribedRow {
  readonly kind: Difference["kind"];
  /** Every column's value as found; as planned where the row is missing. */
  readonly values: Readonly<Record<string, string | null>>;
  /** The columns that differ: what is there and what must be. */
  readonly columns: readonly {
    readonly column: string;
    readonly found: string | null;
    readonly expected: string | null;
  }[];
}

/** Whatever gives texts their words: a reader's connection, the plan, the tables as they are. */
export interface DescribeContext {
  readonly client: pg.Client;
  readonly universe: Universe;
  readonly schema: string;
}

/** Puts a difference in words. Postgres itself prints both sides, from the very bytes that were compared. */
export async function describeDifference(
  context: DescribeContext,
  entity: Entity,
  table: FoundTable,
  difference: Difference,
): Promise<DescribedRow> {
  const names = storedColumns(entity).map(([name]) => name);
  const foundFields = difference.found && fieldsOf(Buffer.from(difference.found));
  const expectedFields = difference.expected && fieldsOf(Buffer.from(difference.expected));
  const foundTypes = names.map((name) => table.types.get(name)!);
  const found = foundFields && (await textsOf(context.client, foundTypes, foundFields));
  const expected = expectedFields && (await expectedTexts(context, entity, difference, expectedFields));
  const shown = found ?? expected ?? [];
  return {
    kind: difference.kind,
    values: Object.fromEntries(names.map((name, i) => [name, shown[i] ?? null])),
    columns: storedColumns(entity).flatMap(([column, { type }], i) => {
      if (!found || !expected || sameField(foundFields[i] ?? null, expectedFields[i] ?? null)) return [];
      if (found[i] !== expected[i]) return [{ column, found: found[i], expected: expected[i] }];
      // The same text from other bytes: one document written in two ways, or the column's type is another.
      if (type.name === "jsonb" && foundTypes[i] === "jsonb") return [];
      const planned = typeName(context.schema, type);
      return [{ column, found: `${found[i]} (${foundTypes[i]})`, expected: `${expected[i]} (${planned})` }];
    }),
  };
}

/** The plan's side; where the database has lost a type that it needs, as `preview` prints it. */
async function expectedTexts(
  { client, universe, schema }: DescribeContext,
  entity: Entity,
  { row }: Difference,
  fields: readonly (Buffer | null)[],
): Promise<(string | null)[]> {
  const types = storedColumns(entity).map(([, { type }]) => typeName(schema, type));
  try {
    return await textsOf(client, types, fields);
  } catch (error) {
    if (row === undefined) throw error;
    return previewRows(universe, entity.name, row, 1).rows[0];
  }
}

/** Fields of binary COPY as Postgres prints them: sent as binary parameters, cast to text. */
async function textsOf(
  client: pg.Client,
  types: readonly string[],
  fields: readonly (Buffer | null)[],
): Promise<(string | null)[]> {
  const casts = types.map((type, i) => `($${i + 1}::${type})::text`);
  const { rows } = await client.query<(string | null)[]>({
    text: `SELECT ${casts.join(", ")}`,
    values: [...fields],
    rowMode: "array",
  });
  return rows[0];
}
