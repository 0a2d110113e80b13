import { anomalyOf, struck } from "../../columns/anomalies.js";
import { type Column, checked, described, hidden, unique } from "../../columns/column.js";
import { either, missingWhere } from "../../columns/conditions.js";
import { id, linked, parent } from "../../columns/keys.js";
import { format, uuid } from "../../columns/text.js";
import { copied, numbers, numbersOf } from "../../columns/values.js";
import { aliasTable, pickAlias } from "../../core/alias.js";
import { log } from "../../core/math/index.js";
import { cellBits, fillBits, multiplyHigh, unitOf } from "../../core/random.js";
import { INET, INT2, INT4, INT8, TEXT, TEXT_ARRAY, TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX, wordVector } from "../../core/vectors.js";
import { childrenOf, entity } from "../../model/entity.js";
import { VISIT_COUNTS, VISIT_STARTS, VISITS_MAX } from "./dictionaries.js";
import { LENGTH_SHARES, LENGTHS } from "./session-lengths.js";
import { MINUTE_US } from "./timeline.js";

/** A session is over this long before the player's next attempt to log in. */
const REST_US = MINUTE_US;

/** How busy players are, and how fast they get about. */
const ACTIONS_PER_MINUTE = { least: 4, most: 22 };
const MINUTES_PER_PLACE = 20;

/** How long before the login a struck session claims to have ended, at most. */
const OUT_OF_ORDER_MOST_US = 45 * MINUTE_US;

/** What players say and offer for sale in an hour, on average: some much, most nothing. */
const CHAT_PER_HOUR = 0.5;
const LISTINGS_PER_HOUR = 0.2;
const COUNT_MOST = 60;

/** Times that somebody played. */
export const playerSessions = entity("player_sessions", {
  comment: "Sessions; each starts with a login that succeeded, and no two of one player overlap",
  rows: childrenOf("login_history", { by: "plays" }),
  columns: {
    id: id(),
    session_id: unique(uuid()),
    login_id: unique(described("The login that started it", parent("login_history"))),
    user_id: linked("users", "login_id.user_id"),
    character_id: characterId(),
    anomaly: hidden(anomalyOf()),
    disordered: hidden(struck("session_out_of_order", "anomaly")),
    unaddressed: hidden(struck("session_address_missing", "anomaly")),
    login_time: copied("login_id.tried_at", TIMESTAMPTZ),
    length: hidden(length()),
    ended_at: hidden(endedAt()),
    chat_count: hidden(countByMinutes(CHAT_PER_HOUR)),
    listing_count: hidden(countByMinutes(LISTINGS_PER_HOUR)),
    logout_time: either("disordered", beforeLogin(), copied("ended_at", TIMESTAMPTZ)),
    actions_count: checked("actions_count > 0", actionsCount()),
    locations_visited: described("From the village on, in the order of the way", locationsVisited()),
    ip_address: described("That of the login", missingWhere("unaddressed", copied("login_id.ip_address", INET))),
    user_agent: copied("login_id.user_agent", TEXT),
    disorder_note: hidden(format("logged out before logging in, after {actions_count} actions")),
    address_note: hidden(format("no address of the session of login {login_id}")),
  },
  indexes: [
    ["user_id", "login_time"],
    ["character_id", "login_time"],
  ],
});

/** The first character of the player, and some on. */
function characterId(): Column {
  const reads = ["user_id", "login_id.played"];
  return {
    ...numbers({ type: INT8, reads, about: "the character that the login plays" }, (context, inputs) => {
      const [users, played] = inputs.map((_, at) => numbersOf(inputs, at).values);
      const { start } = context.fanOut("characters");
      const { firstId } = context.entity("characters");
      const firstUserId = context.entity("users").firstId;
      return ({ count }, out) => {
        let user = Number.NaN;
        let first = 0;
        for (let i = 0; i < count; i++) {
          if (users[i] !== user) {
            user = users[i];
            first = firstId + start(user - firstUserId);
          }
          out[i] = first + played[i];
        }
      };
    }),
    references: { entity: "characters", foreignKey: true },
  };
}

/** How long the player means to play, in µs. */
function length(): Column {
  const about = "5 to 30 minutes, half an hour to two hours, or two to four hours, by the type of player";
  return numbers({ type: INT8, reads: ["login_id.user_id.type_code"], about }, (context, inputs) => {
    const types = numbersOf(inputs, 0).values;
    const tables = LENGTH_SHARES.map((shares) => aliasTable(shares));
    const key = context.key();
    const kinds = new Uint32Array(BATCH_ROWS_MAX);
    const lengths = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, kinds);
      fillBits(key, rowIndexes, count, 1, lengths);
      for (let i = 0; i < count; i++) {
        const [least, most] = LENGTHS[pickAlias(tables[types[i]], kinds[i])];
        out[i] = Math.floor((least + (most - least) * unitOf(lengths[i])) * MINUTE_US);
      }
    };
  });
}

/** Whoever logs in again has ended the session before. */
function endedAt(): Column {
  const reads = ["login_time", "length", "login_id.next_at"];
  const about = "after the session's length, or before the next login";
  return numbers({ type: TIMESTAMPTZ, reads, about }, (_context, inputs) => {
    const [start, lengths, next] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        const room = next[i] - start[i];
        out[i] = start[i] + Math.min(lengths[i], Math.max(room - REST_US, Math.floor(room / 2)));
      }
    };
  });
}

/** A logout that was written down with the wrong moment. */
function beforeLogin(): Column {
  const about = "up to 45 minutes before the login";
  return numbers({ type: TIMESTAMPTZ, reads: ["login_time"], about }, (context, inputs) => {
    const start = numbersOf(inputs, 0).values;
    const { from } = context.windowUs;
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const most = Math.min(OUT_OF_ORDER_MOST_US, start[i] - from);
        out[i] = start[i] - Math.max(1, Math.floor(unitOf(cellBits(key, rowIndexes[i], 0)) * most));
      }
    };
  });
}

function actionsCount(): Column {
  const { least, most } = ACTIONS_PER_MINUTE;
  const about = `${least} to ${most} for each minute played`;
  return numbers({ type: INT4, reads: ["login_time", "ended_at"], about }, (context, inputs) => {
    const [start, end] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        const rate = least + (most - least) * unitOf(bits[i]);
        out[i] = 1 + Math.floor(((end[i] - start[i]) / MINUTE_US) * rate);
      }
    };
  });
}

/** How often something happened in the session: by its length, geometrically, so that most have none and some have many. */
function countByMinutes(perHour: number): Column {
  const about = `geometric, ${perHour} an hour played on average`;
  return numbers({ type: INT2, reads: ["login_time", "ended_at"], about }, (context, inputs) => {
    const [start, end] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        const mean = ((end[i] - start[i]) / (60 * MINUTE_US)) * perHour;
        const tail = unitOf(bits[i]) + 2 ** -33;
        out[i] = Math.min(COUNT_MOST, Math.floor(log(tail) / log(mean / (1 + mean))));
      }
    };
  });
}

/** One place more for every twenty minutes: a stretch of the way from the first village. */
function locationsVisited(): Column {
  const reads = ["login_time", "ended_at"];
  return {
    type: TEXT_ARRAY,
    reads,
    about: `one place, and one more for each ${MINUTES_PER_PLACE} minutes`,
    bind(context, inputs) {
      const [start, end] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
      const out = wordVector(context.dictionary("visits"));
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      return {
        out,
        fill({ rowIndexes, count }) {
          fillBits(key, rowIndexes, count, 0, bits);
          for (let i = 0; i < count; i++) {
            const more = Math.floor((end[i] - start[i]) / (MINUTES_PER_PLACE * MINUTE_US));
            const places = Math.min(VISITS_MAX - 1, more);
            out.codes[i] = VISIT_STARTS[places] + multiplyHigh(bits[i], VISIT_COUNTS[places]);
          }
        },
      };
    },
  };
}
