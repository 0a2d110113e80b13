import { tapflow } from "../../../src/models/tapflow/index.js";
import { testUniverses } from "../../support/model-rows.js";

export const { scenarioOf, universeOf } = testUniverses(tapflow, { from: "2020-01-01", to: "2025-06-25" });
