import type pg from "pg";
import { inReading } from "../../postgres/connection.js";
import { quoteLiteral } from "../../postgres/identifiers.js";
import type { CatalogTable } from "../catalog.js";

const LITERAL = String.raw`(?:'(?:[^']|'')*'|-?\d+(?:\.\d+)?)(?:::[\w ."]+?)?`;
/** A call of a function with nothing but constants: `no_value('none'::text)`. */
const CALL = new RegExp(String.raw`(?<![\w".])((?:\w+\.)?\w+)\(${LITERAL}(?:,\s*${LITERAL})*\)`, "g");

/** How conditions read once the server has said what functions of constants give. */
export type Fold = (expression: string) => string;

/** Asks the server what calls of functions with constants alone give, in all conditions of some tables. */
export async function foldedCalls(client: pg.Client, catalog: readonly CatalogTable[]): Promise<Fold> {
  const expressions = catalog.flatMap(({ checks, keys, columns }) => [
    ...checks.map(({ expression }) => expression),
    ...keys.flatMap(({ predicate }) => predicate ?? []),
    ...columns.flatMap(({ domainChecks }) => domainChecks),
  ]);
  const values = new Map<string, string>();
  const calls = new Map(expressions.flatMap((text) => [...text.matchAll(CALL)].map(([call, name]) => [call, name])));
  for (const [call, name] of calls) {
    const value = await givenBy(client, call, name);
    if (value !== undefined) values.set(call, quoteLiteral(value));
  }
  return (expression) => expression.replace(CALL, (call) => values.get(call) ?? call);
}

/** Undefined of a function that may give another value the next time, or an error. */
async function givenBy(client: pg.Client, call: string, name: string): Promise<string | undefined> {
  const own = name.split(".").at(-1);
  try {
    const { rows } = await inReading(client, "SET LOCAL statement_timeout = '2s'", () =>
      client.query<{ value: string | null }>(
        `SELECT (${call})::text AS value
         WHERE (SELECT bool_and(provolatile = 'i') FROM pg_proc WHERE proname = $1)`,
        [own],
      ),
    );
    return rows[0]?.value ?? undefined;
  } catch {
    return undefined;
  }
}
