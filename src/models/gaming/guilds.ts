import { type Column, checked, described, hidden, unique } from "../../columns/column.js";
import { id, parent } from "../../columns/keys.js";
import { shuffledNumber } from "../../columns/lists.js";
import { format, word } from "../../columns/text.js";
import { after, HOUR, MINUTE } from "../../columns/times.js";
import { codes, drawn, numbers, numbersOf } from "../../columns/values.js";
import { lognormal } from "../../core/distributions.js";
import { cellBits, multiplyHigh, unitOf } from "../../core/random.js";
import { enumType, INT4, INT8, TIMESTAMPTZ } from "../../core/sql-type.js";
import type { NumberVector } from "../../core/vectors.js";
import { childrenOf, entity, rows } from "../../model/entity.js";
import { GUILD_MEMBERS_MAX } from "./knobs.js";

const ROLES = ["leader", "officer", "member"] as const;

/** Every so manieth member is an officer. */
const OFFICER_EACH = 8;

/** Guilds, behind their feature. */
export const guilds = entity("guilds", {
  comment: "Companies of characters, each with one leader",
  feature: "guilds",
  rows: rows(({ sizes }) => Math.min(sizes["guilds"], Math.floor(sizes["users"] / GUILD_MEMBERS_MAX))),
  columns: {
    id: id(),
    number: hidden(shuffledNumber()),
    first: hidden(word("guild_first")),
    last: hidden(word("guild_last")),
    name: unique(format("{first} {last} {number:2}")),
    leader_character_id: described("Who founded it: the member with the role leader", leader()),
    member_count: checked(`member_count BETWEEN 3 AND ${GUILD_MEMBERS_MAX}`, memberCount()),
    created_at: after("leader_character_id.created_at", MINUTE, HOUR),
  },
  indexes: [["leader_character_id"]],
});

/** Who belongs to which guild: every character to one at the most. */
export const guildMembers = entity("guild_members", {
  comment: "Characters in guilds, each in one at the most; the first of each guild leads it",
  feature: "guilds",
  rows: childrenOf("guilds", { by: "member_count" }),
  columns: {
    id: id(),
    guild_id: parent("guilds"),
    character_id: unique(member()),
    role: role(),
    joined_at: joinedAt(),
  },
  indexes: [["guild_id"]],
});

function memberCount(): Column {
  return drawn({
    type: INT4,
    about: "lognormal, median 12",
    quantile: () => lognormal(12, 0.6),
    low: 3,
    high: GUILD_MEMBERS_MAX,
  });
}

/**
 * Another character in each row, in their order: whoever began to play at the same time joins the same guild. Every row has
 * a stretch of the characters of its own and takes any of it.
 */
function member(): Column {
  return {
    ...numbers({ type: INT8, about: "any character of the row's own stretch, none twice" }, (context) => {
      const { rowCount: characters, firstId } = context.entity("characters");
      const { rowCount } = context;
      const key = context.key();
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          const start = Math.floor((rowIndexes[i] * characters) / rowCount);
          const size = Math.floor(((rowIndexes[i] + 1) * characters) / rowCount) - start;
          out[i] = firstId + start + multiplyHigh(cellBits(key, rowIndexes[i], 0), size);
        }
      };
    }),
    references: { entity: "characters", foreignKey: true },
  };
}

/** The guild's first member, as its own row has it. */
function leader(): Column {
  return {
    ...numbers({ type: INT8, about: "the guild's first member" }, (context) => {
      const { start } = context.fanOut("guild_members");
      const program = context.program("guild_members", ["character_id"]);
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) program.rows.ownIndexes[i] = start(rowIndexes[i]);
        program.runRows(count);
        out.set((program.vector("character_id") as NumberVector).values.subarray(0, count));
      };
    }),
    references: { entity: "characters", foreignKey: true },
  };
}

function role(): Column {
  const spec = { type: enumType("guild_role", ROLES), labels: ROLES, reads: ["$ordinal"] };
  return codes({ ...spec, about: "the first leads, some are officers" }, (_context, inputs) => {
    const ordinals = numbersOf(inputs, 0).values;
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = ordinals[i] === 0 ? 0 : ordinals[i] % OFFICER_EACH === 1 ? 1 : 2;
    };
  });
}

/** The leader with the guild, the others once there are both the guild and the character. */
function joinedAt(): Column {
  const reads = ["guild_id.created_at", "character_id.created_at", "$ordinal"];
  return numbers({ type: TIMESTAMPTZ, reads, about: "the leader at once, others later" }, (context, inputs) => {
    const [founded, made, ordinals] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const { to } = context.windowUs;
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const since = Math.max(founded[i], made[i]);
        const share = ordinals[i] === 0 ? 0 : unitOf(cellBits(key, rowIndexes[i], 0));
        out[i] = since + Math.floor(share * share * (to - since));
      }
    };
  });
}
