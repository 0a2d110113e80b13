import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunReport } from "../../src/engine/run/report.js";
import { runCommand, startCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const enabled = { SEED_BULK_ENABLED: "true" };
const load = (...args: string[]) => ["--scenario", "demo", "--database-url", database.url, ...args];

async function reportOf(args: readonly string[]): Promise<RunReport> {
  const { code, stdout, stderr } = await runCommand([...args, "--json"], enabled);
  expect(stderr).not.toContain("error");
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

describe("generate", () => {
  it("loads every row that the plan says, with keys that hold", async () => {
    const report = await reportOf(load("--workers", "2"));
    const client = await database.client();
    for (const { entity, rows, table } of report.entities) {
      expect(table).toBe(`marketing.${entity}`);
      const { rows: found } = await client.query(`SELECT count(*)::int AS n FROM marketing."${entity}"`);
      expect(found[0].n, entity).toBe(rows);
    }
    const { rows: constraints } = await client.query(
      "SELECT contype, count(*)::int AS n, bool_and(convalidated) AS ok FROM pg_constraint " +
        "WHERE connamespace = 'marketing'::regnamespace AND contype IN ('p', 'u', 'f', 'c') GROUP BY 1 ORDER BY 1",
    );
    const byType = Object.fromEntries(constraints.map(({ contype, n, ok }) => [contype, { n, ok }]));
    expect(byType["p"]).toEqual({ n: report.entities.length, ok: true });
    for (const type of ["u", "f", "c"]) expect(byType[type]?.ok, type).toBe(true);
    expect(byType["f"].n).toBeGreaterThan(20);
  });

  it("leaves sequences that continue, and statistics", async () => {
    const client = await database.client();
    const { rows } = await client.query(
      "INSERT INTO marketing.organizations SELECT (json_populate_record(o, '{}')).* FROM marketing.organizations o " +
        "WHERE false RETURNING id",
    );
    expect(rows).toEqual([]);
    const { rows: next } = await client.query(
      "SELECT nextval(pg_get_serial_sequence('marketing.recipients', 'id'))::int AS next, " +
        "(SELECT max(id)::int FROM marketing.recipients) AS max",
    );
    expect(next[0].next).toBe(next[0].max + 1);
    const { rows: tables } = await client.query(
      "SELECT relname FROM pg_class WHERE relnamespace = 'marketing'::regnamespace AND relkind = 'r' AND reltuples < 0",
    );
    expect(tables).toEqual([]);
  });

  it("comments every table", async () => {
    const client = await database.client();
    const { rows } = await client.query(
      "SELECT relname FROM pg_class WHERE relnamespace = 'marketing'::regnamespace AND relkind = 'r' " +
        "AND coalesce(obj_description(oid, 'pg_class'), '') = ''",
    );
    expect(rows).toEqual([]);
  });

  it("refuses to load over a run's data, and replaces it when told to", async () => {
    const again = await runCommand(load(), enabled);
    expect(again.stderr).toMatch(/SB_TABLE_EXISTS: .*already holds the data of run .*marketing\/demo.*\n.*--replace/s);
    expect(again.code).toBe(3);
    const unasked = await runCommand(load("--replace"), enabled);
    expect(unasked.stderr).toMatch(
      /SB_CONFIRMATION_NEEDED: --replace would drop \d+ tables \(about [\d,]+ rows\) that earlier runs loaded in the schema "\w+" in "seed_bulk_test_\w+" at .* as "postgres": .*\n.*--yes/s,
    );
    expect(unasked.code).toBe(3);
    const report = await reportOf(load("--replace", "--yes", "--seed", "7"));
    expect(report.seed).toBe(7);
  });

  it("prints plain lines and no control codes in a pipe", async () => {
    const { stdout, stderr, code } = await runCommand(load("--replace", "--yes"), enabled);
    expect(code).toBe(0);
    expect(stdout + stderr).not.toContain("\u001b");
    for (const line of stdout.split("\n").filter((text) => !text.includes("postgres"))) {
      expect(line.length, line).toBeLessThanOrEqual(80);
    }
  });

  it("stops on Ctrl-C with whole shards alone, exits 130, and resumes", async () => {
    const scenario = ["--scenario", "development", "--scale", "3"];
    const args = [...scenario, "--database-url", database.url, "--schema", "big", "--workers", "2"];
    const { child, done, until } = startCommand(args, enabled);
    await until(/load {2}started/);
    child.kill("SIGINT");
    const { code, stderr } = await done;
    expect(code).toBe(130);
    expect(stderr).toMatch(/SB_INTERRUPTED: stopped while loading\. The database holds [\d,]+ rows/);
    const status = await runCommand(["status", "--database-url", database.url, "--json"], enabled);
    const [run] = JSON.parse(status.stdout).runs;
    expect(run.state).toBe("loading");
    const client = await database.client();
    for (const { entity, rows } of run.entities) {
      const { rows: found } = await client.query(`SELECT count(*)::int AS n FROM big."${entity}"`);
      expect(found[0].n, entity).toBe(rows);
    }
    const resumed = await runCommand(["resume", "--database-url", database.url, "--workers", "2"], enabled);
    expect(resumed.code, resumed.stderr).toBe(0);
    const after = JSON.parse((await runCommand(["status", "--database-url", database.url, "--json"], enabled)).stdout);
    expect(after.runs[0]).toMatchObject({ state: "done", rows: run.rowsTotal });
  });
});
