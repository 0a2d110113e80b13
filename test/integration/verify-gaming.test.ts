import { resolve } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeDictionaries } from "../../src/engine/dictionaries.js";
import { buildPlan } from "../../src/model/plan.js";
import { loadScenario } from "../../src/model/scenario/index.js";
import { Universe } from "../../src/model/universe.js";
import { gaming } from "../../src/models/gaming/index.js";
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
  const models = new Map([[gaming.name, gaming]]);
  // All features and anomalies, at a size at which every one of them has rows.
  const overrides = { scale: 0.001 };
  const { scenario } = await loadScenario({ name: "gaming/full_game", models, searchDirs, overrides });
  const anomalies = Object.fromEntries(
    Object.entries(scenario.anomalies).map(([name, settings]) => [name, { ...settings, rate: 0.01 }]),
  );
  universe = new Universe(gaming, { ...scenario, anomalies }, makeDictionaries(gaming));
  await loadInProcess(client, universe, "gaming");
  await client.query("SET search_path TO gaming");
});
afterAll(() => database.drop());

/** The checks that fail where statements have spoiled a table, which is mended afterwards. */
async function faultsOf(spoilt?: string, ...spoil: readonly string[]): Promise<string[]> {
  const tables = spoilt?.split(" ") ?? [];
  try {
    for (const name of tables) await client.query(`CREATE TABLE public.kept_${name} AS TABLE ${name}`);
    await client.query("SET session_replication_role TO replica");
    for (const sql of spoil) await client.query(sql);
    const options = { url: database.url, schema: "gaming", universe, plan: buildPlan(universe), connections: 2 };
    const { checks } = await verify(options);
    return checks.flatMap(({ ok, name }) => (ok ? [] : [name])).toSorted();
  } finally {
    for (const name of tables) {
      await client.query(`DELETE FROM ${name}`);
      await client.query(`INSERT INTO ${name} OVERRIDING SYSTEM VALUE SELECT * FROM public.kept_${name}`);
      await client.query(`DROP TABLE public.kept_${name}`);
    }
  }
}

/** A row of a table that no anomaly's label names. */
const plain = (table: string, where = "true"): string =>
  `id = (SELECT min(t.id) FROM ${table} t WHERE ${where} ` +
  `AND NOT EXISTS (SELECT FROM injected_anomalies i WHERE i.entity = '${table}' AND i.row_id = t.id))`;

const labelled = (anomaly: string): string =>
  `id = (SELECT min(row_id) FROM injected_anomalies WHERE name = '${anomaly}')`;

describe("gaming", () => {
  it("passes as it is loaded, with every feature and anomaly", async () => {
    const { rows } = await client.query(
      "SELECT name, count(*)::int FROM injected_anomalies GROUP BY name ORDER BY name",
    );
    expect(rows.map(({ name }) => name)).toEqual(gaming.anomalies!.map(({ name }) => name).toSorted());
    expect(await faultsOf()).toEqual([]);
  });

  it("fails where a trade names nobody", async () => {
    const found = await faultsOf(
      "transactions",
      `UPDATE transactions SET to_username = 'Nobody' WHERE ${plain("transactions")}`,
    );
    expect(found).toEqual(["step of transactions: to_username is an account that is registered by then"]);
  });

  it("fails where a trade names no item, or another value than the item's", async () => {
    const found = await faultsOf(
      "transactions items",
      `UPDATE transactions SET item_name = 'Thin Air' WHERE ${plain("transactions")}`,
      `UPDATE items SET gold_value = gold_value + 1 WHERE id = (SELECT max(id) FROM items WHERE name NOT IN (SELECT item_name FROM transactions))`,
    );
    expect(found).toEqual(["step of transactions: item_name is an item, worth what is said"]);
  });

  it("fails where a price is a spike that nobody labelled, and where a label has none", async () => {
    const spiked = await faultsOf(
      "transactions",
      `UPDATE transactions SET gold_value = 20 * list_value WHERE ${plain("transactions")}`,
    );
    expect(spiked).toEqual([
      "state of transactions: what is paid is near what the item is worth",
      "unlabelled transactions: price_spike",
    ]);
    const mended = await faultsOf(
      "transactions",
      `UPDATE transactions SET gold_value = list_value WHERE ${labelled("price_spike")}`,
    );
    expect(mended).toEqual(["labelled transactions: price_spike"]);
  });

  it("fails where a session's login did not succeed", async () => {
    const found = await faultsOf(
      "login_history",
      `UPDATE login_history SET success = false, failure_reason = 'wrong_password' WHERE ${plain(
        "login_history",
        "user_agent NOT LIKE 'Emberfall%' AND EXISTS (SELECT FROM player_sessions s WHERE s.login_id = t.id) " +
          "AND NOT EXISTS (SELECT FROM users u WHERE u.last_login = t.login_time)",
      )}`,
    );
    expect(found).toEqual([
      "share of login_history: players' attempts that fail",
      "state of player_sessions: each starts with a login of the same player that succeeded",
    ]);
  });

  it("fails where two sessions of a player overlap", async () => {
    const found = await faultsOf(
      "player_sessions",
      "UPDATE player_sessions SET logout_time = (SELECT min(n.login_time) + interval '1 minute' FROM player_sessions n " +
        "WHERE n.user_id = player_sessions.user_id AND n.login_time > player_sessions.login_time) " +
        "WHERE id = (SELECT min(s.id) FROM player_sessions s JOIN player_sessions n ON n.user_id = s.user_id " +
        "AND n.login_time > s.login_time WHERE s.logout_time > s.login_time)",
    );
    expect(found).toEqual([
      "invariant of player_sessions: no two sessions of a player overlap",
      "order player_sessions.logout_time and login_time",
    ]);
  });

  it("fails where a last login is not the last", async () => {
    const found = await faultsOf(
      "users",
      "UPDATE users SET last_login = last_login - interval '1 minute' WHERE id = (SELECT min(id) FROM users WHERE last_login > created_at + interval '1 day')",
    );
    expect(found).toEqual([
      "state of login_history: none that succeeded is later than the account's last login",
      "step of users: the last login is one that succeeded",
    ]);
  });

  it("fails where an auth event is missing, and where it tells something else", async () => {
    const gone = await faultsOf(
      "auth_events",
      `DELETE FROM auth_events WHERE ${plain("auth_events", "NOT EXISTS (SELECT FROM auth_events o WHERE o.login_id = t.login_id AND o.id <> t.id)")}`,
    );
    expect(gone).toContain("step of login_history: the game's own programs report each login");
    const other = await faultsOf(
      "auth_events",
      `UPDATE auth_events SET ip_address = '10.1.1.1' WHERE ${plain("auth_events", "NOT EXISTS (SELECT FROM auth_events o WHERE o.login_id = t.login_id AND o.id <> t.id)")}`,
    );
    expect(other).toEqual(["copies and texts of auth_events", "state of auth_events: they agree with their login"]);
  });

  it("fails where an account's gold is not its characters'", async () => {
    const found = await faultsOf("characters", "UPDATE characters SET gold = gold + 1 WHERE id = 5");
    expect(found).toEqual(["sum of users: the account's value is its characters' gold"]);
  });

  it("fails where somebody comes from attackers' addresses without a label", async () => {
    const found = await faultsOf(
      "login_history",
      `UPDATE login_history SET ip_address = '198.18.3.10' WHERE ${plain(
        "login_history",
        "NOT t.success AND user_agent NOT LIKE 'Emberfall%'",
      )}`,
    );
    expect(found).toEqual([
      "share of login_history: players' attempts",
      "share of login_history: players' attempts that fail",
      "state of login_history: players log in from home, by addresses of their region",
    ]);
  });
});
