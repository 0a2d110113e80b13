import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { SeedBulkError } from "../../src/errors.js";
import type { App } from "../../src/http/app.js";
import type { JobStatus } from "../../src/http/schemas.js";
import { runCommand, startCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { API, testApp, testServices } from "../unit/http/app.helper.js";

interface SentEvent {
  readonly id: number | undefined;
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: events' data differ, and tests look into them
  readonly data: any;
}

/** Reads a job's events until the stream ends, or the reader has enough. */
async function eventsOf(
  base: string,
  jobId: string,
  options: { headers?: Record<string, string>; until?: (event: SentEvent) => boolean } = {},
): Promise<SentEvent[]> {
  const abort = new AbortController();
  const answer = await fetch(`${base}${API}/events?jobId=${jobId}`, {
    signal: abort.signal,
    ...(options.headers && { headers: options.headers }),
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/event-stream");
  const events: SentEvent[] = [];
  let text = "";
  for await (const part of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += part;
    const blocks = text.split("\n\n");
    text = blocks.pop()!;
    for (const block of blocks.filter((block) => !block.startsWith(":"))) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1];
      const id = field("id");
      events.push({
        id: id === undefined ? undefined : Number(id),
        event: field("event")!,
        data: JSON.parse(field("data")!),
      });
    }
    if (options.until && events.some(options.until)) {
      abort.abort();
      break;
    }
  }
  return events;
}

async function call(base: string, method: string, path: string, body?: object) {
  const answer = await fetch(`${base}${API}/${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers
  return { status: answer.status, json: (await answer.json()) as any };
}

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

/** About 500,000 rows: large enough to be stopped on the way. */
const LONG = { scenario: "development", config: { dryRun: false, volumeMultiplier: 3 }, workers: 1 };

describe("over a socket", () => {
  let app: App;
  let base = "";
  beforeAll(async () => {
    app = await testApp(testServices(database.url), { heartbeatSeconds: 0.05 });
    base = await app.listen({ host: "127.0.0.1", port: 0 });
  });
  afterAll(() => app.close());

  it("tells a load as it happens: snapshot, phases, progress, latencies, end", async () => {
    const body = { scenario: "development", config: { dryRun: false }, schema: "told" };
    const { json } = await call(base, "POST", "generate", body);
    const events = await eventsOf(base, json.jobId);
    expect(events[0].event).toBe("snapshot");
    expect(events.at(-1)).toMatchObject({ event: "end", data: { status: "completed", verification: { ok: true } } });
    const ids = events.map(({ id }) => id!);
    expect(ids.slice(1)).toEqual(ids.slice(1).map((_, i) => ids[0] + 1 + i));
    const phases = events.filter(({ event }) => event === "phase").map(({ data }) => `${data.phase} ${data.state}`);
    for (const phase of ["load done", "indexes running", "statistics done", "verify done"])
      expect(phases).toContain(phase);
    const rows = events.filter(({ event }) => event === "progress").map(({ data }) => data.rows);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.at(-1)).toBe(events.at(-1)?.data.progress.rowsTotal);
    // The first may tell of a load that has sent nothing yet.
    expect(events.findLast(({ event }) => event === "latencies")?.data.chunkMs.count).toBeGreaterThan(0);
    const statuses = events.filter(({ event }) => event === "status").map(({ data }) => data.status);
    expect(statuses.slice(-3)).toEqual(["generating", "finishing", "verifying"].slice(-statuses.length));
  });

  it("gives again what a client missed, and a snapshot where it cannot", async () => {
    const { json } = await call(base, "POST", "generate", { ...LONG, schema: "again" });
    const seen = await eventsOf(base, json.jobId, { until: ({ event }) => event === "progress" });
    const last = seen.at(-1)!.id!;
    const before = seen[0].id!;
    await eventsOf(base, json.jobId, { until: ({ id }) => id! > last });
    const until = ({ id }: SentEvent): boolean => id! > last;
    const missed = await eventsOf(base, json.jobId, { headers: { "last-event-id": String(before) }, until });
    expect(missed.find(({ event }) => event === "snapshot")).toBeUndefined();
    expect(missed[0].id).toBe(before + 1);
    for (const id of ["999999", "x"]) {
      const [first] = await eventsOf(base, json.jobId, { headers: { "last-event-id": id }, until: () => true });
      expect(first.event).toBe("snapshot");
    }
    await call(base, "POST", "cancel", { jobId: json.jobId });
    await app.jobs!.board.find(json.jobId)!.ended;
  });

  it("cancels a load: whole shards stay, the rest is rolled back, and it can be resumed", async () => {
    const { json } = await call(base, "POST", "generate", { ...LONG, schema: "stopped" });
    const { jobId } = json;
    const stream = eventsOf(base, jobId);
    await eventsOf(base, jobId, { until: ({ event, data }) => event === "progress" && data.rows > 20_000 });
    const answer = await call(base, "POST", "cancel", { jobId });
    expect(answer.status).toBe(202);
    const events = await stream;
    expect(events.at(-1)).toMatchObject({ event: "end", data: { status: "cancelled", canResume: true } });
    const { json: status } = (await call(base, "GET", `status?jobId=${jobId}`)) as { json: JobStatus };
    expect(status).toMatchObject({ status: "cancelled", error: { code: "SB_INTERRUPTED" } });
    expect(status.progress.rows).toBeLessThan(status.progress.rowsTotal);
    const client = await database.client();
    for (const { entity, rows } of status.progress.entities) {
      const { rows: found } = await client.query(`SELECT count(*)::int4 AS n FROM stopped."${entity}"`);
      expect(found[0].n, entity).toBe(rows);
    }
    expect((await call(base, "POST", "resume", { jobId, workers: 2 })).status).toBe(202);
    await app.jobs!.board.find(jobId)!.ended;
    const { json: resumed } = await call(base, "GET", `status?jobId=${jobId}`);
    expect(resumed).toMatchObject({ status: "completed", verification: { ok: true } });
  });

  it("sends a sign of life, and lets go of clients that leave", async () => {
    const { json } = await call(base, "POST", "generate", { ...LONG, config: { volumeMultiplier: 20 } });
    const text = await new Promise<string>((resolve, reject) => {
      const asked = request(`${base}${API}/events?jobId=${json.jobId}`, (answer) => {
        let all = "";
        answer.setEncoding("utf8").on("data", (part: string) => {
          all += part;
          if (!all.includes(": still here")) return;
          asked.destroy();
          resolve(all);
        });
      });
      asked.on("error", reject).end();
    });
    expect(text).toContain(": still here");
    await call(base, "POST", "cancel", { jobId: json.jobId });
    await app.jobs!.board.find(json.jobId)!.ended;
  });

  describe("readers of events that leave early", () => {
    /** More than streams may be open at once. */
    const READERS = 70;
    let jobId = "";
    beforeAll(async () => {
      const { json } = await call(base, "POST", "generate", { scenario: "demo", config: { dryRun: true } });
      jobId = json.jobId;
      await app.jobs!.board.find(jobId)!.ended;
    });
    afterEach(() => void vi.restoreAllMocks());

    /** Asks for events and goes away; resolves once the server has seen it go. */
    async function leave(when: () => Promise<void> | void): Promise<void> {
      const gone = new Promise<void>((resolve) => {
        app.server.once("connection", (socket) => socket.once("close", () => resolve()));
      });
      const reader = createConnection(Number(new URL(base).port), "127.0.0.1");
      // One that is refused waits for nothing.
      const answered = new Promise<void>((resolve) => reader.once("data", () => resolve()));
      await new Promise<void>((resolve) => {
        const text = `GET ${API}/events?jobId=${jobId} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
        reader.on("error", () => {}).on("connect", () => reader.write(text, () => resolve()));
      });
      await Promise.race([when(), answered]);
      reader.destroy();
      await gone;
    }

    const opens = async (): Promise<void> => {
      expect((await eventsOf(base, jobId)).at(-1)).toMatchObject({ event: "end", data: { jobId } });
    };

    it("are not counted any more where they leave right after they have asked", async () => {
      for (let i = 0; i < READERS; i++) await leave(() => {});
      await opens();
    });

    it("are not counted any more where they leave while their job is looked up", async () => {
      const { jobs } = app;
      const status = await jobs!.status(jobId);
      for (let i = 0; i < READERS; i++) {
        let answer = (): void => {};
        const asked = new Promise<void>((resolve) => {
          vi.spyOn(jobs!, "status").mockImplementation(() => {
            resolve();
            return new Promise((done) => {
              answer = () => done(status);
            });
          });
        });
        await leave(() => asked);
        answer();
      }
      vi.restoreAllMocks();
      await opens();
    });

    it("are not counted any more where the look-up fails", async () => {
      for (let i = 0; i < READERS; i++) {
        const asked = new Promise<void>((resolve) => {
          vi.spyOn(app.jobs!, "status").mockImplementation(() => {
            resolve();
            return Promise.reject(new SeedBulkError("SB_RUN_NOT_FOUND", "no such run"));
          });
        });
        await leave(() => asked);
      }
      vi.restoreAllMocks();
      await opens();
    });
  });

  it("refuses a client that names no host, or two lengths", async () => {
    const { port } = new URL(base);
    const ask = (text: string) =>
      new Promise<string>((resolve) => {
        let all = "";
        const socket = createConnection(Number(port), "127.0.0.1", () => socket.write(text));
        socket.setEncoding("utf8").on("data", (part: string) => {
          all += part;
        });
        socket.on("close", () => resolve(all)).on("error", () => {});
      });
    expect(await ask("GET /api/mock-data/scenarios HTTP/1.0\r\n\r\n")).toMatch(/^HTTP\/1\.1 403.*SB_ORIGIN_REFUSED/s);
    const two =
      "POST /api/mock-data/toggle HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n";
    expect(await ask(two)).toMatch(/^HTTP\/1\.1 400/);
  });
});

describe("seed-bulk serve", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "seed-bulk-serve-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const env = { SEED_BULK_ENABLED: "true" };
  const serve = (args: string[] = []) =>
    startCommand(["serve", "--port", "0", "--workers", "1", "--database-url", database.url, ...args], env, folder);

  /** The address that the server prints. */
  async function listening(server: ReturnType<typeof startCommand>): Promise<string> {
    let text = "";
    server.child.stdout!.on("data", (part: string) => {
      text += part;
    });
    await server.until(/serves at http:\/\/\S+;/);
    return /serves at (http:\/\/\S+);/.exec(text)![1];
  }

  it("stops on SIGTERM, leaves the load to be resumed, and the next server resumes it", async () => {
    const first = serve();
    const base = await listening(first);
    const { json } = await call(base, "POST", "generate", { ...LONG, schema: "served" });
    const { jobId } = json;
    const stream = eventsOf(base, jobId);
    await eventsOf(base, jobId, { until: ({ event, data }) => event === "progress" && data.rows > 20_000 });
    first.child.kill("SIGTERM");
    const { code, stderr } = await first.done;
    expect(code, stderr).toBe(130);
    expect(stderr).toContain(`SB_INTERRUPTED: the server stopped while job ${jobId} was at work`);
    // The stream ends with the server, whether its last event was still sent or not.
    await stream.catch(() => {});
    const client = await database.client();
    const { rows: busy } = await client.query(
      "SELECT FROM pg_stat_activity WHERE application_name LIKE 'seed-bulk%' AND datname = current_database()",
    );
    expect(busy).toEqual([]);

    const second = serve();
    const again = await listening(second);
    const { json: status } = await call(again, "GET", `status?jobId=${jobId}`);
    expect(status).toMatchObject({ status: "interrupted", canResume: true, isHere: false });
    expect((await call(again, "POST", "resume", { jobId })).status).toBe(202);
    const events = await eventsOf(again, jobId);
    expect(events.at(-1)).toMatchObject({ event: "end", data: { status: "completed", verification: { ok: true } } });
    second.child.kill("SIGINT");
    expect((await second.done).code).toBe(0);
    const { code: verified } = await runCommand(
      ["verify", "--run", jobId, "--exact", "--database-url", database.url],
      env,
    );
    expect(verified).toBe(0);
  });

  it("asks for a token where others could reach it, takes it from the environment, and tells of a port that is taken", async () => {
    const args = ["serve", "--port", "0", "--database-url", database.url];
    const open = await runCommand([...args, "--host", "0.0.0.0"], env, folder);
    expect([open.code, open.stderr]).toEqual([
      2,
      expect.stringContaining("error SB_USAGE: at 0.0.0.0 others can reach"),
    ]);
    const short = await runCommand([...args, "--token", "short"], env, folder);
    expect([short.code, short.stderr]).toEqual([2, expect.stringContaining("SB_USAGE: the token has fewer than 16")]);

    const token = "0123456789abcdef0123";
    const server = startCommand([...args, "--host", "0.0.0.0"], { ...env, SEED_BULK_TOKEN: token }, folder);
    const { port } = new URL(await listening(server));
    const base = `http://127.0.0.1:${port}`;
    expect((await call(base, "GET", "jobs")).status).toBe(401);
    const answer = await fetch(`${base}${API}/jobs`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
    const taken = await runCommand(["serve", "--port", port, "--database-url", database.url], env, folder);
    expect([taken.code, taken.stderr]).toEqual([1, expect.stringContaining("error SB_LISTEN_FAILED")]);
    server.child.kill("SIGTERM");
    const { code, stdout, stderr } = await server.done;
    expect(code, stderr).toBe(0);
    expect(stdout + stderr).not.toContain(token);
  });
});
