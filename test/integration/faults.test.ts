import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer, connect as dial, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandResult, runCommand, startCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";

const enabled = { SEED_BULK_ENABLED: "true" };
/** About 360,000 rows in some ten shards: a second or two of loading. */
const SCENARIO = ["--scenario", "development", "--scale", "4", "--workers", "2"];
/** Kills spread over a run's whole length; the seed of the pauses is printed with a failure. */
const KILLS = Number(process.env["SEED_BULK_KILLS"] ?? 20);
/** A kill and what follows take about two seconds. */
const KILL_SECONDS_MAX = 12;

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

function inSchema(schema: string): string[] {
  return [...SCENARIO, "--schema", schema, "--database-url", database.url, "--no-verify"];
}

/** Resumes the run of a schema until it is done, and proves what is there. */
async function expectWhole(schema: string): Promise<void> {
  const client = await database.client();
  const { rows } = await client.query(
    "SELECT run_id, state FROM seed_bulk.runs WHERE schema_name = $1 ORDER BY started_at DESC LIMIT 1",
    [schema],
  );
  await client.end();
  if (rows[0].state !== "done") await expectSuccess(["resume", rows[0].run_id, "--database-url", database.url]);
  await expectSuccess(["verify", "--run", rows[0].run_id, "--exact", "--database-url", database.url]);
}

async function expectSuccess(args: readonly string[]): Promise<CommandResult> {
  const result = await runCommand(args, enabled);
  expect(result.code, `${args.join(" ")}\n${result.stdout}${result.stderr}`).toBe(0);
  return result;
}

/** Waits until a query on the database gives true. */
async function untilTrue(sql: string): Promise<void> {
  const client = await database.client();
  try {
    for (let i = 0; i < 2000; i++) {
      if ((await client.query(`SELECT (${sql}) AS yes`)).rows[0].yes) return;
      await client.query("SELECT pg_sleep(0.005)");
    }
    throw new Error(`never became true: ${sql}`);
  } finally {
    await client.end();
  }
}

describe("a load that is killed", () => {
  it(
    `goes on after SIGKILL at ${KILLS} moments, and every byte is there once`,
    async () => {
      const schema = "killed";
      let kills = 0;
      let isBegun = false;
      // Low-discrepancy pauses after the first write cover the phases evenly without chance.
      for (let attempt = 0; kills < KILLS; attempt++) {
        const anew = [...inSchema(schema), "--replace", "--yes"];
        const { child, done, until } = startCommand(
          isBegun ? ["resume", "--database-url", database.url] : anew,
          enabled,
        );
        const began = until(isBegun ? /load {2}started/ : /schema {2}started/).catch(() => {});
        await Promise.race([began, done]);
        const timer = setTimeout(() => child.kill("SIGKILL"), ((attempt * 0.618034) % 1) * 1200);
        const { signal, code, stderr } = await done;
        clearTimeout(timer);
        if (signal === "SIGKILL") kills++;
        else expect(code, stderr).toBe(0);
        const status = await runCommand(["status", "--database-url", database.url, "--json"], enabled);
        const [run] = JSON.parse(status.stdout).runs;
        // Killed before its tables were made, a run does not exist; one that is done is loaded anew.
        isBegun = run !== undefined && (run.state === "loading" || run.state === "finishing");
      }
      if (!isBegun) await expectSuccess([...inSchema(schema), "--replace", "--yes"]);
      await expectWhole(schema);
    },
    KILLS * KILL_SECONDS_MAX * 1000,
  );

  it("goes on after backends are terminated, by itself", async () => {
    const schema = "terminated";
    const { done, until } = startCommand(inSchema(schema), enabled);
    await until(/load {2}started/);
    for (let i = 1; i <= 3; i++) {
      await untilTrue(
        "EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'seed-bulk worker' AND query LIKE 'COPY%')",
      );
      const client = await database.client();
      await client.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'seed-bulk worker'",
      );
      await client.end();
    }
    const { code, stderr } = await done;
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/attempt 2 of 5/);
    await expectWhole(schema);
  });

  it("tells a second process that one is at work", async () => {
    const schema = "twice";
    const first = startCommand(inSchema(schema), enabled);
    await first.until(/load {2}started/);
    const second = await runCommand([...inSchema(schema), "--replace", "--yes"], enabled);
    expect(second.stderr).toMatch(/SB_RUN_BUSY: another seed-bulk process is at work on the schema "twice"/);
    expect(second.code).toBe(1);
    expect((await first.done).code).toBe(0);
    await expectWhole(schema);
  });

  it("can be undone instead", async () => {
    const schema = "undone";
    const { child, done, until } = startCommand([...inSchema(schema), "--on-failure", "rollback"], enabled);
    await until(/load {2}started/);
    child.kill("SIGINT");
    expect((await done).code).toBe(130);
    const client = await database.client();
    const { rows } = await client.query(
      "SELECT count(*)::int AS n FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'undone'",
    );
    expect(rows[0].n).toBe(0);
  });
});

describe("a worker thread", () => {
  for (const fault of ["throw", "exit"]) {
    it(`that ${fault}s in the middle leaves a load that is whole in the end`, async () => {
      const schema = `worker_${fault}s`;
      const folder = await mkdtemp(join(tmpdir(), "seed-bulk-fault-"));
      try {
        const { code, stderr } = await runCommand(inSchema(schema), {
          ...enabled,
          NODE_OPTIONS: `--require=${resolve(import.meta.dirname, "../fixtures/worker-fault.cjs")}`,
          WORKER_FAULT: fault,
          WORKER_FAULT_MARKER: join(folder, "struck"),
          WORKER_FAULT_MS: "350",
        });
        expect(await readdir(folder)).toEqual(["struck"]);
        expect(stderr).not.toMatch(/^\s+at /m);
        expect(stderr).toMatch(/attempt 2 of 5|SB_WORKER_FAILED/);
        if (code !== 0) expect(stderr).toMatch(/error SB_WORKER_FAILED: .*resume/s);
        await expectWhole(schema);
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  }
});

describe("Ctrl-C", () => {
  for (const phase of ["load", "indexes", "validation", "statistics"]) {
    it(`while at ${phase} leaves a run that resumes`, async () => {
      const schema = `ctrl_c_${phase}`;
      const { child, done, until } = startCommand(inSchema(schema), enabled);
      await until(new RegExp(`${phase} {2}started`));
      child.kill("SIGINT");
      const { code, stderr } = await done;
      // Too late to stop is fine: then the run is whole.
      if (code !== 0) {
        expect(code, stderr).toBe(130);
        expect(stderr).toMatch(/SB_INTERRUPTED: stopped .*resume/s);
      }
      await expectWhole(schema);
    });
  }
});

describe("Ctrl-C while verifying", () => {
  it.each([[[]], [["--exact"]]])("stops the queries under way and changes nothing: verify %s", async (flags) => {
    const schema = `ctrl_c_verify${flags.length}`;
    await expectSuccess([...inSchema(schema)]);
    const args = ["verify", ...flags, "--database-url", database.url];
    // A lock that nobody gets keeps the checks waiting, however fast the machine is.
    const holder = await database.client();
    await holder.query(`BEGIN; LOCK TABLE ${schema}.events IN ACCESS EXCLUSIVE MODE`);
    const { child, done } = startCommand(args, enabled);
    await untilTrue(
      "EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'seed-bulk%' AND wait_event_type = 'Lock')",
    );
    child.kill("SIGINT");
    const { code, stderr } = await done;
    expect(code, stderr).toBe(130);
    expect(stderr).toContain("SB_INTERRUPTED");
    await holder.query("COMMIT");
    await untilTrue("NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'seed-bulk%')");
    await expectWhole(schema);
  });
});

describe("a network that stalls", () => {
  it("ends in an error, not in a hang", async () => {
    const upstreamPath = new URL(database.url.replace("@/", "@localhost/")).searchParams.get("host");
    const sockets = new Set<Socket>();
    let stalled = false;
    const proxy = createServer((client) => {
      const server = upstreamPath?.startsWith("/")
        ? dial(
            `${upstreamPath}/.s.PGSQL.${new URL(database.url.replace("@/", "@localhost/")).searchParams.get("port") ?? 5432}`,
          )
        : dial(Number(new URL(database.url).port), new URL(database.url).hostname);
      for (const socket of [client, server]) {
        sockets.add(socket);
        socket.on("error", () => {}).on("close", () => sockets.delete(socket));
      }
      client.on("data", (data) => !stalled && server.write(data)).on("end", () => server.end());
      server.on("data", (data) => !stalled && client.write(data)).on("end", () => client.end());
    }).listen(0, "127.0.0.1");
    await new Promise((listening) => proxy.once("listening", () => listening(undefined)));
    const { port } = proxy.address() as { port: number };
    const name = /\/([^/?]+)(\?|$)/.exec(database.url)![1];
    const schema = "stalled";
    const args = [...SCENARIO, "--schema", schema, "--no-verify", "--stall-timeout", "2"];
    const { done, until } = startCommand(
      [...args, "--database-url", `postgres://postgres@127.0.0.1:${port}/${name}`],
      enabled,
    );
    await until(/load {2}started/);
    await untilTrue(
      "EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'seed-bulk worker' AND query LIKE 'COPY%')",
    );
    stalled = true;
    const { code, stderr } = await done;
    expect(code, stderr).toBe(1);
    expect(stderr).toContain("no answer for 2 s");
    expect(stderr).toMatch(/error SB_(CONNECTION_LOST|DATABASE_UNREACHABLE): COPY into .* failed after 5 attempts/);
    for (const socket of sockets) socket.destroy();
    proxy.close();
    await untilTrue(
      "NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'seed-bulk%' AND state <> 'idle')",
    );
    await expectWhole(schema);
  });
});
