export { atMost, feature, setting, share, size, weights } from "./knobs.js";
export { type ListedScenario, listScenarios } from "./list.js";
export { type LoadedScenario, loadScenario } from "./load.js";
export type { Origin } from "./origin.js";
export type { ScenarioOverrides } from "./overrides.js";
export { formatOrigin } from "./problems.js";
export type { Scenario, ScenarioKnobs, ScenarioModel } from "./types.js";
