import { gaming } from "../../../src/models/gaming/index.js";
import { testUniverses } from "../../support/model-rows.js";

/** All four of the model's switches. */
export const ALL_FEATURES = {
  itemCategories: true,
  characterStats: true,
  guilds: true,
  inventory: true,
  chat: true,
  market: true,
};

export const { scenarioOf, universeOf } = testUniverses(gaming, { from: "2024-07-01", to: "2025-01-01" });

/** Rows by a key, in the order in which keys come up. */
export function grouped<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}
