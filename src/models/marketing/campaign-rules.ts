import { type Column, checked, described, hidden } from "../../columns/column.js";
import { id, ordinal, parent } from "../../columns/keys.js";
import { labelFor, numberFor, oneOf } from "../../columns/lists.js";
import { wordBy } from "../../columns/text.js";
import { after, changedAfter, HOUR } from "../../columns/times.js";
import { chance, codes, constant, drawn, numbers, numbersOf, wordsOf } from "../../columns/values.js";
import { aliasTable, pickAlias } from "../../core/alias.js";
import { lognormal } from "../../core/distributions.js";
import { cellBits } from "../../core/random.js";
import { BOOL, enumType, INT2, INT4, INT8, numeric, TEXT } from "../../core/sql-type.js";
import { childrenOf, entity } from "../../model/entity.js";
import type { IndustryName } from "./data/industries.js";
import { CONDITION_KINDS, GIFT_CARD_BRANDS, REWARDS_BY_INDUSTRY } from "./data/words.js";

/** Every kind of condition with each of its thresholds: what a campaign may ask. */
export const CONDITIONS = CONDITION_KINDS.flatMap(({ thresholds, weight, ...kind }) =>
  thresholds.map((threshold) => ({ ...kind, threshold, weight: weight / thresholds.length })),
);

const SCOPES = ["call", "sms", "web", "mail"] as const;

/** What campaigns ask of a recipient before a reward is due. */
export const campaignConditions = entity("campaign_conditions", {
  comment: "What a campaign asks of a recipient before a reward is due; the first two can be met by a call",
  rows: childrenOf("campaigns", { by: "condition_count" }),
  columns: {
    id: id(),
    campaign_id: parent("campaigns"),
    sequence_number: ordinal(1, INT2),
    condition: hidden(condition()),
    scope: labelFor("condition", {
      type: enumType("condition_scope", SCOPES),
      labels: SCOPES,
      codeOf: CONDITIONS.map(({ scope }) => SCOPES.indexOf(scope)),
    }),
    kind: textOf(({ kind }) => kind),
    name: textOf(({ label, unit, threshold }) =>
      unit === "boolean" ? label : `${label}: ${threshold.replaceAll("_", " ")}`,
    ),
    operator: textOf(({ operator }) => operator),
    threshold: described(
      "Compared with by the operator, in the unit",
      textOf(({ threshold }) => threshold),
    ),
    unit: textOf(({ unit }) => unit),
    is_required: chance(0.7),
    created_at: after("campaign_id.created_at", 0, HOUR),
    updated_at: changedAfter("created_at"),
  },
  unique: [["campaign_id", "sequence_number"]],
});

/** What campaigns give for a met condition. */
export const rewardConfigs = entity("reward_configs", {
  comment: "What a campaign gives to whoever meets a condition",
  feature: "giftCards",
  rows: childrenOf("campaigns", { by: "reward_count" }),
  columns: {
    id: id(),
    campaign_id: parent("campaigns"),
    condition_id: described("The condition that has to be met", conditionId()),
    name: wordBy("campaign_id.client_id.industry", (industry) => REWARDS_BY_INDUSTRY[industry as IndustryName]),
    brand: oneOf(
      GIFT_CARD_BRANDS.map(({ brand }) => brand),
      TEXT,
      GIFT_CARD_BRANDS.map(({ weight }) => weight),
    ),
    category: labelFor("brand", {
      type: TEXT,
      labels: GIFT_CARD_BRANDS.map(({ category }) => category),
      codeOf: GIFT_CARD_BRANDS.map((_, code) => code),
    }),
    denomination: checked("denomination > 0", described("US dollars on each card", denomination())),
    cards_per_recipient: constant(INT2, 1),
    cards_per_month: drawn({
      type: INT4,
      about: "lognormal, median 300, in fifties",
      quantile: () => lognormal(300, 0.6),
      low: 50,
      high: 10_000,
      step: 50,
    }),
    valid_days: described("Days for which a card is good once it is delivered", validDays()),
    is_active: numberFor("campaign_id.status", [0, 1, 0, 0, 0], BOOL),
    created_at: after("condition_id.created_at", 0, HOUR),
    updated_at: changedAfter("created_at"),
  },
  indexes: [["campaign_id"], ["condition_id"]],
});

/** The first condition is an answered call, the second another that a call can meet, the others what no call can. */
function condition(): Column {
  const labels = CONDITIONS.map(({ kind, threshold }) => `${kind} ${threshold}`);
  const weightsOf = (fits: (condition: (typeof CONDITIONS)[number]) => boolean): number[] =>
    CONDITIONS.map((entry) => (fits(entry) ? entry.weight : 0));
  return codes({ type: TEXT, labels, reads: ["$ordinal"], about: "by place and weight" }, (context, inputs) => {
    const ordinals = numbersOf(inputs, 0).values;
    const answered = CONDITIONS.findIndex(({ kind }) => kind === "call_answered");
    const calls = aliasTable(
      weightsOf(({ scope, kind }) => scope === "call" && kind !== "call_answered" && kind !== "first_call"),
    );
    const others = aliasTable(weightsOf(({ scope }) => scope !== "call"));
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const bits = cellBits(key, rowIndexes[i], 0);
        out[i] = ordinals[i] === 0 ? answered : pickAlias(ordinals[i] === 1 ? calls : others, bits);
      }
    };
  });
}

function textOf(text: (condition: (typeof CONDITIONS)[number]) => string): Column {
  return labelFor("condition", { type: TEXT, labels: CONDITIONS.map(text), codeOf: CONDITIONS.map((_, code) => code) });
}

function conditionId(): Column {
  return {
    ...numbers({ type: INT8, reads: ["$parent"], about: "one of the campaign's conditions" }, (context, inputs) => {
      const campaign = numbersOf(inputs, 0).values;
      const { firstId } = context.entity("campaign_conditions");
      const fanOut = context.fanOut("campaign_conditions");
      const key = context.key();
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          const start = fanOut.start(campaign[i]);
          const size = fanOut.start(campaign[i] + 1) - start;
          out[i] = firstId + start + (cellBits(key, rowIndexes[i], 0) % size);
        }
      };
    }),
    references: { entity: "campaign_conditions", foreignKey: true },
  };
}

function denomination(): Column {
  return numbers({ type: numeric(8, 2), reads: ["brand"], about: "a denomination of the brand" }, (context, inputs) => {
    const brand = wordsOf(inputs, 0).codes;
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const { denominations } = GIFT_CARD_BRANDS[brand[i]];
        out[i] = 100 * denominations[cellBits(key, rowIndexes[i], 0) % denominations.length];
      }
    };
  });
}

function validDays(): Column {
  return numbers({ type: INT2, about: "60, 90, 180 or 365" }, (context) => {
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) out[i] = [60, 90, 90, 180, 180, 365][cellBits(key, rowIndexes[i], 0) % 6];
    };
  });
}
