import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureLedger } from "../../src/ledger/schema.js";
import { inTransaction } from "../../src/postgres/connection.js";
import { type CommandResult, runCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { loadInChaos } from "../support/fleet-chaos.js";

const SCENARIO = ["--scenario", "demo", "--schema"];

let database: TestDatabase;
let client: pg.Client;
let env: Record<string, string>;
beforeAll(async () => {
  database = await testDatabase();
  client = await database.client();
  await inTransaction(client, () => ensureLedger(client));
  env = { SEED_BULK_ENABLED: "true", DATABASE_URL: database.url };
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

async function succeed(args: readonly string[], own = env): Promise<CommandResult> {
  const result = await runCommand(args, own);
  expect(result.code, `${args.join(" ")}\n${result.stdout}${result.stderr}`).toBe(0);
  return result;
}

/** Begins a run whose rows are left to others; returns its ID. */
async function prepare(args: readonly string[], own = env): Promise<string> {
  const { stdout } = await succeed([...args, "--workers", "0", "--json"], own);
  return JSON.parse(stdout).runId;
}

const stateOf = async (runId: string): Promise<string> =>
  (await client.query("SELECT state FROM seed_bulk.runs WHERE run_id = $1", [runId])).rows[0].state;

describe("a run that is left to others", () => {
  it("is made by parts, on any machine, and finished by whoever comes last", async () => {
    const runId = await prepare([...SCENARIO, "parts"]);
    expect((await client.query("SELECT count(*)::int4 AS n FROM parts.recipients")).rows).toEqual([{ n: 0 }]);
    const first = await succeed(["work", runId.slice(0, 8), "--part", "1/3", "--workers", "2"]);
    expect(first.stdout).toMatch(/This part is made.*waits for others/);
    expect(await stateOf(runId)).toBe("loading");
    // One more number of parts than before: what is there is not made again.
    const rest = ["1/2", "2/2"].map((part) => succeed(["work", runId, "--part", part, "--steal", "--json"]));
    const reports = (await Promise.all(rest)).map(({ stdout }) => JSON.parse(stdout));
    expect(reports.map(({ state }) => state)).toEqual(["done", "done"]);
    const firstRows = Number(/Loaded ([\d,]+) rows here/.exec(first.stdout)![1].replaceAll(",", ""));
    expect(firstRows).toBeGreaterThan(0);
    await succeed(["verify", "--run", runId, "--exact"]);
    const steps = await client.query("SELECT count(*)::int4 AS n FROM seed_bulk.steps WHERE run_id = $1", [runId]);
    // The first one has built indexes of tables that its part was all of.
    expect(steps.rows[0].n).toBeGreaterThanOrEqual(reports[0].steps + reports[1].steps);
    const late = await succeed(["work", runId]);
    expect(late.stdout).toMatch(/is done/);
  });

  it("is shown with those who work on it", async () => {
    const runId = await prepare([...SCENARIO, "shown"]);
    const { rows } = await client.query("SELECT gen_random_uuid() AS worker");
    await client.query(
      "INSERT INTO seed_bulk.workers (worker_id, run_id, machine, process, host, pid, threads, told_by, doing, rows, rows_per_second) " +
        "VALUES ($1, $2, 'elsewhere', '1-1', 'node-7', 4711, 8, 'part 3 of 16', 'loading', 1000, 500)",
      [rows[0].worker, runId],
    );
    const { stdout } = await succeed(["status", runId]);
    expect(stdout).toMatch(/1 process at work, 500 rows\/s together, .* left of loading/);
    expect(stdout).toMatch(/node-7 4711 +8 +loading +500 +1,000 +part 3 of 16 +\d s ago/);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    // In a pipe, a block each time, until the run is done.
    const watched = runCommand(["status", runId, "--watch", "--json"], env);
    await succeed(["work", runId]);
    const lines = (await watched).stdout.trim().split("\n");
    expect(JSON.parse(lines[lines.length - 1])).toMatchObject({ runId, state: "done", workers: [{ host: "node-7" }] });
  });

  it("is refused to a machine whose version or model is another", async () => {
    const runId = await prepare([...SCENARIO, "versions"]);
    const set = (version: string): Promise<unknown> =>
      client.query(
        "UPDATE seed_bulk.runs SET options = options || jsonb_build_object('packageVersion', $2::text) WHERE run_id = $1",
        [runId, version],
      );
    const { rows } = await client.query(
      "SELECT options ->> 'packageVersion' AS v FROM seed_bulk.runs WHERE run_id = $1",
      [runId],
    );
    await set("0.0.7");
    const other = await runCommand(["work", runId], env);
    expect(other.stderr).toMatch(/SB_RUN_CHANGED: .* begun by seed-bulk 0\.0\.7/);
    expect(other.code).toBe(3);
    await set(rows[0].v);
    await client.query("UPDATE seed_bulk.runs SET plan_hash = 'another' WHERE run_id = $1", [runId]);
    expect((await runCommand(["work", runId], env)).stderr).toMatch(/SB_RUN_CHANGED/);
  });

  it("stops for all at a fault that cannot pass, with an exit code that schedulers know, and goes on once it is mended", async () => {
    const runId = await prepare([...SCENARIO, "faulty"]);
    await client.query("ALTER TABLE faulty.contacts ADD CONSTRAINT none CHECK (false)");
    const [one, two] = await Promise.all(
      ["1/2", "2/2"].map((part) => runCommand(["work", runId, "--part", part, "--steal"], env)),
    );
    for (const { code, stderr } of [one, two]) {
      expect(stderr).toMatch(/SB_RUN_STOPPED: .*SB_COPY_REJECTED: .*contacts/s);
      expect(code).toBe(42);
    }
    expect(await stateOf(runId)).toBe("stopped");
    // Started again by a scheduler that does not know the code.
    expect((await runCommand(["work", runId], env)).code).toBe(42);
    await client.query("ALTER TABLE faulty.contacts DROP CONSTRAINT none");
    expect((await succeed(["resume", runId, "--workers", "0"])).stdout).toMatch(/is ready/);
    await succeed(["work", runId]);
    await succeed(["verify", "--run", runId, "--exact"]);
  });

  it("keeps the order of tables whose keys stay on, since they are another role's", async () => {
    const role = `filler_${process.pid}`;
    const { rows } = await client.query("SELECT quote_ident(current_database()) AS name");
    await client.query(
      `CREATE ROLE ${role} LOGIN PASSWORD 'x'; CREATE SCHEMA owned; ` +
        "CREATE TABLE owned.places (id int PRIMARY KEY, within int REFERENCES owned.places, name text NOT NULL); " +
        "CREATE TABLE owned.visits (id int PRIMARY KEY, place_id int NOT NULL REFERENCES owned.places, at timestamptz NOT NULL); " +
        `GRANT USAGE ON SCHEMA owned, seed_bulk TO ${role}; GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA owned TO ${role}; ` +
        `GRANT ALL ON ALL TABLES IN SCHEMA seed_bulk TO ${role}; GRANT CREATE ON DATABASE ${rows[0].name} TO ${role}`,
    );
    try {
      const own = { ...env, DATABASE_URL: database.url.replace(/\/\/[^@]*@/, `//${role}:x@`) };
      const runId = await prepare(["fill", "--schema", "owned", "--rows", "400000"], own);
      // The third makes all that the others make: its rows meet theirs at the tables' own keys, before the ledger's.
      const parts = ["1/2", "2/2", "1/1"].map((part) => ["work", runId, "--part", part, "--steal", "--workers", "2"]);
      await Promise.all(parts.map((args) => succeed(args, own)));
      expect(await stateOf(runId)).toBe("done");
      await succeed(["verify", "--run", runId], own);
    } finally {
      await client.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });
});

describe("processes of a run that are killed", () => {
  it("and started again, some of them twice, as by a Job controller, lose nothing and double nothing", async () => {
    let draw = 0;
    const outcome = await loadInChaos({
      scenario: ["--scenario", "development", "--scale", "3"],
      schema: "chaos",
      env,
      processes: 3,
      toldBy: () => ["--part", "auto", "--parts", "3", "--steal"],
      envOf: (number) => ({ JOB_COMPLETION_INDEX: String(number) }),
      twice: true,
      killEvery: 0.7,
      all: false,
      random: () => (draw += 0.618034) % 1,
      secondsMax: 120,
    });
    expect(outcome.kills).toBeGreaterThan(0);
    await succeed(["verify", "--run", outcome.runId, "--exact"]);
  });
});
