import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";

// Loads the documents' scenarios and writes what their checks asked for and what they found: `npm run docs:figures`.

const ROOT = resolve(import.meta.dirname, "../../..");

/** The scenarios that hold the four documents' figures. */
const SCENARIOS = ["load_test", "gaming/ctf", "tapflow", "normal-ops"];

interface Check {
  readonly name: string;
  readonly kind: string;
  readonly ok: boolean;
  readonly found: string;
  readonly expected: string;
}

interface Report {
  readonly scenario: string;
  readonly model: string;
  readonly checks: readonly Check[];
}

function seedBulk(...args: string[]): string {
  return execFileSync(process.execPath, [resolve(ROOT, "bin/seed-bulk.js"), ...args], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    env: { ...process.env, SEED_BULK_ENABLED: "true" },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

function figuresOf(scenario: string): string {
  seedBulk("generate", "--scenario", scenario, "--replace", "--yes");
  const { model, checks } = JSON.parse(seedBulk("verify", "--json")) as Report;
  const rows = checks
    .filter(({ kind }) => ["rows", "share", "distribution"].includes(kind))
    .map(
      ({ name, expected, found, ok }) =>
        `| ${cell(name)} | ${cell(expected)} | ${cell(found)} | ${ok ? "yes" : "no"} |`,
    );
  const held = checks.filter(({ ok }) => ok).length;
  return [
    `## ${model}: \`${scenario}\``,
    "",
    `${held} of ${checks.length} checks hold. Those of numbers of rows, exact shares and drawn shares:`,
    "",
    "| figure | asked | found | holds |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

const head = [
  "# The documents' figures",
  "",
  "What the scenarios that stand for the four documents ask for, and what was found in the database after a load: made by `npm run docs:figures`,",
  "which loads each of them into the embedded Postgres. Drawn shares are judged by chi-square.",
  "",
  "",
].join("\n");
writeFileSync(resolve(ROOT, "docs/figures.md"), `${head}${SCENARIOS.map(figuresOf).join("\n").trimEnd()}\n`);
