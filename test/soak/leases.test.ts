import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { FaultRun } from "../support/fault-run.js";
import { holdAt, PLACES, type PlaceName } from "../support/wire-places.js";
import { WireProxy } from "../support/wire-proxy.js";

/** `npm run test:leases`: what may come between a run's holder and its lease, round by round over all places. */
const ROUNDS = Number(process.env["SEED_BULK_LEASE_ROUNDS"] ?? 0);
const ROUND_SECONDS_MAX = 60;
const SCENARIO = ["--scenario", "development", "--workers", "2"];
const NAMES = Object.keys(PLACES) as PlaceName[];

describe.runIf(ROUNDS > 0)("a lease that is fought for", () => {
  let database: TestDatabase;
  let proxy: WireProxy;
  let run: FaultRun;
  beforeAll(async () => {
    database = await testDatabase();
    proxy = await WireProxy.start(database.url);
    run = new FaultRun(database, "fought_for", SCENARIO);
    expect((await run.start().done).code).toBe(0);
  });
  afterAll(async () => {
    await proxy.close();
    await database.drop();
  });

  const query = async (sql: string): Promise<void> => {
    const client = await database.client();
    await client.query(sql);
    await client.end();
  };

  /** What happens to a load that is held at a place; each ends with the first process gone. */
  const faults: Record<string, (first: RunningCommand, release: () => void) => Promise<void>> = {
    "a second process comes, and is told": async (first, release) => {
      const { code, stderr } = await run.start(["--replace", "--yes"]).done;
      expect(code, stderr).toBe(1);
      // Before the lease is taken, there is nothing to be told of.
      expect(stderr).toMatch(/SB_RUN_BUSY/);
      release();
      expect((await first.done).code).toBe(0);
    },
    "the coordinator is killed": async (first, release) => {
      first.child.kill("SIGKILL");
      await first.done;
      release();
    },
    "it is stopped, another takes over, and it wakes": async (first, release) => {
      first.child.kill("SIGSTOP");
      await query("UPDATE seed_bulk.leases SET until = clock_timestamp() WHERE until > clock_timestamp()");
      const { code, stderr } = await run.start(["--replace", "--yes"]).done;
      expect(code, stderr).toBe(0);
      first.child.kill("SIGCONT");
      release();
      expect((await first.done).code).toBe(1);
    },
    "all its backends are ended": async (first, release) => {
      await query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'seed-bulk%'",
      );
      release();
      const { code, stderr } = await first.done;
      expect(code, stderr).toBe(0);
    },
  };
  /** Until the first COMMIT is through, nobody else can know of the run: a second process waits for its transaction. */
  const early: readonly PlaceName[] = [
    "the making of tables",
    "a new run's COMMIT",
    "the answer to a new run's COMMIT",
  ];

  it(
    `is one process's at a time over ${ROUNDS} rounds, and every byte is there once`,
    async () => {
      const kinds = Object.keys(faults);
      const places = NAMES.filter((name) => !early.includes(name));
      for (let round = 0; round < ROUNDS; round++) {
        const place = places[(round * 7) % places.length];
        const kind = kinds[round % kinds.length];
        const hold = holdAt(proxy, place);
        const first = run.start(["--replace", "--yes"], proxy.url);
        await Promise.race([hold.reached, first.done.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
        try {
          await faults[kind](first, hold.release);
          proxy.decide = () => "pass";
          await run.expectWhole();
        } catch (cause) {
          first.child.kill("SIGKILL");
          throw new Error(`round ${round}: ${kind}, held at ${place}`, { cause });
        }
      }
    },
    ROUNDS * ROUND_SECONDS_MAX * 1000,
  );
});
