import { type Column, described, hidden, unique } from "../../columns/column.js";
import { either } from "../../columns/conditions.js";
import { id, ordinal, parent } from "../../columns/keys.js";
import { labelFor, numberFor } from "../../columns/lists.js";
import { format, sameCode, wordBy } from "../../columns/text.js";
import { changedAfter } from "../../columns/times.js";
import { codes, copied, drawn, numbers, numbersOf } from "../../columns/values.js";
import { aliasTable, pickAlias } from "../../core/alias.js";
import { lognormal } from "../../core/distributions.js";
import { fillBits, unitOf } from "../../core/random.js";
import { enumType, INT4, INT8, TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX } from "../../core/vectors.js";
import { childrenOf, entity } from "../../model/entity.js";
import { firstName, lastName } from "../united-states/names.js";
import { officeCalendar } from "./calendars.js";
import { dealt } from "./counts.js";
import { JOB_TITLES, USER_ROLES } from "./data/venues.js";
import { ACCOUNTS, FEATURE_USAGE, PAGE_VIEWS, USERS } from "./tables.js";

const ROLES = Object.keys(USER_ROLES) as (keyof typeof USER_ROLES)[];
const STATUSES = ["active", "deactivated"] as const;

/** How much the people of a role look at the platform, in the order of ROLES. */
const ROLE_ACTIVITY = [8, 7, 10, 9, 3, 4];

/** By this part of an account's time its last user has joined. */
const JOINING_PART = 0.85;

/** People with a login. */
export const users = entity(USERS, {
  comment: "People with a login, each of one account; the first of them owns it",
  alias: "users",
  rows: childrenOf(ACCOUNTS, { by: "user_count" }),
  lastId: ({ settings }) => settings["lastUserId"],
  columns: {
    id: id(),
    account_id: parent(ACCOUNTS),
    seat: hidden(ordinal(0)),
    first_name: firstName(),
    last_name: lastName(),
    first_slug: hidden(sameCode("first_name", "first_slugs")),
    last_slug: hidden(sameCode("last_name", "last_slugs")),
    email: unique(format("{first_slug}.{last_slug}{id}@{account_id.brand_slug}-{account_id}.example.com")),
    role: userRole(),
    job_title: wordBy("role", (role) => JOB_TITLES[role as keyof typeof USER_ROLES]),
    status: described(
      "deactivated with its account",
      labelFor("account_id.status", { type: enumType("user_status", STATUSES), labels: STATUSES, codeOf: [0, 0, 1] }),
    ),
    dormant: hidden(dealt("dormant")),
    created_at: joinedAt(),
    starts_at: hidden(startsAt()),
    last_active_at: described("Nothing is done afterwards", lastActiveAt()),
    activity: hidden(numberFor("role", ROLE_ACTIVITY)),
    eagerness: hidden(
      drawn({ type: INT4, about: "lognormal", quantile: () => lognormal(100, 0.8), low: 5, high: 5_000 }),
    ),
    visit_weight: hidden(visitWeight()),
    view_count: hidden(childCount(PAGE_VIEWS)),
    use_count: hidden(childCount(FEATURE_USAGE)),
    updated_at: either("account_id.churned", copied("account_id.ends_at", TIMESTAMPTZ), changedAfter("created_at")),
  },
  indexes: [["account_id"]],
});

/** The first of an account's users owns it; the others' roles are by weight. */
function userRole(): Column {
  const spec = { type: enumType("user_role", ROLES), labels: ROLES, about: "the first user is the owner" };
  return codes({ ...spec, reads: ["seat"] }, (context, inputs) => {
    const seat = numbersOf(inputs, 0).values;
    const table = aliasTable(Object.values(USER_ROLES));
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = seat[i] === 0 ? 0 : pickAlias(table, bits[i]);
    };
  });
}

/** The owner with the account, the others in office hours of its time: more at first, growing with the ID. */
function joinedAt(): Column {
  const reads = [
    "seat",
    "account_id.user_count",
    "account_id.created_at",
    "account_id.activated_at",
    "account_id.ends_at",
  ];
  return numbers({ type: TIMESTAMPTZ, reads, about: "in office hours, more at first" }, (context, inputs) => {
    const [seat, seats, signedUp, activated, ends] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const { between } = officeCalendar(context);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        const unit = unitOf(bits[i]);
        const share = (seat[i] + unit) / seats[i];
        const latest = activated[i] + Math.floor(JOINING_PART * (ends[i] - activated[i]));
        out[i] =
          seat[i] === 0
            ? signedUp[i] + Math.floor((0.1 + 0.8 * unit) * (activated[i] - signedUp[i]))
            : between(share * share, activated[i], latest);
      }
    };
  });
}

/** From when on there is something to look at: the account's subscription has begun. */
function startsAt(): Column {
  const reads = ["created_at", "account_id.activated_at"];
  return numbers({ type: TIMESTAMPTZ, reads, about: "the later of the two" }, (_context, inputs) => {
    const [joined, activated] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = Math.max(joined[i], activated[i]);
    };
  });
}

/** Lately, unless dormant. */
function lastActiveAt(): Column {
  const reads = ["starts_at", "account_id.ends_at", "dormant"];
  const law = { kind: "between", from: "created_at" } as const;
  return numbers({ type: TIMESTAMPTZ, reads, about: "lately, unless dormant", law }, (context, inputs) => {
    const [from, to, dormant] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        const unit = unitOf(bits[i]);
        const part = dormant[i] === 1 ? 0.1 + 0.8 * unit : 1 - 0.05 * unit * unit;
        out[i] = Math.min(to[i] - 1, from[i] + 1 + Math.floor(part * (to[i] - from[i])));
      }
    };
  });
}

/** Hours of membership times the role's and the person's own activity. */
function visitWeight(): Column {
  const reads = ["starts_at", "last_active_at", "activity", "eagerness"];
  return numbers({ type: INT8, reads, about: "time as a member times activity" }, (_context, inputs) => {
    const [from, to, activity, eagerness] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        out[i] = Math.ceil(((to[i] - from[i]) / 3_600_000_000) * activity[i] * eagerness[i]);
      }
    };
  });
}

function childCount(child: string): Column {
  return numbers({ type: INT4, about: `rows of ${child}` }, (context) => {
    const { start } = context.fanOut(child);
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) out[i] = start(rowIndexes[i] + 1) - start(rowIndexes[i]);
    };
  });
}
