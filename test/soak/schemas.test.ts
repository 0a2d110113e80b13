import fc from "fast-check";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { open } from "../../src/engine/open.js";
import { generate } from "../../src/engine/run/generate.js";
import { introspect } from "../../src/introspect/introspect.js";
import { defineModel } from "../../src/model/file/read.js";
import { runVerification } from "../../src/verify/run-verification.js";
import { catalogOf } from "../support/catalog.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { randomSchema } from "../support/random-schema.js";

/** Schemas that are filled by one run, each in a schema of Postgres of its own. */
const TOGETHER = 10;
/** How many schemas; more by `SEED_BULK_SCHEMAS=2000 npm run test:schemas`. */
const SCHEMAS = Number(process.env["SEED_BULK_SCHEMAS"] ?? 200);
/** The same ones every time where nobody asks for more. */
const SEED = process.env["SEED_BULK_SCHEMAS"] === undefined ? { seed: 20_261_127 } : {};
const SECONDS_EACH = 2;

/** What may keep a table from being filled: what the schema itself says of it. */
const REASONS =
  /refers to a table that is not filled|shares columns with another key|no way is known|refuses its rows|needs itself/;

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  client = await database.client();
});
afterAll(() => database.drop());

/** Makes schemas instead of those before; those that Postgres takes, by name. */
async function makeSchemas(ddls: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const made = new Map<string, string>();
  await client.query("DROP SCHEMA IF EXISTS seed_bulk CASCADE");
  for (const [at, ddl] of ddls.entries()) {
    const name = `random_${at}`;
    await client.query(`DROP SCHEMA IF EXISTS ${name} CASCADE; CREATE SCHEMA ${name}; SET search_path = ${name}`);
    try {
      await client.query(ddl);
      made.set(name, ddl);
    } catch {
      await client.query(`DROP SCHEMA ${name} CASCADE`);
    }
  }
  await client.query("RESET search_path");
  return made;
}

describe("schemas made at random", () => {
  it(
    "are filled where Postgres takes them, or a table is left out with a reason",
    async () => {
      let [taken, tables, left] = [0, 0, 0];
      await fc.assert(
        fc.asyncProperty(fc.array(randomSchema, { minLength: TOGETHER, maxLength: TOGETHER }), async (schemas) => {
          const made = await makeSchemas(schemas.map(({ ddl }) => ddl));
          if (made.size === 0) return;
          const ddl = [...made.values()].join("\n\n");
          const before = await catalogOf(client);
          const model = await introspect(client, { rows: 12_000, name: "random" });
          taken += made.size;
          tables += Object.keys(model.declaration.tables).length;
          left += model.refused.length;
          for (const { schema, table, reason } of model.refused) {
            expect(reason, `${table}\n${made.get(schema)}`).toMatch(REASONS);
          }
          if (Object.keys(model.declaration.tables).length === 0) return;
          const { universe, plan } = await open({ model: defineModel(model.declaration) });
          const target = {
            kind: "postgres",
            url: database.url,
            embedded: false,
            safety: { adoptSchema: false, maxRows: 1e6, env: { SEED_BULK_ENABLED: "true" } },
          } as const;
          await generate({ universe, plan, workers: 1, target });
          const { checks } = await runVerification({
            url: database.url,
            schema: model.declaration.schema!,
            universe,
            plan,
            workers: 1,
            exact: true,
          });
          const failed = checks.filter(({ ok }) => !ok).map(({ name, found }) => `${name}: ${found}`);
          expect(failed, ddl).toEqual([]);
          expect(await catalogOf(client)).toEqual(before);
        }),
        { numRuns: Math.ceil(SCHEMAS / TOGETHER), endOnFailure: true, ...SEED },
      );
      expect(taken).toBeGreaterThan(SCHEMAS / 2);
      // Nearly all tables of such schemas can be filled.
      expect(left / (tables + left)).toBeLessThan(0.15);
      console.info(`${taken} schemas taken, ${tables} tables filled, ${left} left out`);
    },
    SCHEMAS * SECONDS_EACH * 1000,
  );
});
