import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Query } from "../api/client.js";
import type { GenerateRequest, Scenario } from "../api/types.js";

/** What the form of a scenario holds: texts as they were typed, since half a number is one too. */
export interface Choice {
  readonly scenario: Scenario;
  readonly size: Signal<string>;
  readonly seed: Signal<string>;
  readonly from: Signal<string>;
  readonly to: Signal<string>;
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

/** The scenario's form, as it was left. */
export function choiceOf(scenario: Scenario): Choice {
  const key = `${scenario.model}/${scenario.name}`;
  const choice = choices.get(key) ?? newChoice(scenario);
  choices.set(key, choice);
  return choice;
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
export function requestOf({ scenario, query, features }: Choice): Omit<GenerateRequest, "config"> & {
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
    ...(Object.keys(features.value).length > 0 && { features: { ...features.value } }),
    ...(rates.length > 0 && { anomalies: Object.fromEntries(rates) }),
  };
}

type Fields = Pick<Choice, "scenario" | "size" | "seed" | "from" | "to" | "features" | "anomalies">;

function ownTexts({ scale = 1, seed = 0, window }: Scenario) {
  return { size: String(scale), seed: String(seed), from: dayOf(window?.from), to: dayOf(window?.to) };
}

function queryOf(fields: Fields, own: ReturnType<typeof ownTexts>): Query {
  const { scenario, size, seed, from, to, features, anomalies } = fields;
  const switched = Object.entries(features.value).map(([name, isOn]) => `${name}=${isOn ? "on" : "off"}`);
  const rates = Object.entries(anomalies.value).map(([name, rate]) => `${name}=${fraction(rate)}`);
  return {
    scenario: `${scenario.model}/${scenario.name}`,
    volumeMultiplier: size.value === own.size ? undefined : Number(size.value),
    seed: seed.value === own.seed ? undefined : Number(seed.value),
    startDate: from.value === own.from ? undefined : from.value,
    endDate: to.value === own.to ? undefined : to.value,
    features: switched.length > 0 ? switched.join(",") : undefined,
    anomalies: rates.length > 0 ? rates.join(",") : undefined,
  };
}

/** A rate's fraction without an exponent, which the query's form has no room for. */
function fraction(percent: string): string {
  return (Number(percent) / 100).toFixed(8).replace(/\.?0+$/, "");
}

function faultsOf({ size, seed, from, to, anomalies }: Fields): Record<string, string> {
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
  for (const [name, rate] of Object.entries(anomalies.value)) {
    const isRate = rate.trim() !== "" && Number(rate) >= 0 && Number(rate) <= 100;
    if (!isRate) faults[`anomaly ${name}`] = "A percentage from 0 to 100.";
  }
  return faults;
}

function dayOf(iso: string | undefined): string {
  return iso?.slice(0, 10) ?? "";
}
