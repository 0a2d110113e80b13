import type * as z from "zod";
import type { AnomalySettings } from "../../columns/column.js";
import type { ModelAnomaly } from "../anomalies.js";
import type { ModelOrigin } from "../origin.js";
import type { MapNode } from "./nodes.js";

/** A scenario worked out: plain data that survives JSON, is hashed into the plan and sent to workers. */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly model: string;
  /** SHA-256 of the model's file; absent for the built-in models. */
  readonly modelHash?: string;
  /** The Postgres schema that the tables are made in. */
  readonly schema: string;
  /** A safe integer >= 0. */
  readonly seed: number;
  /** What the scaled sizes were multiplied by; `sizes` holds the products. */
  readonly scale: number;
  /** ISO instants in UTC, half-open `[from, to)`. */
  readonly window: { readonly from: string; readonly to: string };
  readonly sizes: Readonly<Record<string, number>>;
  readonly features: Readonly<Record<string, boolean>>;
  /** Probabilities, 0 to 1. */
  readonly shares: Readonly<Record<string, number>>;
  /** Weighted choices by name, such as campaignStatus: { completed: 60, active: 20 }. */
  readonly weights: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Every other number: spreads, factors, counts of days. */
  readonly settings: Readonly<Record<string, number>>;
  /** What goes wrong, by the anomaly's name; all of the model's. */
  readonly anomalies: Readonly<Record<string, AnomalySettings>>;
}

/** The groups of knobs that a model declares, in the order in which they are shown. */
export const KNOB_SECTIONS = ["sizes", "features", "shares", "weights", "settings", "anomalies"] as const;

/** What a model accepts: strict zod objects whose every key has a default and a description (see knobs.ts). */
export interface ScenarioKnobs {
  readonly sizes: z.ZodType<Record<string, number>>;
  readonly features: z.ZodType<Record<string, boolean>>;
  readonly shares: z.ZodType<Record<string, number>>;
  readonly weights: z.ZodType<Record<string, Record<string, number>>>;
  readonly settings: z.ZodType<Record<string, number>>;
  /** The sizes that a scale multiplies; all of them where this is absent. */
  readonly scaledSizes?: readonly string[];
  /** Feature -> the features it builds on. Where one of those is off it is off too, whatever a scenario says of it. */
  readonly dependentFeatures?: Readonly<Record<string, readonly string[]>>;
}

/** As much of a model as a scenario needs to be checked against. */
export interface ScenarioModel {
  readonly name: string;
  /** The Postgres schema used where a scenario names none. */
  readonly schema: string;
  readonly knobs: ScenarioKnobs;
  readonly anomalies?: readonly ModelAnomaly[];
  readonly origin?: ModelOrigin;
  /** What holds where a scenario says nothing else. */
  readonly defaults?: MapNode;
  /** Scenarios that stand in the model's own file. */
  readonly scenarios?: ReadonlyMap<string, MapNode>;
}
