import { describe, expect, it } from "vitest";
import { formatPlan, formatSummary } from "../../../src/cli/screen/index.js";
import { textWidth } from "../../../src/cli/screen/text.js";
import type { RunReport } from "../../../src/engine/run/report.js";
import type { Plan } from "../../../src/model/plan.js";

const DIGEST = "3f786850e387550fdab836ed7e6dc881de23001b89e495de1fba36ed7e6dc881";

describe("formatSummary", () => {
  it("fits 80 columns", () => {
    const lookAt = ["psql 'postgresql://postgres@localhost/demo' -c '\\dt+ marketing.*'"];
    expect(formatSummary(REPORT, { columns: 80, color: false, lookAt })).toMatchInlineSnapshot(`
      "Loaded 2,100,100 rows (231 MB) in 5.83 s with keys and indexes; the rows alone
      in 2.61 s: 804,636 rows/s, 88.7 MB/s

      table                                rows     size  seconds   rows/s
      clients                               100  12.3 kB     0.00   50,000
      contact_campaign_participation    600,000  61.4 MB     0.81  740,741
      events                          1,500,000   170 MB     1.79  837,989
      total                           2,100,100   231 MB     2.61  804,636

      phases   schema 45 ms, load 2.61 s, indexes 1.34 s, keys 51 ms,
               references 31 ms, validation 910 ms, sequences 4 ms, statistics 838 ms
               5.83 s in all
      retries  1 part of the load
      memory   412 MB at the most
      plan     load_test (marketing), sha256 0123456789abcdef
      run      0b6f7a52-4b1f-4bd0-9b39-0c1f6c2f0a11
               seed 42, scale 1, 8 workers
      data     postgresql://postgres:***@localhost/demo
               schema marketing

      To look at the data:
        psql 'postgresql://postgres@localhost/demo' -c '\\dt+ marketing.*'"
    `);
  });

  it("leaves columns out where there are fewer, and colours by codes alone", () => {
    for (const columns of [40, 50, 60, 80]) {
      const lines = formatSummary(REPORT, { columns, color: false }).split("\n");
      // What is to be copied is never broken.
      for (const line of lines.filter((text) => !text.includes("://") && !text.includes(REPORT.runId))) {
        expect(textWidth(line)).toBeLessThanOrEqual(columns);
      }
    }
    const colored = formatSummary(REPORT, { columns: 80, color: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control codes are what is taken out
    expect(colored.replace(/\u001b\[\d+m/g, "")).toBe(formatSummary(REPORT, { columns: 80, color: false }));
    expect(colored).toContain("\u001b[1m");
  });

  it("prints whole digests beside short names", () => {
    const table = formatSummary(digested(["clients", "contacts"]), { columns: 80, color: false }).split("\n\n")[1];
    expect(table).toMatchInlineSnapshot(`
      "table     sha256
      clients   3f786850e387550fdab836ed7e6dc881de23001b89e495de1fba36ed7e6dc881
      contacts  3f786850e387550fdab836ed7e6dc881de23001b89e495de1fba36ed7e6dc881"
    `);
    for (const line of table.split("\n")) expect(textWidth(line)).toBeLessThanOrEqual(80);
  });

  it("prints whole digests below long names, and beside everything on a wide terminal", () => {
    const report = digested(["clients", "contact_campaign_participation"]);
    const [, narrow] = formatSummary(report, { columns: 80, color: false }).split("\n\n");
    expect(narrow).toMatchInlineSnapshot(`
      "table                              rows     size
      clients                         200,000  23.0 MB
        3f786850e387550fdab836ed7e6dc881de23001b89e495de1fba36ed7e6dc881
      contact_campaign_participation  200,000  23.0 MB
        3f786850e387550fdab836ed7e6dc881de23001b89e495de1fba36ed7e6dc881"
    `);
    const [, wide] = formatSummary(report, { columns: 130, color: false }).split("\n\n");
    expect(wide).toMatchInlineSnapshot(`
      "table                              rows     size  sha256
      clients                         200,000  23.0 MB  3f786850e387550fdab836ed7e6dc881de23001b89e495de1fba36ed7e6dc881
      contact_campaign_participation  200,000  23.0 MB  3f786850e387550fdab836ed7e6dc881de23001b89e495de1fba36ed7e6dc881"
    `);
  });

  it("has no figures for a run without rows", () => {
    const nothing = { count: 0, p50: 0, p99: 0, max: 0 };
    const report: RunReport = {
      ...REPORT,
      rows: 0,
      bytes: 0,
      rowsPerSecond: Number.NaN,
      phases: { load: 0 },
      latencies: { chunkMs: nothing, shardMs: nothing },
      entities: [],
    };
    const text = formatSummary(report, { columns: 80, color: false });
    expect(text).toMatch(/^Loaded 0 rows .*; the rows alone in 0 ms: -\s+rows\/s, -$/m);
    expect(text).not.toMatch(/NaN|Infinity/);
  });
});

describe("formatPlan", () => {
  it("shows a plan on 80 columns", () => {
    expect(
      formatPlan(PLAN, { columns: 80, estimate: { seconds: 4, from: "last load" }, color: false }),
    ).toMatchInlineSnapshot(`
      "load_test: model marketing, schema marketing, seed 42, scale 1, 2024-01-01 to
      2024-12-31T12:00:00.000Z
      A year of a large customer: what a load test needs, with all features of the
      marketing model on.

      table                                rows          IDs     size
      clients                               100        1-100  11.5 kB
      contact_campaign_participation  2,066,000  1-2,066,000   238 MB
      events                          1,500,000  1-1,500,000   173 MB
      error_logs                              0            -      0 B
      total                           3,566,100                412 MB

      time  about 4 s with keys, indexes and checks, as this machine loaded last
      size  about 412 MB of binary COPY, without indexes
      plan  sha256 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    `);
  });

  it.each([40, 60, 80])("never writes more than %i columns", (columns) => {
    for (const line of formatPlan(PLAN, { columns, estimate: { seconds: 4, from: "last load" }, color: false }).split(
      "\n",
    )) {
      expect(textWidth(line)).toBeLessThanOrEqual(columns);
    }
  });
});

const REPORT: RunReport = {
  runId: "0b6f7a52-4b1f-4bd0-9b39-0c1f6c2f0a11",
  scenario: "load_test",
  model: "marketing",
  seed: 42,
  scale: 1,
  planHash: "0123456789abcdef".repeat(4),
  sink: "postgres",
  database: "postgresql://postgres:***@localhost/demo",
  schema: "marketing",
  workers: 8,
  rows: 2_100_100,
  bytes: 231_456_789,
  seconds: 5.8312,
  rowsPerSecond: 2_100_100 / 2.61,
  phases: {
    schema: 0.0451,
    load: 2.61,
    indexes: 1.3421,
    keys: 0.0512,
    references: 0.031,
    validation: 0.91,
    sequences: 0.004,
    statistics: 0.8379,
  },
  latencies: {
    chunkMs: { count: 450, p50: 3.214, p99: 21.43, max: 48.1 },
    shardMs: { count: 26, p50: 98.4, p99: 204.2, max: 1204.2 },
  },
  beside: [],
  retries: 1,
  peakMemoryBytes: 412_000_000,
  entities: [
    { entity: "clients", table: "marketing.clients", rows: 100, bytes: 12_345, seconds: 0.002 },
    {
      entity: "contact_campaign_participation",
      table: "marketing.contact_campaign_participation",
      rows: 600_000,
      bytes: 61_444_444,
      seconds: 0.81,
    },
    { entity: "events", table: "marketing.events", rows: 1_500_000, bytes: 170_000_000, seconds: 1.79 },
  ],
};

const PLAN: Plan = {
  hash: "0123456789abcdef".repeat(4),
  generatorVersion: 1,
  scenario: {
    name: "load_test",
    description: "A year of a large customer: what a load test needs, with all features of the marketing model on.",
    model: "marketing",
    schema: "marketing",
    seed: 42,
    scale: 1,
    window: { from: "2024-01-01T00:00:00.000Z", to: "2024-12-31T12:00:00.000Z" },
    sizes: {},
    features: {},
    shares: {},
    weights: {},
    settings: {},
    anomalies: {},
  },
  rows: 3_566_100,
  bytesEstimated: 412_000_000,
  shardCount: 52,
  notes: [],
  entities: [
    planned("clients", 100),
    planned("contact_campaign_participation", 2_066_000),
    planned("events", 1_500_000),
    planned("error_logs", 0),
  ],
};

function planned(entity: string, rows: number): Plan["entities"][number] {
  const sizes = { rowBytes: 115, bytesEstimated: rows * 115, shardRows: 71_680, shardCount: Math.ceil(rows / 71_680) };
  return { entity, rows, idStart: 1, idEnd: rows + 1, ...sizes };
}

function digested(names: readonly string[]): RunReport {
  const entities = names.map((entity) => ({
    entity,
    table: `marketing.${entity}`,
    rows: 200_000,
    bytes: 23_000_000,
    seconds: 0.1,
    digest: DIGEST,
  }));
  return { ...REPORT, sink: "digest", database: null, entities };
}
