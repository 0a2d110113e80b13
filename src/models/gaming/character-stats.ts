import { type Column, checked } from "../../columns/column.js";
import { parent } from "../../columns/keys.js";
import { numbers, numbersOf, wordsOf } from "../../columns/values.js";
import { fillBits } from "../../core/random.js";
import { INT4 } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX } from "../../core/vectors.js";
import { childrenOf, entity } from "../../model/entity.js";
import { CLASSES } from "./characters.js";

type Stat = "health" | "mana" | "strength" | "agility" | "intellect" | "armor";

/** What a character of each class has at level 1, and what each further level adds. */
const STATS: Readonly<Record<Stat, Readonly<Record<(typeof CLASSES)[number], readonly [base: number, step: number]>>>> =
  {
    health: {
      Warrior: [140, 24],
      Mage: [80, 11],
      Rogue: [100, 16],
      Ranger: [105, 17],
      Cleric: [95, 14],
      Paladin: [130, 22],
    },
    mana: { Warrior: [20, 2], Mage: [150, 26], Rogue: [40, 4], Ranger: [55, 6], Cleric: [130, 22], Paladin: [70, 10] },
    strength: { Warrior: [18, 3], Mage: [7, 1], Rogue: [11, 2], Ranger: [11, 2], Cleric: [9, 1], Paladin: [16, 3] },
    agility: { Warrior: [10, 1], Mage: [9, 1], Rogue: [18, 3], Ranger: [17, 3], Cleric: [8, 1], Paladin: [9, 1] },
    intellect: { Warrior: [6, 1], Mage: [19, 3], Rogue: [9, 1], Ranger: [10, 1], Cleric: [17, 3], Paladin: [11, 2] },
    armor: { Warrior: [30, 4], Mage: [8, 1], Rogue: [16, 2], Ranger: [18, 2], Cleric: [14, 2], Paladin: [34, 4] },
  };

/** Characters of one class and level differ by up to this part, for what they wear. */
const GEAR_PART = 0.15;

/** Attributes of characters, behind their feature. */
export const characterStats = entity("character_stats", {
  comment: "Health, mana and attributes of each character, by its class and level",
  feature: "characterStats",
  rows: childrenOf("characters", { by: "one" }),
  primaryKey: ["character_id"],
  columns: {
    character_id: parent("characters"),
    health: checked("health > 0", stat("health")),
    mana: checked("mana >= 0", stat("mana")),
    strength: stat("strength"),
    agility: stat("agility"),
    intellect: stat("intellect"),
    armor: stat("armor"),
  },
});

function stat(name: Stat): Column {
  const reads = ["character_id.class", "character_id.level"];
  const about = `by class and level, up to ${GEAR_PART} more`;
  return numbers({ type: INT4, reads, about }, (context, inputs) => {
    const { codes } = wordsOf(inputs, 0);
    const levels = numbersOf(inputs, 1).values;
    const byClass = CLASSES.map((one) => STATS[name][one]);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        const [base, step] = byClass[codes[i]];
        out[i] = Math.floor((base + step * (levels[i] - 1)) * (1 + (GEAR_PART * bits[i]) / 2 ** 32));
      }
    };
  });
}
