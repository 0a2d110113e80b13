import { anomalyOf, struck } from "../../columns/anomalies.js";
import { type Column, checked, described, hidden } from "../../columns/column.js";
import { missingWhere } from "../../columns/conditions.js";
import { id, linked, parent } from "../../columns/keys.js";
import { format } from "../../columns/text.js";
import { codes, drawn, numbers, numbersOf, wordsOf } from "../../columns/values.js";
import { aliasTable, pickAlias } from "../../core/alias.js";
import { lognormal } from "../../core/distributions.js";
import { fillBits, unitOf } from "../../core/random.js";
import { INT4, INT8, TEXT, TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX } from "../../core/vectors.js";
import { childrenOf, entity } from "../../model/entity.js";
import { officeCalendar } from "./calendars.js";
import { FEATURES, PLAN_FEATURES } from "./data/plans.js";
import { ACCOUNTS, FEATURE_USAGE, SUBSCRIPTIONS, USERS } from "./tables.js";

/** What users did with their plan's features. Rows of a user stand in the order of time. */
export const featureUsage = entity(FEATURE_USAGE, {
  comment: "Users using a feature that their account's subscription had at that time",
  feature: "webAnalytics",
  rows: childrenOf(USERS, { total: ({ sizes }) => sizes["featureUsage"], by: "visit_weight" }),
  columns: {
    id: id(),
    user_id: parent(USERS),
    account_id: described("That of the user", linked(ACCOUNTS, "user_id.account_id")),
    anomaly: hidden(anomalyOf()),
    is_blind: hidden(struck("missing_duration", "anomaly")),
    used_at: usedAt(),
    subscription_id: described("The account's term at that time", termAt()),
    feature: featureOf(),
    usage_count: checked(
      "usage_count > 0",
      drawn({ type: INT4, about: "lognormal, median 4", quantile: () => lognormal(4, 0.9), low: 1, high: 400 }),
    ),
    duration_ms: missingWhere(
      "is_blind",
      drawn({ type: INT4, about: "lognormal", quantile: () => lognormal(95_000, 0.9), low: 1_000, high: 7_200_000 }),
    ),
    blind_detail: hidden(format("no duration of {feature}")),
  },
  indexes: [["user_id", "used_at"], ["account_id", "feature"], ["subscription_id"]],
});

function usedAt(): Column {
  const user = ["use_count", "starts_at", "last_active_at"].map((name) => `user_id.${name}`);
  const about = "while the user was active, in office hours, in the order of time";
  return numbers({ type: TIMESTAMPTZ, reads: ["$ordinal", ...user], about }, (context, inputs) => {
    const [ordinal, all, from, to] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const { between } = officeCalendar(context);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = between((ordinal[i] + unitOf(bits[i])) / all[i], from[i], to[i]);
    };
  });
}

/** The term of the account that the moment falls into. */
function termAt(): Column {
  const account = ["term_count", "second_term_at", "third_term_at"].map((name) => `account_id.${name}`);
  const reads = ["used_at", "account_id", ...account];
  return {
    ...numbers({ type: INT8, reads, about: "the account's term at used_at" }, (context, inputs) => {
      const [at, accountId, terms, second, third] = inputs.map((_, input) => numbersOf(inputs, input).values);
      const { firstId: firstAccountId } = context.entity(ACCOUNTS);
      const { firstId } = context.entity(SUBSCRIPTIONS);
      const { start } = context.fanOut(SUBSCRIPTIONS);
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) {
          let term = 0;
          if (terms[i] > 1 && at[i] >= second[i]) term = 1;
          if (terms[i] > 2 && at[i] >= third[i]) term = 2;
          out[i] = firstId + start(accountId[i] - firstAccountId) + term;
        }
      };
    }),
    references: { entity: SUBSCRIPTIONS, foreignKey: true },
  };
}

/** A feature of the term's plan, by weight. */
function featureOf(): Column {
  const labels = FEATURES.map(({ name }) => name);
  const spec = { type: TEXT, labels, about: "a feature of the term's plan, by weight" };
  return codes({ ...spec, reads: ["subscription_id.plan"] }, (context, inputs) => {
    const plan = wordsOf(inputs, 0).codes;
    const tables = PLAN_FEATURES.map((features) =>
      aliasTable(FEATURES.map((feature) => (features.includes(feature) ? feature.weight : 0))),
    );
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = pickAlias(tables[plan[i]], bits[i]);
    };
  });
}
