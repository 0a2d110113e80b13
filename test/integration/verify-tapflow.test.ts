import { resolve } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeDictionaries } from "../../src/engine/dictionaries.js";
import { buildPlan } from "../../src/model/plan.js";
import { loadScenario } from "../../src/model/scenario/index.js";
import { Universe } from "../../src/model/universe.js";
import { tapflow } from "../../src/models/tapflow/index.js";
import { verify } from "../../src/verify/verify.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { loadInProcess } from "../support/verify-shop.js";

let database: TestDatabase;
let client: pg.Client;
let universe: Universe;
beforeAll(async () => {
  database = await testDatabase();
  client = await database.client();
  const searchDirs = [resolve(import.meta.dirname, "../../scenarios")];
  const models = new Map([[tapflow.name, tapflow]]);
  const { scenario } = await loadScenario({ name: "tapflow/tapflow_noisy", models, searchDirs });
  // A tenth of the events: enough for every rule to have rows, and loaded in a second.
  const sizes = { ...scenario.sizes, tapEvents: 40_000, pageViews: 14_000, featureUsage: 6_000 };
  universe = new Universe(tapflow, { ...scenario, sizes }, makeDictionaries(tapflow));
  await loadInProcess(client, universe, "raw");
  await client.query("SET search_path TO raw");
});
afterAll(() => database.drop());

/** The checks that fail where statements have spoiled the data, which are undone afterwards by their opposites. */
async function faults(spoil?: string, mend?: string): Promise<string[]> {
  if (spoil) await client.query(spoil);
  const options = { url: database.url, schema: "raw", universe, plan: buildPlan(universe), connections: 2 };
  const { checks } = await verify(options);
  if (mend) await client.query(mend);
  return checks.filter(({ ok }) => !ok).map(({ name }) => name);
}

/** Changes one row, and changes it back. */
async function faultsOfUpdate(table: string, set: string, where: string): Promise<string[]> {
  await client.query(`CREATE TABLE public.kept AS SELECT * FROM ${table} WHERE id = (SELECT min(t.id) FROM ${where})`);
  const { rows } = await client.query<{ columns: string; kept: number }>(
    "SELECT string_agg(quote_ident(column_name), ', ') AS columns, (SELECT count(*)::int FROM public.kept) AS kept " +
      "FROM information_schema.columns WHERE table_schema = 'raw' AND table_name = $1",
    [table],
  );
  const { columns, kept } = rows[0];
  expect(kept).toBe(1);
  try {
    return await faults(
      `UPDATE ${table} t SET ${set} FROM public.kept WHERE t.id = kept.id`,
      `UPDATE ${table} t SET (${columns}) = (SELECT ${columns} FROM public.kept k WHERE k.id = t.id) FROM public.kept WHERE t.id = kept.id`,
    );
  } finally {
    await client.query("DROP TABLE public.kept");
  }
}

/** Rows of a table without a label. */
const unlabelled = (table: string): string =>
  `NOT EXISTS (SELECT FROM injected_anomalies l WHERE l.entity = '${table}' AND (l.row_id = t.id ` +
  `OR l.detail = 'copy of ' || t.id))`;

describe("tapflow", () => {
  it("passes as it is loaded, anomalies and all", async () => {
    expect(await faults()).toEqual([]);
  });

  it("fails where an account has a location more than its tier allows", async () => {
    expect(
      await faultsOfUpdate(
        "app_database_accounts",
        "location_count = 3",
        "app_database_accounts t WHERE tier = 'small'",
      ),
    ).toEqual([
      "distribution of app_database_accounts: locations are within the tier's range",
      "sum of app_database_accounts: location_count is the number of its locations",
    ]);
  });

  it("fails where a device moves to another account's location", async () => {
    const found = await faultsOfUpdate(
      "app_database_devices",
      "location_id = (SELECT max(id) FROM app_database_locations)",
      "app_database_devices t",
    );
    expect(found).toContain("state of app_database_devices: of the account of their location");
    expect(found).toContain("sum of app_database_locations: device_count is the number of its devices");
  });

  it("fails where a coffee shop pours lager", async () => {
    const coffeeShop =
      "app_database_devices t JOIN app_database_accounts a ON a.id = t.account_id AND a.industry = 'coffee_shop'";
    const found = await faultsOfUpdate("app_database_devices", "beverage_category = 'lager'", coffeeShop);
    expect(found).toContain("state of app_database_devices: no beer in coffee shops");
  });

  it("fails where a product has two prices at a venue", async () => {
    const poured = "EXISTS (SELECT FROM app_database_devices o WHERE o.id <> t.id AND o.location_id = t.location_id";
    const found = await faultsOfUpdate(
      "app_database_devices",
      "pint_price = t.pint_price + 1",
      `app_database_devices t WHERE ${poured} AND o.product = t.product)`,
    );
    expect(found).toContain("invariant of app_database_devices: a product has one price at a venue");
  });

  it.each([
    ["app_database_devices", "t.installed_at - interval '1 s'", "installed_at", "updated_at", ""],
    ["app_database_devices", "t.retired_at + interval '1 s'", "updated_at", "retired_at", "retired_at"],
    ["app_database_accounts", "t.activated_at - interval '1 s'", "activated_at", "updated_at", ""],
    ["app_database_accounts", "t.churned_at + interval '1 s'", "updated_at", "churned_at", "churned_at"],
  ])("fails where a row of %s changes at %s", async (table, moment, before, after, has) => {
    const where = `${table} t${has === "" ? "" : ` WHERE ${has} IS NOT NULL`}`;
    const found = await faultsOfUpdate(table, `updated_at = ${moment}`, where);
    expect(found.filter((name) => name.startsWith("order"))).toEqual([`order ${table}.${after} and ${before}`]);
  });

  it("fails where a tap runs before its device is installed, without a label", async () => {
    const found = await faultsOfUpdate(
      "tap_events",
      "poured_at = (SELECT created_at FROM app_database_devices d WHERE d.id = t.device_id)",
      `tap_events t WHERE ${unlabelled("tap_events")}`,
    );
    expect(found).toEqual([
      "order tap_events.poured_at and device_id.installed_at",
      "unlabelled tap_events: tap_before_install",
    ]);
  });

  it("fails where a label has no anomaly", async () => {
    const found = await faultsOfUpdate(
      "tap_events",
      "temperature_c = 4",
      "tap_events t JOIN injected_anomalies l ON l.row_id = t.id AND l.name = 'missing_temperature' " +
        "WHERE NOT EXISTS (SELECT FROM injected_anomalies c WHERE c.detail = 'copy of ' || t.id)",
    );
    expect(found).toEqual(["labelled tap_events: missing_temperature"]);
  });

  it("fails where a pour is sold at another price", async () => {
    expect(
      await faultsOfUpdate(
        "tap_events",
        "sale_price = t.sale_price + 0.01",
        `tap_events t WHERE sale_price IS NOT NULL AND ${unlabelled("tap_events")}`,
      ),
    ).toEqual(["state of tap_events: pours are sold by the device's price list"]);
  });

  it("fails where a feature is used that the subscription has not", async () => {
    expect(
      await faultsOfUpdate(
        "feature_usage",
        "feature = 'benchmarks'",
        "feature_usage t JOIN app_database_subscriptions s ON s.id = t.subscription_id WHERE plan = 'basic'",
      ),
    ).toEqual(["state of feature_usage: only features that the subscription has"]);
  });

  it("fails where terms overlap", async () => {
    const found = await faultsOfUpdate(
      "app_database_subscriptions",
      "ended_at = t.ended_at + interval '1 day'",
      "app_database_subscriptions t WHERE status = 'replaced'",
    );
    expect(found).toEqual([
      "invariant of app_database_subscriptions: an account's terms follow one another without gaps",
    ]);
  });

  it("fails where a page view belongs to another user's account", async () => {
    expect(
      await faultsOfUpdate(
        "page_views",
        "account_id = (SELECT min(a.id) FROM app_database_accounts a WHERE a.id <> t.account_id)",
        `page_views t WHERE viewed_at > '2025-06-01' AND ${unlabelled("page_views")}`,
      ),
    ).toEqual([
      "copies and texts of page_views",
      "state of page_views: of the user's account and within one user's session",
    ]);
  });
});
