import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { qualified } from "../../src/postgres/identifiers.js";
import { verifyExact } from "../../src/verify/exact.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { loadExact } from "../support/exact-model.js";
import { planned } from "../support/planned.js";

let database: TestDatabase;
let demo: Awaited<ReturnType<typeof planned>>;

beforeAll(async () => {
  database = await testDatabase();
  demo = await planned("demo");
  await loadExact(await database.client(), demo.universe, demo.plan);
});
afterAll(() => database.drop());

describe("verify --exact of the marketing model, on threads", () => {
  const verify = () => {
    const { schema } = demo.plan.scenario;
    const rows: number[] = [];
    const observer = { progress: (counts: readonly number[]) => void rows.splice(0, rows.length, ...counts) };
    const checked = verifyExact({ url: database.url, schema, ...demo, workers: 2, observer });
    return checked.then((results) => ({ results, rows }));
  };

  it("passes a good load, and counts its rows as it goes", async () => {
    const { results, rows } = await verify();
    expect(results.filter(({ ok }) => !ok)).toEqual([]);
    expect(results.map(({ rowsChecked }) => rowsChecked)).toEqual(demo.plan.entities.map((entity) => entity.rows));
    expect(rows).toEqual(demo.plan.entities.map((entity) => entity.rows));
  });

  it("finds one cell that was changed", async () => {
    const client = await database.client();
    const contacts = qualified(demo.plan.scenario.schema, "contacts");
    await client.query(`UPDATE ${contacts} SET last_name = last_name || '.' WHERE id = 77`);
    const { results } = await verify();
    const faults = results.filter(({ ok }) => !ok);
    expect(faults.map(({ entity }) => entity)).toEqual(["contacts"]);
    const [row] = faults[0].offending;
    expect(row).toMatchObject({ difference: "differs", id: "77" });
    expect(row["last_name"]).toBe(`${row["last_name (should be)"]}.`);
  });
});
