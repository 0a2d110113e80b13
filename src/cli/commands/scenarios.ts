import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { estimateOf } from "../../engine/estimate.js";
import { type ListedScenario, listScenarios } from "../../model/scenario/index.js";
import { packageRoot, scenarioDirs } from "../../platform/package.js";
import { formatBytes, formatCount, formatTimeLeft } from "../screen/index.js";
import { layOutTable } from "../screen/table.js";
import { escapeControls, wrapWords } from "../screen/text.js";

/** What a scenario's plan comes to. */
interface Size {
  readonly rows: number;
  readonly bytes: number;
}

/** A scenario with its size; null where it is not one of the package's own, and its plan would have to be made. */
interface Sized extends ListedScenario {
  readonly rows: number | null;
  readonly bytes: number | null;
  readonly secondsEstimated: number | null;
}

/** `seed-bulk scenarios`. */
export function scenariosCommand(): Command {
  return new Command("scenarios")
    .option("--json", "print one JSON document")
    .action(async ({ json }: { json?: boolean }) => {
      const scenarios = inOrder((await listScenarios(scenarioDirs())).map(sized));
      const columns = process.stdout.columns || 80;
      const text = json ? JSON.stringify({ scenarios }, null, 2) : linesOf(scenarios, columns).join("\n");
      process.stdout.write(`${text}\n`);
    });
}

function sized(scenario: ListedScenario): Sized {
  const own = scenario.file.startsWith(join(packageRoot(), "scenarios"));
  const size = own ? sizesOfPackage()[`${scenario.model}/${scenario.name}`] : undefined;
  if (size === undefined) return { ...scenario, rows: null, bytes: null, secondsEstimated: null };
  const { seconds } = estimateOf({ rows: size.rows, bytesEstimated: size.bytes }, process.env);
  return { ...scenario, ...size, secondsEstimated: seconds };
}

/** Made with the documents: plans of all scenarios take a quarter of a minute. */
function sizesOfPackage(): Readonly<Record<string, Size | undefined>> {
  const file = join(packageRoot(), "scenarios/sizes.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}

/** What a newcomer begins with first, then by size; a user's own, whose size nobody knows, before all. */
function inOrder(scenarios: readonly Sized[]): Sized[] {
  const rank = ({ name, rows }: Sized): number => (rows === null ? -2 : name === "demo" ? -1 : rows);
  return [...scenarios].sort((a, b) => rank(a) - rank(b));
}

/** Before a description. */
const INDENT = "    ";

function linesOf(scenarios: readonly Sized[], columns: number): string[] {
  const table = layOutTable(
    {
      columns: [
        { heading: "scenario", align: "left" },
        { heading: "rows", align: "right" },
        { heading: "size", align: "right", dropOrder: 2 },
        { heading: "time", align: "right", dropOrder: 1 },
      ],
      rows: scenarios.map(({ model, name, rows, bytes, secondsEstimated }) => [
        escapeControls(`${model}/${name}`),
        rows === null ? "" : formatCount(rows),
        bytes === null ? "" : formatBytes(bytes),
        secondsEstimated === null ? "" : `about ${formatTimeLeft(secondsEstimated)}`,
      ]),
    },
    columns,
  );
  const [heading, ...lines] = table;
  return [
    heading,
    ...lines.flatMap((line, at) => {
      const { description, problem } = scenarios[at];
      const text = escapeControls(problem === undefined ? description : `cannot be read: ${problem}`);
      return [line, ...wrapWords(text, columns - INDENT.length).map((words) => INDENT + words)];
    }),
    "",
    "Load one: seed-bulk --scenario demo. Times are with keys, indexes and checks.",
  ];
}
