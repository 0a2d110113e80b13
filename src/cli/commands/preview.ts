import { Command } from "commander";
import { previewRows } from "../../engine/inspect/preview.js";
import { SeedBulkError } from "../../errors.js";
import { requireEntity, type ScenarioOptions, universeOf, wholeNumber, withScenarioOptions } from "../options.js";
import { formatRows, wantsColor } from "../screen/index.js";

interface Options extends ScenarioOptions {
  readonly entity: string;
  readonly rows: number;
  readonly at?: number;
  readonly json?: boolean;
}

/** `seed-bulk preview`. */
export function previewCommand(): Command {
  return withScenarioOptions(new Command("preview"))
    .requiredOption("-e, --entity <name>", "the entity")
    .option("-n, --rows <n>", "how many rows", wholeNumber(1, 1024), 5)
    .option("--at <id>", "the first row's ID", wholeNumber(0))
    .option("--json", "print one JSON document")
    .action(async (options: Options) => {
      const universe = await universeOf(options);
      const name = requireEntity(universe, options.entity);
      const { firstId } = universe.entity(name);
      const rowCount = universe.rowCount(name);
      const at = options.at ?? firstId;
      if (rowCount > 0 && (at < firstId || at >= firstId + rowCount)) {
        throw new SeedBulkError("SB_USAGE", `${name} has IDs from ${firstId} to ${firstId + rowCount - 1}, not ${at}`);
      }
      const { columns, rows } = previewRows(
        universe,
        name,
        at - firstId,
        Math.min(options.rows, firstId + rowCount - at),
      );
      if (options.json) {
        const records = rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]])));
        process.stdout.write(`${JSON.stringify({ entity: name, rows: records }, null, 2)}\n`);
        return;
      }
      process.stdout.write(
        `${formatRows(
          { columns, rows },
          { columns: process.stdout.columns || 80, color: wantsColor(process.stdout, process.env) },
        )}\n`,
      );
    });
}
