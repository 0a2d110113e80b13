import { type Column, checked } from "../../columns/column.js";
import { id, parent } from "../../columns/keys.js";
import { momentBetween } from "../../columns/times.js";
import { numbers, numbersOf } from "../../columns/values.js";
import { cellBits, unitOf } from "../../core/random.js";
import { INT4, INT8 } from "../../core/sql-type.js";
import { childrenOf, entity } from "../../model/entity.js";
import { worldCalendar } from "./calendars.js";
import { rarityEnds, TRADE_WEIGHTS } from "./items.js";

/** A character owns up to this many different items. */
export const INVENTORY_MAX = 8;

/** What characters own, behind its feature. */
export const inventory = entity("inventory", {
  comment: "What each character owns: one row for each different item",
  feature: "inventory",
  rows: childrenOf("characters", { by: "inventory_count" }),
  columns: {
    id: id(),
    character_id: parent("characters"),
    item_id: itemId(),
    quantity: checked("quantity > 0", quantity()),
    acquired_at: { ...momentBetween(worldCalendar, { from: "character_id.created_at" }), nullable: false },
  },
  unique: [["character_id", "item_id"]],
  indexes: [["item_id"]],
});

/** How many different items characters own at the most, by the type of their player. */
const REACH: readonly number[] = [4, 7, 6, INVENTORY_MAX];

/** More items for characters of players who play more, never more than there are. */
export function inventoryCount(): Column {
  const reads = ["user_id.type_code"];
  return numbers({ type: INT4, reads, about: `0 to ${INVENTORY_MAX}, by the type of player` }, (context, inputs) => {
    const types = numbersOf(inputs, 0).values;
    const key = context.key();
    const { rowCount } = context.entity("items");
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        out[i] = Math.min(rowCount, Math.floor(unitOf(cellBits(key, rowIndexes[i], 0)) * (REACH[types[i]] + 1)));
      }
    };
  });
}

/**
 * A character's items, none twice: each has a stretch of the items' weights of its own, the rare ones' being short.
 * Where one item reaches over several stretches, the items after it are taken instead.
 */
function itemId(): Column {
  const reads = ["character_id", "$ordinal", "character_id.inventory_count"];
  const about = "any item, rare ones rarely, none twice for a character";
  return {
    ...numbers({ type: INT8, reads, about }, (context, inputs) => {
      const [characters, ordinals, sizes] = inputs.map((_, at) => numbersOf(inputs, at).values);
      const { rowCount, firstId } = context.entity("items");
      const itemAt = itemByShare(rowCount, context.scenario.weights["itemRarity"]);
      const key = context.key();
      const last = rowCount - 1;
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) {
          let item = -1;
          // The items before this one decide where it can lie: at most INVENTORY_MAX of them.
          for (let k = 0; k <= ordinals[i]; k++) {
            const share = (k + unitOf(cellBits(key, characters[i], k))) / sizes[i];
            item = Math.min(Math.max(item + 1, itemAt(share)), last - (sizes[i] - 1 - k));
          }
          out[i] = firstId + item;
        }
      };
    }),
    references: { entity: "items", foreignKey: true },
  };
}

/** The item at a share of all items' weights, the most common first. */
function itemByShare(items: number, weights: Readonly<Record<string, number>>): (share: number) => number {
  const ends = rarityEnds(items, weights);
  const masses = ends.map((end, rarity) => (end - (rarity === 0 ? 0 : ends[rarity - 1])) * TRADE_WEIGHTS[rarity]);
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  return (share) => {
    let rest = share * total;
    let rarity = 0;
    while (rarity < masses.length - 1 && rest >= masses[rarity]) rest -= masses[rarity++];
    const start = rarity === 0 ? 0 : ends[rarity - 1];
    return Math.min(items - 1, start + Math.floor(rest / TRADE_WEIGHTS[rarity]));
  };
}

/** Mostly one. */
function quantity(): Column {
  return numbers({ type: INT4, about: "1 to 20, mostly 1" }, (context) => {
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const share = unitOf(cellBits(key, rowIndexes[i], 0));
        out[i] = 1 + Math.floor(20 * share * share * share * share);
      }
    };
  });
}
