import { Command } from "commander";
import { estimateOf } from "../../engine/estimate.js";
import {
  type ExpectedPlanOptions,
  expectedPlan,
  nameList,
  type RowsOptions,
  requireEntity,
  type ScenarioOptions,
  universeOf,
  wholeNumber,
  withExpectedPlanOption,
  withRowsOption,
  withScenarioOptions,
} from "../options.js";
import { formatPlan, isVerbose, wantsColor } from "../screen/index.js";

interface Options extends ScenarioOptions, RowsOptions, ExpectedPlanOptions {
  readonly only?: string[];
  readonly rate?: number;
  readonly json?: boolean;
}

/** `seed-bulk plan`. */
export function planCommand(): Command {
  return withExpectedPlanOption(withRowsOption(withScenarioOptions(new Command("plan"))))
    .option("--only <entities>", "only these entities, with commas between them", nameList)
    .option(
      "--rate <rows>",
      "rows a second that the time is stated at; else as this machine loaded last",
      wholeNumber(1),
    )
    .option("--json", "print one JSON document")
    .action(async (options: Options) => {
      const universe = await universeOf(options, options);
      const only = options.only?.map((name) => requireEntity(universe, name));
      const plan = expectedPlan(universe, only, options);
      const estimate = estimateOf(plan, process.env, options.rate);
      if (options.json) {
        const { seconds: secondsEstimated, from: estimatedFrom } = estimate;
        process.stdout.write(`${JSON.stringify({ ...plan, secondsEstimated, estimatedFrom }, null, 2)}\n`);
        return;
      }
      const look = { columns: process.stdout.columns || 80, color: wantsColor(process.stdout, process.env) };
      process.stdout.write(`${formatPlan(plan, { ...look, estimate, isVerbose: isVerbose() })}\n`);
    });
}
