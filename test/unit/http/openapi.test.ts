import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import type { ZodType } from "zod";
import {
  CancelBody,
  ExportBody,
  GenerateBody,
  IntrospectionBody,
  ResumeBody,
  ToggleBody,
} from "../../../src/http/schemas.js";
import { API, testApp } from "./app.helper.js";

const DOCS = readFileSync(resolve(import.meta.dirname, "../../../docs/http-api.md"), "utf8");

it("describes every route with its schemas, and the documentation names each", async () => {
  const app = await testApp();
  const { paths, openapi } = (await app.inject({ url: "/docs/json" })).json();
  await app.close();
  expect(openapi).toBe("3.1.0");
  const described = Object.entries(
    paths as Record<string, Record<string, { summary?: string; tags?: string[]; responses: object }>>,
  )
    .flatMap(([path, methods]) => Object.entries(methods).map(([method, route]) => ({ path, method, route })))
    .map(({ path, method, route }) => ({ name: `${method.toUpperCase()} ${path.replace(`${API}/`, "")}`, route }));
  expect(described.map(({ name }) => name).sort()).toEqual([
    "DELETE cleanup",
    "GET /healthz",
    "GET cleanup",
    "GET database",
    "GET events",
    "GET file",
    "GET files",
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
    expect(route.tags, name).toHaveLength(1);
  }
});

it("has an example of each body, which the route takes", async () => {
  const app = await testApp();
  const { paths, components, info } = (await app.inject({ url: "/docs/json" })).json();
  await app.close();
  expect(info.title).toBe("seed-bulk API");
  const bodies: [string, unknown][] = Object.entries(
    paths as Record<string, { post?: { requestBody: object } }>,
  ).flatMap(([path, { post }]) => (post ? [[path, post.requestBody]] : []));
  expect(bodies).toHaveLength(6);
  const schemas: Record<string, ZodType> = {
    generate: GenerateBody,
    resume: ResumeBody,
    cancel: CancelBody,
    toggle: ToggleBody,
    export: ExportBody,
    introspection: IntrospectionBody,
  };
  for (const [path, body] of bodies) {
    const [, name] = /#\/components\/schemas\/(\w+)/.exec(JSON.stringify(body)) ?? [];
    const { examples } = name === undefined ? (body as never) : components.schemas[name];
    expect(examples, path).toHaveLength(1);
    expect(schemas[path.split("/").at(-1)!].safeParse(examples[0]).success, path).toBe(true);
  }
});
