import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { ENABLED, FaultRun } from "../support/fault-run.js";

const ROOT = resolve(import.meta.dirname, "../..");
const SHOP = join(ROOT, "scenarios/shop.model.yaml");
const SMALL = ["--model", SHOP, "--scale", "0.02"];

let folder: string;
let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "seed-bulk-shop-"));
  database = await testDatabase();
  client = await database.client();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

async function digests(...args: string[]): Promise<unknown> {
  const { stdout, stderr, code } = await runCommand([...args, "--sink", "digest", "--json"]);
  expect(code, stderr).toBe(0);
  const { entities } = JSON.parse(stdout) as { entities: { entity: string; digest: string }[] };
  return entities.map(({ entity, digest }) => [entity, digest]);
}

describe("the shop, which is written in less than 150 lines without code", () => {
  it("has twelve tables, with keys of several columns, UUIDs, a tree and many-to-many", () => {
    const text = readFileSync(SHOP, "utf8");
    expect(text.trim().split("\n").length).toBeLessThan(150);
    expect(text.match(/^ {2}\w+:(\n {4}| { )rows:/gm)).toHaveLength(12);
  });

  it("goes on after a SIGKILL, verifies to the byte, and agrees from table to table", async () => {
    const run = new FaultRun(database, "shop", [...SMALL, "--workers", "2"]);
    const { child, done, until } = run.start();
    await until(/load {2}started/);
    child.kill("SIGKILL");
    await done;
    await run.expectWhole();
    const keys = await client.query(
      "SELECT pg_get_constraintdef(oid) AS key FROM pg_constraint WHERE contype = 'f' AND connamespace = 'shop'::regnamespace AND cardinality(conkey) > 1",
    );
    expect(keys.rows).toHaveLength(6);
    for (const wrong of [
      "shop.orders o WHERE goods <> (SELECT coalesce(sum(amount), 0) FROM shop.order_lines l WHERE l.order_id = o.id)",
      "shop.order_lines JOIN shop.products USING (merchant_id, sku) WHERE amount <> quantity * price",
      "shop.customers c WHERE (profile->>'orders')::int <> (SELECT count(*) FROM shop.orders o WHERE (o.merchant_id, o.customer_number) = (c.merchant_id, c.number))",
      "shop.categories WHERE parent_id >= id",
    ]) {
      expect((await client.query(`SELECT count(*)::int AS n FROM ${wrong}`)).rows[0].n, wrong).toBe(0);
    }
    const late = await client.query("SELECT count(*)::int AS n FROM shop.injected_anomalies WHERE name = 'late'");
    expect(late.rows[0].n).toBeGreaterThan(20);
  });

  it("has the same bytes for any number of workers, and in a program's spelling", async () => {
    const one = await digests(...SMALL, "--workers", "1");
    for (const workers of ["2", "3", "8"]) expect(await digests(...SMALL, "--workers", workers)).toEqual(one);
    const program = join(folder, "shop.model.mjs");
    writeFileSync(
      program,
      `import { readFileSync } from "node:fs";
       import { defineModel } from ${JSON.stringify(join(ROOT, "dist/src/index.js"))};
       import { parse } from ${JSON.stringify(join(ROOT, "node_modules/yaml/dist/index.js"))};
       export default defineModel(parse(readFileSync(${JSON.stringify(SHOP)}, "utf8")));`,
    );
    expect(await digests("--model", program, "--scale", "0.02", "--workers", "2")).toEqual(one);
  });

  it("is found wrong where a sum, a copy or an expression is", async () => {
    for (const [change, check] of [
      [
        "shop.orders SET goods = goods + 0.01, total = total + 0.01",
        "sum of orders: goods is the sum of amount of its order_lines",
      ],
      ["shop.order_lines SET name = name || '!'", "copies and texts of order_lines"],
      ["shop.orders SET total = total + 0.05", "computed orders.total"],
    ]) {
      const [table] = change.split(" ");
      await client.query("BEGIN");
      await client.query(`UPDATE ${change} WHERE ctid = (SELECT min(ctid) FROM ${table})`);
      await client.query("COMMIT");
      const { code, stdout } = await runCommand(["verify", "--json", "--database-url", database.url], ENABLED);
      expect(code).toBe(4);
      const { checks } = JSON.parse(stdout) as { checks: { name: string; ok: boolean }[] };
      expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toContain(check);
    }
  });

  it("is exported", async () => {
    const out = join(folder, "csv");
    const { code, stderr } = await runCommand(["export", ...SMALL, "--format", "csv", "--out", out]);
    expect(code, stderr).toBe(0);
    const files = readdirSync(out);
    expect(files.filter((name) => name.endsWith(".csv")).length).toBeGreaterThanOrEqual(13);
  });
});
