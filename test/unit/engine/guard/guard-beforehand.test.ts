import { createServer, type Server } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { generateCommand } from "../../../../src/cli/commands/generate.js";
import { resumeCommand } from "../../../../src/cli/commands/resume.js";
import { rowsAtLeast } from "../../../../src/engine/guard/guard-beforehand.js";
import { openUniverse } from "../../../../src/engine/open-universe.js";
import { generate } from "../../../../src/engine/run/generate.js";
import { resume } from "../../../../src/engine/run/resume.js";
import { buildPlan } from "../../../../src/model/plan.js";
import { Universe } from "../../../../src/model/universe.js";
import { acquireEmbeddedServer } from "../../../../src/postgres/embedded/server.js";
import { planned as scenarioNamed } from "../../../support/planned.js";
import { smallUniverse } from "../../../support/safety-run.js";

vi.mock(import("../../../../src/model/plan.js"), async (original) => {
  const module = await original();
  return { ...module, buildPlan: vi.fn(module.buildPlan) };
});
vi.mock(import("../../../../src/postgres/embedded/server.js"), async (original) => {
  return { ...(await original()), acquireEmbeddedServer: vi.fn(() => Promise.reject(new Error("it was started"))) };
});

let server: Server;
let port: number;
let connections = 0;
beforeAll(async () => {
  server = createServer((socket) => {
    connections++;
    socket.destroy();
  }).listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  port = (server.address() as { port: number }).port;
});
afterAll(() => new Promise((closed) => server.close(closed)));
beforeEach(() => {
  connections = 0;
  vi.mocked(buildPlan).mockClear();
  vi.stubEnv("DATABASE_URL", undefined);
  vi.stubEnv("NODE_ENV", "test");
  vi.stubEnv("SEED_BULK_ENABLED", "true");
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const urlOf = (database = "app"): string => `postgres://me@127.0.0.1:${port}/${database}`;
const load = (...args: string[]): Promise<unknown> =>
  generateCommand()
    .exitOverride()
    .parseAsync(["--scenario", "demo", ...args], { from: "user" });

const refused = (...reasons: RegExp[]) => ({
  code: "SB_REFUSED",
  message: expect.stringMatching(new RegExp(reasons.map(({ source }) => `\\n {2}- [^\\n]*${source}`).join("[^\\n]*"))),
});

describe("what needs no server to be refused", () => {
  it.each([
    { what: "the environment", env: { NODE_ENV: "production" }, args: [], reason: /NODE_ENV/ },
    { what: "a database that nothing enables", env: { SEED_BULK_ENABLED: "" }, args: [], reason: /SEED_BULK_ENABLED/ },
    { what: "too many rows", env: {}, args: ["--max-rows", "100"], reason: /at least [\d,]+ rows, more than 100/ },
    { what: "the ledger's schema", env: {}, args: ["--schema", "seed_bulk"], reason: /ledger/ },
  ])("is refused before a plan is made and before anybody is asked: $what", async ({ env, args, reason }) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    await expect(load("--database-url", urlOf(), ...args)).rejects.toMatchObject(refused(reason));
    expect(connections).toBe(0);
    expect(buildPlan).not.toHaveBeenCalled();
  });

  it("is refused by the address's names", async () => {
    await expect(load("--database-url", urlOf("app_prod"))).rejects.toMatchObject(
      refused(/"app_prod" says production/),
    );
    vi.stubEnv("DATABASE_URL", "postgres://me@db.prod.example.com/app");
    await expect(load()).rejects.toMatchObject(refused(/"db\.prod\.example\.com" says production/));
    expect(connections).toBe(0);
    expect(buildPlan).not.toHaveBeenCalled();
  });

  it("is refused before the embedded server is started", async () => {
    vi.stubEnv("NODE_ENV", "production");
    await expect(load()).rejects.toMatchObject(refused(/NODE_ENV/));
    await expect(resumeCommand().exitOverride().parseAsync([], { from: "user" })).rejects.toMatchObject(
      refused(/NODE_ENV/),
    );
    expect(acquireEmbeddedServer).not.toHaveBeenCalled();
    expect(buildPlan).not.toHaveBeenCalled();
  });

  it("is refused with every reason at once", async () => {
    vi.stubEnv("NODE_ENV", "production");
    vi.stubEnv("SEED_BULK_ENABLED", "");
    const loading = load("--database-url", urlOf("prod"), "--max-rows", "1");
    await expect(loading).rejects.toMatchObject(
      refused(/NODE_ENV/, /SEED_BULK_ENABLED/, /"prod" says production/, /--max-rows/),
    );
  });

  it("is refused to a run that goes on, too", async () => {
    vi.stubEnv("NODE_ENV", "production");
    const going = resumeCommand().exitOverride().parseAsync(["--database-url", urlOf()], { from: "user" });
    await expect(going).rejects.toMatchObject(refused(/NODE_ENV/));
    expect(connections).toBe(0);
  });

  it("is refused by the library as well, whose caller has made the plan", async () => {
    const { universe, plan } = smallUniverse("small");
    const safety = { adoptSchema: false, maxRows: plan.rows - 1, env: { SEED_BULK_ENABLED: "true" } };
    const target = { kind: "postgres", url: urlOf(), embedded: false, safety } as const;
    await expect(generate({ universe, plan, workers: 1, target })).rejects.toMatchObject(refused(/2,030 rows/));
    const off = { ...target, safety: { ...safety, env: {} } };
    await expect(resume({ workers: 1, target: off })).rejects.toMatchObject(refused(/SEED_BULK_ENABLED/));
    expect(connections).toBe(0);
  });

  it("does not stand in the way of what writes to no database", async () => {
    vi.stubEnv("NODE_ENV", "production");
    vi.spyOn(process.stdout, "write").mockReturnValue(true);
    await load("--dry-run", "--max-rows", "1", "--database-url", urlOf());
    expect(buildPlan).toHaveBeenCalled();
  });
});

describe("the rows of a scenario before its plan", () => {
  it.each(["demo", "development", "normal-ops", "full_game", "tapflow_growth"])(
    "are never more than the plan's: %s",
    async (name) => {
      const scale = name === "full_game" ? 0.01 : 0.1;
      const planned = await scenarioNamed(name, { scale });
      const universe = await openUniverse(planned.universe.scenario);
      const programs = vi.spyOn(universe, "program");
      const fanOuts = vi.spyOn(universe, "fanOut");
      const least = rowsAtLeast(universe);
      expect(programs).not.toHaveBeenCalled();
      expect(fanOuts).not.toHaveBeenCalled();
      expect(least).toBeGreaterThan(0);
      expect(least).toBeLessThanOrEqual(planned.plan.rows);
      const [first] = universe.entities;
      expect(rowsAtLeast(universe, [first.name])).toBeLessThanOrEqual(universe.rowCount(first.name));
    },
  );

  it("are none below parents of which there are none", () => {
    const { universe } = smallUniverse("small");
    const [shops, ...others] = universe.entities;
    const none = { ...shops, rows: { kind: "fixed" as const, count: () => 0 } };
    const model = { ...universe.model, entities: [none, ...others] };
    expect(rowsAtLeast(new Universe(model, universe.scenario, {}))).toBe(0);
  });
});
