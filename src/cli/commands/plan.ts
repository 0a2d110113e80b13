import { Command } from "commander";
import { buildPlan } from "../../model/plan.js";
import {
  nameList,
  type RowsOptions,
  requireEntity,
  type ScenarioOptions,
  universeOf,
  wholeNumber,
  withRowsOption,
  withScenarioOptions,
} from "../options.js";
import { formatPlan, wantsColor } from "../screen/index.js";

/** Rows a second that a time is stated at, where the user names none: what two cores shared with Postgres load. */
export const RATE_ASSUMED = 500_000;

interface Options extends ScenarioOptions, RowsOptions {
  readonly only?: string[];
  readonly rate: number;
  readonly json?: boolean;
}

/** `seed-bulk plan`. */
export function planCommand(): Command {
  return withRowsOption(withScenarioOptions(new Command("plan")))
    .option("--only <entities>", "only these entities, with commas between them", nameList)
    .option("--rate <rows>", "rows a second that the time is stated at", wholeNumber(1), RATE_ASSUMED)
    .option("--json", "print one JSON document")
    .action(async (options: Options) => {
      const universe = await universeOf(options, options);
      const only = options.only?.map((name) => requireEntity(universe, name));
      const plan = buildPlan(universe, only);
      if (options.json) {
        const secondsEstimated = plan.rows / options.rate;
        process.stdout.write(`${JSON.stringify({ ...plan, rate: options.rate, secondsEstimated }, null, 2)}\n`);
        return;
      }
      const columns = process.stdout.columns || 80;
      process.stdout.write(
        `${formatPlan(plan, { columns, rowsPerSecond: options.rate, color: wantsColor(process.stdout, process.env) })}\n`,
      );
    });
}
