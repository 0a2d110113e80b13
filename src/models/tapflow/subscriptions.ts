import { type Column, checked, described, hidden } from "../../columns/column.js";
import { id, ordinal, parent } from "../../columns/keys.js";
import { sameCode } from "../../columns/text.js";
import { codes, numbers, numbersOf, wordsOf } from "../../columns/values.js";
import { cellBits, unitOf } from "../../core/random.js";
import { enumType, INT2, INT4, INT8, numeric, TEXT_ARRAY, TIMESTAMPTZ } from "../../core/sql-type.js";
import { setNull } from "../../core/vectors.js";
import { childrenOf, entity } from "../../model/entity.js";
import { BASE_CENTS, DEVICE_CENTS, PLANS } from "./data/plans.js";
import { ACCOUNTS, DEVICES, LOCATIONS, SUBSCRIPTIONS } from "./tables.js";

const STATUSES = ["active", "past_due", "cancelled", "replaced"] as const;
const [CANCELLED, REPLACED] = [2, 3];

const PERIODS = ["monthly", "annual"] as const;
const ANNUAL_DISCOUNT_PERCENT = 15;

/** Of the terms of each tier, this share is billed annually. */
const ANNUAL_SHARES = [0.3, 0.45, 0.7, 0.9];

/** Of the accounts of each tier, this share has the plan above the tier's own. */
const UPGRADED_SHARES = [0.35, 0.25, 0.2, 0];

/** When each term begins, in their order. */
const BOUNDS = ["account_id.activated_at", "account_id.second_term_at", "account_id.third_term_at"];

/** Terms of accounts: an account's last one is current, those before it led up to it. */
export const subscriptions = entity(SUBSCRIPTIONS, {
  comment:
    "Terms of accounts: plan, features and price from one moment to another; they follow one another without gaps",
  alias: "subscriptions",
  rows: childrenOf(ACCOUNTS, { by: "term_count" }),
  lastId: ({ settings }) => settings["lastSubscriptionId"],
  columns: {
    id: id(),
    account_id: parent(ACCOUNTS),
    device_id: described("The account's first device, which reports for billing", gateway()),
    term: described("Which of the account's terms, from 1", ordinal(1, INT2)),
    is_last: hidden(isLast()),
    plan: plan(),
    features: sameCode("plan", "plan_features", TEXT_ARRAY),
    billing_period: billingPeriod(),
    discount_percent: discount(),
    device_quota: checked(
      "device_quota > 0",
      described("Devices that are paid for; of an account's last term, all that it has had", deviceQuota()),
    ),
    mrr: checked("mrr > 0", described("US dollars a month", monthlyRevenue())),
    status: described("replaced: by the account's next term", termStatus()),
    started_at: startedAt(),
    ended_at: described("NULL while it lasts", endedAt()),
  },
  unique: [["account_id", "term"]],
  indexes: [["device_id"], ["status"]],
});

/** The first device of the account's first location: the tables stand in one order. */
function gateway(): Column {
  return {
    ...numbers({ type: INT8, reads: ["account_id"], about: "the account's first device" }, (context, inputs) => {
      const accountIds = numbersOf(inputs, 0).values;
      const { firstId: firstAccountId } = context.entity(ACCOUNTS);
      const { firstId } = context.entity(DEVICES);
      const locations = context.fanOut(LOCATIONS);
      const devices = context.fanOut(DEVICES);
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) {
          out[i] = firstId + devices.start(locations.start(accountIds[i] - firstAccountId));
        }
      };
    }),
    references: { entity: DEVICES, foreignKey: true },
  };
}

function isLast(): Column {
  const reads = ["term", "account_id.term_count"];
  return numbers({ type: INT2, reads, about: "1 for the account's last term" }, (_context, inputs) => {
    const [term, terms] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = term[i] === terms[i] ? 1 : 0;
    };
  });
}

/** The plan of the account's tier, or the one above; each term before the last had the plan below. */
function plan(): Column {
  const spec = { type: enumType("subscription_plan", PLANS), labels: PLANS, about: "by tier; earlier terms had less" };
  const reads = ["account_id", "account_id.tier", "term", "account_id.term_count"];
  return codes({ ...spec, reads }, (context, inputs) => {
    const tier = wordsOf(inputs, 1).codes;
    const [account, term, terms] = [0, 2, 3].map((at) => numbersOf(inputs, at).values);
    // By the account and not by the row: all its terms lead up to one plan.
    const key = context.key();
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        const isUpgraded = unitOf(cellBits(key, account[i], 0)) < UPGRADED_SHARES[tier[i]];
        out[i] = Math.max(0, tier[i] + (isUpgraded ? 1 : 0) - (terms[i] - term[i]));
      }
    };
  });
}

function billingPeriod(): Column {
  const spec = { type: enumType("billing_period", PERIODS), labels: PERIODS, about: "larger accounts pay by the year" };
  return codes({ ...spec, reads: ["account_id.tier"] }, (context, inputs) => {
    const tier = wordsOf(inputs, 0).codes;
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) out[i] = unitOf(cellBits(key, rowIndexes[i], 0)) < ANNUAL_SHARES[tier[i]] ? 1 : 0;
    };
  });
}

function discount(): Column {
  return numbers({ type: INT2, reads: ["billing_period"], about: "for annual billing" }, (_context, inputs) => {
    const period = wordsOf(inputs, 0).codes;
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = period[i] * ANNUAL_DISCOUNT_PERCENT;
    };
  });
}

/** All devices of the account; in the terms before the last, half of them or more. */
function deviceQuota(): Column {
  const reads = ["account_id", "is_last"];
  return numbers({ type: INT4, reads, about: "the account's devices, fewer in earlier terms" }, (context, inputs) => {
    const [account, last] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const { firstId } = context.entity(ACCOUNTS);
    const locations = context.fanOut(LOCATIONS);
    const devices = context.fanOut(DEVICES);
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const index = account[i] - firstId;
        const all = devices.start(locations.start(index + 1)) - devices.start(locations.start(index));
        const part = 0.5 + 0.4 * unitOf(cellBits(key, rowIndexes[i], 0));
        out[i] = last[i] === 1 ? all : Math.ceil(part * all);
      }
    };
  });
}

/** The plan's fee and that of its devices, less the discount: half a cent goes up. */
function monthlyRevenue(): Column {
  const reads = ["plan", "device_quota", "discount_percent"];
  return numbers({ type: numeric(10, 2), reads, about: "fees less the discount" }, (_context, inputs) => {
    const code = wordsOf(inputs, 0).codes;
    const [quota, percent] = [numbersOf(inputs, 1).values, numbersOf(inputs, 2).values];
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        const cents = BASE_CENTS[code[i]] + DEVICE_CENTS[code[i]] * quota[i];
        out[i] = Math.round((cents * (100 - percent[i])) / 100);
      }
    };
  });
}

function termStatus(): Column {
  const spec = { type: enumType("subscription_status", STATUSES), labels: STATUSES, about: "as the account is" };
  return codes({ ...spec, reads: ["is_last", "account_id.status"] }, (_context, inputs) => {
    const last = numbersOf(inputs, 0).values;
    const account = wordsOf(inputs, 1).codes;
    return ({ count }, out) => {
      // Accounts are active, past due or churned, in this order.
      for (let i = 0; i < count; i++) out[i] = last[i] === 0 ? REPLACED : Math.min(CANCELLED, account[i]);
    };
  });
}

function startedAt(): Column {
  return numbers({ type: TIMESTAMPTZ, reads: ["term", ...BOUNDS], about: "when the one before ended" }, (_, inputs) => {
    const [term, first, second, third] = inputs.map((_input, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = term[i] === 1 ? first[i] : term[i] === 2 ? second[i] : third[i];
    };
  });
}

/** When the next one started; of the last one, when the account ended it. */
function endedAt(): Column {
  const reads = ["is_last", "term", ...BOUNDS.slice(1), "account_id.churned_at"];
  const spec = { type: TIMESTAMPTZ, reads, about: "when the next one started, or the account ended", nullable: true };
  const law = { kind: "between", from: "started_at" } as const;
  return numbers({ ...spec, law }, (_context, inputs) => {
    const [last, term, second, third, churned] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const { nulls: staying } = inputs[4];
    return ({ count }, out, nulls) => {
      for (let i = 0; i < count; i++) {
        out[i] = last[i] === 1 ? churned[i] : term[i] === 1 ? second[i] : third[i];
        if (last[i] === 1 && staying.any && staying.flags[i] === 1) setNull(nulls, i);
      }
    };
  });
}
