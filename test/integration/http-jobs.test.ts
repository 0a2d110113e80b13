import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLEANUP_TOKEN } from "../../src/cli/commands/cleanup.js";
import type { App } from "../../src/http/app.js";
import { CleanupAnswer, ExportedFiles, JobStatus, Jobs, ReportAnswer, VerifyAnswer } from "../../src/http/schemas.js";
import type { Services } from "../../src/http/services.js";
import { releaseLease, takeLease } from "../../src/ledger/lease.js";
import { inTransaction } from "../../src/postgres/connection.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { API, post, problemIn, testApp, testServices } from "../unit/http/app.helper.js";

let database: TestDatabase;
let client: pg.Client;
let app: App;
beforeAll(async () => {
  database = await testDatabase();
  client = await database.client();
  app = await testApp(testServices(database.url));
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

const get = (path: string, on: App = app) => on.inject({ url: `${API}/${path}` });
const erase = (query: string) => app.inject({ method: "DELETE", url: `${API}/cleanup${query}` });
const load = (schema: string, more: object = {}) => ({ scenario: "demo", config: { dryRun: false }, schema, ...more });

async function statusOf(jobId: string, on: App = app): Promise<JobStatus> {
  const answer = await get(`status?jobId=${jobId}`, on);
  expect(answer.statusCode, answer.body).toBe(200);
  return JobStatus.parse(answer.json());
}

/** Starts a job and waits for its end. */
async function finished(body: unknown, path = "generate"): Promise<JobStatus> {
  const answer = await post(app, path, body);
  expect(answer.statusCode, answer.body).toBe(202);
  const { jobId } = answer.json();
  await app.jobs!.board.find(jobId)!.ended;
  return statusOf(jobId);
}

async function countOf(table: string): Promise<number> {
  return (await client.query(`SELECT count(*)::int4 AS n FROM ${table}`)).rows[0].n;
}

/** Waits for the end of a job's checks, which nothing tells of. */
async function checked(jobId: string, on: App): Promise<ReturnType<typeof VerifyAnswer.parse>> {
  for (;;) {
    const answer = await get(`verify?jobId=${jobId}`, on);
    if (answer.statusCode !== 202) return VerifyAnswer.parse(answer.json());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Changes what the ledger says of a run's plan while some work is done. */
async function withTamperedPlan<T>(jobId: string, work: () => Promise<T>): Promise<T> {
  const { rows } = await client.query("SELECT plan FROM seed_bulk.runs WHERE run_id = $1", [jobId]);
  const { entities, ...plan } = rows[0].plan;
  const fewer = entities.map((entity: { rows: number }) => ({ ...entity, rows: entity.rows - 1 }));
  const write = "UPDATE seed_bulk.runs SET plan = $2 WHERE run_id = $1";
  await client.query(write, [jobId, JSON.stringify({ ...plan, entities: fewer })]);
  try {
    return await work();
  } finally {
    await client.query(write, [jobId, JSON.stringify(rows[0].plan)]);
  }
}

/** Services whose guard is told something else. */
function safetyOf(changes: Partial<Services["target"]["safety"]>): Services {
  const services = testServices(database.url);
  return { ...services, target: { ...services.target, safety: { ...services.target.safety, ...changes } } };
}

describe("POST generate", () => {
  it("is a dry run unless told otherwise: makes every row and writes none", async () => {
    const answer = await post(app, "generate", { scenario: "demo" });
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toMatchObject({ status: "started", scenario: "marketing/demo", dryRun: true });
    await app.jobs!.board.find(answer.json().jobId)!.ended;
    const status = await statusOf(answer.json().jobId);
    expect(status).toMatchObject({
      status: "completed",
      dryRun: true,
      canResume: false,
      progress: { progressPercent: 100 },
    });
    expect(status.progress.recordsGenerated["recipients"]).toBe(1000);
    const { rows } = await client.query("SELECT nspname FROM pg_namespace WHERE nspname IN ('seed_bulk', 'marketing')");
    expect(rows).toEqual([]);
  });

  it("loads, verifies, and is a run of the ledger under the job's ID", async () => {
    const status = await finished(load("loaded", { config: { dryRun: false, seed: 12345 } }));
    expect(status).toMatchObject({ status: "completed", seed: 12345, schema: "loaded", error: null });
    expect(status.verification).toMatchObject({ ok: true, failed: 0, checks: expect.any(Number) });
    expect(status.phases.map(({ phase }) => phase)).toEqual(
      expect.arrayContaining(["schema", "load", "indexes", "verify"]),
    );
    expect(status.latencies?.shardMs.count).toBeGreaterThan(0);
    const { rows } = await client.query("SELECT state FROM seed_bulk.runs WHERE run_id = $1", [status.jobId]);
    expect(rows).toEqual([{ state: "done" }]);
    expect(await countOf("loaded.recipients")).toBe(1000);
  });

  it("tells of tables that are there, and replaces them where asked to", async () => {
    const refused = problemIn(await post(app, "generate", load("loaded")), "SB_TABLE_EXISTS");
    expect(refused).toMatchObject({ status: 409, detail: expect.stringContaining("already holds the data of run") });
    const replaced = await finished(load("loaded", { replace: true, verify: false }));
    expect(replaced).toMatchObject({ status: "completed", verification: null, error: null });
    expect((await finished(load("some", { only: ["organizations", "clients"] }))).progress.recordsGenerated).toEqual({
      organizations: 2,
      clients: 6,
    });
  });

  it("is refused by the guard with every reason, and nothing is written", async () => {
    await client.query("CREATE SCHEMA theirs");
    const other = await testApp(safetyOf({ maxRows: 10, env: { NODE_ENV: "production" } }));
    // What needs no server comes alone, before any is asked.
    const beforehand = [/NODE_ENV/, /SEED_BULK_ENABLED=true/, /more than 10/];
    for (const [asked, reasons] of [[other, beforehand] as const, [app, [/"theirs" is there already/]] as const]) {
      const problem = problemIn(await post(asked, "generate", load("theirs")), "SB_REFUSED");
      expect(problem.status).toBe(403);
      expect(problem.reasons).toEqual(reasons.map((reason) => expect.stringMatching(reason)));
    }
    const dryRun = await post(other, "generate", { scenario: "demo" });
    expect(dryRun.statusCode).toBe(202);
    await other.close();
    const { rowCount } = await client.query("SELECT FROM pg_class WHERE relnamespace = 'theirs'::regnamespace");
    expect(rowCount).toBe(0);
  });

  it("waits its turn, eight at the most, and can be cancelled meanwhile", async () => {
    const bodies = Array.from({ length: 10 }, () => post(app, "generate", { scenario: "development" }));
    const answers = await Promise.all(bodies);
    const accepted = answers.filter(({ statusCode }) => statusCode === 202).map((answer) => answer.json());
    const [refused, ...none] = answers.filter(({ statusCode }) => statusCode !== 202);
    expect(none).toEqual([]);
    expect(problemIn(refused, "SB_QUEUE_FULL").status).toBe(429);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    // Ten requests at once are taken in any order: which of them is first, nobody can say.
    accepted.sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
    expect(accepted.map(({ status }) => status)).toEqual(["started", ...Array(8).fill("queued")]);
    for (const { jobId } of accepted) expect((await post(app, "cancel", { jobId })).statusCode).toBe(202);
    for (const { jobId } of accepted) await app.jobs!.board.find(jobId)!.ended;
    expect((await statusOf(accepted[8].jobId)).status).toBe("cancelled");
    problemIn(await post(app, "cancel", { jobId: accepted[8].jobId }), "SB_JOB_STATE");
  });
});

describe("a job of an earlier server", () => {
  let jobId = "";
  let later: App;
  beforeAll(async () => {
    // As a server leaves it that was killed after the load: a few shards and no keys.
    ({ jobId } = await finished(load("earlier")));
    await client.query("UPDATE seed_bulk.runs SET state = 'loading', finished_at = NULL WHERE run_id = $1", [jobId]);
    await client.query("DELETE FROM seed_bulk.steps WHERE run_id = $1 AND phase = 'statistics'", [jobId]);
    await client.query("DELETE FROM seed_bulk.shards WHERE run_id = $1 AND entity = 'gift_cards'", [jobId]);
    await client.query("DELETE FROM earlier.gift_cards");
    later = await testApp(testServices(database.url));
  });
  afterAll(() => later.close());

  it("has its status still", async () => {
    const status = await statusOf(jobId, later);
    expect(status).toMatchObject({ jobId, status: "interrupted", isHere: false, canResume: true, canCancel: false });
    expect(status.progress.recordsGenerated).toMatchObject({ recipients: 1000, gift_cards: 0 });
    expect(status.progress.progressPercent).toBeLessThan(100);
    expect(await statusOf(jobId.slice(0, 8), later)).toEqual(status);
    const { jobs } = Jobs.parse((await get("jobs", later)).json());
    expect(jobs.find((job) => job.jobId === jobId)).toMatchObject({ status: "interrupted", canResume: true });
    problemIn(await post(later, "cancel", { jobId }), "SB_JOB_STATE");
    problemIn(await get(`verify?jobId=${jobId}`, later), "SB_JOB_STATE");
  });

  it("shows as at work while another process holds its schema", async () => {
    const other = await database.client();
    const lease = await inTransaction(other, () => takeLease(other, "earlier"));
    expect(await statusOf(jobId, later)).toMatchObject({ status: "generating", canResume: false });
    await releaseLease(other, lease);
    await other.end();
  });

  it("is resumed, and then done for both servers", async () => {
    const answer = await post(later, "resume", { jobId });
    expect(answer.statusCode, answer.body).toBe(202);
    expect(answer.json()).toMatchObject({ jobId, dryRun: false });
    await later.jobs!.board.find(jobId)!.ended;
    expect(await statusOf(jobId, later)).toMatchObject({
      kind: "resume",
      status: "completed",
      verification: { ok: true },
    });
    expect(await statusOf(jobId)).toMatchObject({ status: "completed", error: null, canResume: false });
    expect(problemIn(await post(later, "resume", { jobId }), "SB_JOB_STATE").status).toBe(409);
    problemIn(await post(later, "resume", { jobId: "00000000" }), "SB_RUN_NOT_FOUND");
  });

  it("has a report from the ledger that agrees with the run's own", async () => {
    const { jobId: measured } = await finished(load("measured"));
    const own = ReportAnswer.parse((await get(`report?jobId=${measured}`)).json());
    const kept = ReportAnswer.parse((await get(`report?jobId=${measured}`, later)).json());
    expect([own.source, kept.source]).toEqual(["run", "ledger"]);
    expect(kept).toMatchObject({ rows: own.rows, bytes: own.bytes, planHash: own.planHash, seed: own.seed });
    expect(kept.entities.map(({ entity, rows, bytes }) => ({ entity, rows, bytes }))).toEqual(
      own.entities.map(({ entity, rows, bytes }) => ({ entity, rows, bytes })),
    );
    expect(kept.latencies.shardMs.count).toBe(own.latencies.shardMs.count);
    expect(JSON.stringify(own)).not.toContain("postgres://");
  });
});

describe("POST export", () => {
  it("writes whole files into a directory of the server's own", async () => {
    const exportsDir = mkdtempSync(join(tmpdir(), "seed-bulk-exports-"));
    const other = await testApp(testServices(database.url, { exportsDir }));
    const answer = await post(other, "export", { scenario: "demo", format: "csv", only: ["clients", "organizations"] });
    expect(answer.statusCode, answer.body).toBe(202);
    const { jobId } = answer.json();
    await other.jobs!.board.find(jobId)!.ended;
    const status = await statusOf(jobId, other);
    expect(status).toMatchObject({ kind: "export", status: "completed", canResume: false, error: null });
    expect(status.export).toMatchObject({ dir: `exports/${jobId}`, format: "csv", rows: 8, files: 4 });
    expect(readdirSync(join(exportsDir, jobId)).filter((name) => name.endsWith(".csv"))).toHaveLength(2);
    problemIn(await get(`report?jobId=${jobId}`, other), "SB_JOB_STATE");
    const { files, rows, sha256 } = ExportedFiles.parse((await get(`files?jobId=${jobId}`, other)).json());
    expect([rows, sha256?.length]).toEqual([8, 64]);
    for (const { file, bytes } of files) {
      const kept = await get(`file?jobId=${jobId}&file=${file}`, other);
      expect(kept.rawPayload.equals(readFileSync(join(exportsDir, jobId, file))), file).toBe(true);
      expect(kept.headers).toMatchObject({ "content-length": `${bytes}`, "content-type": "application/octet-stream" });
      expect(kept.headers["content-disposition"]).toBe(`attachment; filename*=UTF-8''${file}`);
    }
    expect((await get(`file?jobId=${jobId}&file=manifest.json`, other)).json().planHash).toBe(status.planHash);
    // What lies there and is not the export's, and what lies elsewhere, is nobody's to ask for.
    writeFileSync(join(exportsDir, jobId, "secret.txt"), "s");
    writeFileSync(join(exportsDir, "secret.txt"), "s");
    for (const file of ["secret.txt", "../secret.txt", "%2e%2e%2fsecret.txt", "clients.csv/../../secret.txt"]) {
      problemIn(await get(`file?jobId=${jobId}&file=${file}`, other), "SB_JOB_STATE");
    }
    for (const id of ["..", jobId.slice(0, 8), `${jobId}/..`]) {
      problemIn(await get(`files?jobId=${encodeURIComponent(id)}`, other), "SB_USAGE");
    }
    problemIn(await get("files?jobId=00000000-0000-4000-8000-000000000000", other), "SB_JOB_STATE");
    await other.close();
    rmSync(exportsDir, { recursive: true });
  });
});

describe("a server that was started after a run", () => {
  it("shows the checks that another has made, without making them again", async () => {
    const { jobId } = await finished(load("looked_at"));
    const first = VerifyAnswer.parse((await get(`verify?jobId=${jobId}`)).json());
    const other = await testApp(testServices(database.url));
    const answer = await get(`verify?jobId=${jobId}`, other);
    expect(answer.statusCode).toBe(200);
    expect(VerifyAnswer.parse(answer.json())).toEqual(first);
    const checks = first.report!.checks.length;
    expect((await statusOf(jobId, other)).verification).toEqual({ ok: true, checks, failed: 0 });
    const { jobs } = Jobs.parse((await get("jobs", other)).json());
    expect(jobs.find((one) => one.jobId === jobId)?.verification?.checks).toBe(checks);
    await other.close();
  });

  it("says of a run that several shared no longer a time than it took", async () => {
    const { jobId } = await finished(load("overlapping"));
    const client = await database.client();
    await client.query("UPDATE seed_bulk.steps SET seconds = 5000 WHERE run_id = $1", [jobId]);
    const other = await testApp(testServices(database.url));
    const { seconds } = ReportAnswer.parse((await get(`report?jobId=${jobId}`, other)).json());
    const { rows } = await client.query(
      "SELECT extract(epoch FROM finished_at - started_at)::float8 AS took FROM seed_bulk.runs WHERE run_id = $1",
      [jobId],
    );
    expect(seconds).toBeLessThanOrEqual(rows[0].took + 0.002);
    await other.close();
  });
});

describe("GET verify", () => {
  it("trusts the plan that follows from the scenario, not what the ledger says of it", async () => {
    const { jobId } = await finished(load("tampered", { verify: false }));
    const later = await testApp(testServices(database.url));
    await withTamperedPlan(jobId, async () => {
      expect((await get(`verify?jobId=${jobId}`, later)).statusCode).toBe(202);
    });
    expect(await checked(jobId, later)).toMatchObject({ report: { ok: true } });
    await later.close();
  });

  it("makes the checks of a run once, keeps them, and makes them again where asked to", async () => {
    const { jobId } = await finished(load("checked", { verify: false }));
    const later = await testApp(testServices(database.url));
    const first = await get(`verify?jobId=${jobId}`, later);
    expect(first.statusCode).toBe(202);
    expect(VerifyAnswer.parse(first.json())).toMatchObject({ jobId, status: "running", report: null });
    const { status, report, checksDone } = await checked(jobId, later);
    expect(status).toBe("done");
    expect(report).toMatchObject({ ok: true, schema: "checked" });
    expect(checksDone).toBe(report?.checks.length);
    expect(report?.checks.find(({ kind }) => kind === "distribution")?.found).toMatch(/chi-square|too few/);
    await client.query("DELETE FROM checked.gift_cards WHERE id = (SELECT min(id) FROM checked.gift_cards)");
    expect(VerifyAnswer.parse((await get(`verify?jobId=${jobId}`, later)).json()).report?.ok).toBe(true);
    expect((await get(`verify?jobId=${jobId}&again=true`, later)).statusCode).toBe(202);
    expect((await checked(jobId, later)).report?.ok).toBe(false);
    expect((await statusOf(jobId, later)).verification).toMatchObject({ ok: false });
    await later.close();
  });
});

describe("the database", () => {
  it("is named without its password, and as whom it is filled", async () => {
    const answer = (await get("database")).json();
    expect(answer).toMatchObject({ isEmbedded: false, lookAt: [] });
    expect(answer.name).toMatch(/^"seed_bulk_test_\w+" at \S+ as "postgres"$/);
    const secret = await testApp(testServices("postgres://me:secret@db.example:6432/app"));
    const told = (await secret.inject({ url: `${API}/database` })).json();
    expect(told).toMatchObject({
      name: '"app" at db.example:6432 as "me"',
      url: "postgres://me:***@db.example:6432/app",
    });
    await secret.close();
  });

  it("is told what a cleanup would drop, and drops nothing by being asked", async () => {
    const { jobId } = await finished(load("counted"));
    const plan = (await get(`cleanup?jobId=${jobId}`)).json();
    expect(plan).toMatchObject({ dropped: false, runs: [{ runId: jobId, state: "done" }] });
    expect(plan.tables.length).toBeGreaterThan(5);
    for (const { schema, rows } of plan.tables) expect([schema, rows >= 0]).toEqual(["counted", true]);
    expect((await get(`cleanup?jobId=${jobId}`)).json()).toEqual(plan);
  });
});

describe("the switch and the cleanup", () => {
  it("keeps loads out while it is off", async () => {
    expect((await get("toggle")).json()).toEqual({ enabled: true, changedAt: null, changedBy: null });
    expect((await post(app, "toggle", { enabled: false })).json()).toMatchObject({ enabled: false });
    expect((await get("toggle")).json()).toMatchObject({ enabled: false, changedBy: expect.stringContaining("@") });
    const problem = problemIn(await post(app, "generate", load("off")), "SB_REFUSED");
    expect(problem.reasons).toContainEqual(expect.stringMatching(/switched off/));
    expect((await post(app, "toggle", { enabled: true })).json()).toMatchObject({ enabled: true });
    problemIn(await post(app, "toggle", {}), "SB_USAGE");
  });

  it("drops one run or all, and only with the token", async () => {
    const { jobId } = await finished(load("first", { verify: false }));
    await finished(load("second", { verify: false }));
    for (const query of ["", "?confirm=yes", `?confirm=${CLEANUP_TOKEN.toLowerCase()}`]) {
      const problem = problemIn(await erase(query), "SB_CONFIRMATION_NEEDED");
      expect(problem.status).toBe(409);
      expect(problem.hint).toContain(CLEANUP_TOKEN);
    }
    const one = CleanupAnswer.parse((await erase(`?confirm=${CLEANUP_TOKEN}&jobId=${jobId}`)).json());
    expect(one).toMatchObject({ dropped: true, schemasDropped: ["first"], runs: [{ runId: jobId }] });
    expect(await countOf("second.recipients")).toBe(1000);
    expect((await statusOf(jobId)).status).toBe("cleaned_up");
    problemIn(await get(`verify?jobId=${jobId}`), "SB_JOB_STATE");
    problemIn(await erase(`?confirm=${CLEANUP_TOKEN}&jobId=00000000`), "SB_RUN_NOT_FOUND");
    const all = CleanupAnswer.parse((await erase(`?confirm=${CLEANUP_TOKEN}`)).json());
    expect(all.schemasDropped).toContain("second");
    expect(CleanupAnswer.parse((await erase(`?confirm=${CLEANUP_TOKEN}`)).json()).dropped).toBe(false);
    expect((await app.inject({ url: "/healthz" })).json()).toEqual({ status: "ok", version: "0.0.0-test" });
  });
});

describe("tables of the server's own database", () => {
  it("are worked out, looked at and filled by the same routes as scenarios", async () => {
    await client.query(
      "CREATE SCHEMA shop; CREATE TABLE shop.people (id int PRIMARY KEY, email text NOT NULL); " +
        "CREATE TABLE shop.orders (id int PRIMARY KEY, person_id int NOT NULL REFERENCES shop.people); " +
        "CREATE TABLE shop.never (id int CHECK (false))",
    );
    const answer = await post(app, "introspection", { rows: 4000, schemas: ["shop"] });
    expect(answer.statusCode, answer.body).toBe(200);
    const { scenario, tables, kept, refused, modelFile } = answer.json();
    expect([tables, kept]).toEqual([2, 0]);
    expect(refused).toEqual([{ schema: "shop", table: "never", reason: expect.stringContaining("never_") }]);
    expect(modelFile).toContain("existing: true");
    const listed = (await get("scenarios")).json();
    expect(listed.models.some(({ name }: { name: string }) => `${name}/${name}` === scenario)).toBe(true);
    expect((await get(`plan?scenario=${scenario}`)).json().rows).toBeGreaterThan(3500);
    const preview = (await get(`preview?scenario=${scenario}&entity=people&count=2`)).json();
    expect(JSON.stringify(preview.rows)).toMatch(/@example\.com/);
    const job = await finished({ scenario, config: { dryRun: false, volumeMultiplier: 0.5 } });
    expect(job.status, JSON.stringify(job.error)).toBe("completed");
    const loaded = (await countOf("shop.people")) + (await countOf("shop.orders"));
    expect(loaded).toBeGreaterThan(1700);
    expect(loaded).toBeLessThan(2300);
    problemIn(await post(app, "introspection", { rows: 0 }), "SB_USAGE");
  });
});
