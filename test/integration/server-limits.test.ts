import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { workersGiven } from "../../src/postgres/workers-given.js";
import { type CommandResult, runCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { type FakeServer, type Fate, fakeServer } from "../support/fake-server.js";

const ROLE = `few_connections_${process.pid}`;

let database: TestDatabase;
let server: FakeServer | undefined;
let roleUrl: string;
beforeAll(async () => {
  database = await testDatabase();
  const client = await database.client();
  const [{ me }] = (await client.query<{ me: string }>("SELECT current_database() AS me")).rows;
  await client.query(`CREATE ROLE ${ROLE} LOGIN PASSWORD 'few'; GRANT CREATE ON DATABASE "${me}" TO ${ROLE}`);
  roleUrl = database.url.replace(/^(\w+:\/\/)[^@/]*@/, `$1${ROLE}:few@`);
});
afterEach(() => server?.close());
afterAll(async () => {
  const client = await database.client();
  await client.query(`DROP OWNED BY ${ROLE} CASCADE; DROP ROLE ${ROLE}`);
  await database.drop();
});

const limit = async (connections: number): Promise<void> => {
  await (await database.client()).query(`ALTER ROLE ${ROLE} CONNECTION LIMIT ${connections}`);
};

const load = (url: string, schema: string, ...args: string[]): Promise<CommandResult> =>
  runCommand(["--scenario", "demo", "--workers", "5", "--schema", schema, "--json", ...args, "--database-url", url], {
    SEED_BULK_ENABLED: "true",
  });

async function judged(url: string, workers: number): Promise<{ given: number; notices: string[] }> {
  const notices: string[] = [];
  const given = await workersGiven(url, { workers, onNotice: (text) => notices.push(text) });
  return { given, notices };
}

describe("a role with fewer connections than workers", () => {
  it.each([
    { connections: 2, usable: 1 },
    { connections: 3, usable: 2 },
  ])("goes on with those that it has, and says so: $connections", async ({ connections, usable }) => {
    await limit(connections);
    const { code, stdout, stderr } = await load(roleUrl, `role_${connections}`);
    expect(code, stderr).toBe(0);
    const gives = `gives ${connections} connections and refuses more: .*fewer workers, ${usable} of 5`;
    expect(stderr).toMatch(new RegExp(gives));
    expect(JSON.parse(stdout)).toMatchObject({ workers: usable, retries: 0 });
    const verified = await runCommand(["verify", "--exact", "--workers", "5", "--database-url", roleUrl], {});
    expect(verified.code, verified.stderr).toBe(0);
    expect(verified.stderr).toMatch(new RegExp(gives));
  });

  it("is told that one is too few: a worker and the lease would keep each other out", async () => {
    await limit(1);
    const refused = await load(roleUrl, "role_1");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /error SB_DATABASE_LIMIT: the database gives 1 connection and refuses more\nTwo are needed/,
    );
    await limit(2);
    const resumed = await runCommand(["resume", "--database-url", roleUrl], { SEED_BULK_ENABLED: "true" });
    expect(resumed.code, resumed.stderr).toBe(0);
  });

  it("keeps the workers that it has connections for", async () => {
    await limit(6);
    expect(await judged(roleUrl, 5)).toEqual({ given: 5, notices: [] });
  });
});

describe("a pool smaller than the workers", () => {
  it("that leaves the rest waiting is told within seconds, and the load goes on", async () => {
    server = await fakeServer(database.url, ({ passing }) => (passing < 3 ? "pass" : "silence"));
    const { code, stdout, stderr } = await load(server.url, "pool");
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/gives 3 connections and has left more unanswered for 5 s: .*fewer workers, 2 of 5/);
    expect(JSON.parse(stdout)).toMatchObject({ workers: 2, retries: 0 });
  });

  it.each<Fate>([
    { sqlstate: "53300", message: "sorry, too many clients already" },
    { sqlstate: "08P01", message: "no more connections allowed (max_client_conn)" },
    { sqlstate: "XX000", message: "MaxClientsInSessionMode: max clients reached" },
  ])("that refuses the rest is told at once: $message", async (full) => {
    server = await fakeServer(database.url, ({ passing }) => (passing < 4 ? "pass" : full));
    expect(await judged(server.url, 8)).toMatchObject({ given: 3, notices: [expect.stringContaining("3 of 8")] });
  });

  it("is not taken for one while a server restarts, which the load rides out", async () => {
    const restarts: Fate = { sqlstate: "57P03", message: "the database system is starting up" };
    server = await fakeServer(database.url, ({ index }) => (index < 2 ? "pass" : restarts));
    expect(await judged(server.url, 4)).toEqual({ given: 4, notices: [] });
  });
});
