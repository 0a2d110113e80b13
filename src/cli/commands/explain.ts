import { Command } from "commander";
import { explain } from "../../engine/inspect/explain.js";
import { SeedBulkError } from "../../errors.js";
import { nearest } from "../../model/scenario/nearest.js";
import type { Universe } from "../../model/universe.js";
import { requireEntity, type ScenarioOptions, universeOf, wholeNumber, withScenarioOptions } from "../options.js";
import { formatExplanation } from "../screen/explanation.js";
import { wantsColor } from "../screen/index.js";

interface Options extends ScenarioOptions {
  readonly entity: string;
  readonly id: number;
  readonly column?: string;
  readonly json?: boolean;
}

/** `seed-bulk explain`. */
export function explainCommand(): Command {
  return withScenarioOptions(new Command("explain"))
    .requiredOption("-e, --entity <name>", "the entity")
    .requiredOption("--id <n>", "the row's ID", wholeNumber(0))
    .option("--column <name>", "this column alone, and in depth: what it reads, and what that reads")
    .option("--json", "print one JSON document")
    .action(async (options: Options) => {
      const universe = await universeOf(options);
      const name = requireEntity(universe, options.entity);
      const row = requireRow(universe, name, options.id);
      const column = options.column === undefined ? {} : { column: requireColumn(universe, name, options.column) };
      const explanation = explain(universe, { entity: name, row, ...column });
      process.stdout.write(
        options.json
          ? `${JSON.stringify(explanation, null, 2)}\n`
          : formatExplanation(explanation, {
              columns: Math.max(40, process.stdout.columns || 80),
              color: wantsColor(process.stdout, process.env),
            }),
      );
    });
}

function requireRow(universe: Universe, name: string, id: number): number {
  const { firstId } = universe.entity(name);
  const rows = universe.rowCount(name);
  if (id >= firstId && id < firstId + rows) return id - firstId;
  const there = rows === 0 ? "no rows" : `IDs from ${firstId} to ${firstId + rows - 1}, not ${id}`;
  throw new SeedBulkError("SB_USAGE", `${name} has ${there}`);
}

function requireColumn(universe: Universe, entity: string, column: string): string {
  const names = Object.keys(universe.entity(entity).columns);
  if (names.includes(column)) return column;
  const [guess] = nearest(column, names, 1);
  throw new SeedBulkError(
    "SB_USAGE",
    `${entity} has no column "${column}"${guess ? `, did you mean "${guess}"?` : ""}`,
    { hint: `Its columns are: ${names.join(", ")}.` },
  );
}
