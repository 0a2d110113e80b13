import type { ScenarioOverrides } from "../../../src/model/scenario/index.js";
import type { Universe } from "../../../src/model/universe.js";
import { erp } from "../../../src/models/erp/index.js";
import { testUniverses } from "../../support/model-rows.js";
import { planned } from "../../support/planned.js";

export const { universeOf: erpUniverse } = testUniverses(erp, { from: "2024-01-01", to: "2024-04-01" });

/** A built-in scenario of the model. */
export async function erpScenario(name: string, overrides: ScenarioOverrides = {}): Promise<Universe> {
  return (await planned(`erp/${name}`, overrides)).universe;
}
