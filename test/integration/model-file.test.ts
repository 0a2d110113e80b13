import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandResult, runCommand, startCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";

const ENABLED = { SEED_BULK_ENABLED: "true" };
const ROOT = resolve(import.meta.dirname, "../..");
const EXAMPLE = join(ROOT, "scenarios/example.model.yaml");

let folder: string;
let file: string;
let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "seed-bulk-model-"));
  file = join(folder, "shop.model.yaml");
  copyFileSync(EXAMPLE, file);
  database = await testDatabase();
  client = await database.client();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database.drop();
});

const command = (...args: string[]): Promise<CommandResult> => runCommand(args, ENABLED);
const withDatabase = (...args: string[]): Promise<CommandResult> => command(...args, "--database-url", database.url);

async function digests(...args: string[]): Promise<unknown> {
  const { stdout, stderr, code } = await command(...args, "--sink", "digest", "--json");
  expect(code, stderr).toBe(0);
  const { entities } = JSON.parse(stdout) as { entities: { entity: string; digest: string }[] };
  return entities.map(({ entity, digest }) => [entity, digest]);
}

describe("a model of one's own", () => {
  it("loads through worker threads, verifies to the byte, and is found again by later commands", async () => {
    const loaded = await withDatabase("--model", file, "--workers", "2");
    expect(loaded.code, loaded.stderr).toBe(0);
    expect(loaded.stdout).toMatch(/Verified: \d+ checks .* all hold/);
    // The run keeps the model's text: the file may be gone.
    rmSync(file);
    const exact = await withDatabase("verify", "--exact");
    expect(exact.code, exact.stdout + exact.stderr).toBe(0);
    copyFileSync(EXAMPLE, file);
    const { rows } = await client.query(
      "SELECT count(*)::int AS n FROM shop.orders o JOIN shop.lines l ON l.order_id = o.id GROUP BY o.id, o.total HAVING sum(l.amount) <> o.total",
    );
    expect(rows).toEqual([]);
  });

  it("has the same bytes for any number of workers, and in a program's spelling", async () => {
    const one = await digests("--model", file, "--workers", "1");
    expect(await digests("--model", file, "--workers", "3")).toEqual(one);
    const program = join(folder, "shop.model.mjs");
    writeFileSync(
      program,
      `import { readFileSync } from "node:fs";
       import { defineModel } from ${JSON.stringify(join(ROOT, "dist/src/index.js"))};
       import { parse } from ${JSON.stringify(join(ROOT, "node_modules/yaml/dist/index.js"))};
       export default defineModel(parse(readFileSync(${JSON.stringify(file)}, "utf8")));`,
    );
    expect(await digests("--model", program, "--workers", "2")).toEqual(one);
  });

  it("is served: listed, planned, previewed and loaded over HTTP, by scenarios that name it", async () => {
    const scenarios = join(folder, "scenarios", "own");
    mkdirSync(scenarios, { recursive: true });
    writeFileSync(join(scenarios, "few.yaml"), "model: ../../shop.model.yaml\nsizes: { customers: 50, orders: 200 }\n");
    const explained = await runCommand(
      ["explain", "--scenario", "few", "--entity", "orders", "--id", "5"],
      ENABLED,
      folder,
    );
    expect([explained.code, explained.stderr]).toEqual([0, ""]);
    const args = ["serve", "--port", "0", "--database-url", database.url];
    const { child, done, until } = startCommand(args, ENABLED, folder);
    try {
      let told = "";
      child.stdout!.on("data", (text: string) => {
        told += text;
      });
      await until(/serves at/);
      const base = `${/http:\S+\d/.exec(told)![0]}/api/mock-data`;
      // biome-ignore lint/suspicious/noExplicitAny: answers of several forms
      const json = async (answer: Response): Promise<any> => answer.json();
      const get = async (path: string) => json(await fetch(`${base}/${path}`));
      const { scenarios: listed, models } = await get("scenarios");
      expect(listed.find(({ name }: { name: string }) => name === "few")).toMatchObject({
        model: "own",
        problem: null,
      });
      expect(models.find(({ name }: { name: string }) => name === "own").entities).toHaveLength(5);
      expect((await get("plan?scenario=own/few")).scenario.sizes.customers).toBe(50);
      expect((await get("preview?scenario=own/few&entity=orders")).columns.length).toBeGreaterThan(5);
      const body = JSON.stringify({ scenario: "own/few", config: { dryRun: false }, schema: "served" });
      const headers = { "content-type": "application/json" };
      const { jobId } = await json(await fetch(`${base}/generate`, { method: "POST", headers, body }));
      // The stream ends with the job.
      await (await fetch(`${base}/events?jobId=${jobId}`)).text();
      expect(await get(`status?jobId=${jobId}`)).toMatchObject({ status: "completed", verification: { ok: true } });
    } finally {
      child.kill("SIGTERM");
    }
    expect((await done).code).toBe(0);
  });

  it("has lists of files beside it, whose content is part of the plan", async () => {
    const towns = join(folder, "towns.csv");
    const model = join(folder, "towns.model.yaml");
    writeFileSync(towns, 'town,code,people\n"Alpha, the first",01,9\nBeta,02,1\n');
    writeFileSync(
      model,
      "model: towns\nwindow: { from: 2025-01-01, to: 2026-01-01 }\nlists: { towns: { file: towns.csv, weight: people } }\n" +
        "tables:\n  people:\n    rows: 2000\n    columns: { id: id, _town: { pick: towns }, town: _town.town, code: _town.code }\n",
    );
    const planOf = async (): Promise<string> =>
      JSON.parse((await command("plan", "--model", model, "--json")).stdout).hash;
    const before = await planOf();
    const loaded = await withDatabase("--model", model, "--workers", "2");
    expect(loaded.code, loaded.stderr).toBe(0);
    const { rows } = await client.query(
      "SELECT town, code, count(*)::int AS n FROM towns.people GROUP BY 1, 2 ORDER BY 1",
    );
    expect(rows.map(({ town, code }) => [town, code])).toEqual([
      ["Alpha, the first", "01"],
      ["Beta", "02"],
    ]);
    expect(rows[0].n).toBeGreaterThan(1700);
    writeFileSync(towns, "town,code,people\nGamma,03,9\n");
    expect(await planOf()).not.toBe(before);
    // The run keeps what its files held.
    const exact = await withDatabase(
      "verify",
      "--exact",
      "--run",
      JSON.parse((await withDatabase("status", "--json")).stdout).runs[0].runId,
    );
    expect(exact.code, exact.stdout + exact.stderr).toBe(0);
    rmSync(towns);
    const missing = await command("plan", "--model", model);
    expect([missing.code, missing.stderr]).toEqual([
      2,
      expect.stringMatching(/towns.model.yaml:3:10 lists.towns: cannot read towns.csv: no such file/),
    ]);
  });

  it("resumes after it was killed, and is refused where its file has changed since", async () => {
    const load = startCommand(
      [
        "--model",
        file,
        "--scenario",
        "big",
        "--scale",
        "0.3",
        "--schema",
        "killed",
        "--no-verify",
        "--database-url",
        database.url,
      ],
      ENABLED,
    );
    await load.until(/load {2}started/);
    load.child.kill("SIGKILL");
    await load.done;
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("members: 0.3", "members: 0.4"));
    const changed = await withDatabase("resume", "--workers", "2");
    expect(changed.stderr).toMatch(/error SB_RUN_CHANGED/);
    expect(changed.code).toBe(3);
    writeFileSync(file, text);
    const resumed = await withDatabase("resume", "--workers", "2");
    expect(resumed.code, resumed.stderr).toBe(0);
    const { rows } = await client.query("SELECT count(*)::int AS n FROM killed.orders");
    expect(rows).toEqual([{ n: 120_000 }]);
  });

  it("is previewed, explained, exported and told of by a scenario's own file", async () => {
    const preview = await command("preview", "--model", file, "--entity", "orders", "--rows", "2");
    expect(preview.code, preview.stderr).toBe(0);
    const explained = await command("explain", "--model", file, "--entity", "orders", "--id", "5");
    expect(explained.code, explained.stderr).toBe(0);
    expect(explained.stdout).toContain("customers");
    const exported = await command("export", "--model", file, "--format", "sql", "--out", "-");
    expect(exported.stdout).toContain('FOREIGN KEY ("customer_id")');
    const scenario = join(folder, "small.yaml");
    writeFileSync(scenario, "model: ./shop.model.yaml\nsizes: { customers: 10, orders: 50 }\n");
    const planned = await command("plan", "--scenario", scenario, "--json");
    expect(planned.code, planned.stderr).toBe(0);
    const { entities } = JSON.parse(planned.stdout) as { entities: { entity: string; rows: number }[] };
    expect(entities.find(({ entity }) => entity === "orders")?.rows).toBe(50);
  });

  it("that is wrong is told with file and line, and exit code 2", async () => {
    const wrong = join(folder, "wrong.model.yaml");
    const text = readFileSync(EXAMPLE, "utf8").replace("{ word: city }", "{ wrod: city }");
    writeFileSync(wrong, text);
    const line = text.split("\n").findIndex((one) => one.includes("wrod")) + 1;
    const { code, stderr } = await command("plan", "--model", wrong);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error SB_MODEL_INVALID: the model .* has 1 problem:$/m);
    expect(stderr).toContain(
      `wrong.model.yaml:${line}:7 tables.customers.columns.city: there is no kind "wrod", did you mean word?`,
    );
    const missing = await command("plan", "--model", join(folder, "none.yaml"));
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining("error SB_MODEL_NOT_FOUND")]);
  });
});

describe("init and kinds", () => {
  it("write a model that works, and list what columns are made of", async () => {
    const init = await runCommand(["init", "mine"], ENABLED, folder);
    expect(init.code, init.stderr).toBe(0);
    const planned = await command("plan", "--model", join(folder, "mine.model.yaml"));
    expect(planned.stdout).toMatch(/^mine: model mine/);
    const again = await runCommand(["init", "mine"], ENABLED, folder);
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining("is there already")]);
    const kinds = await command("kinds");
    expect(kinds.stdout).toContain("tier: { exactly: { gold: 0.05, basic: 0.95 } }");
    expect((await command("kinds", "choise")).stderr).toContain("did you mean choice?");
  });
});
