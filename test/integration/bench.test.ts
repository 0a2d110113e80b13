import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BenchReport } from "../../bench/report/report.js";
import { runCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";

let database: TestDatabase;
const folder = mkdtempSync(join(tmpdir(), "seed-bulk-of-bench-test-"));
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

const enabled = { SEED_BULK_ENABLED: "true", TMPDIR: folder };
const bench = (...args: string[]) => ["bench", ...args, "--quick", "--scenario", "demo", "--runs", "2", "--json"];
const onDatabase = (...args: string[]) => bench(...args, "--database-url", database.url, "--workers", "2");
const namesOf = ({ metrics }: BenchReport) => metrics.map(({ name }) => name);

describe("bench", () => {
  let report: BenchReport;
  const file = join(folder, "report.json");

  it("measures generating and starting, and what it loads is verified", async () => {
    const { code, stdout, stderr } = await runCommand(
      onDatabase(
        "start",
        "load",
        "generate",
        "--validate",
        "--baselines",
        "copy-file,insert",
        "--html",
        `${file}.html`,
      ),
      enabled,
    );
    expect(stderr).not.toContain("error SB_");
    expect(code).toBe(0);
    report = JSON.parse(stdout);
    writeFileSync(file, stdout);
    expect(report).toMatchObject({ scenario: "demo", quick: true, runs: 2, scopes: ["generate", "load", "start"] });
    expect(report.validation).toMatchObject({ ok: true, failed: [] });
    expect(report.validation!.checks).toBeGreaterThan(100);
    expect(report.absences).toEqual([]);
  });

  it("has a figure of every run for every entity, loader and phase", () => {
    const names = namesOf(report);
    for (const name of ["generate all bytes", "generate recipients rows", "load seed-bulk rows", "load copy-file rows"])
      expect(names).toContain(name);
    for (const name of ["load insert rows", "load contacts rows", "load seed-bulk indexes phase", "start first row"])
      expect(names).toContain(name);
    for (const { name, values, summary } of report.metrics) {
      expect(values, name).toHaveLength(2);
      expect(summary.median, name).toBeGreaterThan(0);
    }
    // The bytes are the same, so the rates of rows and of bytes stand in the same ratio.
    const rate = (name: string) => report.metrics.find((metric) => metric.name === name)!.values[0];
    expect(rate("load copy-file bytes") / rate("load copy-file rows")).toBeCloseTo(
      rate("load seed-bulk bytes") / rate("load seed-bulk rows"),
      6,
    );
  });

  it("describes the machine, the server and the plots", () => {
    expect(report.machine.cores).toBeGreaterThan(0);
    expect(report.postgres!.settings).toHaveProperty("max_wal_size");
    expect(report.series.map(({ plot, name }) => `${plot} ${name}`)).toEqual([
      "throughput rows/s",
      "latency chunk, ms",
      "latency shard, ms",
    ]);
    expect(readFileSync(`${file}.html`, "utf8")).toContain("<svg");
  });

  it("leaves neither its database nor its files", async () => {
    const client = await database.client();
    const { rows } = await client.query("SELECT datname FROM pg_database WHERE datname = 'seed_bulk_bench'");
    expect(rows).toEqual([]);
    expect(readdirSync(folder).filter((name) => name.startsWith("seed-bulk-bench-"))).toEqual([]);
  });

  it("fails beside a baseline that was faster by more than noise", async () => {
    const faster = structuredClone(report) as { -readonly [K in keyof BenchReport]: BenchReport[K] };
    faster.metrics = report.metrics.map((metric) => ({
      ...metric,
      summary: { ...metric.summary, median: metric.summary.median * (metric.better === "higher" ? 1000 : 0.001) },
    }));
    writeFileSync(file, JSON.stringify(faster));
    const { code, stdout, stderr } = await runCommand(bench("generate", "--baseline", file));
    expect(stderr).toMatch(/error SB_BENCH_SLOWER: below 0\.9 of .*generate all rows \(0\.00\)/);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).comparison.changes.length).toBeGreaterThan(10);
  });

  it("does not fail beside a baseline that was slower", async () => {
    const slower = structuredClone(report) as { -readonly [K in keyof BenchReport]: BenchReport[K] };
    slower.metrics = report.metrics.map((metric) => ({
      ...metric,
      summary: { ...metric.summary, median: metric.summary.median * (metric.better === "higher" ? 0.001 : 1000) },
    }));
    writeFileSync(file, JSON.stringify(slower));
    const { code, stderr } = await runCommand(bench("generate", "--baseline", file));
    expect(stderr).not.toContain("error SB_");
    expect(code).toBe(0);
  });

  it("refuses a server that nobody has enabled, a baseline that is none, and names that it does not know", async () => {
    const refused = await runCommand(onDatabase("load"), { TMPDIR: folder });
    expect(refused.stderr).toContain("error SB_REFUSED");
    expect(refused.code).toBe(3);
    const missing = await runCommand(bench("generate", "--baseline", join(folder, "none.json")));
    expect(missing.stderr).toContain("error SB_BENCH_FAILED");
    expect(missing.code).toBe(1);
    const unknown = await runCommand(bench("load", "--baselines", "oracle"));
    expect(unknown.stderr).toContain("error SB_USAGE");
    expect(unknown.code).toBe(2);
    expect(existsSync(join(folder, "none.json"))).toBe(false);
  });
});
