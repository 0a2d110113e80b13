import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { App } from "../../../src/http/app.js";
import { isLoopback } from "../../../src/http/security.js";
import { API, problemIn, testApp, testServices } from "./app.helper.js";

const TOKEN = "0123456789abcdef0123456789abcdef";
const PLAN = `${API}/plan?scenario=demo`;

let app: App;
let guarded: App;
beforeAll(async () => {
  app = await testApp();
  guarded = await testApp(testServices(), { access: { host: "0.0.0.0", token: TOKEN } });
});
afterAll(() => Promise.all([app.close(), guarded.close()]));

describe("the Host", () => {
  it.each(["127.0.0.1:8787", "localhost:8787", "LOCALHOST", "[::1]:8787", "127.0.0.2"])("may be %s", async (host) => {
    expect((await app.inject({ url: PLAN, headers: { host } })).statusCode).toBe(200);
  });

  it.each([
    "evil.example",
    "evil.example:8787",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "0.0.0.0:8787",
    "192.168.0.7",
  ])("may not be %s, whatever is asked for", async (host) => {
    for (const url of [PLAN, "/", "/healthz", "/docs/json", "/metrics", "/nothing"]) {
      expect(problemIn(await app.inject({ url, headers: { host } }), "SB_ORIGIN_REFUSED").status, url).toBe(403);
    }
  });

  it("may be any where a token is needed", async () => {
    const headers = { host: "seed.example", authorization: `Bearer ${TOKEN}` };
    expect((await guarded.inject({ url: PLAN, headers })).statusCode).toBe(200);
  });
});

describe("the Origin", () => {
  const host = "localhost:8787";

  it("may be the server's own, or none", async () => {
    for (const origin of [undefined, "http://localhost:8787", "https://LOCALHOST:8787"]) {
      const headers = { host, ...(origin && { origin }) };
      expect((await app.inject({ url: PLAN, headers })).statusCode, origin).toBe(200);
    }
  });

  it.each([
    "http://evil.example",
    "null",
    "http://localhost:3000",
    "http://localhost",
    "http://127.0.0.1:8787",
    "file://",
  ])("may not be %s, for reading or writing", async (origin) => {
    const headers = { host, origin, "content-type": "application/json" };
    const requests = [
      app.inject({ url: PLAN, headers }),
      app.inject({ method: "POST", url: `${API}/generate`, headers, payload: '{"scenario":"demo"}' }),
      app.inject({ method: "DELETE", url: `${API}/cleanup?confirm=DELETE_ALL_MOCK_DATA`, headers }),
      app.inject({ method: "OPTIONS", url: `${API}/generate`, headers }),
    ];
    for (const answer of await Promise.all(requests)) problemIn(answer, "SB_ORIGIN_REFUSED");
  });

  it("is known of requests without one by what the browser says of their site", async () => {
    const ask = (url: string, site: string) => app.inject({ url, headers: { host, "sec-fetch-site": site } });
    for (const site of ["cross-site", "same-site"]) {
      problemIn(await ask(PLAN, site), "SB_ORIGIN_REFUSED");
      problemIn(await ask("/metrics", site), "SB_ORIGIN_REFUSED");
      // A link to the page itself.
      expect((await ask("/", site)).statusCode).toBe(200);
    }
    for (const site of ["same-origin", "none"]) expect((await ask(PLAN, site)).statusCode).toBe(200);
  });

  it("gets no leave to read from elsewhere", async () => {
    const { headers } = await app.inject({ url: PLAN });
    expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });
});

describe("a token", () => {
  it.each([
    undefined,
    "Bearer",
    "Bearer ",
    "Bearer wrong",
    `Bearer ${TOKEN}x`,
    `Basic ${TOKEN}`,
    TOKEN,
    `Bearer ${TOKEN} x`,
  ])("is not %s", async (authorization) => {
    for (const url of [PLAN, `${API}/nothing`, "/metrics", "/api"]) {
      const answer = await guarded.inject({ url, headers: authorization === undefined ? {} : { authorization } });
      expect(problemIn(answer, "SB_UNAUTHORIZED").status).toBe(401);
      expect(answer.headers["www-authenticate"]).toMatch(/^Bearer/);
      expect(answer.body).not.toContain(TOKEN);
    }
  });

  it("opens the API, and is not needed for the page, its description and health", async () => {
    const authorization = `Bearer ${TOKEN}`;
    expect((await guarded.inject({ url: PLAN, headers: { authorization } })).statusCode).toBe(200);
    for (const url of ["/", "/docs/json"]) expect((await guarded.inject({ url })).statusCode, url).toBe(200);
    problemIn(await guarded.inject({ url: "/healthz" }), "SB_DATABASE_UNREACHABLE");
  });

  it("is needed however the path is written", async () => {
    for (const url of [
      "/api/mock-data/../mock-data/jobs",
      "/%61pi/mock-data/jobs",
      "//api/mock-data/jobs",
      "/API/mock-data/jobs",
    ]) {
      const { statusCode } = await guarded.inject({ url });
      expect([401, 404], url).toContain(statusCode);
    }
  });
});

it("knows addresses that only this machine reaches", () => {
  for (const host of ["127.0.0.1", "localhost", "::1", "127.1.2.3"]) expect(isLoopback(host), host).toBe(true);
  for (const host of ["0.0.0.0", "::", "192.168.1.1", "127.evil.example", "example.com"]) {
    expect(isLoopback(host), host).toBe(false);
  }
});

describe("the page", () => {
  it("says that it is not built, where it is not", async () => {
    const answer = await app.inject({ url: "/" });
    expect(answer.headers["content-type"]).toMatch(/^text\/html/);
    expect(answer.body).toContain("not built");
  });

  it("is served where it is, with nothing beside it, and loads nothing from elsewhere", async () => {
    const folder = mkdtempSync(join(tmpdir(), "seed-bulk-web-"));
    mkdirSync(join(folder, "web/assets"), { recursive: true });
    writeFileSync(join(folder, "web/index.html"), "<!doctype html><title>here</title>");
    writeFileSync(join(folder, "web/assets/app-1a2b.js"), "export {};");
    writeFileSync(join(folder, "secret.txt"), "secret");
    const other = await testApp(testServices(undefined, { webDir: join(folder, "web") }));
    const page = await other.inject({ url: "/" });
    expect(page.body).toContain("here");
    expect(page.headers["content-security-policy"]).toMatch(/default-src 'self'.*frame-ancestors 'none'/);
    expect(page.headers["cache-control"]).toBe("no-cache");
    const script = await other.inject({ url: "/assets/app-1a2b.js" });
    expect(script.headers["cache-control"]).toContain("immutable");
    for (const url of ["/../secret.txt", "/..%2fsecret.txt", "/assets/..%5c..%5csecret.txt", "/%2e%2e/secret.txt"]) {
      const answer = await other.inject({ url });
      expect(answer.statusCode, url).toBeGreaterThanOrEqual(400);
      expect(answer.body).not.toBe("secret");
    }
    await other.close();
    rmSync(folder, { recursive: true });
  });
});
