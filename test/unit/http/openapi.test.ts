import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { API, testApp } from "./app.helper.js";

const DOCS = readFileSync(resolve(import.meta.dirname, "../../../docs/http-api.md"), "utf8");

it("describes every route with its schemas, and the documentation names each", async () => {
  const app = await testApp();
  const { paths, openapi } = (await app.inject({ url: "/docs/json" })).json();
  await app.close();
  expect(openapi).toBe("3.1.0");
  const described = Object.entries(paths as Record<string, Record<string, { summary?: string; responses: object }>>)
    .flatMap(([path, methods]) => Object.entries(methods).map(([method, route]) => ({ path, method, route })))
    .map(({ path, method, route }) => ({ name: `${method.toUpperCase()} ${path.replace(`${API}/`, "")}`, route }));
  expect(described.map(({ name }) => name).sort()).toEqual([
    "DELETE cleanup",
    "GET /healthz",
    "GET events",
    "GET jobs",
    "GET plan",
    "GET preview",
    "GET report",
    "GET scenarios",
    "GET status",
    "GET toggle",
    "GET verify",
    "POST cancel",
    "POST export",
    "POST generate",
    "POST introspection",
    "POST resume",
    "POST toggle",
  ]);
  for (const { name, route } of described) {
    expect(route.summary, name).toBeTruthy();
    expect(JSON.stringify(route.responses), name).toContain("application/problem+json");
    expect(DOCS, name).toContain(name.replace("GET /", "/"));
  }
});
