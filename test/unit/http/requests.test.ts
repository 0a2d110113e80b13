import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { App } from "../../../src/http/app.js";
import { API, post, problemIn, testApp, testServices } from "./app.helper.js";

let app: App;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const get = (path: string) => app.inject({ url: `${API}/${path}` });
const ID = "00000000-0000-4000-8000-000000000000";

describe("a request that is wrong", () => {
  it("is told each wrong value by its place", async () => {
    const problem = problemIn(
      await post(app, "generate", { scenario: "demo", config: { seed: "x", dryRun: 1 }, workers: 0 }),
      "SB_USAGE",
    );
    expect(problem.status).toBe(400);
    expect(problem.errors?.map(({ path }) => path)).toEqual(["body.config.seed", "body.config.dryRun", "body.workers"]);
  });

  it.each([
    [{ scenario: "demo", databaseUrl: "postgres://elsewhere/x" }],
    [{ scenario: "demo", config: { out: "/tmp/x" } }],
    [{ scenario: "demo", adoptSchema: true }],
    [{ scenario: "demo", config: { seed: -1 } }],
    [{ scenario: "demo", config: { seed: 2 ** 53 } }],
    [{ scenario: "demo", config: { volumeMultiplier: 0 } }],
    [{ scenario: "demo", config: { volumeMultiplier: null } }],
    [{ scenario: "demo", workers: 257 }],
    [{ scenario: "demo", features: { giftCards: "off" } }],
    [{ scenario: "demo", anomalies: { any: 1.5 } }],
    [{ scenario: "demo", only: [] }],
    [{}],
    [[]],
    ["demo"],
    [null],
  ])("is refused: %j", async (body) => {
    problemIn(await post(app, "generate", body), "SB_USAGE");
  });

  it.each([
    "./demo",
    "/etc/passwd",
    "../secret",
    "demo.yaml",
    "a/b/c",
    "~/x",
    "scenarios/marketing/demo.yaml",
    ".",
    "",
  ])("never names a file: scenario %j", async (scenario) => {
    problemIn(await post(app, "generate", { scenario }), "SB_USAGE");
    problemIn(await get(`plan?scenario=${encodeURIComponent(scenario)}`), "SB_USAGE");
  });

  it("never names a directory's file either, though the working directory has one", async () => {
    // Of the repository itself: as a path on the command line it would be read.
    const problem = problemIn(await get("plan?scenario=src/http"), "SB_SCENARIO_NOT_FOUND");
    expect(problem.status).toBe(404);
    problemIn(await get("plan?scenario=demmo"), "SB_SCENARIO_NOT_FOUND");
  });

  it.each([
    "plan?scenario=demo&seed=",
    "plan?scenario=demo&seed=1&seed=2",
    "plan?scenario=demo&seed=1e3",
    "plan?scenario=demo&features=giftCards=yes",
    "plan?scenario=demo&anomalies=x",
    "plan?scenario=demo&schema=x",
    "plan",
    "preview?scenario=demo",
    "status",
    "status?jobId=zz",
    "status?jobId=abc",
    "events?jobId=",
    "jobs?limit=0",
    "verify?jobId=abcd&exact=1",
  ])("is refused: GET %s", async (path) => {
    problemIn(await get(path), "SB_USAGE");
  });

  it("is refused before its body is read whole, where that is large", async () => {
    const problem = problemIn(await post(app, "generate", { scenario: "x".repeat(70_000) }), "SB_USAGE");
    expect(problem.status).toBe(413);
  });

  it("is refused where it is no JSON, or of a type that a form can send", async () => {
    const send = (type: string | undefined, payload: string) =>
      app.inject({ method: "POST", url: `${API}/generate`, payload, headers: type ? { "content-type": type } : {} });
    expect(problemIn(await send("application/json", "{"), "SB_USAGE").status).toBe(400);
    expect(problemIn(await send("application/json", '{"__proto__":{"x":1}}'), "SB_USAGE").status).toBe(400);
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
      expect(problemIn(await send(type, '{"scenario":"demo"}'), "SB_USAGE").status, type).toBe(415);
    }
    expect(problemIn(await send(undefined, '{"scenario":"demo"}'), "SB_USAGE").status).toBe(415);
  });

  it("is told of its scenario's faults", async () => {
    const body = { scenario: "demo", config: { startDate: "2025-02-01", endDate: "2025-01-01" } };
    expect(problemIn(await post(app, "generate", body), "SB_SCENARIO_INVALID").status).toBe(422);
    problemIn(await post(app, "generate", { scenario: "demo", features: { nonsense: true } }), "SB_SCENARIO_INVALID");
    problemIn(await post(app, "generate", { scenario: "demo", only: ["nonsense"] }), "SB_ENTITY_NOT_FOUND");
  });
});

describe("a route that is not there", () => {
  it.each([
    ["GET", "/api/mock-data/nothing"],
    ["GET", "/api/mock-data/generate"],
    ["PUT", "/api/mock-data/toggle"],
    ["GET", "/etc/passwd"],
    ["GET", "/..%2f..%2fetc/passwd"],
  ] as const)("%s %s", async (method, url) => {
    expect(problemIn(await app.inject({ method, url }), "SB_ROUTE_NOT_FOUND").status).toBe(404);
  });
});

describe("without a database", () => {
  it.each([
    ["GET", `status?jobId=${ID}`],
    ["GET", "jobs"],
    ["GET", `verify?jobId=${ID}`],
    ["GET", `report?jobId=${ID}`],
    ["GET", `events?jobId=${ID}`],
    ["GET", "toggle"],
    ["DELETE", "cleanup"],
  ] as const)("%s %s answers 503", async (method, path) => {
    const problem = problemIn(await app.inject({ method, url: `${API}/${path}` }), "SB_DATABASE_UNREACHABLE");
    expect(problem.status).toBe(503);
  });

  it.each([
    ["generate", { scenario: "demo", config: { dryRun: false } }],
    ["resume", { jobId: ID }],
    ["cancel", { jobId: ID }],
    ["toggle", { enabled: false }],
  ])("POST %s answers 503", async (path, body) => {
    expect(problemIn(await post(app, path, body), "SB_DATABASE_UNREACHABLE").status).toBe(503);
  });

  it("is not healthy, and says so without its password", async () => {
    const other = await testApp(testServices("postgres://user:secret@127.0.0.1:1/x"));
    const answer = await other.inject({ url: "/healthz" });
    expect(problemIn(answer, "SB_DATABASE_UNREACHABLE").status).toBe(503);
    expect(answer.body).not.toContain("secret");
    await other.close();
  });

  it("still makes plans and shows metrics and its description", async () => {
    expect((await get("plan?scenario=demo")).statusCode).toBe(200);
    const metrics = await app.inject({ url: "/metrics" });
    expect(metrics.headers["content-type"]).toMatch(/^text\/plain/);
    expect(metrics.body).toMatch(
      /seed_bulk_http_request_seconds_count\{method="GET",route="\/api\/mock-data\/plan",status="200"\} \d/,
    );
    expect(metrics.body).toContain("seed_bulk_jobs_waiting 0");
    expect((await app.inject({ url: "/docs/" })).statusCode).toBe(200);
  });
});

describe("what the server cannot do or does too often", () => {
  it("takes no path for an export, no format that there is not, and no more rows than the guard allows", async () => {
    problemIn(await post(app, "export", { scenario: "demo", format: "csv", out: "/tmp" }), "SB_USAGE");
    problemIn(await post(app, "export", { scenario: "demo", format: "csv", dir: "x" }), "SB_USAGE");
    problemIn(await post(app, "export", { scenario: "demo", format: "xml" }), "SB_USAGE");
    problemIn(await post(app, "export", { scenario: "demo", format: "sql", rowsPerFile: 5 }), "SB_USAGE");
    const services = testServices();
    const { target } = services;
    const strict = await testApp({ ...services, target: { ...target, safety: { ...target.safety, maxRows: 10 } } });
    expect(problemIn(await post(strict, "export", { scenario: "demo", format: "csv" }), "SB_REFUSED").status).toBe(403);
    await strict.close();
  });

  it("answers 429 with Retry-After beyond its rate, but for /healthz", async () => {
    const other = await testApp(testServices(), { requestsPerMinuteMax: 3 });
    const ask = () => other.inject({ url: `${API}/plan?scenario=demo` });
    for (let i = 0; i < 3; i++) expect((await ask()).statusCode).toBe(200);
    const answer = await ask();
    expect(problemIn(answer, "SB_RATE_LIMITED").status).toBe(429);
    expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
    for (let i = 0; i < 5; i++) expect((await other.inject({ url: "/healthz" })).statusCode).toBe(503);
    await other.close();
  });

  it("says that a fault is its own, keeps what it was to its log", async () => {
    const lines: string[] = [];
    const services = testServices(undefined, {
      log: (line) => lines.push(line),
      listScenarios: () => Promise.reject(new Error("the secret reason")),
    });
    const other = await testApp(services);
    const answer = await other.inject({ url: `${API}/scenarios` });
    expect(problemIn(answer, "SB_INTERNAL").status).toBe(500);
    expect(answer.body).not.toContain("secret");
    expect(lines.join("\n")).toContain("the secret reason");
    await other.close();
  });
});
