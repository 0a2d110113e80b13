import { type Column, described, hidden, unique } from "../../columns/column.js";
import { id } from "../../columns/keys.js";
import { numberFor, shuffledNumber } from "../../columns/lists.js";
import { sumOf } from "../../columns/sums.js";
import { format, sameCode, word } from "../../columns/text.js";
import { codes, numbers, numbersOf } from "../../columns/values.js";
import { aliasTable, pickAlias } from "../../core/alias.js";
import { normalQuantile } from "../../core/distributions.js";
import { exp } from "../../core/math/index.js";
import { cellBits, fillBits, unitOf } from "../../core/random.js";
import { BOOL, enumType, FLOAT8, INT2, INT4, INT8, TEXT, TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX } from "../../core/vectors.js";
import { entity, rows } from "../../model/entity.js";
import { passwordColumns } from "../passwords/columns.js";
import { REGIONS } from "./data/regions.js";
import { deviceCount } from "./devices.js";
import { EMAIL_DOMAIN_WEIGHTS, PLACE_REGIONS, PLACE_WEIGHTS } from "./dictionaries.js";
import { lastLoginWhere } from "./last-row.js";
import { ACTIVE, activeUntilUs, DORMANT, NEW, PREMIUM, registrations, USER_TYPES } from "./timeline.js";
import { randomWord } from "./vocabulary.js";

/** How many players of each type have 1, 2 and 3 characters. */
const CHARACTER_SHARES: readonly (readonly number[])[] = [
  [75, 20, 5],
  [40, 38, 22],
  [60, 30, 10],
  [20, 40, 40],
];

/** New players have had less time to open their mail. */
const NEW_VERIFIED_PART = 0.7;

/** Accounts. */
export const users = entity("users", {
  comment: "Accounts; larger IDs registered later",
  rows: rows(({ sizes }) => sizes["users"]),
  columns: {
    id: id(),
    handle: hidden(shuffledNumber()),
    first: hidden(word("handle_first")),
    last: hidden(word("handle_last")),
    first_slug: hidden(sameCode("first", "handle_first_slugs")),
    last_slug: hidden(sameCode("last", "handle_last_slugs")),
    username: unique(format("{first}{last}{handle:2}")),
    ...passwordColumns(),
    domain: hidden(word("email_domains", TEXT, EMAIL_DOMAIN_WEIGHTS)),
    email: unique(format("{first_slug}.{last_slug}{handle:2}@{domain}")),
    type_code: hidden(typeCode()),
    user_type: userType(),
    play_word: hidden(randomWord("when the player plays")),
    device_word: hidden(randomWord("the player's devices and addresses")),
    home_location: word("places", TEXT, PLACE_WEIGHTS),
    zone: hidden(numberFor("home_location", PLACE_REGIONS, INT2)),
    home_region: homeRegion(),
    time_zone: sameCode("home_location", "place_time_zones"),
    created_at: createdAt(),
    active_until: hidden(activeUntil()),
    login_weight: hidden(loginWeight()),
    login_count: hidden(loginCount()),
    session_count: hidden(sessionCount()),
    device_count: hidden(deviceCount()),
    character_count: described("1 to 3", characterCount()),
    last_login: described("The last one that succeeded; NULL for somebody who never came", lastLogin()),
    is_premium: isPremium(),
    account_value: described("Gold of all the account's characters", sumOf("characters", "gold", INT8)),
    email_verified: emailVerified(),
  },
  indexes: [["created_at"], ["user_type", "last_login"]],
});

/** How often the player has played: a user's logins stand together, and so do their sessions. */
function sessionCount(): Column {
  return numbers({ type: INT4, about: "sessions of the user's logins" }, (context) => {
    const logins = context.fanOut("login_history");
    const sessions = context.fanOut("player_sessions");
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const row = rowIndexes[i];
        out[i] = sessions.start(logins.start(row + 1)) - sessions.start(logins.start(row));
      }
    };
  });
}

function lastLogin(): Column {
  return lastLoginWhere({ mark: "succeeds", value: "tried_at" });
}

/** The place in USER_TYPES: new players are those who registered last; the others' types are drawn. */
function typeCode(): Column {
  return numbers({ type: INT2, about: "the last to register are new, the others by weight" }, (context) => {
    const weights = context.scenario.weights["userType"];
    const settled = context.rowCount - newUsers(context.rowCount, weights);
    const total = USER_TYPES.reduce((sum, type) => sum + weights[type], 0) - weights["new"];
    // Two bounds and not an alias table: fan-outs weigh users far more often than users are made.
    const activeEnd = (weights["active"] / total) * 2 ** 32;
    const dormantEnd = activeEnd + (weights["dormant"] / total) * 2 ** 32;
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        const drawn = bits[i] < activeEnd ? ACTIVE : bits[i] < dormantEnd ? DORMANT : PREMIUM;
        out[i] = rowIndexes[i] >= settled ? NEW : drawn;
      }
    };
  });
}

/** How many of the accounts are new players'. */
export function newUsers(users: number, weights: Readonly<Record<string, number>>): number {
  const total = USER_TYPES.reduce((sum, type) => sum + weights[type], 0);
  return Math.round((users * weights["new"]) / total);
}

function userType(): Column {
  const spec = { type: enumType("user_type", USER_TYPES), labels: USER_TYPES, reads: ["type_code"] };
  return codes({ ...spec, about: "the type by its code" }, (_context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = values[i];
    };
  });
}

function homeRegion(): Column {
  const labels = REGIONS.map(({ name }) => name);
  const spec = { type: enumType("region", labels), labels, reads: ["zone"], about: "follows from home_location" };
  return codes(spec, (_context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = values[i];
    };
  });
}

function createdAt(): Column {
  return numbers({ type: TIMESTAMPTZ, about: "over the window, growing with the ID" }, (context) => {
    const momentAt = registrations(context);
    const { rowCount } = context;
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = momentAt((rowIndexes[i] + unitOf(bits[i])) / rowCount);
    };
  });
}

function activeUntil(): Column {
  const reads = ["type_code", "created_at", "play_word"];
  return numbers(
    { type: TIMESTAMPTZ, reads, about: "the window's end, or before for dormant players" },
    (context, inputs) => {
      const [types, created, words] = inputs.map((_, at) => numbersOf(inputs, at).values);
      const { to } = context.windowUs;
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = activeUntilUs(types[i], created[i], words[i], to);
      };
    },
  );
}

/**
 * How often players of one type log in beside each other: 256 quantiles of a lognormal, held between 0.4 and 2.5. The weights of
 * 256 players are worked out each time that some login's owner is looked for, so they come from a table.
 */
const SPREAD: readonly number[] = Array.from({ length: 256 }, (_, at) =>
  Math.min(2.5, Math.max(0.4, exp(0.5 * normalQuantile((at + 0.5) / 256)))),
);

function loginWeight(): Column {
  return numbers(
    { type: FLOAT8, reads: ["type_code"], about: "by type, lognormal with sigma 0.5" },
    (context, inputs) => {
      const types = numbersOf(inputs, 0).values;
      const { settings } = context.scenario;
      const byType = Float64Array.from(USER_TYPES, (type) => settings[`${type}Logins`]);
      const spread = Float64Array.from(SPREAD);
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      return ({ rowIndexes, count }, out) => {
        fillBits(key, rowIndexes, count, 0, bits);
        for (let i = 0; i < count; i++) out[i] = byType[types[i]] * spread[bits[i] >>> 24];
      };
    },
  );
}

function loginCount(): Column {
  return numbers({ type: INT4, about: "the logins that the fan-out gives the user" }, (context) => {
    const { start } = context.fanOut("login_history");
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) out[i] = start(rowIndexes[i] + 1) - start(rowIndexes[i]);
    };
  });
}

function characterCount(): Column {
  return numbers({ type: INT2, reads: ["type_code"], about: "1 to 3, by type" }, (context, inputs) => {
    const types = numbersOf(inputs, 0).values;
    const tables = CHARACTER_SHARES.map((shares) => aliasTable(shares));
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = 1 + pickAlias(tables[types[i]], bits[i]);
    };
  });
}

function isPremium(): Column {
  return numbers({ type: BOOL, reads: ["type_code"], about: "whether the type is premium" }, (_context, inputs) => {
    const types = numbersOf(inputs, 0).values;
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = types[i] === PREMIUM ? 1 : 0;
    };
  });
}

function emailVerified(): Column {
  return numbers(
    { type: BOOL, reads: ["type_code"], about: "by a share, smaller for new players" },
    (context, inputs) => {
      const types = numbersOf(inputs, 0).values;
      const share = context.scenario.shares["emailVerified"];
      const bounds = USER_TYPES.map((_, type) => share * (type === NEW ? NEW_VERIFIED_PART : 1) * 2 ** 32);
      const key = context.key();
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) out[i] = cellBits(key, rowIndexes[i], 0) < bounds[types[i]] ? 1 : 0;
      };
    },
  );
}
