import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { anomalyOf, struck } from "../../src/columns/anomalies.js";
import { hidden } from "../../src/columns/column.js";
import { either, missingWhere } from "../../src/columns/conditions.js";
import { id, parent } from "../../src/columns/keys.js";
import { format } from "../../src/columns/text.js";
import { after, risingMoment } from "../../src/columns/times.js";
import { constant, integer } from "../../src/columns/values.js";
import { calendar } from "../../src/core/calendar.js";
import { INT4 } from "../../src/core/sql-type.js";
import type { ModelAnomaly } from "../../src/model/anomalies.js";
import type { ModelChecks } from "../../src/model/checks.js";
import { childrenOf, entity, rows } from "../../src/model/entity.js";
import { buildPlan } from "../../src/model/plan.js";
import type { Universe } from "../../src/model/universe.js";
import { verify } from "../../src/verify/verify.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { universeWith } from "../support/small-model.js";
import { loadInProcess } from "../support/verify-shop.js";

const ones = (count: number): number[] => Array.from({ length: count }, () => 1);

const bills = entity("bills", {
  comment: "bills",
  rows: rows(() => 1_000),
  columns: {
    id: id(),
    anomaly: hidden(anomalyOf()),
    is_late: hidden(struck("late", "anomaly")),
    is_nameless: hidden(struck("nameless", "anomaly")),
    due_at: risingMoment(({ windowUs }) =>
      calendar({ fromUs: windowUs.from, toUs: windowUs.to, months: ones(12), weekdays: ones(7), hours: ones(24) }),
    ),
    days_late: either("is_late", constant(INT4, 40), integer(0, 5)),
    payer: missingWhere("is_nameless", format("payer {id}")),
    late_detail: hidden(format("{days_late} days late")),
    nameless_detail: hidden(format("payer")),
  },
});

const notes = entity("notes", {
  comment: "notes",
  rows: childrenOf("bills", { total: () => 2_000 }),
  columns: {
    id: id(),
    bill_id: parent("bills"),
    amount: integer(1, 1_000_000),
    written_at: after("bill_id.due_at", 0, 1),
  },
});

const anomalies: readonly ModelAnomaly[] = [
  {
    name: "late",
    kind: "payment_delay",
    entity: "bills",
    about: "paid 40 days late",
    shows: "{days_late} > 30",
    since: "due_at",
    until: "due_at",
    detail: "late_detail",
    rate: 0.1,
  },
  {
    name: "nameless",
    kind: "missing_value",
    entity: "bills",
    about: "the payer is not known",
    shows: "{payer} IS NULL",
    since: "due_at",
    until: "due_at",
    detail: "nameless_detail",
    rate: 0.05,
  },
  {
    name: "twice",
    kind: "duplicate_entry",
    entity: "notes",
    about: "written twice",
    appended: "copy",
    since: "written_at",
    until: "written_at",
    rate: 0.05,
  },
];

const checks: ModelChecks = {
  states: [
    { entity: "bills", rule: "bills are paid within a week", holds: "{days_late} <= 7", unless: ["late"] },
    {
      entity: "notes",
      rule: "notes of bills paid in time",
      holds: "{bill_id.days_late} <= 7",
      unless: ["bill_id.late"],
    },
  ],
  invariants: [
    {
      entity: "notes",
      rule: "amounts of a bill stay below nine million in sum",
      sql: "SELECT bill_id FROM {notes} GROUP BY bill_id HAVING sum(amount) > 9000000",
    },
  ],
};

let database: TestDatabase;
let client: pg.Client;
let universe: Universe;
beforeAll(async () => {
  database = await testDatabase();
  client = await database.client();
  universe = universeWith([bills, notes], { anomalies, checks });
  await loadInProcess(client, universe, "small");
  await client.query("SET search_path TO small");
});
afterAll(() => database.drop());

/** The checks that fail where a statement has spoiled the data; it is rolled back by its opposite. */
async function faults(spoil?: string, mend?: string): Promise<string[]> {
  if (spoil) await client.query(spoil);
  const options = { url: database.url, schema: "small", universe, plan: buildPlan(universe), connections: 2 };
  const { checks } = await verify(options);
  if (mend) await client.query(mend);
  return checks.filter(({ ok }) => !ok).map(({ name }) => name);
}

const LATE = "(SELECT min(row_id) FROM injected_anomalies WHERE name = 'late')";
const IN_TIME = "(SELECT min(id) FROM bills WHERE days_late = 3 AND payer IS NOT NULL)";

describe("labels and data", () => {
  it("agree as they are loaded", async () => {
    expect(await faults()).toEqual([]);
    const { rows } = await client.query(
      "SELECT name, count(*)::int AS n FROM injected_anomalies GROUP BY 1 ORDER BY 1",
    );
    expect(rows).toEqual([
      { name: "late", n: 100 },
      { name: "nameless", n: 50 },
      { name: "twice", n: 100 },
    ]);
  });

  it("fail where a labelled row does not show its anomaly", async () => {
    const { rows } = await client.query(`SELECT ${LATE} AS id`);
    const found = await faults(
      `UPDATE bills SET days_late = 2 WHERE id = ${rows[0].id}`,
      `UPDATE bills SET days_late = 40 WHERE id = ${rows[0].id}`,
    );
    expect(found).toEqual(["labelled bills: late"]);
  });

  it("fail where a row shows an anomaly and breaks a rule without a label", async () => {
    const { rows } = await client.query(`SELECT ${IN_TIME} AS id`);
    const found = await faults(
      `UPDATE bills SET days_late = 40 WHERE id = ${rows[0].id}`,
      `UPDATE bills SET days_late = 3 WHERE id = ${rows[0].id}`,
    );
    expect(found).toEqual([
      "state of bills: bills are paid within a week",
      "unlabelled bills: late",
      "state of notes: notes of bills paid in time",
    ]);
  });

  it("fail where a label is missing, or one too many names a row that is not there", async () => {
    const [kept] = (await client.query(`SELECT * FROM injected_anomalies WHERE name = 'nameless' ORDER BY id LIMIT 1`))
      .rows;
    const found = await faults(
      `UPDATE injected_anomalies SET row_id = 999999 WHERE id = ${kept.id}`,
      `UPDATE injected_anomalies SET row_id = ${kept.row_id} WHERE id = ${kept.id}`,
    );
    expect(found).toEqual(["unlabelled bills: nameless", "labelled rows of nameless"]);
    const relabelled = await faults(
      `UPDATE injected_anomalies SET name = 'late', row_id = row_id WHERE id = ${kept.id}`,
      `UPDATE injected_anomalies SET name = 'nameless' WHERE id = ${kept.id}`,
    );
    expect(relabelled).toEqual([
      "labelled bills: late",
      "unlabelled bills: nameless",
      "labels of late",
      "labels of nameless",
    ]);
  });

  it("fail where a copy is not what it repeats", async () => {
    const found = await faults(
      "UPDATE notes SET amount = amount + 1 WHERE id = 2001",
      "UPDATE notes SET amount = amount - 1 WHERE id = 2001",
    );
    expect(found).toEqual(["copies in notes: twice"]);
  });

  it("fail where an invariant is broken", async () => {
    const found = await faults(
      "UPDATE notes SET amount = amount + 9000000 WHERE id = 7",
      "UPDATE notes SET amount = amount - 9000000 WHERE id = 7",
    );
    expect(found).toContain("invariant of notes: amounts of a bill stay below nine million in sum");
  });
});
