import { Command } from "commander";
import { listScenarios } from "../../model/scenario/index.js";
import { scenarioDirs } from "../../platform/package.js";

/** `seed-bulk scenarios`. */
export function scenariosCommand(): Command {
  return new Command("scenarios")
    .option("--json", "print one JSON document")
    .action(async ({ json }: { json?: boolean }) => {
      const scenarios = await listScenarios(scenarioDirs());
      if (json) {
        process.stdout.write(`${JSON.stringify({ scenarios }, null, 2)}\n`);
        return;
      }
      const width = Math.max(...scenarios.map(({ model, name }) => model.length + name.length + 1));
      for (const { model, name, description, problem } of scenarios) {
        const text = problem === undefined ? description : `cannot be read: ${problem}`;
        process.stdout.write(`${wrapped(`${model}/${name}`.padEnd(width + 2), text, process.stdout.columns || 80)}\n`);
      }
    });
}

/** A text behind a label, broken at words, its further lines set in under its first. */
function wrapped(label: string, text: string, columns: number): string {
  const room = Math.max(20, columns - label.length);
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const last = lines.length - 1;
    if (lines[last] && lines[last].length + 1 + word.length > room) lines.push(word);
    else lines[last] += lines[last] ? ` ${word}` : word;
  }
  return lines.map((line, i) => (i === 0 ? label : " ".repeat(label.length)) + line).join("\n");
}
