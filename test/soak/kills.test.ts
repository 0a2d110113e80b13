import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { FaultRun } from "../support/fault-run.js";

/** `npm run test:kills`: kills spread over a run's whole length. What the suite itself tries strikes at known places. */
const KILLS = Number(process.env["SEED_BULK_KILLS"] ?? 0);
/** A kill and what follows take about two seconds. */
const KILL_SECONDS_MAX = 12;
/** About 360,000 rows in some ten shards: a second or two of loading. */
const SCENARIO = ["--scenario", "development", "--scale", "4", "--workers", "2"];

describe.runIf(KILLS > 0)("a load that is killed by chance", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());

  it(
    `goes on after SIGKILL at ${KILLS} moments, and every byte is there once`,
    async () => {
      const run = new FaultRun(database, "killed", SCENARIO);
      let kills = 0;
      // Low-discrepancy pauses after the first write cover the phases evenly without chance.
      for (let attempt = 0; kills < KILLS; attempt++) {
        const state = (await run.newest())?.state;
        // Killed before its tables were made, a run does not exist; one that is done is proved, and loaded anew.
        const isBegun = state === "loading" || state === "finishing";
        if (state === "done") await run.expectWhole();
        const { child, done, until } = isBegun ? run.resume() : run.start(["--replace", "--yes"]);
        await Promise.race([until(isBegun ? /load {2}started/ : /schema {2}started/).catch(() => {}), done]);
        const timer = setTimeout(() => child.kill("SIGKILL"), ((attempt * 0.618034) % 1) * 1200);
        const { signal, code, stderr } = await done;
        clearTimeout(timer);
        if (signal === "SIGKILL") kills++;
        else expect(code, stderr).toBe(0);
      }
      if ((await run.newest()) === undefined) expect((await run.start().done).code).toBe(0);
      await run.expectWhole();
    },
    KILLS * KILL_SECONDS_MAX * 1000,
  );
});
