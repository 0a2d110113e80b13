import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPgBoss, QUEUE_SCHEMA, requeue } from "../../src/fleet/pg-boss.js";
import type { Queue, QueuedSlice, QueueRun } from "../../src/fleet/queue.js";
import { slicesOf } from "../../src/fleet/slices.js";
import { type WorkReport, work } from "../../src/fleet/work.js";
import { runCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { planOfTables } from "../support/small-plans.js";

let database: TestDatabase;
let client: pg.Client;
let env: Record<string, string>;
beforeAll(async () => {
  database = await testDatabase();
  client = await database.client();
  env = { SEED_BULK_ENABLED: "true", DATABASE_URL: database.url };
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const SLICES = slicesOf(planOfTables([3, 1]), { slicesMin: 99 });
const queueRun = (runId: string, committed: ReadonlySet<string> = new Set()): QueueRun & { notices: string[] } => {
  const notices: string[] = [];
  const onNotice = (text: string): unknown => notices.push(text);
  return { runId, url: database.url, slices: SLICES, committed: async () => committed, onNotice, notices };
};
const jobs = async (runId: string): Promise<Record<string, number>> => {
  const { rows } = await client.query(
    `SELECT state, count(*)::int4 AS n FROM ${QUEUE_SCHEMA}.job WHERE name = $1 GROUP BY state`,
    [runId],
  );
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
};

/** Works on a run as the command line does, told by a queue of the test's own. */
const workOn = (runId: string, open: (run: QueueRun) => Promise<Queue>): Promise<WorkReport> => {
  const safety = { adoptSchema: false, maxRows: 1e9, env: { SEED_BULK_ENABLED: "true" } };
  const target = { kind: "postgres", url: database.url, embedded: false, safety } as const;
  return work({ target, runId, toldBy: { kind: "queue", open }, workers: 1, stallSecondsMax: 30 });
};

describe("the queue of pg-boss", () => {
  it("hands each slice to one worker, and is not filled twice by the second", async () => {
    const run = queueRun("11111111-0000-4000-8000-000000000000");
    const [one, two] = await Promise.all([openPgBoss(run), openPgBoss(run)]);
    const taken = [await one.next(), await two.next(), await one.next(), await two.next()];
    const names = taken.map((slice) => `${slice?.entity} ${slice?.first}`);
    expect(names.toSorted()).toEqual(["t0 0", "t0 1", "t0 2", "t1 0"]);
    expect(await one.next()).toBeUndefined();
    await taken[0]!.done();
    // Whoever leaves gives back what it has; what is done stays so.
    await one.close();
    expect(await jobs(run.runId)).toEqual({ completed: 1, active: 2, retry: 1 });
    expect(`${(await two.next())?.entity}`).toBe(taken[2]!.entity);
    await two.drop();
    await two.close();
    expect(await jobs(run.runId)).toEqual({});
  });

  it("takes a slice as done in another's transaction, and not where that is rolled back", async () => {
    const run = queueRun("22222222-0000-4000-8000-000000000000");
    const queue = await openPgBoss(run);
    const slice = (await queue.next())!;
    for (const end of ["ROLLBACK", "COMMIT"]) {
      await client.query("BEGIN");
      await client.query(slice.also.text, [...slice.also.values]);
      await client.query(end);
      expect((await jobs(run.runId))["completed"] ?? 0).toBe(end === "COMMIT" ? 1 : 0);
    }
    await queue.close();
  });

  it("is filled anew from the ledger where it was lost, and where somebody asks for that", async () => {
    const run = queueRun("33333333-0000-4000-8000-000000000000", new Set(["t0 0", "t0 1"]));
    const queue = await openPgBoss(run);
    expect(await jobs(run.runId)).toEqual({ created: 2 });
    await queue.next();
    await client.query(`DROP SCHEMA ${QUEUE_SCHEMA} CASCADE`);
    const found = [await queue.next(), await queue.next(), await queue.next()];
    expect(found.map((slice) => slice && `${slice.entity} ${slice.first}`)).toEqual(["t0 2", "t1 0", undefined]);
    expect(run.notices.join()).toMatch(/filling it anew/);
    await requeue(run);
    expect(await jobs(run.runId)).toEqual({ created: 2 });
    await queue.close();
  });

  it("costs no rows where it is gone in the moment that a slice is done", async () => {
    const prepared = await runCommand(["--scenario", "demo", "--schema", "gone", "--workers", "0", "--json"], env);
    const { runId } = JSON.parse(prepared.stdout);
    const told: string[] = [];
    const open = async ({ slices }: QueueRun): Promise<Queue> => {
      const waiting = slices.map(
        ({ entity, shards }): QueuedSlice => ({
          entity,
          first: shards[0].index,
          last: shards[shards.length - 1].index,
          also: { text: "UPDATE gone_queue.job SET state = $1", values: ["completed"] },
          done: () => void told.push(entity),
        }),
      );
      return { next: async () => waiting.shift(), drop: async () => {}, close: async () => {} };
    };
    const report = await workOn(runId, open);
    expect(report).toMatchObject({ state: "done", rows: 6063 });
    expect(told).toHaveLength(19);
  });

  it("keeps nobody waiting for a run that another has stopped", async () => {
    const prepared = await runCommand(["--scenario", "demo", "--schema", "halted", "--workers", "0", "--json"], env);
    const { runId } = JSON.parse(prepared.stdout);
    const idle: Queue = { next: async () => undefined, drop: async () => {}, close: async () => {} };
    const waiting = workOn(runId, async () => {
      await client.query(
        "UPDATE seed_bulk.runs SET state = 'stopped', last_error = 'SB_COPY_REJECTED: a row' WHERE run_id = $1",
        [runId],
      );
      return idle;
    });
    await expect(waiting).rejects.toMatchObject({
      code: "SB_RUN_STOPPED",
      exitCode: 42,
      message: expect.stringContaining("SB_COPY_REJECTED: a row"),
    });
  });

  it("shares a run among processes, and is gone when the run is done", async () => {
    const prepared = await runCommand(["--scenario", "demo", "--schema", "queued", "--workers", "0", "--json"], env);
    const { runId } = JSON.parse(prepared.stdout);
    const requeued = await runCommand(["requeue", runId, "--json"], env);
    expect(JSON.parse(requeued.stdout)).toEqual({ runId, slices: 19 });
    const workers = [1, 2].map(() => runCommand(["work", runId, "--engine", "pg-boss", "--json"], env));
    const reports = (await Promise.all(workers)).map(({ stdout, stderr }) => JSON.parse(stdout || `"${stderr}"`));
    expect(reports.map(({ state }) => state)).toEqual(["done", "done"]);
    expect(reports[0].rows + reports[1].rows).toBe(6063);
    expect(await jobs(runId)).toEqual({});
    expect((await runCommand(["verify", "--run", runId, "--exact"], env)).code).toBe(0);
    const late = await runCommand(["requeue", runId], env);
    expect(late.stderr).toMatch(/is done: nothing is left to queue/);
  });
});
