import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand } from "../support/cli.js";
import { loadInChaos } from "../support/fleet-chaos.js";

/** `npm run test:fleet`: runs of many processes that are killed, stopped and cut off, whole and by chance. */
const RUNS = Number(process.env["SEED_BULK_FLEET_RUNS"] ?? 0);
/** The scenario's scale: 13.6 of load_test are 50 million rows. */
const SCALE = process.env["SEED_BULK_FLEET_SCALE"] ?? "13.6";
const PROCESSES = 8;
const RUN_SECONDS_MAX = 1800;

let home: string;
let env: Record<string, string>;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "seed-bulk-fleet-"));
  chmodSync(home, 0o755);
  env = { SEED_BULK_HOME: join(home, "db"), SEED_BULK_ENABLED: "true" };
  await runCommand(["db", "start"], env);
});
afterAll(async () => {
  await runCommand(["db", "destroy", "--yes"], env);
  rmSync(home, { recursive: true, force: true });
});

/** Part of eight, or the queue: each way in turns. */
const WAYS: Readonly<Record<string, (process: number) => readonly string[]>> = {
  queue: () => ["--engine", "pg-boss"],
  parts: (process) => ["--part", `${process + 1}/${PROCESSES}`, "--steal"],
};

describe.runIf(RUNS > 0)("a run of eight processes among which one is killed every few seconds", () => {
  for (let run = 0; run < RUNS; run++) {
    const [way, toldBy] = Object.entries(WAYS)[run % 2];
    it(
      `loses nothing and doubles nothing, by ${way} (${run + 1} of ${RUNS})`,
      async () => {
        // Low-discrepancy numbers: other moments and other victims each time, and the same when it is run again.
        let draw = run * 0.754877;
        const random = (): number => (draw += 0.618034) % 1;
        const outcome = await loadInChaos({
          scenario: ["--scenario", "load_test", "--scale", SCALE],
          schema: "fleet",
          env,
          processes: PROCESSES,
          toldBy,
          killEvery: 3 + 4 * random(),
          all: true,
          random,
          secondsMax: RUN_SECONDS_MAX,
        });
        const verified = await runCommand(["verify", "--run", outcome.runId, "--exact"], env);
        console.info(JSON.stringify({ way, ...outcome, verified: verified.code }));
        expect(verified.code, verified.stdout).toBe(0);
      },
      2 * RUN_SECONDS_MAX * 1000,
    );
  }
});
