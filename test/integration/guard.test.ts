import type pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { guard } from "../../src/engine/guard/guard.js";
import { DISK_BYTES_PER_COPY_BYTE, guardFacts, WAL_BYTES_PER_COPY_BYTE } from "../../src/engine/guard/guard-facts.js";
import { type GuardRequest, MAX_ROWS_DEFAULT } from "../../src/engine/guard/guard-request.js";
import { connect } from "../../src/postgres/connection.js";
import { writeSwitch } from "../../src/postgres/switch.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { catalogOf } from "../support/safety-catalog.js";
import { loadSmall, smallUniverse } from "../support/safety-run.js";
import { withDatabase } from "../support/test-server.js";

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  client = await connect(database.url);
});
afterAll(async () => {
  await client.end();
  await database.drop();
});
afterEach(() => client.query("DROP SCHEMA IF EXISTS seed_bulk CASCADE; DROP SCHEMA IF EXISTS small CASCADE"));

const { plan } = smallUniverse("small");

function request(changes: Partial<GuardRequest> = {}): GuardRequest {
  return {
    url: database.url,
    embedded: false,
    schema: "small",
    plan,
    replace: false,
    adoptSchema: false,
    maxRows: MAX_ROWS_DEFAULT,
    env: { SEED_BULK_ENABLED: "true" },
    ...changes,
  };
}

/** The reasons that the guard gives, one a line; none where it lets the load through. */
async function reasonsOf(changes: Partial<GuardRequest>, on: pg.Client = client): Promise<string[]> {
  try {
    await guard(on, request(changes));
    return [];
  } catch (error) {
    expect(error).toMatchObject({
      code: "SB_REFUSED",
      exitCode: 3,
      hint: expect.stringContaining("Nothing was written"),
    });
    return (error as Error).message.split("\n  - ").slice(1);
  }
}

describe("the guard on a real server", () => {
  it("lets a load into a new schema of an enabled database through", async () => {
    expect(await reasonsOf({})).toEqual([]);
    expect(await reasonsOf({ env: { MOCK_DATA_ENABLED: "true" } })).toEqual([]);
    expect(await reasonsOf({ env: {}, embedded: true })).toEqual([]);
  });

  it("refuses a production environment, the embedded server included", async () => {
    const env = { SEED_BULK_ENABLED: "true", NODE_ENV: "production" };
    for (const embedded of [true, false]) {
      expect(await reasonsOf({ env, embedded })).toEqual([expect.stringContaining("NODE_ENV")]);
    }
  });

  it("refuses a database that nothing enables", async () => {
    for (const env of [{}, { SEED_BULK_ENABLED: "false" }, { SEED_BULK_ENABLED: "1" }]) {
      expect(await reasonsOf({ env })).toEqual([expect.stringContaining("SEED_BULK_ENABLED=true")]);
    }
  });

  it("refuses a database by its name, as the server has it", async () => {
    const [{ me }] = (await client.query<{ me: string }>("SELECT current_database() AS me")).rows;
    const name = `${me}_prod`;
    await client.query(`CREATE DATABASE ${name}`);
    const url = withDatabase(database.url, name);
    const there = await connect(url);
    try {
      expect(await reasonsOf({ url }, there)).toEqual([expect.stringContaining(`"${name}" says production`)]);
    } finally {
      await there.end();
      await client.query(`DROP DATABASE ${name}`);
    }
  });

  it("refuses a database that is switched off", async () => {
    await writeSwitch(client, false);
    expect(await reasonsOf({})).toEqual([expect.stringContaining("toggle --enable")]);
    await writeSwitch(client, true);
    expect(await reasonsOf({})).toEqual([]);
  });

  it("refuses a switch that it may not read", async () => {
    await writeSwitch(client, true);
    await client.query("REVOKE SELECT ON seed_bulk.switch FROM PUBLIC; DROP ROLE IF EXISTS nobody_special");
    await client.query("CREATE ROLE nobody_special; SET ROLE nobody_special");
    try {
      expect(await reasonsOf({})).toEqual([expect.stringContaining("switch cannot be read")]);
    } finally {
      await client.query("RESET ROLE; DROP ROLE nobody_special");
    }
  });

  it("refuses a schema that seed-bulk did not make, even an empty one, unless it is adopted", async () => {
    await client.query("CREATE SCHEMA small");
    for (const schema of ["small", "public"]) {
      expect(await reasonsOf({ schema })).toEqual([expect.stringContaining("--adopt-schema")]);
      expect(await reasonsOf({ schema, adoptSchema: true })).toEqual([]);
    }
  });

  it("knows a schema that seed-bulk made by its mark", async () => {
    await loadSmall(database.url, { schema: "small" });
    expect(await reasonsOf({})).toEqual([]);
    await client.query("COMMENT ON SCHEMA small IS 'mine now'");
    expect(await reasonsOf({})).toHaveLength(1);
  });

  it("never loads into the ledger", async () => {
    expect(await reasonsOf({ schema: "seed_bulk", adoptSchema: true })).toEqual([expect.stringContaining("ledger")]);
  });

  it("refuses more rows than are allowed", async () => {
    expect(await reasonsOf({ maxRows: plan.rows })).toEqual([]);
    expect(await reasonsOf({ maxRows: plan.rows - 1 })).toEqual([expect.stringContaining("2,030 rows")]);
  });

  it("refuses a load that the server's disk has no room for, and counts what is there already", async () => {
    const { disk } = await guardFacts(client, request());
    if (disk === null) return; // A server on another machine, or in a container.
    const { bytesEstimated } = plan;
    expect(disk.bytesNeeded).toBe(bytesEstimated * DISK_BYTES_PER_COPY_BYTE + bytesEstimated * WAL_BYTES_PER_COPY_BYTE);
    expect(disk.bytesFree).toBeGreaterThan(1e6);
    const huge = { ...plan, bytesEstimated: disk.bytesFree };
    expect(await reasonsOf({ plan: huge })).toEqual([expect.stringContaining("free")]);
    expect(await reasonsOf({ plan: huge, bytesDone: disk.bytesFree * 0.9 })).toEqual([]);
    const needed = (await guardFacts(client, request({ plan: huge }))).disk!.bytesNeeded;
    expect(needed - disk.bytesFree * DISK_BYTES_PER_COPY_BYTE, "WAL is recycled").toBeLessThan(20e9);
  });

  it("counts what --replace frees", async () => {
    await loadSmall(database.url, { schema: "small" });
    const freed: number[] = [];
    // Other tests write to the same disk meanwhile: the median of several looks is ours.
    for (let look = 0; look < 31; look++) {
      const { disk } = await guardFacts(client, request());
      if (disk === null) return;
      freed.push((await guardFacts(client, request({ replace: true }))).disk!.bytesFree - disk.bytesFree);
    }
    expect(freed.sort((a, b) => a - b)[15]).toBeGreaterThan(50_000);
  });

  it("says nothing of a disk whose server it may not ask", async () => {
    await client.query("DROP ROLE IF EXISTS nobody_special; CREATE ROLE nobody_special; SET ROLE nobody_special");
    try {
      expect((await guardFacts(client, request())).disk).toBeNull();
    } finally {
      await client.query("RESET ROLE; DROP ROLE nobody_special");
    }
  });

  it("lists every reason at once, and writes nothing", async () => {
    await writeSwitch(client, false);
    await client.query("CREATE SCHEMA small");
    const before = await catalogOf(client);
    const reasons = await reasonsOf({ env: { NODE_ENV: "production" }, maxRows: 1 });
    expect(reasons).toEqual([
      expect.stringContaining("NODE_ENV"),
      expect.stringContaining("SEED_BULK_ENABLED"),
      expect.stringContaining("toggle"),
      expect.stringContaining("--adopt-schema"),
      expect.stringContaining("--max-rows"),
    ]);
    expect(await catalogOf(client)).toEqual(before);
  });

  it("refuses a server that is too old, before anything else is asked of it", async () => {
    const asked: string[] = [];
    const old = {
      query: async (sql: string) => {
        asked.push(sql);
        return { rows: [{ number: 130_023, version: "13.23" }] };
      },
    } as unknown as pg.Client;
    await expect(guard(old, request())).rejects.toMatchObject({
      code: "SB_DATABASE_VERSION",
      message: "the server is Postgres 13.23; seed-bulk needs 14 or newer",
    });
    expect(asked).toHaveLength(1);
  });
});
