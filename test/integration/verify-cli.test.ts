import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkedRuns, keptVerification } from "../../src/ledger/verifications.js";
import { type CommandResult, runCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const run = (...args: string[]): Promise<CommandResult> =>
  runCommand([...args, "--database-url", database.url], { SEED_BULK_ENABLED: "true" });

async function load(): Promise<string> {
  const { code, stdout, stderr } = await run(
    "--scenario",
    "demo",
    "--workers",
    "1",
    "--replace",
    "--yes",
    "--no-verify",
    "--json",
  );
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout).runId;
}

describe("verify", { timeout: 180_000 }, () => {
  it("says that there is nothing to verify", async () => {
    const { code, stderr } = await run("verify");
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error SB_RUN_NOT_FOUND: the database has no finished run$/m);
  });

  it("keeps what it found with the run, until the run is made again", async () => {
    const runId = await load();
    const client = await database.client();
    const kept = async () => (await checkedRuns(client, [runId])).get(runId);
    expect(await kept()).toBeUndefined();
    await run("verify");
    expect(await kept()).toMatchObject({ ok: true, failed: 0, isExact: false });
    await client.query("UPDATE marketing.users SET first_name = 'Eve' WHERE id = 3");
    expect((await run("verify", "--exact")).code).toBe(4);
    expect(await kept()).toMatchObject({ ok: false, isExact: true });
    const { report } = (await keptVerification(client, runId))!;
    expect(report.checks.filter(({ ok }) => !ok)).toMatchObject([{ name: "exact users" }]);
    await client.query("UPDATE seed_bulk.runs SET finished_at = clock_timestamp() WHERE run_id = $1", [runId]);
    expect(await kept(), "made before the run was done").toBeUndefined();
    await load();
    const rows = await client.query("SELECT FROM seed_bulk.verifications WHERE run_id = $1", [runId]);
    expect(rows.rowCount, "the run is replaced").toBe(0);
  });

  it("checks all the same where the ledger is of before, or may not be written", async () => {
    const runId = await load();
    const client = await database.client();
    await client.query("ALTER TABLE seed_bulk.verifications RENAME TO away");
    try {
      expect((await run("verify", "--run", runId)).code).toBe(0);
      expect(await checkedRuns(client, [runId])).toEqual(new Map());
    } finally {
      await client.query("ALTER TABLE seed_bulk.away RENAME TO verifications");
    }
  });

  it("passes a good load, for people within 80 columns and for programs as one document", async () => {
    const runId = await load();
    const people = await run("verify");
    expect(people.code, people.stderr).toBe(0);
    expect(people.stdout).toMatch(/^All \d+ checks passed: demo \(marketing\), [\d,]+ rows in /);
    for (const line of people.stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
    const program = await run("verify", "--run", runId.slice(0, 8), "--json");
    expect(program.code).toBe(0);
    const report = JSON.parse(program.stdout);
    expect(report).toMatchObject({
      runId,
      ok: true,
      scenario: "demo",
      model: "marketing",
      schema: "marketing",
      plans: [],
    });
    for (const check of report.checks) {
      const { cells: _onlyWhereSharesAreCompared, ...rest } = check;
      expect(Object.keys(rest).sort()).toEqual([
        "entity",
        "expected",
        "found",
        "kind",
        "name",
        "offending",
        "ok",
        "rowsChecked",
        "seconds",
      ]);
    }
  });

  it("ends with exit code 4 where a row is wrong, and names it", async () => {
    await load();
    const client = await database.client();
    await client.query(
      "UPDATE marketing.campaign_conditions SET created_at = created_at - interval '1 day' WHERE id = 3",
    );
    const { code, stdout, stderr } = await run("verify");
    expect(code).toBe(4);
    expect(stderr).toMatch(
      /^error SB_VERIFICATION_FAILED: \d of \d+ checks failed in the schema "marketing": order campaign_conditions/m,
    );
    expect(stdout).toMatch(/^\d of \d+ checks failed/);
    expect(stdout).toMatch(/^FAILED order campaign_conditions\.created_at and campaign_id\.created_at$/m);
    expect(stdout).toMatch(/^ {2} *3 {2}/m);
  });

  it("does not look for the tables of a run that was replaced", async () => {
    const replaced = await load();
    await load();
    const { code, stderr } = await run("verify", "--run", replaced);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error SB_RUN_NOT_FOUND: run .* is replaced: its tables are gone$/m);
  });
});
