import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandResult, runCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { ENABLED } from "../support/fault-run.js";
import { WireProxy } from "../support/wire-proxy.js";

const isInstalled = spawnSync("pgbouncer", ["--version"]).status === 0;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

/** A pgbouncer in transaction mode: each transaction may get another backend, and session state is another client's. */
async function startPooler(databaseUrl: string, folder: string): Promise<{ child: ChildProcess; url: string }> {
  const { port, pathname } = new URL(databaseUrl);
  const listenPort = await freePort();
  const settings = [
    "[databases]",
    `* = host=127.0.0.1 port=${port} user=postgres`,
    "[pgbouncer]",
    "listen_addr = 127.0.0.1",
    `listen_port = ${listenPort}`,
    "unix_socket_dir =",
    "auth_type = any",
    "pool_mode = transaction",
    "default_pool_size = 4",
    "ignore_startup_parameters = extra_float_digits",
  ];
  writeFileSync(join(folder, "pgbouncer.ini"), settings.join("\n"));
  chmodSync(folder, 0o755);
  // It refuses to run as root.
  const user = process.getuid?.() === 0 ? ["-u", "nobody"] : [];
  const child = spawn("pgbouncer", [...user, join(folder, "pgbouncer.ini")], { stdio: ["ignore", "ignore", "pipe"] });
  await new Promise<void>((resolve, reject) => {
    let log = "";
    child.stderr!.on("data", (text: Buffer) => {
      log += text.toString();
      if (/process up/.test(log)) resolve();
    });
    child.on("exit", () => reject(new Error(log)));
  });
  return { child, url: `postgres://postgres@127.0.0.1:${listenPort}${pathname}` };
}

describe.runIf(isInstalled)("pgbouncer in transaction mode", () => {
  let database: TestDatabase;
  let proxy: WireProxy;
  let folder: string;
  let pooler: Awaited<ReturnType<typeof startPooler>>;
  beforeAll(async () => {
    database = await testDatabase();
    folder = mkdtempSync(join(tmpdir(), "seed-bulk-pooler-"));
    // By TCP: pgbouncer's user may not get at the server's socket.
    proxy = await WireProxy.start(database.url);
    pooler = await startPooler(proxy.url, folder);
  });
  afterAll(async () => {
    const gone = once(pooler.child, "exit");
    pooler.child.kill("SIGINT");
    await gone;
    await proxy.close();
    rmSync(folder, { recursive: true });
    await database.drop();
  });

  const run = (...args: readonly string[]): Promise<CommandResult> =>
    runCommand([...args, "--database-url", pooler.url], ENABLED);
  const succeed = async (...args: readonly string[]): Promise<CommandResult> => {
    const result = await run(...args);
    expect(result.code, `${args.join(" ")}\n${result.stdout}${result.stderr}`).toBe(0);
    return result;
  };

  it("carries the whole life of a run, and leaves nothing of it in other clients' sessions", async () => {
    const load = ["--scenario", "development", "--workers", "3"];
    const settings =
      "SELECT name, setting FROM pg_settings WHERE source = 'session' AND name <> 'application_name' ORDER BY 1";
    const other = new pg.Client(pooler.url);
    await other.connect();
    const before = (await other.query(settings)).rows;
    await succeed(...load);
    await succeed(...load, "--replace", "--yes", "--only", "contacts", "--no-verify");
    await succeed("verify", "--exact", "--workers", "3");
    await succeed("status");
    const { rows } = await other.query(
      "SELECT run_id FROM seed_bulk.runs WHERE state = 'done' ORDER BY started_at DESC",
    );
    // As a run is that was killed before its last step.
    await other.query("UPDATE seed_bulk.runs SET state = 'finishing', finished_at = NULL WHERE run_id = $1", [
      rows[0].run_id,
    ]);
    await succeed("resume", "--workers", "3");
    await succeed("toggle", "--disable");
    await succeed("toggle", "--enable");
    // On every backend of the pool.
    const clients = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const client = new pg.Client(pooler.url);
        await client.connect();
        await client.query("BEGIN");
        return client;
      }),
    );
    for (const client of clients) {
      expect((await client.query(settings)).rows).toEqual(before);
      await client.query("CREATE TEMP TABLE writable (id int) ON COMMIT DROP");
      await client.query("ROLLBACK");
    }
    await Promise.all([...clients, other].map((client) => client.end()));
    await succeed("cleanup", "--confirm", "DELETE_ALL_MOCK_DATA");
  });
});
