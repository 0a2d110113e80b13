import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { barLines } from "../../../bench/bar.js";
import { compare } from "../../../bench/comparison.js";
import { formatFigure, formatNoise } from "../../../bench/report/figures.js";
import { htmlReport } from "../../../bench/report/html.js";
import { linePlot, ticks } from "../../../bench/report/plots.js";
import { readReport } from "../../../bench/report/read.js";
import { formatComparison, formatReport } from "../../../bench/report/terminal.js";
import { reportName, writeInto } from "../../../bench/report/write.js";
import { textWidth } from "../../../src/cli/screen/text.js";
import { figure, reportOf } from "./support.js";

const folder = mkdtempSync(join(tmpdir(), "seed-bulk-bench-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const metrics = [
  figure("load seed-bulk rows", [1.1e6, 1.2e6, 1.15e6]),
  figure("load copy-file rows", [1.2e6, 1.3e6, 1.25e6]),
  figure("load seed-bulk all time", [3.2, 3.3, 3.1], "s"),
];
const report = reportOf(metrics, {
  bar: barLines(metrics),
  absences: [{ name: "pg_restore", reason: "no pg_dump in PATH" }],
  notes: ["A <note> of length."],
  series: [
    {
      plot: "throughput",
      name: "rows/s",
      points: [
        [0.2, 1e6],
        [0.4, 1.2e6],
      ],
    },
  ],
});

describe("the table", () => {
  it("fits 80 columns and shows noise beside every figure", () => {
    const text = formatReport(report, { columns: 80, color: false });
    for (const line of text.split("\n")) expect(textWidth(line), line).toBeLessThanOrEqual(80);
    expect(text).toMatch(/seed-bulk rows +1\.15M rows\/s +±6\.4%/);
    expect(text).toMatch(/load : copying ready files +0\.92 .*≥ 0\.90 +within noise/);
    expect(text).toContain("pg_restore: no pg_dump in PATH");
  });

  it("tells of a comparison what is a result, and how much is not", () => {
    const slower = reportOf([figure("load seed-bulk rows", [0.8e6, 0.81e6, 0.79e6]), metrics[1], metrics[2]]);
    const text = formatComparison(compare(slower, report, { failBelow: 0.9 }), { columns: 80, color: false });
    expect(text).toMatch(/load seed-bulk rows +0\.70 .* worse, below the limit/);
    expect(text).toMatch(/within noise +2 of 3 figures/);
  });
});

describe("figures", () => {
  it("are shown in their unit, and unknown noise as such", () => {
    expect(formatFigure(1_234_567, "rows/s")).toBe("1.23M rows/s");
    expect(formatFigure(0.0123, "s")).toBe("12.3 ms");
    expect(formatFigure(93.25, "ratio")).toBe("93.3");
    expect(formatNoise(null)).toBe("±?");
    expect(formatNoise(0.034)).toBe("±3.4%");
    expect(formatNoise(0.34)).toBe("±34%");
  });
});

describe("the HTML report", () => {
  const html = htmlReport(report, compare(report, report, { failBelow: 0.9 }));

  it("needs nothing from elsewhere, and has both looks", () => {
    expect(html).not.toMatch(/<script|<link|\bsrc=|\bhref=|url\(|@import|https?:/);
    expect(html).toContain("prefers-color-scheme: dark");
  });

  it("draws what was measured, and escapes what it says", () => {
    expect(html.match(/<svg /g)).toHaveLength(2);
    expect(html).toContain("A &lt;note&gt; of length.");
    expect(html).toMatch(/<td>load seed-bulk rows<\/td><td>1\.15M rows\/s<\/td>/);
    // Opened and closed alike: what browsers forgive, a parser of XML would not.
    for (const tag of ["section", "table", "tr", "td", "svg", "p", "ul", "li", "main"]) {
      const opened = html.match(new RegExp(`<${tag}[ >]`, "g"))?.length ?? 0;
      expect(html.match(new RegExp(`</${tag}>`, "g"))?.length ?? 0, tag).toBe(opened);
    }
  });

  it("puts a line's points where their figures are", () => {
    const svg = linePlot({
      xLabel: "x",
      yLabel: "y",
      lines: [
        {
          name: "a",
          points: [
            [0, 0],
            [10, 50],
          ],
        },
      ],
    });
    // From the lower left corner to the upper right one: both axes begin at 0 and end at round numbers.
    expect(svg).toContain('points="64,220 704,12"');
  });

  it("labels its axes without digits that say nothing", () => {
    const points = [
      [0, 0],
      [500_000, 1500],
    ] as const;
    const labels = [
      ...linePlot({ xLabel: "", yLabel: "", lines: [{ name: "a", points }] }).matchAll(/>([\d.]+[kM]?)</g),
    ];
    expect(labels.map(([, text]) => text)).toEqual([
      "0",
      "100k",
      "200k",
      "300k",
      "400k",
      "500k",
      "0",
      "500",
      "1k",
      "1.5k",
    ]);
  });

  it("has round numbers on its axes, up to the largest figure", () => {
    expect(ticks(10)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(ticks(0.9)).toHaveLength(6);
    expect(ticks(7_300_000).at(-1)).toBe(8_000_000);
    expect(ticks(0)).toEqual([0, 1]);
  });
});

describe("a report's file", () => {
  it("is read again as it was written, under a name that sorts by date", async () => {
    expect(reportName(report)).toBe("2026-01-31T02-00-00-load_test-01234567");
    const [json, html] = await writeInto(folder, report, undefined);
    expect(await readReport(json)).toEqual(report);
    expect(readFileSync(html, "utf8")).toMatch(/^<!doctype html>/);
  });

  it("is refused where it is missing or something else", async () => {
    await expect(readReport(join(folder, "none.json"))).rejects.toMatchObject({ code: "SB_BENCH_FAILED" });
    const other = join(folder, "other.json");
    writeFileSync(other, JSON.stringify({ ...report, format: 2 }));
    await expect(readReport(other)).rejects.toMatchObject({ code: "SB_BENCH_FAILED" });
    writeFileSync(other, "{");
    await expect(readReport(other)).rejects.toThrow(/no report of a bench/);
  });
});
