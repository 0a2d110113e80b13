import { Command } from "commander";
import { inOrder, type Size, sized } from "../../engine/scenario-sizes.js";
import { type ListedScenario, listScenarios } from "../../model/scenario/index.js";
import { scenarioDirs } from "../../platform/package.js";
import { formatBytes, formatCount, formatTimeLeft } from "../screen/index.js";
import { layOutTable } from "../screen/table.js";
import { escapeControls, wrapWords } from "../screen/text.js";

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

/** Before a description. */
const INDENT = "    ";

function linesOf(scenarios: readonly (ListedScenario & Size)[], columns: number): string[] {
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
