import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { offsetHoursOf } from "../../src/core/time-zones/offsets.js";
import { EXACT_TO, ZONES } from "../../src/core/time-zones/zones.js";
import { verifyExact } from "../../src/verify/exact.js";
import { verify } from "../../src/verify/verify.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { comparersHere } from "../support/exact-comparers.js";
import { planned } from "../support/planned.js";
import { loadInProcess } from "../support/verify-shop.js";

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  client = await database.client();
});
afterAll(() => database.drop());

describe("the clocks of the time zones", () => {
  /** Every half hour of years in which rules were new, and of far ones. */
  it.each([1950, 1969, 1974, 1987, 2006, 2010, 2023, 2038, 2100, 2249])(
    "are the server's, which has tables of its own: %i",
    async (year) => {
      const { rows } = await client.query(
        "SELECT zone, 1e6 * extract(epoch FROM at) AS at, " +
          "extract(epoch FROM (at AT TIME ZONE zone) - (at AT TIME ZONE 'UTC')) / 3600 AS hours " +
          "FROM unnest($1::text[]) zone, generate_series($2::timestamptz, $3::timestamptz, interval '30 minutes') at",
        [Object.keys(ZONES), `${year}-01-01T00:00Z`, `${year}-12-31T23:30Z`],
      );
      const wrong = rows.filter(({ zone, at, hours }) => offsetHoursOf(zone)(Number(at)) !== Number(hours));
      expect(wrong).toEqual([]);
      expect(rows.length).toBeGreaterThan(365 * 48 * 12 - 1);
    },
  );
});

describe("a load of a window", () => {
  it.each([
    ["gaming/ctf", "before 1970", "1950-01-01", "1950-06-01"],
    ["gaming/ctf", "across 1970, with Singapore at half past", "1969-06-01", "1971-01-01"],
    ["gaming/ctf", "of summer times that are no more", "2005-06-01", "2008-01-01"],
    ["tapflow/tapflow", "across 1970", "1969-11-01", "1970-02-01"],
    ["tapflow/tapflow", "across a change of clocks by the rule before 2007", "2006-03-20", "2006-04-20"],
    ["erp/normal-ops", "across 1970", "1969-11-01", "1970-02-01"],
    ["erp/normal-ops", "with the month of fasting out of summer time", "2010-07-15", "2010-10-10"],
    ["marketing/development", "before 1970", "1969-09-01", "1969-12-01"],
    ["erp/normal-ops", "in 2038, after 32 bits of seconds", "2038-01-01", "2038-02-01"],
    ["gaming/ctf", "around the 29 February that 2100 has not", "2100-02-01", "2100-04-01"],
    ["gaming/ctf", "at the end of what is exact", "2249-10-01", "2250-01-01"],
  ])("verifies, byte for byte too: %s %s", async (scenario, _about, from, to) => {
    const { universe, plan } = await planned(scenario, { from, to });
    const { schema } = plan.scenario;
    await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    await loadInProcess(client, universe, schema);
    const { checks } = await verify({ url: database.url, schema, universe, plan, connections: 2 });
    const exact = await verifyExact({ url: database.url, schema, universe, plan, workers: 1 }, comparersHere(universe));
    expect([...checks, ...exact].filter(({ ok, kind }) => !ok && kind !== "query")).toEqual([]);
  });
});

it("leaves what follows on the latest window five years in which microseconds are exact", () => {
  expect(Date.parse(EXACT_TO) * 1000 + 5 * 365 * 86_400e6).toBeLessThan(Number.MAX_SAFE_INTEGER);
});
