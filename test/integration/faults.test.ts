import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand, startCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { ENABLED, FaultRun } from "../support/fault-run.js";
import { PARCELS } from "../support/planned.js";
import { holdAt, type PlaceName } from "../support/wire-places.js";
import { WireProxy } from "../support/wire-proxy.js";

/** Where a fault strikes is a place in the protocol, so that the size makes no difference. */
const SCENARIO = ["--model", PARCELS, "--workers", "2"];

let database: TestDatabase;
let proxy: WireProxy;
beforeAll(async () => {
  database = await testDatabase();
  proxy = await WireProxy.start(database.url);
});
afterAll(async () => {
  await proxy.close();
  await database.drop();
});

const faultRun = (schema: string): FaultRun => new FaultRun(database, schema, SCENARIO);

describe("a load that is killed", () => {
  // Each is killed at the first place, and what resumes it at the second.
  it.each<[PlaceName, PlaceName]>([
    ["the answer to a new run's COMMIT", "a COPY's data"],
    ["a shard's row for the ledger", "a COPY's answer"],
    ["the answer to a shard's COMMIT", "a state's COMMIT"],
    ["the answer to a state's COMMIT", "an index's answer"],
    ["a step's COMMIT", "a validation"],
    ["statistics", "the last state's COMMIT"],
  ])("at %s, and again at %s, goes on, and every byte is there once", async (first, second) => {
    const run = faultRun("killed");
    for (const [place, start] of [
      [first, () => run.start(["--replace", "--yes"], proxy.url)],
      [second, () => run.resume(proxy.url)],
    ] as const) {
      const hold = holdAt(proxy, place);
      const { child, done } = start();
      await Promise.race([hold.reached, done.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
      child.kill("SIGKILL");
      expect((await done).signal).toBe("SIGKILL");
      hold.release();
    }
    proxy.decide = () => "pass";
    await run.expectWhole();
  });

  it("before its tables are there leaves nothing, and is simply repeated", async () => {
    const run = faultRun("killed_early");
    const hold = holdAt(proxy, "a new run's COMMIT");
    const { child, done } = run.start([], proxy.url);
    await hold.reached;
    child.kill("SIGKILL");
    await done;
    hold.release();
    await run.untilTrue(
      "NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'seed-bulk%')",
    );
    expect((await run.newest())?.state).toBeUndefined();
    expect((await run.start().done).code).toBe(0);
    await run.expectWhole();
  });

  it("goes on after backends are ended, by itself", async () => {
    const run = faultRun("terminated");
    for (const place of ["a COPY's end", "an index's answer"] as const) {
      const hold = holdAt(proxy, place);
      const { done } = run.start(["--replace", "--yes"], proxy.url);
      await hold.reached;
      const client = await database.client();
      await client.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'seed-bulk%'",
      );
      await client.end();
      hold.release();
      const { code, stderr } = await done;
      expect(code, stderr).toBe(0);
      expect(stderr).toMatch(/attempt 2 of 6/);
      await run.expectWhole();
    }
  });

  it("tells a second process that one is at work", async () => {
    const run = faultRun("twice");
    const hold = holdAt(proxy, "a COPY's data");
    const first = run.start([], proxy.url);
    await hold.reached;
    const second = await run.start(["--replace", "--yes"]).done;
    expect(second.stderr).toMatch(/SB_RUN_BUSY: another seed-bulk process is at work on the schema "twice"/);
    expect(second.code).toBe(1);
    hold.release();
    expect((await first.done).code).toBe(0);
    await run.expectWhole();
  });

  it.each<PlaceName>(["a COPY's end", "a shard's COMMIT", "a state's COMMIT", "a step's COMMIT"])(
    "was stopped at %s and wakes after its lease: it commits nothing into what a second process has made",
    async (place) => {
      const run = faultRun("woken");
      const hold = holdAt(proxy, place);
      const first = run.start(["--replace", "--yes"], proxy.url);
      await hold.reached;
      first.child.kill("SIGSTOP");
      const client = await database.client();
      await client.query("UPDATE seed_bulk.leases SET until = clock_timestamp() WHERE schema_name = 'woken'");
      await client.end();
      const { code, stderr } = await run.start(["--replace", "--yes"]).done;
      expect(code, stderr).toBe(0);
      first.child.kill("SIGCONT");
      hold.release();
      const woken = await first.done;
      expect(woken.code).toBe(1);
      expect(woken.stderr).toMatch(/error SB_LEASE_LOST: another process has taken the schema "woken" over/);
      await run.expectWhole();
    },
  );

  it("can be undone instead", async () => {
    const run = faultRun("undone");
    const hold = holdAt(proxy, "a COPY's data");
    const { child, done } = run.start(["--on-failure", "rollback"], proxy.url);
    await hold.reached;
    child.kill("SIGINT");
    hold.release();
    expect((await done).code).toBe(130);
    await run.untilTrue(
      "NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'undone')",
    );
  });
});

// These wait more than they work, each with a proxy and a schema of its own.
describe.concurrent("side by side:", () => {
  describe("a network that stalls", () => {
    it.each<[PlaceName, RegExp]>([
      [
        "a COPY's data",
        /no answer for 1 s.*error SB_(CONNECTION_LOST|DATABASE_UNREACHABLE): COPY into .* after 6 attempts/s,
      ],
      ["an index that is asked for", /error SB_(CONNECTION_LOST|DATABASE_UNREACHABLE): index /],
    ])("for good at %s ends in an error, not in a hang", async (place, said) => {
      const run = faultRun(`stalled_at_${place}`);
      const own = await WireProxy.start(database.url);
      const hold = holdAt(own, place);
      const { done } = run.start(["--stall-timeout", "1"], own.url);
      await hold.reached;
      // From now on nothing comes through, on any connection.
      own.decide = () => new Promise(() => {});
      const { code, stderr } = await done;
      expect(code, stderr).toBe(1);
      expect(stderr).toMatch(said);
      await own.close();
      await run.expectWhole();
    });
  });

  describe("Ctrl-C", () => {
    it.each<PlaceName>(["a COPY's data", "an index that is asked for", "a validation", "statistics"])(
      "at %s leaves a run that resumes",
      async (place) => {
        const run = faultRun(`ctrl_c_at_${place}`);
        const own = await WireProxy.start(database.url);
        const hold = holdAt(own, place);
        const { child, done } = run.start([], own.url);
        await hold.reached;
        child.kill("SIGINT");
        // What is held stays held: stopping waits for no answer.
        const { code, stderr } = await done;
        expect(code, stderr).toBe(130);
        expect(stderr).toMatch(/SB_INTERRUPTED: stopped .*resume/s);
        await own.close();
        await run.expectWhole();
      },
    );
  });

  describe("a worker thread", () => {
    for (const fault of ["throw", "exit"]) {
      it(`that ${fault}s in the middle leaves a load that is whole in the end`, async () => {
        const schema = `worker_${fault}s`;
        const folder = await mkdtemp(join(tmpdir(), "seed-bulk-fault-"));
        try {
          const run = faultRun(schema);
          const args = [...SCENARIO, "--schema", schema, "--no-verify", "--database-url", database.url];
          const { code, stderr } = await runCommand(args, {
            ...ENABLED,
            NODE_OPTIONS: `--require=${resolve(import.meta.dirname, "../fixtures/worker-fault.cjs")}`,
            WORKER_FAULT: fault,
            WORKER_FAULT_MARKER: join(folder, "struck"),
          });
          expect(await readdir(folder)).toEqual(["struck"]);
          expect(stderr).not.toMatch(/^\s+at /m);
          expect(stderr).toMatch(/attempt 2 of 6|SB_WORKER_FAILED/);
          if (code !== 0) expect(stderr).toMatch(/error SB_WORKER_FAILED: .*resume/s);
          await run.expectWhole();
        } finally {
          await rm(folder, { recursive: true });
        }
      });
    }
  });
});

describe("Ctrl-C while verifying", () => {
  it.each([[[]], [["--exact"]]])("stops the queries under way and changes nothing: verify %s", async (flags) => {
    const schema = `ctrl_c_verify${flags.length}`;
    const run = faultRun(schema);
    expect((await run.start().done).code).toBe(0);
    const args = ["verify", ...flags, "--database-url", database.url];
    // A lock that nobody gets keeps the checks waiting, however fast the machine is.
    const holder = await database.client();
    await holder.query(`BEGIN; LOCK TABLE ${schema}.events IN ACCESS EXCLUSIVE MODE`);
    const { child, done } = startCommand(args, ENABLED);
    await run.untilTrue(
      "EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'seed-bulk%' AND wait_event_type = 'Lock')",
    );
    child.kill("SIGINT");
    const { code, stderr } = await done;
    expect(code, stderr).toBe(130);
    expect(stderr).toContain("SB_INTERRUPTED");
    await holder.query("COMMIT");
    await run.untilTrue(
      "NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'seed-bulk%')",
    );
    await run.expectWhole();
  });
});
