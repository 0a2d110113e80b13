import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "vitest";
import { CLEANUP_TOKEN } from "../../../src/cli/commands/cleanup.js";
import { requireEntity } from "../../../src/cli/options.js";
import { MAX_ROWS_DEFAULT } from "../../../src/engine/guard/guard-request.js";
import { type App, type AppOptions, buildApp } from "../../../src/http/app.js";
import { Problem } from "../../../src/http/schemas.js";
import type { Services } from "../../../src/http/services.js";
import { listScenarios, loadScenario } from "../../../src/model/scenario/index.js";
import { MODELS } from "../../../src/models/index.js";

const SEARCH_DIRS = [resolve(import.meta.dirname, "../../../scenarios")];

/** Nobody listens there. */
export const NO_DATABASE = "postgres://nobody@127.0.0.1:1/nothing";

export const API = "/api/mock-data";

/** A server's services as `serve` puts them together, on a database of the test's choice. */
export function testServices(url: string = NO_DATABASE, changes: Partial<Services> = {}): Services {
  const env = { SEED_BULK_ENABLED: "true" };
  return {
    target: { kind: "postgres", url, embedded: false, safety: { adoptSchema: false, maxRows: MAX_ROWS_DEFAULT, env } },
    workers: 1,
    estimateOf: ({ rows }, rate) => ({ seconds: rows / (rate ?? 500_000), from: rate ? "request" : "assumption" }),
    rememberLoad: () => {},
    lookAt: [],
    cleanupToken: CLEANUP_TOKEN,
    version: "0.0.0-test",
    webDir: undefined,
    exportsDir: join(tmpdir(), `seed-bulk-exports-${process.pid}`),
    listScenarios: () => listScenarios(SEARCH_DIRS),
    loadScenario: (name, overrides) => loadScenario({ name, overrides, models: MODELS, searchDirs: SEARCH_DIRS }),
    requireEntity,
    log: () => {},
    ...changes,
  };
}

/** An app on loopback without a token. */
export function testApp(services: Services = testServices(), changes: Partial<AppOptions> = {}): Promise<App> {
  return buildApp({ services, access: { host: "127.0.0.1" }, ...changes });
}

type Answer = Awaited<ReturnType<App["inject"]>>;

/** Expects a problem document of a code, and gives it. */
export function problemIn(answer: Pick<Answer, "statusCode" | "headers" | "json" | "body">, code: string) {
  expect(answer.headers["content-type"], answer.body).toMatch(/^application\/problem\+json/);
  const problem = Problem.strict().parse(answer.json());
  expect(problem.code, answer.body).toBe(code);
  expect(problem.status).toBe(answer.statusCode);
  expect(problem.type).toBe(`errors#${code}`);
  return problem;
}

/** Posts JSON. */
export function post(app: App, path: string, payload: unknown): Promise<Answer> {
  return app.inject({
    method: "POST",
    url: `${API}/${path}`,
    headers: { "content-type": "application/json" },
    payload: JSON.stringify(payload),
  });
}
