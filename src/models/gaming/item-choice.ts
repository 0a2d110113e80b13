import type { Column } from "../../columns/column.js";
import { numbers } from "../../columns/values.js";
import { aliasTable, pickAlias } from "../../core/alias.js";
import { fillBits, multiplyHigh } from "../../core/random.js";
import { INT8 } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX } from "../../core/vectors.js";
import { rarityEnds, TRADE_WEIGHTS } from "./items.js";

/** Any item, rare ones rarely: a rarity by weight and number of its items, then one of them evenly. */
export function itemBy(): Column {
  return {
    ...numbers({ type: INT8, about: "any item, the rarer the less often" }, (context) => {
      const { rowCount, firstId } = context.entity("items");
      const ends = rarityEnds(rowCount, context.scenario.weights["itemRarity"]);
      const starts = ends.map((_, rarity) => (rarity === 0 ? 0 : ends[rarity - 1]));
      const table = aliasTable(ends.map((end, rarity) => (end - starts[rarity]) * TRADE_WEIGHTS[rarity]));
      const key = context.key();
      const rarities = new Uint32Array(BATCH_ROWS_MAX);
      const places = new Uint32Array(BATCH_ROWS_MAX);
      return ({ rowIndexes, count }, out) => {
        fillBits(key, rowIndexes, count, 0, rarities);
        fillBits(key, rowIndexes, count, 1, places);
        for (let i = 0; i < count; i++) {
          const rarity = pickAlias(table, rarities[i]);
          out[i] = firstId + starts[rarity] + multiplyHigh(places[i], ends[rarity] - starts[rarity]);
        }
      };
    }),
    references: { entity: "items", foreignKey: false },
  };
}
