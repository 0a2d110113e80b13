import type pg from "pg";
import { SeedBulkError } from "../errors.js";
import { inReading } from "../postgres/connection.js";
import { quoteLiteral } from "../postgres/identifiers.js";
import { type CatalogRequest, type CatalogTable, readCatalog } from "./catalog.js";
import { type Accepted, typesToAsk } from "./columns.js";
import { conditionParser } from "./conditions/parse.js";
import { type IntrospectedModel, modelOfCatalog } from "./model-of.js";
import { samplesOf } from "./types.js";

export interface IntrospectRequest extends CatalogRequest {
  /** What the model is called; the database's name without it. */
  readonly name?: string;
  /** Rows of all tables together. */
  readonly rows: number;
}

/**
 * Works out from a database's catalog how its tables are filled. Nothing is written.
 * @throws SeedBulkError SB_TABLE_MISSING where there is no table to fill
 */
export async function introspect(client: pg.Client, request: IntrospectRequest): Promise<IntrospectedModel> {
  const catalog = await readCatalog(client, request);
  if (catalog.length === 0) {
    throw new SeedBulkError("SB_TABLE_MISSING", "the database has no table that could be filled", {
      hint: "Tables of the system, of extensions and of migration tools are left alone; --schema, --tables and --exclude choose among the others.",
    });
  }
  const accepted = await acceptedLiterals(client, catalog);
  const { rows: found } = await client.query<{ name: string }>("SELECT current_database() AS name");
  const name = modelName(request.name ?? found[0].name);
  const read = await conditionParser();
  return modelOfCatalog(catalog, { name, rows: request.rows, accepted, read });
}

/** A name that a model may have. */
function modelName(wanted: string): string {
  const name = wanted.replace(/[^\w-]/g, "_").replace(/^(?![A-Za-z])/, "m_");
  return name.slice(0, 63);
}

/** Of the literals that types may take, those that the server does. */
async function acceptedLiterals(client: pg.Client, catalog: readonly CatalogTable[]): Promise<Accepted> {
  const accepted = new Map<string, readonly string[]>();
  for (const type of typesToAsk(catalog.flatMap(({ columns }) => columns))) {
    const { literals, isKnown } = samplesOf(type);
    if (!isKnown) accepted.set(type, await takenOf(client, type, literals));
  }
  return accepted;
}

async function takenOf(client: pg.Client, type: string, literals: readonly string[]): Promise<string[]> {
  const taken: string[] = [];
  for (const literal of literals) {
    const isTaken = await inReading(client, "SET LOCAL statement_timeout = '2s'", () =>
      client.query(`SELECT ${quoteLiteral(literal)}::${type}`).then(
        () => true,
        () => false,
      ),
    );
    if (isTaken) taken.push(literal);
  }
  return taken;
}
