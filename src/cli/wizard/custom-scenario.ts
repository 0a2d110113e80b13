import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { SeedBulkError } from "../../errors.js";
import type { Scenario } from "../../model/scenario/index.js";
import { type CustomSizes, customFile, type DataChoices } from "./choices.js";

/** The scenario that a custom file will hold, before it is written. */
export function customScenario(data: DataChoices, custom: CustomSizes, loaded: Scenario): Scenario {
  return {
    ...loaded,
    name: custom.name,
    description: descriptionOf(data),
    sizes: { ...loaded.sizes, ...custom.sizes },
  };
}

/** The custom file's text: what was chosen, over the scenario that it extends. */
export function customYaml(data: DataChoices, custom: CustomSizes): string {
  const { scenario, seed, features, anomalies } = data;
  const rates = Object.entries(anomalies).map(([name, rate]) => [name, { rate }]);
  return stringify({
    description: descriptionOf(data),
    extends: scenario,
    ...(seed !== undefined && { seed }),
    sizes: custom.sizes,
    ...(Object.keys(features).length > 0 && { features }),
    ...(rates.length > 0 && { anomalies: Object.fromEntries(rates) }),
  });
}

/**
 * Writes a custom file into a folder.
 * @returns its path, as `--scenario` takes it
 * @throws SeedBulkError SB_FILE_EXISTS where there is one by now
 */
export function saveCustomScenario(data: DataChoices, custom: CustomSizes, folder: string): string {
  const file = customFile(custom);
  try {
    writeFileSync(join(folder, file), customYaml(data, custom), { flag: "wx" });
  } catch (cause) {
    if ((cause as { code?: string }).code !== "EEXIST") throw cause;
    throw new SeedBulkError("SB_FILE_EXISTS", `there is a file ${file} by now; nothing was written`, { cause });
  }
  return file;
}

function descriptionOf({ scenario }: DataChoices): string {
  return `${scenario} with sizes of its own, as the wizard was told.`;
}
