import { type Column, checked, described, hidden } from "../../columns/column.js";
import { id, parent } from "../../columns/keys.js";
import { format, word } from "../../columns/text.js";
import { choice, constant, copied, numbers, numbersOf } from "../../columns/values.js";
import { lognormal } from "../../core/distributions.js";
import { cellBits, unitOf } from "../../core/random.js";
import { INT2, INT8, TIMESTAMPTZ } from "../../core/sql-type.js";
import { childrenOf, entity } from "../../model/entity.js";
import { regionCalendars } from "./calendars.js";
import { hoursPlayed } from "./hours-played.js";
import { inventoryCount } from "./inventory.js";
import { lastLoginWhere } from "./last-row.js";
import { characterMoment, type PlayerTimes, PREMIUM } from "./timeline.js";

/** The classes of characters. */
export const CLASSES = ["Warrior", "Mage", "Rogue", "Ranger", "Cleric", "Paladin"] as const;

/** Experience of an hour of play. Nobody comes beyond level {@link LEVEL_MOST}. */
const EXPERIENCE_PER_HOUR = 3_500;
const LEVEL_MOST = 60;

/** Gold that every character starts with, at most. */
const STARTING_GOLD = 50;

/** Characters of players. */
export const characters = entity("characters", {
  comment: "Characters, 1 to 3 of each account",
  rows: childrenOf("users", { by: "character_count" }),
  columns: {
    id: id(),
    user_id: parent("users"),
    first: hidden(word("character_first")),
    last: hidden(word("character_last")),
    name: format("{first} {last}"),
    class: choice("character_class", CLASSES, ({ weights }) => weights["characterClass"]),
    number: hidden(copied("$ordinal", INT2)),
    created_at: createdAt(),
    last_played: described("When its last session began; NULL where it was never played", lastPlayed()),
    hours: hidden(hoursPlayed()),
    points: hidden(points()),
    level: checked(`level BETWEEN 1 AND ${LEVEL_MOST}`, level()),
    experience: described("50 x level x (level - 1) at a level's start", copied("points", INT8)),
    gold: checked("gold >= 0", gold()),
    one: hidden(constant(INT2, 1)),
    inventory_count: hidden(inventoryCount()),
  },
  indexes: [["user_id"], ["class", "level"]],
});

function createdAt(): Column {
  const of = ["created_at", "active_until", "login_count", "play_word", "zone"].map((column) => `user_id.${column}`);
  const about = "the first with the account, others with a later login";
  return numbers({ type: TIMESTAMPTZ, reads: [...of, "number"], about }, (context, inputs) => {
    const [created, until, logins, words, zones, ordinals] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const betweens = regionCalendars(context).map(({ between }) => between);
    const times: PlayerTimes = { createdUs: 0, untilUs: 0, logins: 0, word: 0 };
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        times.createdUs = created[i];
        times.untilUs = until[i];
        times.logins = logins[i];
        times.word = words[i];
        out[i] = characterMoment(times, ordinals[i], betweens[zones[i]]);
      }
    };
  });
}

function lastPlayed(): Column {
  return lastLoginWhere({ user: "$parent", mark: "played", is: "number", value: "tried_at" });
}

/** What a character has learned: so much an hour of play, some of them faster than others. */
function points(): Column {
  const about = `${EXPERIENCE_PER_HOUR} an hour of play in the median`;
  return numbers({ type: INT8, reads: ["hours"], about }, (context, inputs) => {
    const hours = numbersOf(inputs, 0).values;
    const pace = lognormal(EXPERIENCE_PER_HOUR, 0.25);
    const most = 50 * LEVEL_MOST * (LEVEL_MOST + 1) - 1;
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        out[i] = Math.min(most, Math.floor(hours[i] * pace(cellBits(key, rowIndexes[i], 0))));
      }
    };
  });
}

/** A level takes 100 points more than the one before it. */
function level(): Column {
  const about = "the highest whose start, 50 x level x (level - 1), is reached";
  return numbers({ type: INT2, reads: ["points"], about }, (_context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        let own = Math.max(1, Math.floor((1 + Math.sqrt(1 + values[i] / 12.5)) / 2));
        while (50 * own * (own - 1) > values[i]) own--;
        out[i] = own;
      }
    };
  });
}

function gold(): Column {
  const reads = ["level", "user_id.type_code", "last_played"];
  const about = "lognormal, median 2.5 x level squared, twice as much for premium players";
  return numbers({ type: INT8, reads, about }, (context, inputs) => {
    const [levels, types] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
    const { nulls: unplayed } = numbersOf(inputs, 2);
    const spread = lognormal(2.5, 0.6);
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const bits = cellBits(key, rowIndexes[i], 0);
        if (unplayed.any && unplayed.flags[i] === 1) out[i] = Math.floor(unitOf(bits) * STARTING_GOLD);
        else out[i] = Math.round(spread(bits) * levels[i] * levels[i] * (types[i] === PREMIUM ? 2 : 1)) + STARTING_GOLD;
      }
    };
  });
}
