import { relative } from "node:path";
import { Command } from "commander";
import { formatOrigin } from "../../model/scenario/index.js";
import { type ScenarioOptions, scenarioOf, withScenarioOptions } from "../options.js";

/** `seed-bulk validate`. */
export function validateCommand(): Command {
  return withScenarioOptions(new Command("validate"))
    .option("--json", "print one JSON document")
    .action(async (options: ScenarioOptions & { readonly json?: boolean }) => {
      const { scenario, origins, files } = await scenarioOf(options);
      if (options.json) {
        const from = Object.fromEntries([...origins].map(([path, origin]) => [path, formatOrigin(origin)]));
        process.stdout.write(`${JSON.stringify({ valid: true, scenario, origins: from, files }, null, 2)}\n`);
        return;
      }
      const lines = [...origins].map(
        ([path, origin]) => [`${path}: ${JSON.stringify(valueAt(scenario, path))}`, origin] as const,
      );
      const width = Math.min(48, Math.max(...lines.map(([text]) => text.length)));
      for (const [text, origin] of lines) process.stdout.write(`${text.padEnd(width)}  ${formatOrigin(origin)}\n`);
      process.stdout.write(
        `\n${scenario.model}/${scenario.name} is valid (${files.map((file) => relative(".", file)).join(" < ")}).\n`,
      );
    });
}

function valueAt(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((inner, key) => (inner as Record<string, unknown>)?.[key], value);
}
