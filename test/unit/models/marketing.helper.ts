import { marketing } from "../../../src/models/marketing/index.js";
import { testUniverses } from "../../support/model-rows.js";

export const { scenarioOf, universeOf } = testUniverses(marketing, { from: "2024-10-01", to: "2025-01-01" });
