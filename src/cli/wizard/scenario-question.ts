import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import { estimateOf } from "../../engine/estimate.js";
import { inOrder, type Size, sized } from "../../engine/scenario-sizes.js";
import { SeedBulkError } from "../../errors.js";
import type { ModelOrigin } from "../../model/origin.js";
import { type ListedScenario, listScenarios, type Scenario } from "../../model/scenario/index.js";
import type { Universe } from "../../model/universe.js";
import { MODELS } from "../../models/index.js";
import { scenarioDirs } from "../../platform/package.js";
import { scenarioOf, universeOf } from "../options.js";
import { escapeControls, formatCompact, formatTimeLeft } from "../screen/index.js";
import { padLeft, padRight } from "../screen/text.js";
import type { MenuOption, Prompts } from "./prompts.js";

/** A scenario that was chosen, as `--scenario` takes it, and worked out. */
export interface ChosenScenario {
  readonly reference: string;
  readonly scenario: Scenario;
  /** Of a model that is not built in. */
  readonly modelOrigin?: ModelOrigin | undefined;
}

/** A menu's answer that is neither a model nor a scenario; names of folders and files do not begin with a space. */
const OWN_FILE = " file";
const BACK = " back";
export const OWN_TABLES = " tables";

/**
 * Asks for a model, then for one of its scenarios; or for a file of the user's own.
 * @param options.hasTables whether the database may have tables of its own to fill
 */
export async function askScenario(
  prompts: Prompts,
  { hasTables }: { readonly hasTables: boolean },
): Promise<ChosenScenario | typeof OWN_TABLES> {
  // What a newcomer begins with is what Enter takes.
  const listed = inOrder((await listScenarios(scenarioDirs())).map(sized));
  for (;;) {
    const model = await askModel(prompts, listed, hasTables);
    if (model === OWN_TABLES) return OWN_TABLES;
    const reference =
      model === OWN_FILE
        ? await askFile(prompts)
        : await askScenarioOf(
            prompts,
            listed.filter((scenario) => scenario.model === model),
            listed,
          );
    if (reference === BACK) continue;
    try {
      const { scenario, modelOrigin } = await scenarioOf({ scenario: reference });
      return { reference, scenario, modelOrigin };
    } catch (error) {
      if (!(error instanceof SeedBulkError)) throw error;
      prompts.complain([error.message, error.hint].filter(Boolean).join("\n"));
    }
  }
}

function askModel(prompts: Prompts, listed: readonly ListedScenario[], hasTables: boolean): Promise<string> {
  const models = [...new Set(listed.map(({ model }) => model))];
  return prompts.select("What kind of data?", [
    ...models.map((model) => {
      const names = listed.filter((scenario) => scenario.model === model).map(({ name }) => name);
      return {
        value: model,
        label: `${escapeControls(model)}: ${escapeControls(names.join(", "))}`,
        hint: MODELS.get(model)?.description ?? "",
      };
    }),
    { value: OWN_FILE, label: "a scenario file of your own" },
    ...(hasTables ? [{ value: OWN_TABLES, label: "rows for the tables that the database has" }] : []),
  ]);
}

async function askScenarioOf(
  prompts: Prompts,
  scenarios: readonly (ListedScenario & Size)[],
  all: readonly ListedScenario[],
): Promise<string> {
  if (scenarios.some(({ rows }) => rows === null)) prompts.say("Working out how many rows each scenario has");
  const figures: (number | undefined)[] = [];
  for (const { model, name, problem, rows } of scenarios) {
    figures.push(problem === undefined ? (rows ?? (await figuresOf(`${model}/${name}`))) : undefined);
    // Lets a signal through between two scenarios.
    await new Promise((goOn) => setImmediate(goOn));
  }
  const options = scenarioOptions(scenarios.map((scenario, i) => ({ ...scenario, rows: figures[i] })));
  const name = await prompts.select("Which scenario?", [
    ...options,
    { value: BACK, label: "back to the kinds of data" },
  ]);
  if (name === BACK) return BACK;
  const isAmbiguous = all.filter((other) => other.name === name).length > 1;
  return isAmbiguous ? `${scenarios[0].model}/${name}` : name;
}

/** Rows of a scenario as it is, undefined where it is not valid. */
async function figuresOf(reference: string): Promise<number | undefined> {
  try {
    return rowsOf(await universeOf({ scenario: reference }));
  } catch (error) {
    if (error instanceof SeedBulkError) return undefined;
    throw error;
  }
}

function rowsOf(universe: Universe): number {
  return universe.entities.reduce((sum, { name }) => sum + universe.rowCount(name), 0);
}

/** Bytes of COPY that a row usually takes: the menu shows times before plans are made. */
const ROW_BYTES_USUAL = 145;

/**
 * A model's scenarios as a menu: names, rows and times one under another.
 * @param scenarios with their rows; undefined where a scenario cannot be used
 */
export function scenarioOptions(
  scenarios: readonly { readonly name: string; readonly description: string; readonly rows: number | undefined }[],
  env: NodeJS.ProcessEnv = process.env,
): MenuOption<string>[] {
  const names = scenarios.map(({ name }) => escapeControls(name));
  const width = Math.max(...names.map((name) => name.length));
  return scenarios.map(({ name, description, rows }, i) => {
    if (rows === undefined) return { value: name, label: `${names[i]}: not a valid scenario`, disabled: true };
    const time = formatTimeLeft(estimateOf({ rows, bytesEstimated: rows * ROW_BYTES_USUAL }, env).seconds);
    return {
      value: name,
      label: `${padRight(names[i], width)}  ${padLeft(formatCompact(rows), 5)} rows, about ${time}`,
      ...(description !== "" && { hint: escapeControls(description) }),
    };
  });
}

/** A path that YAML's `extends` and `--scenario` both read as a path. */
async function askFile(prompts: Prompts): Promise<string> {
  const path = await prompts.text("Its path", {
    problem: (text) => (text !== "" && existsSync(text) ? undefined : "expected the path of a file that is there"),
  });
  const fromHere = relative(process.cwd(), resolve(path));
  return fromHere.startsWith("..") || resolve(fromHere) === fromHere ? resolve(path) : `./${fromHere}`;
}
