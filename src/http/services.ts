import type { Estimate } from "../engine/estimate.js";
import type { RunTarget } from "../engine/run/options.js";
import type { Plan } from "../model/plan.js";
import type { ListedScenario, LoadedScenario, ScenarioOverrides } from "../model/scenario/index.js";
import type { Universe } from "../model/universe.js";

/** What the server is given by the command that starts it: the same functions as the command line uses. */
export interface Services {
  /** The one database that this server reads and fills, and what the guard is told of it. */
  readonly target: Extract<RunTarget, { kind: "postgres" }>;
  /** Lines that tell how to look at the database's data from a terminal. */
  readonly lookAt: readonly string[];
  /** Worker threads of a job that asks for no other number. */
  readonly workers: number;
  /** How long a load takes. @param rowsPerSecond at a rate that somebody asks for */
  readonly estimateOf: (plan: Plan, rowsPerSecond?: number) => Estimate;
  /** Told of each load that was verified, with all that it took. */
  readonly rememberLoad: (load: { readonly bytes: number; readonly seconds: number }) => void;
  /** What `confirm` of a cleanup has to say, to the letter. */
  readonly cleanupToken: string;
  readonly version: string;
  /** The built web page's directory; undefined where it was not built. */
  readonly webDir: string | undefined;
  readonly listScenarios: () => Promise<ListedScenario[]>;
  readonly loadScenario: (name: string, overrides: ScenarioOverrides) => Promise<LoadedScenario>;
  /** @throws SeedBulkError SB_ENTITY_NOT_FOUND */
  readonly requireEntity: (universe: Universe, name: string) => string;
  /** Where exports go, each into a directory named by its job. */
  readonly exportsDir: string;
  /** Lines for the server's own log. */
  readonly log: (line: string) => void;
}
