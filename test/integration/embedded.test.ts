import { execFile } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { SeedBulkError } from "../../src/errors.js";
import { processesOnDataDir, processIsAlive } from "../../src/platform/processes.js";
import {
  acquireEmbeddedServer,
  destroyEmbedded,
  embeddedStatus,
  startEmbedded,
  stopEmbedded,
} from "../../src/postgres/embedded/index.js";
import { EmbeddedProcess } from "../support/embedded-process.js";

const isRoot = process.geteuid?.() === 0;
const isLinux = process.platform === "linux";
const temporaryDirs: string[] = [];
const homes: string[] = [];

afterAll(async () => {
  for (const home of homes) {
    await stopEmbedded(home);
    await destroyEmbedded(home);
  }
  for (const directory of temporaryDirs) rmSync(directory, { recursive: true, force: true });
});

describe("one home", () => {
  let home: string;

  beforeAll(() => {
    home = newHome();
  });

  // A test that fails midway must not hand its server to the next.
  afterEach(async () => {
    await stopEmbedded(home);
  });

  it("makes the data at first, keeps it, and stops with its last user", async () => {
    const first = await acquireEmbeddedServer({ home });
    expect(first).toMatchObject({ started: true, initialised: true });
    expect(readFileSync(join(home, ".gitignore"), "utf8")).toBe("*\n");
    expect(await query(first.url, "SELECT upper('äπ'), current_database()")).toEqual([["ÄΠ", "seed_bulk"]]);
    await query(first.url, "CREATE TABLE kept AS SELECT 7 AS n");
    await first.release();
    await first.release();
    expect(await embeddedStatus(home)).toMatchObject({ isRunning: false, userPids: [] });

    const second = await acquireEmbeddedServer({ home });
    expect(second).toMatchObject({ started: true, initialised: false, url: first.url });
    expect(await query(second.url, "SELECT n FROM kept")).toEqual([[7]]);
    await second.release();
  });

  it("listens on nothing but its socket", async () => {
    const server = await acquireEmbeddedServer({ home });
    expect(await query(server.url, "SHOW listen_addresses")).toEqual([[""]]);
    expect(statSync(server.socketDir).mode & 0o777).toBe(0o700);
    await server.release();
  });

  it("takes what its settings file says, but lets ALTER SYSTEM win", async () => {
    const server = await acquireEmbeddedServer({ home });
    expect(await query(server.url, "SELECT name FROM pg_file_settings WHERE error IS NOT NULL")).toEqual([]);
    expect(await query(server.url, "SHOW wal_level")).toEqual([["minimal"]]);
    await query(server.url, "ALTER SYSTEM SET jit = on");
    await query(server.url, "SELECT pg_reload_conf()");
    await server.release();

    const again = await acquireEmbeddedServer({ home });
    expect(await query(again.url, "SHOW jit")).toEqual([["on"]]);
    await again.release();
  });

  it("is shared by two commands, and the last to end stops it", async () => {
    const other = new EmbeddedProcess(home);
    const theirs = await other.acquired;
    expect(theirs.started).toBe(true);
    const ours = await acquireEmbeddedServer({ home });
    expect(ours).toMatchObject({ started: false, url: theirs.url });
    await ours.release();
    expect(await query(theirs.url, "SELECT 1")).toEqual([[1]]);
    expect(await other.finish()).toBe(0);
    expect((await embeddedStatus(home)).isRunning).toBe(false);
  });

  it("counts each use of one process", async () => {
    const [first, second] = await Promise.all([acquireEmbeddedServer({ home }), acquireEmbeddedServer({ home })]);
    expect([first.started, second.started].filter(Boolean)).toHaveLength(1);
    await first.release();
    expect(await query(second.url, "SELECT 1")).toEqual([[1]]);
    await second.release();
    expect((await embeddedStatus(home)).isRunning).toBe(false);
  });

  it("takes over the server of a command that was killed", async () => {
    const killed = new EmbeddedProcess(home);
    const theirs = await killed.acquired;
    await killed.kill();
    expect(await embeddedStatus(home)).toMatchObject({ isRunning: true, userPids: [] });
    const ours = await acquireEmbeddedServer({ home });
    expect(ours).toMatchObject({ started: false, url: theirs.url });
    await ours.release();
    expect((await embeddedStatus(home)).isRunning).toBe(false);
  });

  it("loses nothing that was committed when Postgres is killed, and starts again at once", async () => {
    const server = await acquireEmbeddedServer({ home });
    await query(server.url, "CREATE TABLE survived AS SELECT generate_series(1, 1000) AS n");
    const postmaster = (await embeddedStatus(home)).pid!;
    process.kill(postmaster, "SIGKILL");
    await until(() => !processIsAlive(postmaster));
    expect((await embeddedStatus(home)).isRunning).toBe(false);

    const again = await acquireEmbeddedServer({ home });
    expect(again).toMatchObject({ started: true, initialised: false, url: server.url });
    expect(await query(again.url, "SELECT count(*)::int FROM survived")).toEqual([[1000]]);
    await Promise.all([server.release(), again.release()]);
    expect((await embeddedStatus(home)).isRunning).toBe(false);
  });

  it.runIf(isLinux)("is not misled by a pid file whose pid now belongs to another process", async () => {
    const { dataDir } = await embeddedStatus(home);
    // pid 1 lives always, and is never Postgres here.
    for (const pid of [1, process.pid]) {
      writeFileSync(join(dataDir!, "postmaster.pid"), `${pid}\n${dataDir}\n1\n5432\n/tmp\n\n1 1\nready\n`);
      expect((await embeddedStatus(home)).isRunning).toBe(false);
      const server = await acquireEmbeddedServer({ home });
      expect(server.started).toBe(true);
      await server.release();
    }
  });

  it("is not stopped by a damaged pid file", async () => {
    const { dataDir } = await embeddedStatus(home);
    for (const damage of ["", "garbage", "99999999999999999999\n", "-1\n\n\n"]) {
      writeFileSync(join(dataDir!, "postmaster.pid"), damage);
      const server = await acquireEmbeddedServer({ home });
      expect(await query(server.url, "SELECT 1")).toEqual([[1]]);
      await server.release();
    }
  });

  it.runIf(isLinux)("ends a running server whose pid file is lost before it starts another", async () => {
    await startEmbedded(home);
    const { dataDir, pid } = await embeddedStatus(home);
    writeFileSync(join(dataDir!, "postmaster.pid"), "garbage");
    const notices: string[] = [];
    const server = await acquireEmbeddedServer({ home, onNotice: (message) => notices.push(message) });
    expect(server.started).toBe(true);
    expect(processIsAlive(pid!)).toBe(false);
    expect(notices.join()).toContain("crashed");
    await server.release();
  });

  it("starts anew when its socket has been cleaned away", async () => {
    const { url, socketDir, pid } = await startEmbedded(home);
    rmSync(socketDir, { recursive: true });
    const server = await acquireEmbeddedServer({ home });
    expect(server).toMatchObject({ started: true, url });
    expect(processIsAlive(pid)).toBe(false);
    await server.release();
  });

  it("stays up after db start, whoever comes and goes, until db stop", async () => {
    const { url } = await startEmbedded(home);
    const user = await acquireEmbeddedServer({ home });
    expect(user.started).toBe(false);
    await user.release();
    expect(await embeddedStatus(home)).toMatchObject({ isRunning: true, isKeptUp: true, url });
    expect(await stopEmbedded(home)).toEqual({ wasRunning: true, isRunning: false, userPids: [] });
    expect(await stopEmbedded(home)).toEqual({ wasRunning: false, isRunning: false, userPids: [] });
  });

  it("is neither stopped nor destroyed while a command uses it", async () => {
    await startEmbedded(home);
    const user = new EmbeddedProcess(home);
    const { url } = await user.acquired;
    expect(await stopEmbedded(home)).toEqual({ wasRunning: true, isRunning: true, userPids: [user.child.pid] });
    await expect(destroyEmbedded(home)).rejects.toMatchObject({ code: "SB_EMBEDDED_BUSY" });
    expect(await query(url, "SELECT 1")).toEqual([[1]]);
    await user.finish();
    expect((await embeddedStatus(home)).isRunning).toBe(false);
  });

  it("takes TCP only with its password", async () => {
    const port = await freePort();
    const { tcpUrl, url } = await startEmbedded(home, { port });
    expect(await query(tcpUrl!, "SELECT 1")).toEqual([[1]]);
    expect(await query(url, "SELECT 1")).toEqual([[1]]);
    await expect(query(`postgresql://postgres:wrong@127.0.0.1:${port}/seed_bulk`, "SELECT 1")).rejects.toMatchObject({
      code: "28P01",
    });
    expect(statSync(join(home, "embedded/password")).mode & 0o777).toBe(0o600);
    expect((await startEmbedded(home)).tcpUrl).toBe(tcpUrl);
  });

  it("says what the server said when it does not start", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    const { port } = taken.address() as { port: number };
    await expect(startEmbedded(home, { port })).rejects.toMatchObject({
      code: "SB_EMBEDDED_FAILED",
      message: expect.stringContaining("Address already in use"),
    });
    taken.close();
  });

  it("takes over the lock of a process that died, and waits for one that lives, saying so", async () => {
    const lock = join(home, "embedded/lock");
    for (const dead of ["4194303-1 gone", "", "garbage"]) {
      writeFileSync(lock, dead);
      const server = await acquireEmbeddedServer({ home });
      await server.release();
    }
    const holder = new EmbeddedProcess(newHome());
    await holder.acquired;
    const [registration] = readdirSync(join(homes.at(-1)!, "embedded/users"));
    writeFileSync(lock, `${registration.split(".")[0]} held`);
    const notices: string[] = [];
    const onNotice = (message: string) => notices.push(message);
    await expect(acquireEmbeddedServer({ home, lockMsMax: 400, onNotice })).rejects.toMatchObject({
      code: "SB_EMBEDDED_BUSY",
    });
    expect(notices).toEqual([expect.stringContaining(`(pid ${holder.child.pid})`)]);

    // The same lock, once its owner has died; and what a command killed while it waited leaves behind.
    await holder.kill();
    writeFileSync(`${lock}.draft`, readFileSync(lock));
    const server = await acquireEmbeddedServer({ home });
    await server.release();
    expect(readdirSync(join(home, "embedded")).filter((name) => name.startsWith("lock"))).toEqual([]);
  });

  it("stops being made ready when it is told to, and leaves nothing running", async () => {
    const signals = [AbortSignal.abort(), AbortSignal.timeout(20), AbortSignal.timeout(150)];
    for (const signal of signals) {
      const fresh = newHome();
      await expect(acquireEmbeddedServer({ home: fresh, signal })).rejects.toMatchObject({ code: "SB_INTERRUPTED" });
      expect(await embeddedStatus(fresh)).toMatchObject({ isRunning: false, userPids: [] });
    }
  });

  it("is one home by whatever path it is reached", async () => {
    const alias = join(newDirectory(), "alias");
    symlinkSync(home, alias);
    const [direct, aliased] = [await acquireEmbeddedServer({ home }), await acquireEmbeddedServer({ home: alias })];
    expect(aliased).toMatchObject({ started: false, url: direct.url });
    await Promise.all([direct.release(), aliased.release()]);
  });

  it("refuses data of another major version", async () => {
    const { dataDir } = await embeddedStatus(home);
    writeFileSync(join(dataDir!, "PG_VERSION"), "17\n");
    await expect(acquireEmbeddedServer({ home })).rejects.toMatchObject({
      code: "SB_EMBEDDED_FAILED",
      message: expect.stringContaining("Postgres 17"),
      hint: expect.stringContaining("db destroy"),
    });
    writeFileSync(join(dataDir!, "PG_VERSION"), "18\n");
  });

  it("leaves nothing behind when it is destroyed", async () => {
    const { socketDir } = await startEmbedded(home);
    await destroyEmbedded(home);
    expect(existsSync(home)).toBe(false);
    expect(existsSync(socketDir)).toBe(false);
    expect(await embeddedStatus(home)).toMatchObject({ isRunning: false, dataDir: null });
  });
});

describe("new homes", () => {
  it("are started once by two commands at the same moment", async () => {
    const home = newHome();
    const processes = [new EmbeddedProcess(home), new EmbeddedProcess(home)];
    const results = await Promise.all(processes.map(({ acquired }) => acquired));
    expect(results.map(({ initialised }) => initialised).sort()).toEqual([false, true]);
    expect(results.map(({ started }) => started).sort()).toEqual([false, true]);
    expect(results[0].url).toBe(results[1].url);
    expect(await query(results[0].url, "SELECT 1")).toEqual([[1]]);
    expect(await Promise.all(processes.map((process) => process.finish()))).toEqual([0, 0]);
    expect((await embeddedStatus(home)).isRunning).toBe(false);
  });

  it("may have a path longer than a socket's, stand beside a running server, and be reached by psql", async () => {
    const beside = newHome();
    const long = join(newHome(), "long-".repeat(40), ".seed-bulk");
    homes.push(long);
    const servers = [await acquireEmbeddedServer({ home: beside }), await acquireEmbeddedServer({ home: long })];
    const directories = await Promise.all(servers.map(({ url }) => query(url, "SHOW data_directory")));
    expect(new Set(directories.flat(2)).size).toBe(2);
    if (await hasPsql()) {
      const { stdout } = await promisify(execFile)("psql", [servers[1].url, "-Atc", "SELECT 'from psql'"]);
      expect(stdout.trim()).toBe("from psql");
    }
    await Promise.all(servers.map((server) => server.release()));
  });

  it("are made whole after an initialisation that was cut short", async () => {
    const home = newHome();
    const draft = join(home, "embedded/data.draft-1");
    mkdirSync(join(draft, "base"), { recursive: true });
    writeFileSync(join(draft, "PG_VERSION"), "18\n");
    mkdirSync(join(home, "embedded/data"));
    const server = await acquireEmbeddedServer({ home });
    expect(server.initialised).toBe(true);
    expect(existsSync(draft)).toBe(false);
    await server.release();
  });

  it.each([
    { what: "a server of somebody's", files: { "data/PG_VERSION": "18\n", "data/base/1/1259": "theirs" } },
    { what: "one of an older version", files: { "data/PG_VERSION": "14\n", "data/base/1/1259": "theirs" } },
    { what: "files that are no server's", files: { "data/letters.txt": "theirs", "readme.md": "theirs" } },
  ])("never touch $what, and offer no command that would", async ({ files }) => {
    const home = join(newDirectory(), "work");
    const names = Object.keys(files).map((name) => join(home, "embedded", name));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(home, "embedded", name)), { recursive: true });
      writeFileSync(join(home, "embedded", name), text);
    }
    for (const command of [() => acquireEmbeddedServer({ home }), () => destroyEmbedded(home)]) {
      const refusal = await command().then(String, (error: SeedBulkError) => error);
      expect(refusal).toMatchObject({ code: "SB_EMBEDDED_FAILED", hint: expect.stringContaining("SEED_BULK_HOME") });
      expect((refusal as SeedBulkError).hint).not.toMatch(/destroy|remove|delete/i);
      expect(names.filter((name) => !existsSync(name))).toEqual([]);
    }
    await stopEmbedded(home).catch(() => {});
    expect(names.filter((name) => !existsSync(name))).toEqual([]);
  });

  it("lie beside files of somebody's in the same directory, which outlive them", async () => {
    const home = newHome();
    const theirs = ["firmware.bin", "data.draft-of-a-letter", "logs/server.log"].map((name) =>
      join(home, "embedded", name),
    );
    for (const file of theirs) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, "theirs");
    }
    const server = await acquireEmbeddedServer({ home });
    await server.release();
    await destroyEmbedded(home);
    expect(readdirSync(join(home, "embedded")).sort()).toEqual(["data.draft-of-a-letter", "firmware.bin", "logs"]);
    expect(theirs.filter((file) => !existsSync(file))).toEqual([]);
  });

  it.runIf(isRoot)("may lie where the server's user cannot look", async () => {
    const closed = newDirectory();
    chmodSync(closed, 0o700);
    const home = join(closed, ".seed-bulk");
    homes.push(home);
    const server = await acquireEmbeddedServer({ home });
    const { dataDir, pid } = await embeddedStatus(home);
    expect(dataDir).toMatch(/\/lib\/seed-bulk\/[0-9a-f]{12}\/data$/);
    expect(JSON.parse(readFileSync(join(home, "embedded/location.json"), "utf8"))).toEqual({ data: dataDir });
    expect(statSync(`/proc/${pid}`).uid).not.toBe(0);
    expect(await query(server.url, "SELECT 1")).toEqual([[1]]);
    await server.release();
    expect(processesOnDataDir(dataDir!)).toEqual([]);
    await destroyEmbedded(home);
    expect(existsSync(dataDir!)).toBe(false);
  });

  it.skipIf(isRoot)("that cannot be written are refused with what to do about it", async () => {
    const closed = newDirectory();
    chmodSync(closed, 0o500);
    await expect(acquireEmbeddedServer({ home: join(closed, ".seed-bulk") })).rejects.toMatchObject({
      code: "SB_EMBEDDED_FAILED",
      hint: expect.stringContaining("SEED_BULK_HOME"),
    });
  });
});

async function query(url: string, text: string): Promise<unknown[][]> {
  const client = new pg.Client(url);
  // A server that is killed under a test says so by an event, too.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<unknown[]>({ text, rowMode: "array" })).rows;
  } finally {
    await client.end();
  }
}

function newHome(): string {
  const home = join(newDirectory(), ".seed-bulk");
  homes.push(home);
  return home;
}

/** Open to the server's user, which directories from mkdtemp are not. */
function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "seed-bulk-embedded-"));
  chmodSync(directory, 0o755);
  temporaryDirs.push(directory);
  return directory;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function hasPsql(): Promise<boolean> {
  try {
    await promisify(execFile)("psql", ["--version"]);
    return true;
  } catch {
    return false;
  }
}
