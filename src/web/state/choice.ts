import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { type Query, queryText } from "../api/client.js";
import type { GenerateRequest, Scenario } from "../api/types.js";

/** What the form of a scenario holds: texts as they were typed, since half a number is one too. */
export interface Choice {
  readonly scenario: Scenario;
  readonly size: Signal<string>;
  readonly seed: Signal<string>;
  readonly from: Signal<string>;
  readonly to: Signal<string>;
  /** Single sizes, only those that were changed. */
  readonly sizes: Signal<Readonly<Record<string, string>>>;
  /** The tables to be made; none for all. */
  readonly only: Signal<readonly string[]>;
  /** Only those that were switched. */
  readonly features: Signal<Readonly<Record<string, boolean>>>;
  /** Rates in percent, only those that were changed. */
  readonly anomalies: Signal<Readonly<Record<string, string>>>;
  /** What the form's values differ from the scenario's own in, as a query. */
  readonly query: ReadonlySignal<Query>;
  /** What cannot be asked as it stands, by field. */
  readonly faults: ReadonlySignal<Readonly<Record<string, string>>>;
}

/** Forms of this visit: whoever comes back from a dry run finds what it was started with. */
const choices = new Map<string, Choice>();

/**
 * The scenario's form, as it was left, or as an address says that it is.
 * @param given the query of the page's address: `volumeMultiplier=10&seed=7`
 */
export function choiceOf(scenario: Scenario, given: URLSearchParams): Choice {
  const key = `${scenario.model}/${scenario.name}`;
  const choice = choices.get(key) ?? newChoice(scenario);
  choices.set(key, choice);
  if (given.size > 0) take(choice, given);
  return choice;
}

/** The form's changes as an address keeps them. */
export function addressQuery({ query }: Choice): string {
  const { scenario: _, ...changes } = query.value;
  return queryText(changes);
}

function take(choice: Choice, given: URLSearchParams): void {
  const pairs = (name: string): (readonly [string, string])[] =>
    (given.get(name) ?? "")
      .split(",")
      .filter(Boolean)
      .map((pair) => pair.split("=", 2) as [string, string]);
  const own = ownTexts(choice.scenario);
  batch(() => {
    choice.size.value = given.get("volumeMultiplier") ?? own.size;
    choice.seed.value = given.get("seed") ?? own.seed;
    choice.from.value = given.get("startDate") ?? own.from;
    choice.to.value = given.get("endDate") ?? own.to;
    choice.only.value = (given.get("only") ?? "").split(",").filter(Boolean);
    choice.sizes.value = Object.fromEntries(pairs("sizes"));
    choice.features.value = Object.fromEntries(pairs("features").map(([name, word]) => [name, word === "on"]));
    choice.anomalies.value = Object.fromEntries(
      pairs("anomalies").map(([name, rate]) => [name, String(Number((Number(rate) * 100).toFixed(6)))]),
    );
  });
}

/** A form that holds the scenario's own values. */
function newChoice(scenario: Scenario): Choice {
  const own = ownTexts(scenario);
  const choice = {
    scenario,
    size: signal(own.size),
    seed: signal(own.seed),
    from: signal(own.from),
    to: signal(own.to),
    sizes: signal<Readonly<Record<string, string>>>({}),
    only: signal<readonly string[]>([]),
    features: signal<Readonly<Record<string, boolean>>>({}),
    anomalies: signal<Readonly<Record<string, string>>>({}),
  };
  const faults = computed(() => faultsOf(choice));
  return { ...choice, query: computed(() => queryOf(choice, own)), faults };
}

/** Takes everything back to the scenario's own values. */
export function resetChoice(choice: Choice): void {
  const own = ownTexts(choice.scenario);
  batch(() => {
    for (const field of ["size", "seed", "from", "to"] as const) choice[field].value = own[field];
    choice.sizes.value = {};
    choice.only.value = [];
    choice.features.value = {};
    choice.anomalies.value = {};
  });
}

/** The rate of an anomaly where nobody changed it, in percent. */
export function ownRate(scenario: Scenario, anomaly: string): string {
  const settings = scenario.anomalies?.[anomaly] as { rate?: number } | undefined;
  return String(Number(((settings?.rate ?? 0) * 100).toFixed(4)));
}

/** The body that starts what the form says. */
export function requestOf({ scenario, query, sizes, only, features }: Choice): Omit<GenerateRequest, "config"> & {
  config: NonNullable<GenerateRequest["config"]>;
} {
  const { startDate, endDate, seed, volumeMultiplier, anomalies } = query.value;
  const config = { startDate, endDate, seed, volumeMultiplier };
  const rates = String(anomalies ?? "")
    .split(",")
    .filter(Boolean)
    .map((pair) => pair.split("="))
    .map(([name, rate]) => [name, Number(rate)] as const);
  return {
    scenario: `${scenario.model}/${scenario.name}`,
    config: Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined)),
    ...(Object.keys(sizes.value).length > 0 && { sizes: numbersOf(sizes.value) }),
    ...(only.value.length > 0 && { only: [...only.value] }),
    ...(Object.keys(features.value).length > 0 && { features: { ...features.value } }),
    ...(rates.length > 0 && { anomalies: Object.fromEntries(rates) }),
  };
}

/** The command that makes the same, without the database. */
export function commandOf(choice: Choice, { schema, workers }: { schema: string; workers: string }): string {
  const { scenario, query, sizes, only, features } = choice;
  const { volumeMultiplier, seed, startDate, endDate, anomalies } = query.value;
  const flags: readonly (readonly [string, string | number | undefined])[] = [
    ["--scale", volumeMultiplier],
    ["--seed", seed],
    ["--from", startDate],
    ["--to", endDate],
    ...Object.entries(sizes.value).map(([name, size]) => ["--size", `${name}=${Number(size)}`] as const),
    ...Object.entries(features.value).map(([name, isOn]) => ["--feature", `${name}=${isOn ? "on" : "off"}`] as const),
    ...String(anomalies ?? "")
      .split(",")
      .filter(Boolean)
      .map((pair) => ["--anomaly", pair] as const),
    ["--only", only.value.length > 0 ? only.value.join(",") : undefined],
    ["--schema", schema === scenario.schema ? undefined : inShell(schema)],
    ["--workers", workers === "" ? undefined : workers],
  ];
  const given = flags.flatMap(([flag, value]) => (value === undefined ? [] : [`${flag} ${value}`]));
  return [`npx seed-bulk --scenario ${scenario.model}/${scenario.name}`, ...given].join(" ");
}

function inShell(word: string): string {
  return /^[\w.-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function numbersOf(texts: Readonly<Record<string, string>>): Record<string, number> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, Number(text)]));
}

type Fields = Pick<Choice, "scenario" | "size" | "seed" | "from" | "to" | "sizes" | "only" | "features" | "anomalies">;

function ownTexts({ scale = 1, seed = 0, window }: Scenario) {
  return { size: String(scale), seed: String(seed), from: dayOf(window?.from), to: dayOf(window?.to) };
}

function queryOf(fields: Fields, own: ReturnType<typeof ownTexts>): Query {
  const { scenario, size, seed, from, to, sizes, only, features, anomalies } = fields;
  const single = Object.entries(sizes.value).map(([name, text]) => `${name}=${Number(text)}`);
  const switched = Object.entries(features.value).map(([name, isOn]) => `${name}=${isOn ? "on" : "off"}`);
  const rates = Object.entries(anomalies.value).map(([name, rate]) => `${name}=${fraction(rate)}`);
  return {
    scenario: `${scenario.model}/${scenario.name}`,
    volumeMultiplier: size.value === own.size ? undefined : Number(size.value),
    seed: seed.value === own.seed ? undefined : Number(seed.value),
    startDate: from.value === own.from ? undefined : from.value,
    endDate: to.value === own.to ? undefined : to.value,
    sizes: single.length > 0 ? single.join(",") : undefined,
    only: only.value.length > 0 ? only.value.join(",") : undefined,
    features: switched.length > 0 ? switched.join(",") : undefined,
    anomalies: rates.length > 0 ? rates.join(",") : undefined,
  };
}

/** A rate's fraction without an exponent, which the query's form has no room for. */
function fraction(percent: string): string {
  return (Number(percent) / 100).toFixed(8).replace(/\.?0+$/, "");
}

function faultsOf({ size, seed, from, to, sizes, anomalies }: Fields): Record<string, string> {
  const faults: Record<string, string> = {};
  const multiplier = Number(size.value);
  if (size.value.trim() === "" || !(multiplier > 0 && multiplier <= 1e6)) {
    faults["size"] = "A number above 0, up to 1,000,000.";
  }
  if (!/^\d{1,16}$/.test(seed.value) || Number(seed.value) > Number.MAX_SAFE_INTEGER) {
    faults["seed"] = "A whole number from 0 on.";
  }
  if (from.value === "") faults["from"] = "A day.";
  if (to.value === "") faults["to"] = "A day.";
  else if (from.value >= to.value) faults["to"] = "A day after the first.";
  for (const [name, text] of Object.entries(sizes.value)) {
    if (!/^\d{1,12}(\.\d{1,6})?$/.test(text)) faults[`size ${name}`] = "A number from 0 on.";
  }
  for (const [name, rate] of Object.entries(anomalies.value)) {
    const isRate = rate.trim() !== "" && Number(rate) >= 0 && Number(rate) <= 100;
    if (!isRate) faults[`anomaly ${name}`] = "A percentage from 0 to 100.";
  }
  return faults;
}

function dayOf(iso: string | undefined): string {
  return iso?.slice(0, 10) ?? "";
}
