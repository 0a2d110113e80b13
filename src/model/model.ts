import type { Faker } from "@faker-js/faker";
import type { ModelAnomaly } from "./anomalies.js";
import type { ModelChecks, PlanFacts } from "./checks.js";
import type { Entity } from "./entity.js";
import type { ModelOrigin } from "./origin.js";
import type { MapNode } from "./scenario/nodes.js";
import type { ScenarioKnobs } from "./scenario/types.js";

/** Makes a dictionary's words, once a run; Faker comes seeded, and only here. */
export type DictionarySource = (faker: Faker) => readonly (string | Uint8Array)[];

/** A set of related entities. */
export interface Model {
  readonly name: string;
  readonly description: string;
  /** The Postgres schema, where a scenario names no other. */
  readonly schema: string;
  /** Its tables are there, and are filled as they are; none is made. */
  readonly existing?: boolean;
  /** Settings that its tables ask the session for, such as `app.tenant`, by name. */
  readonly session?: Readonly<Record<string, string>>;
  readonly knobs: ScenarioKnobs;
  /** Absent in the built-in models. */
  readonly origin?: ModelOrigin;
  /** What a scenario of it is where it says nothing: a window, a seed. */
  readonly defaults?: MapNode;
  /** Scenarios that stand in the model's own file. */
  readonly scenarios?: ReadonlyMap<string, MapNode>;
  /** Parents before their children. */
  readonly entities: readonly Entity[];
  readonly dictionaries: Readonly<Record<string, DictionarySource>>;
  /** What must hold beyond what the columns say; the checker reads it. */
  readonly checks?: ModelChecks;
  /** What a scenario may have go wrong. */
  readonly anomalies?: readonly ModelAnomaly[];
  /** What a plan should say besides its figures: a total that its ranges do not allow. */
  readonly notes?: (facts: PlanFacts) => readonly string[];
}
