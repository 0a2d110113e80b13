import { existsSync } from "node:fs";
import type { Model } from "../../model/model.js";
import type { Scenario } from "../../model/scenario/index.js";
import { formatCount } from "../screen/index.js";
import { padRight } from "../screen/text.js";
import type { DataChoices } from "./choices.js";
import {
  describedKnobs,
  parseSize,
  rateProblem,
  scaleProblem,
  scenarioNameProblem,
  seedProblem,
  sizeProblem,
  sizesProblems,
  withoutEnding,
} from "./problems.js";
import type { Prompts } from "./prompts.js";
import type { ChosenScenario } from "./scenario-question.js";
import { featureChanges, featuresKeptOff } from "./switches.js";

/** Ends a loop of questions; no knob's name begins with a space. */
const DONE = " done";

/** Asks for sizes, switches, anomalies and the seed of a scenario. */
export async function askData(prompts: Prompts, model: Model, chosen: ChosenScenario): Promise<DataChoices> {
  const sizes = await askSizes(prompts, model, chosen);
  const features = await askFeatures(prompts, model, chosen.scenario);
  const anomalies = await askAnomalies(prompts, model, {
    ...chosen.scenario,
    features: { ...chosen.scenario.features, ...features },
  });
  const seed = Number(
    await prompts.text("Seed: the same one makes the same data", {
      initial: String(chosen.scenario.seed),
      problem: seedProblem,
    }),
  );
  return {
    scenario: chosen.reference,
    ...sizes,
    features,
    anomalies,
    ...(seed !== chosen.scenario.seed && { seed }),
  };
}

async function askSizes(
  prompts: Prompts,
  model: Model,
  chosen: ChosenScenario,
): Promise<Pick<DataChoices, "scale" | "custom">> {
  const how = await prompts.select("How much of it?", [
    { value: "own", label: "As the scenario says" },
    { value: "scale", label: "All sizes times a factor" },
    { value: "single", label: "Single sizes", hint: "saved as a scenario of your own" },
  ]);
  if (how === "own") return {};
  if (how === "scale") {
    const scale = Number(await prompts.text("Factor, such as 0.1 or 5", { initial: "1", problem: scaleProblem }));
    return scale === 1 ? {} : { scale };
  }
  const sizes = await askSingleSizes(prompts, model, chosen.scenario);
  if (Object.keys(sizes).length === 0) return {};
  const isTaken = (file: string): boolean => existsSync(file);
  const initial = freeName(`my_${chosen.scenario.name.replace(/[^\w-]/g, "_")}`, isTaken);
  const name = await prompts.text("Name of the scenario file that keeps these sizes", {
    initial,
    problem: (text) => scenarioNameProblem(text, isTaken),
  });
  return { custom: { sizes, name: withoutEnding(name) } };
}

/** Asks for one size after another until they hold together; returns those that are not the scenario's own. */
async function askSingleSizes(prompts: Prompts, model: Model, scenario: Scenario): Promise<Record<string, number>> {
  const about = describedKnobs(model.knobs.sizes);
  const sizes: Record<string, number> = { ...scenario.sizes };
  const width = Math.max(...Object.keys(sizes).map((name) => name.length));
  let at: string | undefined;
  for (;;) {
    const options = Object.entries(sizes).map(([name, size]) => {
      const changed = size === scenario.sizes[name] ? "" : ` (was ${formatCount(scenario.sizes[name])})`;
      return { value: name, label: `${padRight(name, width)}  ${formatCount(size)}${changed}`, hint: about[name] };
    });
    const name = await prompts.select("Which size?", [...options, { value: DONE, label: "That is all" }], at);
    if (name !== DONE) {
      const text = await prompts.text(`${name}: how many?`, {
        initial: String(sizes[name]),
        problem: (answer) => sizeProblem(model.knobs, name, answer),
      });
      sizes[name] = parseSize(text) as number;
      at = DONE;
      continue;
    }
    const problems = sizesProblems(model.knobs, sizes);
    if (problems.length === 0) break;
    prompts.complain(problems.join("\n"));
    at = undefined;
  }
  return Object.fromEntries(Object.entries(sizes).filter(([name, size]) => size !== scenario.sizes[name]));
}

async function askFeatures(prompts: Prompts, model: Model, scenario: Scenario): Promise<Record<string, boolean>> {
  const names = Object.keys(scenario.features);
  if (names.length === 0) return {};
  const about = describedKnobs(model.knobs.features);
  const wanted = await prompts.multiselect(
    "What shall be in it? Space switches",
    names.map((name) => ({ value: name, label: name, hint: about[name] })),
    names.filter((name) => scenario.features[name]),
  );
  const { dependentFeatures = {} } = model.knobs;
  for (const { name, needs } of featuresKeptOff(wanted, dependentFeatures)) {
    prompts.warn(`${name} stays off: it builds on ${needs}, which is off.`);
  }
  return featureChanges({ own: scenario.features, wanted, dependentFeatures });
}

async function askAnomalies(prompts: Prompts, model: Model, scenario: Scenario): Promise<Record<string, number>> {
  const features = new Map(model.entities.map(({ name, feature }) => [name, feature]));
  const anomalies = (model.anomalies ?? []).filter(({ entity }) => {
    const feature = features.get(entity);
    return feature === undefined || scenario.features[feature];
  });
  if (anomalies.length === 0) return {};
  const standing = anomalies.filter(({ name }) => scenario.anomalies[name].rate > 0).length;
  const change = await prompts.confirm(
    `Anomalies: ${standing} of ${anomalies.length} strike. Change their rates?`,
    false,
  );
  if (!change) return {};
  const rates = Object.fromEntries(anomalies.map(({ name }) => [name, scenario.anomalies[name].rate]));
  const width = Math.max(...anomalies.map(({ name }) => name.length));
  let at: string | undefined;
  for (;;) {
    const options = anomalies.map(({ name, about }) => ({
      value: name,
      label: `${padRight(name, width)}  ${rates[name]}`,
      hint: about,
    }));
    const chosen = await prompts.select("Which anomaly?", [...options, { value: DONE, label: "That is all" }], at);
    if (chosen === DONE) break;
    const entity = anomalies.find(({ name }) => name === chosen)?.entity;
    const text = await prompts.text(`${chosen}: what share of ${entity}, 0 to 1?`, {
      initial: String(rates[chosen]),
      problem: rateProblem,
    });
    rates[chosen] = Number(text);
    at = DONE;
  }
  return Object.fromEntries(Object.entries(rates).filter(([name, rate]) => rate !== scenario.anomalies[name].rate));
}

/** A name that no file has yet: the one wanted, or with a number behind it. */
function freeName(wanted: string, isTaken: (file: string) => boolean): string {
  let name = wanted;
  for (let i = 2; isTaken(`${name}.yaml`); i++) name = `${wanted}_${i}`;
  return name;
}
