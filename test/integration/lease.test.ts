import type pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type Lease,
  leasedSchemas,
  releaseLease,
  renewLease,
  requireLease,
  takeLease,
} from "../../src/ledger/lease.js";
import { ensureLedger } from "../../src/ledger/schema.js";
import { isCommittedAlready, recordShard, requireWhole, type ShardRecord } from "../../src/ledger/shards.js";
import { recordStep } from "../../src/ledger/steps.js";
import { inTransaction } from "../../src/postgres/connection.js";
import { type TestDatabase, testDatabase } from "../support/database.js";

const RUN = "7d0e4cf5-5a0f-4b9e-8a5c-0a6f1b2c3d4e";
const STEP = { name: "keys of goods", phase: "keys", entity: "goods", sql: "SELECT 1" };

let database: TestDatabase;
let first: pg.Client;
let second: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  first = await database.client();
  second = await database.client();
});
afterAll(async () => {
  await Promise.all([first.end(), second.end()]);
  await database.drop();
});
beforeEach(async () => {
  await inTransaction(first, () => ensureLedger(first));
  await first.query("CREATE TABLE public.goods (id int)");
});
afterEach(() => first.query("DROP SCHEMA seed_bulk CASCADE; DROP TABLE public.goods"));

const take = (client: pg.Client): Promise<Lease> => inTransaction(client, () => takeLease(client, "shop"));
const runOut = (): Promise<unknown> => first.query("UPDATE seed_bulk.leases SET until = clock_timestamp()");
const countOf = async (table: string): Promise<number> =>
  Number((await second.query(`SELECT count(*) AS n FROM ${table}`)).rows[0].n);

const shardOf = (lease: Lease): ShardRecord => ({
  runId: RUN,
  unlogged: false,
  lease,
  shard: { entity: "goods", index: 0, start: 0, end: 10, bytesEstimated: 100 },
  bytes: 100,
  worker: 1,
  attempt: 1,
  seconds: 0.1,
});

/** Writes a row and whatever `record` records, in one transaction, as a worker or a finisher does. */
const write = (client: pg.Client, record: () => Promise<void>): Promise<void> =>
  inTransaction(client, async () => {
    await client.query("INSERT INTO public.goods VALUES (1)");
    await record();
  });

/** Resolves once a backend waits for a lock that another holds. */
const waits = async (client: pg.Client): Promise<void> => {
  const pid = (client as pg.Client & { processID: number }).processID;
  for (let i = 0; i < 5000; i++) {
    const { rows } = await first.query("SELECT cardinality(pg_blocking_pids($1)) > 0 AS waits", [pid]);
    if (rows[0].waits) return;
  }
  throw new Error("it waits for nobody");
};

describe("a lease", () => {
  it("is one process's, until it is given back or its time is over", async () => {
    const lease = await take(first);
    await expect(take(second)).rejects.toMatchObject({ code: "SB_RUN_BUSY" });
    expect(await leasedSchemas(second, ["shop", "other"])).toEqual(new Set(["shop"]));
    await releaseLease(first, lease);
    expect(await leasedSchemas(second, ["shop"])).toEqual(new Set());
    const next = await take(second);
    expect(next.epoch).toBeGreaterThan(lease.epoch);
    await runOut();
    expect((await take(first)).epoch).toBeGreaterThan(next.epoch);
  });

  it("taken after its time ends what its holder has left in the tables, and nobody who only reads them", async () => {
    await first.query("CREATE SCHEMA shop; CREATE TABLE shop.goods (id int)");
    const at = async (name: string, sql: string): Promise<pg.Client> => {
      const client = await database.client();
      client.on("error", () => {});
      await client.query(`SET application_name = '${name}'; BEGIN; ${sql}`);
      return client;
    };
    await take(first);
    const worker = await at("seed-bulk worker", "INSERT INTO shop.goods VALUES (1)");
    const finisher = await at("seed-bulk finisher 1a2b3c4d", "LOCK TABLE shop.goods IN ROW EXCLUSIVE MODE");
    const reader = await at("seed-bulk verifier 5e6f7a8b", "SELECT FROM shop.goods");
    const other = await at("an application", "INSERT INTO shop.goods VALUES (2)");
    await runOut();
    await take(second);
    for (const client of [worker, finisher]) await expect(client.query("COMMIT")).rejects.toThrow();
    for (const client of [reader, other]) {
      await client.query("COMMIT");
      await client.end();
    }
    expect((await second.query("SELECT id FROM shop.goods")).rows).toEqual([{ id: 2 }]);
    await second.query("DROP SCHEMA shop CASCADE");
  });

  it("of a process of this machine that is gone can be had at once", async () => {
    await take(first);
    await first.query("UPDATE seed_bulk.leases SET process = '4194304-1'");
    await expect(take(second)).resolves.toMatchObject({ schema: "shop" });
  });

  it("of another machine's process holds, whatever process has that number here", async () => {
    await take(first);
    await first.query("UPDATE seed_bulk.leases SET process = '4194304-1', machine = 'elsewhere'");
    await expect(take(second)).rejects.toMatchObject({ code: "SB_RUN_BUSY" });
  });

  it("can be renewed after its time, unless somebody else came, and never given back by who lost it", async () => {
    const lease = await take(first);
    await runOut();
    expect(await renewLease(first, lease)).toBe(true);
    await runOut();
    await take(second);
    expect(await renewLease(first, lease)).toBe(false);
    await releaseLease(first, lease);
    expect(await leasedSchemas(second, ["shop"])).toEqual(new Set(["shop"]));
  });

  it("lets nothing be committed by who lost it: a shard, a step, a state", async () => {
    const lost = await take(first);
    await runOut();
    const held = await take(second);
    const run = { runId: RUN, lease: lost };
    await expect(write(first, () => recordShard(first, shardOf(lost)))).rejects.toMatchObject({
      code: "SB_LEASE_LOST",
    });
    await expect(write(first, () => recordStep(first, run, STEP, 1))).rejects.toMatchObject({ code: "SB_LEASE_LOST" });
    await expect(write(first, () => requireLease(first, lost))).rejects.toMatchObject({ code: "SB_LEASE_LOST" });
    expect(await countOf("public.goods")).toBe(0);
    expect((await countOf("seed_bulk.shards")) + (await countOf("seed_bulk.steps"))).toBe(0);
    await write(second, () => recordShard(second, shardOf(held)));
    await write(second, () => recordStep(second, { runId: RUN, lease: held }, STEP, 1));
    expect(await countOf("public.goods")).toBe(2);
  });

  it("cannot be taken between the check and the commit", async () => {
    const lease = await take(first);
    await runOut();
    await first.query("BEGIN");
    await recordShard(first, shardOf(lease));
    const taken = take(second);
    await waits(second);
    await first.query("COMMIT");
    expect((await taken).epoch).toBeGreaterThan(lease.epoch);
  });

  it("is renewed while transactions that checked it are open", async () => {
    const lease = await take(first);
    await first.query("BEGIN");
    await requireLease(first, lease);
    expect(await renewLease(second, lease)).toBe(true);
    await first.query("COMMIT");
  });

  it("is lost to a check that waited while another took it", async () => {
    const lease = await take(first);
    await runOut();
    await first.query("BEGIN");
    await takeLease(first, "shop");
    const checked = write(second, () => recordShard(second, shardOf(lease)));
    checked.catch(() => {});
    await waits(second);
    await first.query("COMMIT");
    await expect(checked).rejects.toMatchObject({ code: "SB_LEASE_LOST" });
    expect(await countOf("public.goods")).toBe(0);
  });
});

describe("a shard in the ledger", () => {
  it("is committed already where its own key says so, and by no other violation", async () => {
    const lease = await take(first);
    await write(first, () => recordShard(first, shardOf(lease)));
    const error = await write(first, () => recordShard(first, shardOf(lease))).catch((cause: unknown) => cause);
    expect(isCommittedAlready(error as Parameters<typeof isCommittedAlready>[0])).toBe(true);
    expect(await countOf("public.goods")).toBe(1);
    await first.query("CREATE TABLE public.shards (id int, CONSTRAINT shards_pkey PRIMARY KEY (id))");
    await first.query("INSERT INTO public.shards VALUES (1)");
    const other = await first.query("INSERT INTO public.shards VALUES (1)").catch((cause: unknown) => cause);
    await first.query("DROP TABLE public.shards");
    expect(isCommittedAlready(other as Parameters<typeof isCommittedAlready>[0])).toBe(false);
  });

  it("is missed before a run is finished", async () => {
    const lease = await take(first);
    const run = { runId: RUN, unlogged: false };
    await expect(requireWhole(first, run, { rows: 10, shardCount: 1 })).rejects.toMatchObject({
      code: "SB_LOAD_INCOMPLETE",
    });
    await write(first, () => recordShard(first, shardOf(lease)));
    await requireWhole(first, run, { rows: 10, shardCount: 1 });
    await expect(requireWhole(first, run, { rows: 11, shardCount: 1 })).rejects.toMatchObject({
      code: "SB_LOAD_INCOMPLETE",
    });
  });
});

describe("a writing transaction", () => {
  it("does not depend on what the session has set, and leaves it as it was", async () => {
    await first.query("SET statement_timeout = '50ms'; SET DateStyle = 'SQL, DMY'; SET lock_timeout = '7ms'");
    const inside = await inTransaction(first, async () => {
      await first.query("SELECT pg_sleep(0.1)");
      return (
        await first.query("SELECT current_setting('DateStyle') AS style, current_setting('lock_timeout') AS lock")
      ).rows[0];
    });
    expect(inside).toEqual({ style: "ISO, YMD", lock: "0" });
    expect((await first.query("SHOW lock_timeout")).rows[0].lock_timeout).toBe("7ms");
    await first.query("RESET ALL");
  });
});
