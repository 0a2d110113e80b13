import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generate } from "../../src/engine/run/generate.js";
import { heldAlone, LeaseKeeper } from "../../src/engine/run/lease-keeper.js";
import { releaseLease, takeLease } from "../../src/ledger/lease.js";
import { findRun } from "../../src/ledger/runs.js";
import { ensureLedger } from "../../src/ledger/schema.js";
import { inTransaction } from "../../src/postgres/connection.js";
import { runVerification } from "../../src/verify/run-verification.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { PARCELS, plannedFile } from "../support/planned.js";
import { cutAt, holdAt, isAt, PLACES, type PlaceName } from "../support/wire-places.js";
import { WireProxy } from "../support/wire-proxy.js";

const { universe, plan } = await plannedFile(PARCELS);
const { schema } = plan.scenario;

let database: TestDatabase;
let proxy: WireProxy;
let client: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  proxy = await WireProxy.start(database.url);
  client = await database.client();
});
afterAll(async () => {
  await proxy.close();
  await database.drop();
});

function load(): ReturnType<typeof generate> {
  const safety = { adoptSchema: false, maxRows: 1e6, env: {} };
  const target = { kind: "postgres", url: proxy.url, embedded: true, safety } as const;
  return generate({ universe, plan, workers: 1, replace: true, target });
}

/** What the ledger says of a run. */
async function inLedger(runId: string): Promise<{ shards: number; rows: number }> {
  const { rows } = await client.query(
    "SELECT count(*)::int AS shards, coalesce(sum(row_end - row_start), 0)::int AS rows " +
      "FROM seed_bulk.shards WHERE run_id = $1",
    [runId],
  );
  return rows[0];
}

/** Rows of each table. */
async function inTables(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { entity } of plan.entities) {
    const { rows } = await client.query(`SELECT count(*)::int AS n FROM "${schema}"."${entity}"`);
    counts[entity] = rows[0].n;
  }
  return counts;
}

describe("a connection that is cut", () => {
  it.each(Object.keys(PLACES) as PlaceName[])("at %s costs nothing: all is there once", async (place) => {
    const strike = cutAt(proxy, place);
    const { runId } = await load();
    expect(strike.struck).toBe(true);
    expect(await inTables()).toEqual(Object.fromEntries(plan.entities.map(({ entity, rows }) => [entity, rows])));
    expect(await inLedger(runId)).toEqual({ shards: plan.shardCount, rows: plan.rows });
    expect((await findRun(client, runId)).state).toBe("done");
  });

  it("has left every byte as it must be", async () => {
    const report = await runVerification({ url: database.url, schema, universe, plan, workers: 2, exact: true });
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
  });
});

describe("a COMMIT that the server hears of late", () => {
  it("after its step was tried again, is found in the ledger and not taken for somebody else's index", async () => {
    const [commit] = PLACES["a step's COMMIT"];
    let isLate = false;
    let arrive = (): void => {};
    const late = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    proxy.decide = (message) => {
      if (isLate || !isAt(message, commit)) return "pass";
      isLate = true;
      return { late };
    };
    const loaded = load();
    // The second attempt at the index waits for the first one's transaction.
    for (;;) {
      const { rows } = await client.query(
        "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'seed-bulk finisher%' AND wait_event_type = 'Lock'",
      );
      if (rows[0].n > 0) break;
    }
    arrive();
    const { runId } = await loaded;
    expect((await findRun(client, runId)).state).toBe("done");
  });
});

describe("the keeper of a lease", () => {
  it("does not wait for a server that answers no more, neither to renew it nor to give it back", async () => {
    const lease = await inTransaction(client, async () => {
      await ensureLedger(client);
      return takeLease(client, "kept");
    });
    proxy.decide = ({ application, text }) =>
      application === "seed-bulk lease" && /UPDATE/.test(text) ? new Promise(() => {}) : "pass";
    const keeper = new LeaseKeeper(proxy.url, heldAlone(lease));
    await keeper.check();
    await keeper.close();
    expect(keeper.lost.aborted).toBe(false);
    await releaseLease(client, lease);
  });
});

describe("a process that is slower than its lease", () => {
  const places: PlaceName[] = [
    "a COPY that is asked for",
    "a COPY's end",
    "a shard's row for the ledger",
    "a state's look at the lease",
    "an index that is asked for",
    "a step's row for the ledger",
  ];
  it.each(places)("commits nothing more once another has it: held at %s", async (place) => {
    const hold = holdAt(proxy, place);
    const loaded = load();
    loaded.catch(() => {});
    await hold.reached;
    const { rows } = await client.query(
      "UPDATE seed_bulk.leases SET epoch = epoch + 1, machine = 'elsewhere', until = clock_timestamp() + interval '1 h' " +
        "WHERE schema_name = $1 RETURNING (SELECT run_id FROM seed_bulk.runs ORDER BY started_at DESC LIMIT 1)",
      [schema],
    );
    const runId = rows[0].run_id;
    const before = await inLedger(runId);
    const steps = "SELECT count(*)::int AS n FROM seed_bulk.steps";
    const stepsBefore = (await client.query(steps)).rows[0].n;
    hold.release();
    await expect(loaded).rejects.toMatchObject({ code: "SB_LEASE_LOST" });
    expect(await inLedger(runId)).toEqual(before);
    expect((await client.query(steps)).rows[0].n).toBe(stepsBefore);
    // What is in the tables is what the ledger says of them.
    expect(Object.values(await inTables()).reduce((sum, n) => sum + n, 0)).toBe(before.rows);
    await client.query("UPDATE seed_bulk.leases SET until = '-infinity'");
  });
});
