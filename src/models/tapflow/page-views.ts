import { anomalyOf, struck } from "../../columns/anomalies.js";
import { type Column, checked, described, hidden } from "../../columns/column.js";
import { either } from "../../columns/conditions.js";
import { id, linked, parent } from "../../columns/keys.js";
import { format } from "../../columns/text.js";
import { codes, drawn, numbers, numbersOf, textChoice } from "../../columns/values.js";
import { aliasTable, pickAlias } from "../../core/alias.js";
import { lognormal } from "../../core/distributions.js";
import { cellBits, fillBits, unitOf } from "../../core/random.js";
import { enumType, INT4, INT8, TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX } from "../../core/vectors.js";
import { childrenOf, entity } from "../../model/entity.js";
import { officeCalendar } from "./calendars.js";
import { CLIENT_KINDS, PAGES } from "./data/pages.js";
import { ACCOUNTS, PAGE_VIEWS, USERS } from "./tables.js";

/** A user's views are taken eight by eight, and each eight falls into sessions in one of these ways. */
const SESSION_VIEWS_MAX = 8;
const SESSIONS = [[8], [5, 3], [3, 4, 1], [2, 6], [1, 7], [4, 4], [6, 1, 1], [2, 3, 3]];

/** The place of each view's session among the eight, by the way they fall. */
const SESSION_STARTS = SESSIONS.map((sizes) =>
  sizes.flatMap((size, at) => {
    const start = sizes.slice(0, at).reduce((sum, before) => sum + before, 0);
    return Array<number>(size).fill(start);
  }),
);

/** A view comes 75 seconds after the one before it, give or take 30: a session takes ten minutes at the most. */
const STEP_US = 75_000_000;
const STEP_ERROR_US = 30_000_000;
const SESSION_US_MAX = SESSION_VIEWS_MAX * STEP_US;

/** Pages of the platform that users looked at. Rows of a user stand in the order of time. */
export const pageViews = entity(PAGE_VIEWS, {
  comment: "Pages of the platform that users looked at, session by session",
  feature: "webAnalytics",
  rows: childrenOf(USERS, { total: ({ sizes }) => sizes["pageViews"], by: "visit_weight" }),
  columns: {
    id: id(),
    user_id: parent(USERS),
    account_id: described("That of the user", linked(ACCOUNTS, "user_id.account_id")),
    first_row: hidden(firstOfSession()),
    session_id: described("The ID of the session's first view", sessionId()),
    anomaly: hidden(anomalyOf()),
    is_early: hidden(struck("view_before_signup", "anomaly")),
    viewed_at: either("is_early", beforeSignup(), viewedAt()),
    path: textChoice(PAGES),
    client: clientKind(),
    duration_ms: checked(
      "duration_ms > 0",
      drawn({ type: INT4, about: "lognormal", quantile: () => lognormal(18_000, 1), low: 400, high: 1_800_000 }),
    ),
    early_detail: hidden(format("seen before the user {user_id} had an account")),
  },
  indexes: [
    ["user_id", "viewed_at"],
    ["account_id", "viewed_at"],
  ],
});

/** The row index of the first view of a view's session. */
function firstOfSession(): Column {
  return numbers({ type: INT8, reads: ["$ordinal"], about: "sessions of one to eight views" }, (context, inputs) => {
    const ordinal = numbersOf(inputs, 0).values;
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const place = ordinal[i] % SESSION_VIEWS_MAX;
        const start = rowIndexes[i] - place;
        out[i] = start + SESSION_STARTS[cellBits(key, start, 0) % SESSIONS.length][place];
      }
    };
  });
}

function sessionId(): Column {
  return {
    ...numbers({ type: INT8, reads: ["first_row"], about: "the ID of the first view" }, ({ firstId }, inputs) => {
      const first = numbersOf(inputs, 0).values;
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = firstId + first[i];
      };
    }),
    references: { entity: PAGE_VIEWS, foreignKey: false },
  };
}

/** The user's sessions divide the time as a member; a session's views follow one another within minutes. */
function viewedAt(): Column {
  const user = ["view_count", "starts_at", "last_active_at"].map((name) => `user_id.${name}`);
  const about = "while the user was active, in office hours, in the order of time within a session";
  return numbers({ type: TIMESTAMPTZ, reads: ["first_row", "$ordinal", ...user], about }, (context, inputs) => {
    const [first, ordinal, all, from, to] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const { between } = officeCalendar(context);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 1, bits);
      for (let i = 0; i < count; i++) {
        const place = rowIndexes[i] - first[i];
        const share = (ordinal[i] - place + unitOf(cellBits(key, first[i], 0))) / all[i];
        const start = between(share, from[i], Math.max(from[i] + 1, to[i] - SESSION_US_MAX));
        const error = place === 0 ? 0 : Math.floor((unitOf(bits[i]) - 0.5) * STEP_ERROR_US);
        out[i] = Math.min(to[i], start + place * STEP_US + error);
      }
    };
  });
}

/** After the account signed up and before the user did. */
function beforeSignup(): Column {
  const reads = ["account_id.created_at", "user_id.created_at"];
  return numbers({ type: TIMESTAMPTZ, reads, about: "before the user's account was made" }, (context, inputs) => {
    const [from, to] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        out[i] = from[i] + Math.floor(unitOf(cellBits(key, rowIndexes[i], 0)) * (to[i] - from[i]));
      }
    };
  });
}

/** One kind of client a session. */
function clientKind(): Column {
  const labels = Object.keys(CLIENT_KINDS);
  const spec = { type: enumType("client_kind", labels), labels, about: "one a session, by weight" };
  return codes({ ...spec, reads: ["first_row"] }, (context, inputs) => {
    const first = numbersOf(inputs, 0).values;
    const table = aliasTable(Object.values(CLIENT_KINDS));
    const key = context.key();
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = pickAlias(table, cellBits(key, first[i], 0));
    };
  });
}
