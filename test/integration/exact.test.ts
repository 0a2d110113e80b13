import type pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { connect } from "../../src/postgres/connection.js";
import { copyOut, readingBack } from "../../src/postgres/copy-source.js";
import { qualified } from "../../src/postgres/identifiers.js";
import { jsonbForm } from "../../src/verify/exact/json-form.js";
import { verifyExact } from "../../src/verify/exact.js";
import type { CheckResult } from "../../src/verify/result.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { comparersHere } from "../support/exact-comparers.js";
import { EXACT_MODEL, exactUniverse, loadExact } from "../support/exact-model.js";

const { schema } = EXACT_MODEL;
const SHOPS = qualified(schema, "Shops & co");
const ORDERS = qualified(schema, "orders");
const PAIRS = qualified(schema, "pairs");

const { universe, plan } = exactUniverse();
let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await testDatabase();
  client = await database.client();
  await loadExact(client, universe, plan);
});
afterAll(() => database.drop());

/** Undoes what a test spoils: each table is put back as it was. */
beforeAll(async () => {
  await client.query("CREATE SCHEMA kept");
  for (const { name } of EXACT_MODEL.entities) {
    await client.query(`CREATE TABLE ${qualified("kept", name)} AS TABLE ${qualified(schema, name)}`);
  }
});
afterEach(async () => {
  await client.query(`TRUNCATE ${[SHOPS, ORDERS, PAIRS].join(", ")}`);
  for (const { name } of EXACT_MODEL.entities) {
    await client.query(`INSERT INTO ${qualified(schema, name)} TABLE ${qualified("kept", name)}`);
  }
});

function verify(): Promise<CheckResult[]> {
  return verifyExact({ url: database.url, schema, universe, plan, workers: 2 }, comparersHere(universe));
}

/** The one failed check; all others must have passed. */
async function onlyFault(entity: string): Promise<CheckResult> {
  const results = await verify();
  expect(results.filter(({ ok }) => !ok).map((result) => result.entity)).toEqual([entity]);
  return results.find(({ ok }) => !ok)!;
}

async function value(sql: string): Promise<string> {
  const { rows } = await client.query({ text: sql, rowMode: "array" });
  return rows[0][0];
}

describe("verify --exact", () => {
  it("passes a good load, whatever the order of its heap and the writing of its documents", async () => {
    const results = await verify();
    expect(results.map(({ name, ok, rowsChecked }) => ({ name, ok, rowsChecked }))).toEqual([
      { name: "exact Shops & co", ok: true, rowsChecked: 40 },
      { name: "exact orders", ok: true, rowsChecked: 5000 },
      { name: "exact pairs", ok: true, rowsChecked: 3000 },
    ]);
    expect(results[1]).toMatchObject({ kind: "exact", found: "5,000 rows, equal byte for byte", offending: [] });
  });

  it("finds one byte changed in one text", async () => {
    const before = await value(`SELECT label FROM ${ORDERS} WHERE id = 4321`);
    await client.query(`UPDATE ${ORDERS} SET label = overlay(label PLACING 'X' FROM 2 FOR 1) WHERE id = 4321`);
    const fault = await onlyFault("orders");
    const spoiled = `${before[0]}X${before.slice(2)}`;
    expect(fault.found).toBe(`1 row differs; first, id 4321: label is '${spoiled}'`);
    expect(fault.expected).toBe(`5,000 rows as planned; id 4321: label is '${before}'`);
    expect(fault.offending).toHaveLength(1);
    expect(fault.offending[0]).toMatchObject({
      difference: "differs",
      id: "4321",
      label: spoiled,
      "label (should be)": before,
    });
    expect(Object.keys(fault.offending[0]).filter((key) => key.endsWith("(should be)"))).toHaveLength(1);
  });

  it("finds a time shifted by a microsecond", async () => {
    await client.query(`UPDATE ${SHOPS} SET opened_at = opened_at + interval '1 microsecond' WHERE id = 1`);
    const fault = await onlyFault("Shops & co");
    const [row] = fault.offending;
    const micros = (text: string | null): number => Number(/\.(\d+)/.exec(text ?? "")?.[1].padEnd(6, "0"));
    expect(row).toMatchObject({ difference: "differs", id: "1" });
    expect(micros(row["opened_at"]) - micros(row["opened_at (should be)"])).toBe(1);
  });

  it("finds an empty text where NULL is due, and NULL where an empty text is", async () => {
    const empty = await value(`SELECT min(id) FROM ${SHOPS} WHERE slogan = ''`);
    const nothing = await value(`SELECT min(id) FROM ${SHOPS} WHERE slogan IS NULL`);
    await client.query(
      `UPDATE ${SHOPS} SET slogan = CASE WHEN id = ${empty} THEN NULL ELSE '' END WHERE id IN ($1, $2)`,
      [empty, nothing],
    );
    const fault = await onlyFault("Shops & co");
    expect(fault.offending).toContainEqual(
      expect.objectContaining({ id: String(empty), slogan: null, "slogan (should be)": "" }),
    );
    expect(fault.offending).toContainEqual(
      expect.objectContaining({ id: String(nothing), slogan: "", "slogan (should be)": null }),
    );
    expect(fault.offending).toHaveLength(2);
  });

  it("finds a deleted row, at the start, inside and at the end", async () => {
    await client.query(`DELETE FROM ${ORDERS} WHERE id IN (1000, 2024, 5999)`);
    const fault = await onlyFault("orders");
    expect(fault.found).toBe("3 rows missing; first, id 1000 is missing");
    expect(fault.offending.map(({ difference, id }) => [difference, id])).toEqual([
      ["missing", "1000"],
      ["missing", "2024"],
      ["missing", "5999"],
    ]);
    expect(fault.rowsChecked).toBe(4997);
  });

  it("finds rows beyond either end of the IDs", async () => {
    await client.query(
      `INSERT INTO ${ORDERS} SELECT 999, shop_id, number, status, amount, label, paid, origin, ordered_at FROM ${ORDERS} WHERE id = 1000 ` +
        `UNION ALL SELECT 6000, shop_id, number, status, amount, label, paid, origin, ordered_at FROM ${ORDERS} WHERE id = 1000`,
    );
    const fault = await onlyFault("orders");
    expect(fault.found).toBe("2 rows too many; first, id 999 is there");
    expect(fault.expected).toBe("5,000 rows as planned; no id 999");
    expect(fault.offending.map(({ difference, id }) => [difference, id])).toEqual([
      ["additional", "999"],
      ["additional", "6000"],
    ]);
  });

  it("finds two rows whose values were swapped", async () => {
    await client.query(
      `UPDATE ${ORDERS} o SET amount = p.amount, label = p.label FROM ${ORDERS} p ` +
        "WHERE (o.id, p.id) IN ((3000, 3001), (3001, 3000))",
    );
    const fault = await onlyFault("orders");
    expect(fault.offending.map(({ id }) => id)).toEqual(["3000", "3001"]);
    expect(fault.offending[0]["amount"]).toBe(fault.offending[1]["amount (should be)"]);
    expect(fault.offending[1]["label"]).toBe(fault.offending[0]["label (should be)"]);
  });

  it("finds a document that means something else, and a number written otherwise", async () => {
    await client.query(
      `UPDATE ${SHOPS} SET facts = jsonb_set(facts, '{id}', '2') WHERE id = (SELECT min(id) FROM ${SHOPS} WHERE facts ? 'floors')`,
    );
    expect((await onlyFault("Shops & co")).found).toMatch(
      /^1 row differs; .* facts is '\{"id": 2, "area": 15.0, "floors": 2\}'/,
    );
  });

  it("counts all and names ten where a whole column is wrong", async () => {
    await client.query(`UPDATE ${ORDERS} SET paid = NOT paid`);
    const fault = await onlyFault("orders");
    expect(fault.found).toMatch(/^5,000 rows differ; first, id 1000: paid is/);
    expect(fault.offending.map(({ id }) => id)).toEqual(Array.from({ length: 10 }, (_, i) => String(1000 + i)));
  });

  it("finds an emptied table", async () => {
    await client.query(`TRUNCATE ${ORDERS}`);
    expect((await onlyFault("orders")).found).toBe("5,000 rows missing; first, id 1000 is missing");
  });

  describe("of a table without an ID", () => {
    it("finds a changed row by its key", async () => {
      await client.query(`UPDATE ${PAIRS} SET weight = weight + 1 WHERE shop_id = 12 AND place = 3`);
      const fault = await onlyFault("pairs");
      expect(fault.found).toMatch(/^1 row differs; first, shop_id 12: weight is/);
      const [row] = fault.offending;
      expect(row).toMatchObject({ difference: "differs", shop_id: "12", place: "3" });
      expect(Number(row["weight"]) - Number(row["weight (should be)"])).toBe(1);
    });

    it("finds missing and additional rows", async () => {
      await client.query(`DELETE FROM ${PAIRS} WHERE shop_id = 40 AND place = 1`);
      await client.query(`INSERT INTO ${PAIRS} VALUES (1, 9999, 0, 0, NULL)`);
      const fault = await onlyFault("pairs");
      expect(fault.found).toMatch(/^1 row missing, 1 row too many/);
      expect(fault.offending.map(({ difference, place }) => [difference, place]).sort()).toEqual([
        ["additional", "9999"],
        ["missing", "1"],
      ]);
    });

    it("finds two rows that have traded values", async () => {
      await client.query(
        `UPDATE ${PAIRS} o SET wide = p.wide FROM ${PAIRS} p WHERE o.shop_id = p.shop_id AND o.shop_id = 5 ` +
          "AND (o.place, p.place) IN ((1, 2), (2, 1))",
      );
      expect((await onlyFault("pairs")).found).toMatch(/^2 rows differ/);
    });
  });

  describe("of a table that was altered", () => {
    it("compares without the primary key, too", async () => {
      await client.query(`ALTER TABLE ${ORDERS} DROP CONSTRAINT orders_pkey`);
      try {
        expect((await verify()).map(({ ok }) => ok)).toEqual([true, true, true]);
        await client.query(`INSERT INTO ${ORDERS} SELECT * FROM ${ORDERS} WHERE id = 1500`);
        const fault = await onlyFault("orders");
        expect(fault.found).toBe("1 row too many; first, id 1500 is there");
      } finally {
        await client.query(`DELETE FROM ${ORDERS}`);
        await client.query(`ALTER TABLE ${ORDERS} ADD CONSTRAINT orders_pkey PRIMARY KEY (id)`);
      }
    });

    it("tells of a column that is gone, a table that is gone, and a type that is another", async () => {
      await client.query(`ALTER TABLE ${SHOPS} RENAME COLUMN slogan TO motto`);
      await client.query(`ALTER TABLE ${PAIRS} RENAME TO pears`);
      await client.query(`ALTER TABLE ${ORDERS} ALTER COLUMN number TYPE int8`);
      try {
        const results = await verify();
        expect(results.map(({ ok }) => ok)).toEqual([false, false, false]);
        expect(results[0].found).toBe("there is no column slogan");
        expect(results[1].found).toBe("5,000 rows differ; first, id 1000: number is '1 (bigint)'");
        expect(results[1].expected).toBe("5,000 rows as planned; id 1000: number is '1 (int4)'");
        expect(results[2].found).toBe("there is no such table");
      } finally {
        await client.query(`ALTER TABLE ${SHOPS} RENAME COLUMN motto TO slogan`);
        await client.query(`ALTER TABLE ${qualified(schema, "pears")} RENAME TO pairs`);
        await client.query(`ALTER TABLE ${ORDERS} ALTER COLUMN number TYPE int4`);
      }
    });
  });

  it("stops at an abort", async () => {
    const signal = AbortSignal.abort();
    await expect(
      verifyExact({ url: database.url, schema, universe, plan, workers: 2, signal }, comparersHere(universe)),
    ).rejects.toMatchObject({ code: "SB_INTERRUPTED" });
  });

  it("goes on where a connection breaks, once", async () => {
    let broken = 0;
    const here = comparersHere(universe);
    const results = await verifyExact(
      { url: database.url, schema, universe, plan, workers: 2 },
      (settings, options) => {
        const comparers = here(settings, options);
        return {
          ...comparers,
          async run(task) {
            if (task.kind !== "range" || task.start === 0 || broken++ > 0) return comparers.run(task);
            return { ok: false, message: "Connection terminated unexpectedly", code: undefined, cancelled: false };
          },
        };
      },
    );
    expect(results.every(({ ok }) => ok)).toBe(true);
  });

  it("knows how Postgres writes a document", async () => {
    const documents = [
      '{"b":1,"aa":2,"a":{"z":[1,2,{"k":null}],"y":true}}',
      '{"a":1,"a":2}',
      " [ 1 , -0, 0.00, -0.50, 1.50, 1e2, 1.5e3, 12E-3, 1.2e-10, 123456789012345678901234567890, 1e+0 ] ",
      '"\\u00e9\\u0001\\n\\t\\b\\f\\r\\/ \\"quoted\\" back\\\\slash 🦄"',
      '{"é":1,"zz":2,"":3}',
      "{}",
      "[]",
      " null ",
    ];
    for (const document of documents) {
      const { rows } = await client.query<{ kept: string }>("SELECT $1::jsonb::text AS kept", [document]);
      expect(jsonbForm(document)).toBe(rows[0].kept);
    }
    expect(jsonbForm("{broken")).toBe("{broken");
  });

  describe("reading back", () => {
    const endless = "COPY (SELECT generate_series(1, 1000000000)) TO STDOUT WITH (FORMAT binary)";

    it("ends with the connection", async () => {
      const reader = await connect(database.url);
      const { rows } = await reader.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
      let read = 0;
      const copied = copyOut(reader, endless, () => {
        if (read++ === 0) void client.query("SELECT pg_terminate_backend($1)", [rows[0].pid]);
      });
      await expect(copied).rejects.toThrow();
      expect(read).toBeGreaterThan(0);
      await reader.end().catch(() => {});
    });

    it("ends where its reader throws", async () => {
      const reader = await connect(database.url);
      let read = 0;
      const copied = copyOut(reader, endless, () => {
        if (++read === 10_000) throw new Error("enough");
      });
      await expect(copied).rejects.toThrow("enough");
      expect(read).toBe(10_000);
      await reader.end().catch(() => {});
    });

    it("goes on with the next statement after one that the server refuses", async () => {
      const reader = await connect(database.url);
      await expect(
        copyOut(reader, "COPY (SELECT 1 / 0) TO STDOUT WITH (FORMAT binary)", () => {}),
      ).rejects.toMatchObject({ code: "22012" });
      const rows: string[] = [];
      await copyOut(reader, "COPY (SELECT 7::int4 WHERE false) TO STDOUT WITH (FORMAT binary)", (row) => {
        rows.push(row.toString("hex"));
      });
      await copyOut(reader, "COPY (SELECT 7::int4) TO STDOUT WITH (FORMAT binary)", (row) => {
        rows.push(row.toString("hex"));
      });
      expect(rows).toEqual(["00010000000400000007"]);
      await reader.end();
    });

    it("cannot write", async () => {
      const reader = await connect(database.url);
      await expect(readingBack(reader, () => reader.query(`DELETE FROM ${ORDERS}`))).rejects.toMatchObject({
        code: "25006",
      });
      await reader.end();
    });
  });
});
