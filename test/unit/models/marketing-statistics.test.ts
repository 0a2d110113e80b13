import { describe, expect, it } from "vitest";
import { DAY_US, HOUR_US } from "../../../src/core/calendar.js";
import { marketing } from "../../../src/models/marketing/index.js";
import { type Row, rowsOf, testUniverses } from "../../support/model-rows.js";

const YEAR = { from: "2025-01-01", to: "2026-01-01" };
const { universeOf } = testUniverses(marketing, YEAR);

const universe = universeOf({
  sizes: {
    organizations: 10,
    clients: 30,
    contacts: 60_000,
    campaigns: 400,
    recipients: 240_000,
    performanceMetrics: 40_000,
  },
});

function grouped<Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

function countBy(rows: readonly Row[], column: string): Map<string, number> {
  return new Map([...grouped(rows, (row) => String(row[column]))].map(([key, { length }]) => [key, length]));
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

describe("campaigns", () => {
  const recipients = rowsOf(universe, "recipients", [
    "id",
    "campaign_id",
    "contact_id",
    "wave",
    "journey",
    "campaign_id.client_id.industry",
  ]);
  const campaigns = [...grouped(recipients, (row) => row["campaign_id"]).values()];
  const rateOf = (rows: readonly Row[], bit: number): number =>
    rows.filter((row) => (Number(row["journey"]) & bit) !== 0).length / rows.length;

  it("respond each by its industry and luck, the large ones too", () => {
    const large = campaigns.filter((rows) => rows.length > 1_200);
    expect(large.length).toBeGreaterThan(25);
    const rates = large.map((rows) => rateOf(rows, 64));
    expect(deviation(rates) / 0.35).toBeGreaterThan(0.12);
    expect(deviation(rates) / 0.35).toBeLessThan(0.6);
  });

  it("come together to the scenario's shares, to the row", () => {
    const total = (bit: number): number => recipients.filter((row) => (Number(row["journey"]) & bit) !== 0).length;
    expect([1, 2, 4, 8, 16, 32, 64].map(total)).toEqual(
      [0.95, 0.85, 0.2, 0.28, 0.12, 0.1, 0.35].map((share) => Math.round(240_000 * share)),
    );
  });

  it("have no thousand recipients that share all by the plan", () => {
    const blocks = campaigns.flatMap((rows) =>
      Array.from({ length: Math.floor(rows.length / 1_000) }, (_, at) => rows.slice(at * 1_000, at * 1_000 + 1_000)),
    );
    expect(blocks.length).toBeGreaterThan(60);
    const mailed = blocks.map((rows) => 1_000 * rateOf(rows, 1));
    // Chance gives a deviation of 6.9.
    expect(deviation(mailed)).toBeGreaterThan(5);
    expect(deviation(mailed)).toBeLessThan(14);
  });

  it("write to a contact once", () => {
    expect(recipients.filter((row) => row["wave"] !== 1).length).toBe(0);
    expect(new Set(recipients.map((row) => `${row["campaign_id"]} ${row["contact_id"]}`)).size).toBe(recipients.length);
  });
});

describe("campaigns' ends and pieces", () => {
  it("do not all come on the window's last day", () => {
    const month = universeOf({ from: "2025-03-01", to: "2025-04-01", sizes: { campaigns: 100 } });
    const ends = rowsOf(month, "campaigns", ["completed_at"]).flatMap(({ completed_at: at }) =>
      at === null ? [] : [Number(at)],
    );
    expect(ends.length).toBe(60);
    expect(ends.filter((at) => at >= month.windowUs.to - DAY_US).length).toBeLessThan(15);
  });

  it("are of the kind that their template is, and that its name says", () => {
    const rows = rowsOf(universe, "campaigns", ["campaign_type", "template_id.format", "template_id.name"]);
    for (const row of rows) {
      expect(row["campaign_type"]).toBe(row["template_id.format"]);
      if (/Postcard/.test(String(row["template_id.name"]))) expect(row["campaign_type"]).toBe("postcard");
      if (/Letter$/.test(String(row["template_id.name"]))) expect(row["campaign_type"]).toBe("letter");
    }
    // Which kinds there are depends on the clients' industries; postcards are half of all.
    expect(new Set(rows.map((row) => row["campaign_type"])).size).toBeGreaterThan(4);
    const postcards = rows.filter((row) => row["campaign_type"] === "postcard").length / rows.length;
    expect(Math.abs(postcards - 0.55)).toBeLessThan(0.15);
  });

  it("never have more who take a step than took the one before, where nearly all do", () => {
    const shares = {
      mailed: 0.99,
      delivered: 0.98,
      purlVisited: 0.95,
      qrScanned: 0.97,
      called: 0.96,
      formSubmitted: 0.94,
      lead: 0.93,
    };
    const eager = universeOf({ shares, sizes: { campaigns: 60, recipients: 20_000, contacts: 40_000 } });
    const steps = rowsOf(eager, "recipients", ["journey"]).map((row) => Number(row["journey"]));
    const total = (bit: number): number => steps.filter((journey) => (journey & bit) !== 0).length;
    expect([1, 2, 4, 8, 16, 32, 64].map(total)).toEqual(
      [0.99, 0.98, 0.97, 0.95, 0.94, 0.93, 0.96].map((share) => Math.round(20_000 * share)),
    );
    const follows = (later: number, earlier: number): boolean =>
      steps.every((journey) => (journey & later) === 0 || (journey & earlier) !== 0);
    expect(
      [
        [2, 1],
        [4, 2],
        [8, 2],
        [16, 8],
        [32, 16],
        [64, 2],
      ].every(([a, b]) => follows(a, b)),
    ).toBe(true);
  });
});

describe("what a client has", () => {
  it.each([
    ["users", "client_id", 6 * 30],
    ["audiences", "client_id", 4 * 30],
    ["templates", "client_id", 5 * 30],
    ["landing_pages", "client_id", 3 * 30],
    ["campaigns", "client_id", 400],
    ["clients", "organization_id", 30],
  ])("differs from one to the next, and no %s are missing", (table, parent, total) => {
    const counts = [...countBy(rowsOf(universe, table, ["id", parent]), parent).values()];
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(total);
    expect(new Set(counts).size).toBeGreaterThan(2);
    if (table !== "campaigns") expect(counts).toHaveLength(parent === "client_id" ? 30 : 10);
  });
});

describe("a company that was there before", () => {
  it("has clients and contacts of years, and more come in the window", () => {
    const { from } = universe.windowUs;
    const clients = rowsOf(universe, "clients", ["created_at"]).map((row) => Number(row["created_at"]));
    expect(Math.max(...clients)).toBeLessThan(from);
    expect(from - Math.min(...clients)).toBeGreaterThan(400 * DAY_US);
    const contacts = rowsOf(universe, "contacts", ["created_at"]).map((row) => Number(row["created_at"]));
    const inMonth = contacts.filter((at) => at >= from && at < from + 31 * DAY_US).length;
    const inWindow = contacts.filter((at) => at >= from).length;
    expect(inMonth / contacts.length).toBeLessThan(0.1);
    expect(inWindow / contacts.length).toBeGreaterThan(0.1);
  });
});

describe("contacts", () => {
  const rows = rowsOf(universe, "contacts", [
    "id",
    "client_id",
    "household",
    "last_name",
    "first_name",
    "address_line1",
    "address_line2",
    "postal_code",
    "phone",
  ]);

  it("have a number of their own as far as there are any", () => {
    expect(new Set(rows.map((row) => row["phone"])).size).toBe(rows.length);
    expect(rows.every((row) => /^\+1[2-9][0-8]\d55501\d\d$/.test(String(row["phone"])))).toBe(true);
  });

  it("share a surname and an address where they live together, and do not otherwise", () => {
    const households = [...grouped(rows, (row) => row["household"]).values()].filter((people) => people.length > 1);
    const together = households.flat().length;
    expect(together / rows.length).toBeGreaterThan(0.25);
    expect(together / rows.length).toBeLessThan(0.6);
    for (const people of households) {
      for (const column of ["client_id", "last_name", "address_line1", "address_line2", "postal_code"]) {
        expect(new Set(people.map((row) => row[column])).size).toBe(1);
      }
    }
    const heads = rows.filter((row) => row["household"] === Number(row["id"]) - 1);
    expect(new Set(heads.map((row) => `${row["address_line1"]} ${row["postal_code"]}`)).size).toBeGreaterThan(
      0.98 * heads.length,
    );
  });

  it("are called by names of which some are frequent", () => {
    const counts = [...countBy(rows, "last_name").entries()].sort((a, b) => b[1] - a[1]);
    expect(counts.slice(0, 3).map(([name]) => name)).toContain("Smith");
    expect(counts[0][1] / rows.length).toBeGreaterThan(0.008);
    expect(counts[0][1] / counts[300][1]).toBeGreaterThan(8);
  });
});

describe("days", () => {
  const moments = rowsOf(universe, "performance_metrics", ["recorded_at", "cpu_percent", "call", "response_ms"]);
  const dayOf = (row: Row): number => Math.floor((Number(row["recorded_at"]) - 6 * HOUR_US) / DAY_US);
  const days = [...grouped(moments, dayOf).entries()];

  it("differ by more than month, weekday and chance", () => {
    const tuesdays = days.filter(
      ([day]) => new Date(day * 86_400_000).getUTCDay() === 2 && new Date(day * 86_400_000).getUTCMonth() < 5,
    );
    const counts = tuesdays.map(([, rows]) => rows.length);
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    expect(deviation(counts) / mean).toBeGreaterThan(0.08);
    expect(deviation(counts) / mean).toBeLessThan(0.35);
  });

  it("grow over the window", () => {
    const half = (days.length / 2) | 0;
    const sorted = days.toSorted(([a], [b]) => a - b).map(([, rows]) => rows.length);
    const plain = universeOf({ sizes: { performanceMetrics: 40_000 }, settings: { growth: 1 } });
    const without = [...grouped(rowsOf(plain, "performance_metrics", ["recorded_at"]), dayOf).entries()]
      .toSorted(([a], [b]) => a - b)
      .map(([, rows]) => rows.length);
    const lateShare = (values: readonly number[]): number =>
      values.slice(half).reduce((sum, value) => sum + value, 0) / values.reduce((sum, value) => sum + value, 0);
    expect(lateShare(sorted) - lateShare(without)).toBeGreaterThan(0.02);
  });

  it("have loads that neighbouring hours share", () => {
    const hours = [...grouped(moments, (row) => Math.floor(Number(row["recorded_at"]) / HOUR_US)).entries()]
      .filter(([, rows]) => rows.length >= 5)
      .map(
        ([hour, rows]) => [hour, rows.reduce((sum, row) => sum + Number(row["cpu_percent"]), 0) / rows.length] as const,
      );
    const byHour = new Map(hours);
    const pairs = hours.flatMap(([hour, value]) =>
      byHour.has(hour + 1) ? [[value, byHour.get(hour + 1)!] as const] : [],
    );
    const mean = hours.reduce((sum, [, value]) => sum + value, 0) / hours.length;
    const covariance = pairs.reduce((sum, [a, b]) => sum + (a - mean) * (b - mean), 0) / pairs.length;
    expect(covariance / deviation(hours.map(([, value]) => value)) ** 2).toBeGreaterThan(0.4);
  });
});

describe("another seed", () => {
  it("gives clients other industries and campaigns other clients", () => {
    const other = universeOf({ seed: 99, sizes: { clients: 60, campaigns: 150 } });
    const same = universeOf({ sizes: { clients: 60, campaigns: 150 } });
    for (const [table, column] of [
      ["clients", "industry"],
      ["campaigns", "client_id"],
    ]) {
      const [first, second] = [same, other].map((each) => rowsOf(each, table, [column]).map((row) => row[column]));
      expect(first).not.toEqual(second);
    }
  });
});
