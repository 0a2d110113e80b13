import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startCommand } from "../support/cli.js";

/** Each run starts a process: as many as half a minute allows on two cores. */
const RUNS = 40;
/** A command line that is read and refused takes a third of a second. */
const HANG_MS = 30_000;
/** What may fail though the usage is right: there is no server at the address below. */
const FAILURES = /error SB_(DATABASE_UNREACHABLE|CONNECTION_LOST)/;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "seed-bulk-flags-"));
});
afterAll(() => rm(folder, { recursive: true }));

const hostile = fc.oneof(
  fc.constantFrom(
    "",
    "0",
    "-1",
    "1e9",
    "NaN",
    "1.5",
    "null",
    "--",
    "-",
    "'",
    '"',
    "../..",
    "/dev/null",
    "∞",
    "a=b",
    "x".repeat(5_000),
  ),
  fc.string({ maxLength: 12 }).filter((text) => !text.includes("\0")),
);
const value = fc.oneof(
  hostile,
  fc.constantFrom(
    "demo",
    "2",
    "42",
    "2024-01-01",
    "2025-01-01",
    "clients",
    "id",
    "discard",
    "csv",
    "errorLogs=off",
    "error_incident=0.5",
  ),
);
const flag = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      ..."--seed --scale --multiplier --from --to --schema --feature --anomaly --workers --only --sink --entity --id --column --count --rate --run --confirm --format --on-failure --stall-timeout --max-rows --database-url".split(
        " ",
      ),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "--json",
      "--exact",
      "--explain",
      "--replace",
      "--yes",
      "--enable",
      "--disable",
      "--unlogged",
      "--no-verify",
      "--debugg",
      "--help",
    ),
  },
  { weight: 1, arbitrary: hostile.map((text) => `--${text}`) },
);
const command = fc.constantFrom(
  ["--dry-run"],
  ["generate", "--dry-run"],
  ..."plan preview explain validate scenarios verify resume status cleanup toggle".split(" ").map((name) => [name]),
);
const commandLine = fc
  .tuple(
    command,
    fc.constantFrom([], ["--scenario", "demo"]),
    fc.array(fc.oneof(fc.tuple(flag, value), fc.tuple(flag)), { maxLength: 5 }),
  )
  .map(([words, scenario, flags]) => [...words, ...scenario, ...flags.flat()])
  // A real load is another test's business.
  .filter((words) => !words.some((word) => /^--(debug|sink)$/.test(word)) && !words.includes("--"));

it("never get a stack trace, a hang, or exit 1 where 2 is due", async () => {
  await fc.assert(
    fc.asyncProperty(commandLine, async (words) => {
      const env = { SEED_BULK_HOME: join(folder, "home"), DATABASE_URL: "postgres://nobody@127.0.0.1:1/none" };
      const { child, done } = startCommand(words, env, folder);
      const timer = setTimeout(() => child.kill("SIGKILL"), HANG_MS);
      const { code, signal, stderr } = await done;
      clearTimeout(timer);
      expect(signal, "it hangs").toBeNull();
      expect(stderr).not.toMatch(/^\s+at .*[:(]\d+:\d+\)?$/m);
      expect(stderr).not.toContain("SB_INTERNAL");
      expect([0, 1, 2, 3], stderr).toContain(code);
      if (code === 1) expect(stderr).toMatch(FAILURES);
      if (code !== 0) expect(stderr).toMatch(/^error SB_[A-Z_]+: /m);
    }),
    { numRuns: RUNS },
  );
}, 300_000);
