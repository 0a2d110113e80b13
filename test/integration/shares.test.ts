import type pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Claiming, claimedSteps, claimSteps } from "../../src/ledger/claims.js";
import { type Lease, leasedSchemas, requireLease, takeLease } from "../../src/ledger/lease.js";
import { ensureLedger } from "../../src/ledger/schema.js";
import { recordShard, type ShardRecord } from "../../src/ledger/shards.js";
import { joinLease, leaveLease, renewShare, sharesOf, writerName } from "../../src/ledger/shares.js";
import { recordStep } from "../../src/ledger/steps.js";
import { connect, inTransaction } from "../../src/postgres/connection.js";
import { type TestDatabase, testDatabase } from "../support/database.js";

const RUN = "7d0e4cf5-5a0f-4b9e-8a5c-0a6f1b2c3d4e";
const OTHER_RUN = "8d0e4cf5-5a0f-4b9e-8a5c-0a6f1b2c3d4e";
const FIGURES = { doing: "loading", rows: 7, rowsPerSecond: 3.5 };
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
beforeEach(() => inTransaction(first, () => ensureLedger(first)));
afterEach(() => first.query("DROP SCHEMA seed_bulk CASCADE"));

const join = (client: pg.Client, runId = RUN): Promise<Lease> =>
  inTransaction(client, () => joinLease(client, { schema: "shop", runId, threads: 2, toldBy: "part 1 of 2" }));
const take = (client: pg.Client): Promise<Lease> => inTransaction(client, () => takeLease(client, "shop"));
const leave = (client: pg.Client, lease: Lease): Promise<void> =>
  inTransaction(client, () => leaveLease(client, lease));
/** As if nobody had heard of a share for a minute. */
const silence = ({ member }: Lease): Promise<unknown> =>
  first.query("UPDATE seed_bulk.workers SET last_seen = last_seen - interval '1 min' WHERE worker_id = $1", [member]);

const shardOf = (lease: Lease, index = 0): ShardRecord => ({
  runId: RUN,
  unlogged: false,
  lease,
  shard: { entity: "goods", index, start: 0, end: 10, bytesEstimated: 100 },
  bytes: 100,
  worker: 1,
  attempt: 1,
  seconds: 0.1,
});
const record = (client: pg.Client, lease: Lease, index = 0): Promise<void> =>
  inTransaction(client, () => recordShard(client, shardOf(lease, index)));

describe("a lease that a run's workers hold together", () => {
  it("is held by any number of them, and by nobody else until the last one has left", async () => {
    const one = await join(first);
    const two = await join(second);
    expect(two.epoch).toBe(one.epoch);
    expect(two.member).not.toBe(one.member);
    await record(first, one, 0);
    await record(second, two, 1);
    await expect(take(first)).rejects.toMatchObject({ code: "SB_RUN_BUSY", message: expect.stringContaining(RUN) });
    await expect(join(first, OTHER_RUN)).rejects.toMatchObject({ code: "SB_RUN_BUSY" });
    expect(await leasedSchemas(first, ["shop"])).toEqual(new Set(["shop"]));
    await leave(first, one);
    await expect(take(first)).rejects.toMatchObject({ code: "SB_RUN_BUSY" });
    await leave(second, two);
    expect(await leasedSchemas(first, ["shop"])).toEqual(new Set());
    const alone = await take(first);
    expect(alone.epoch).toBe(one.epoch + 1);
    await expect(join(second)).rejects.toMatchObject({ code: "SB_RUN_BUSY" });
  });

  it("is lost by all of them where another takes it after its time: none commits anything more", async () => {
    const one = await join(first);
    const two = await join(second);
    await first.query("UPDATE seed_bulk.leases SET until = clock_timestamp()");
    await take(first);
    for (const lease of [one, two]) {
      await expect(record(second, lease)).rejects.toMatchObject({ code: "SB_LEASE_LOST" });
      expect(await renewShare(second, lease, FIGURES)).toBe(false);
    }
    expect(await sharesOf(first, RUN)).toEqual([]);
  });

  it("is renewed by each, also where it has nearly run out", async () => {
    const one = await join(first);
    await first.query("UPDATE seed_bulk.leases SET until = clock_timestamp() + interval '2 s'");
    expect(await renewShare(first, one, FIGURES)).toBe(true);
    const { rows } = await first.query(
      "SELECT until > clock_timestamp() + interval '20 s' AS held FROM seed_bulk.leases",
    );
    expect(rows).toEqual([{ held: true }]);
    expect(await sharesOf(first, RUN)).toMatchObject([{ ...FIGURES, toldBy: "part 1 of 2", threads: 2 }]);
  });

  it("can be had at once where all its workers were processes of this machine that are gone", async () => {
    await join(first);
    await first.query("UPDATE seed_bulk.workers SET process = '999999999-1'");
    expect((await take(second)).epoch).toBe(2);
  });
});

describe("a share", () => {
  it("that nobody has held is ended by the others, who do not wait for its transactions", async () => {
    const one = await join(first);
    // As a process is that was stopped between the ledger's row and its COMMIT.
    const sleeping = await connect(database.url, writerName("worker", one));
    await sleeping.query("BEGIN");
    await recordShard(sleeping, shardOf(one));
    const two = await join(second);
    await silence(one);
    expect(await renewShare(second, two, FIGURES)).toBe(true);
    expect((await sharesOf(second, RUN)).map(({ member }) => member)).toEqual([two.member]);
    // What it had begun is gone, and another may make it.
    await record(second, two);
    await expect(sleeping.query("COMMIT")).rejects.toThrow();
    await expect(record(first, one, 1)).rejects.toMatchObject({ code: "SB_LEASE_LOST" });
    await expect(inTransaction(first, () => requireLease(first, one))).rejects.toMatchObject({ code: "SB_LEASE_LOST" });
    const { rows } = await first.query("SELECT count(*)::int4 AS n FROM seed_bulk.shards");
    expect(rows).toEqual([{ n: 1 }]);
  });

  it("is not ended by one that was silent as long, as all are when a server has been away", async () => {
    const one = await join(first);
    const two = await join(second);
    await silence(one);
    await silence(two);
    expect(await renewShare(second, two, FIGURES)).toBe(true);
    expect(await renewShare(first, one, FIGURES)).toBe(true);
    expect(await sharesOf(first, RUN)).toHaveLength(2);
  });

  it("of a process of this machine that is gone ends at once", async () => {
    const one = await join(first);
    const two = await join(second);
    await first.query("UPDATE seed_bulk.workers SET process = '999999999-1' WHERE worker_id = $1", [one.member]);
    await renewShare(second, two, FIGURES);
    expect(await sharesOf(first, RUN)).toHaveLength(1);
  });
});

const claim = async (client: pg.Client, claiming: Claiming, ...steps: string[]): Promise<string[]> =>
  [...(await claimSteps(client, claiming, steps))].sort();

describe("a claim", () => {
  it("gives a step to one worker, until that one's share ends", async () => {
    const one = { runId: RUN, lease: await join(first) };
    const two = { runId: RUN, lease: await join(second) };
    expect(await claim(first, one, STEP.name)).toEqual([STEP.name]);
    expect(await claim(second, two, STEP.name, "other")).toEqual(["other"]);
    expect(await claimedSteps(second, RUN)).toEqual(new Set([STEP.name, "other"]));
    await silence(one.lease);
    await renewShare(second, two.lease, FIGURES);
    expect(await claimedSteps(second, RUN)).toEqual(new Set(["other"]));
    expect(await claim(second, two, STEP.name)).toEqual([STEP.name]);
    await expect(claim(first, one, "another")).rejects.toMatchObject({ code: "SB_LEASE_LOST" });
  });

  it("is not had on a step that somebody has done and left", async () => {
    const one = { runId: RUN, lease: await join(first) };
    const two = { runId: RUN, lease: await join(second) };
    await claim(first, one, STEP.name);
    await inTransaction(first, () => recordStep(first, one, STEP, 0.1));
    await leave(first, one.lease);
    expect(await claim(second, two, STEP.name, "other")).toEqual(["other"]);
    expect(await claimedSteps(second, RUN)).toEqual(new Set(["other"]));
  });
});
