import { type Column, checked, described, hidden, unique } from "../../columns/column.js";
import { latest } from "../../columns/conditions.js";
import { id, linked } from "../../columns/keys.js";
import { shuffledNumber } from "../../columns/lists.js";
import { format } from "../../columns/text.js";
import { after } from "../../columns/times.js";
import { codes, copied, integer, numbers, numbersOf, wordsOf } from "../../columns/values.js";
import { DAY_US } from "../../core/calendar.js";
import { exponential } from "../../core/distributions.js";
import { cellBits, unitOf } from "../../core/random.js";
import { BOOL, enumType, INT2, INT8, numeric, TEXT, TIMESTAMPTZ } from "../../core/sql-type.js";
import { setNull } from "../../core/vectors.js";
import { childrenOf, entity } from "../../model/entity.js";
import { shopCalendars } from "./calendars.js";

const STATUSES = ["available", "reserved", "assigned", "delivered", "redeemed", "expired"] as const;
const [AVAILABLE, RESERVED, ASSIGNED, DELIVERED, REDEEMED, EXPIRED] = [0, 1, 2, 3, 4, 5];

const SECOND_US = 1_000_000;
/** Cards whose delivery failed and is tried again. */
const UNDELIVERED_SHARE = 0.02;
/** Cards that are used some day, and after how many days. */
const REDEEMED_SHARE = 0.72;
const REDEMPTION_DAYS_MEAN = 12;
/** Redeemed cards with something left on them. */
const PARTIAL_SHARE = 0.24;

/** The inventory of gift cards: those in stock and those that callers got. */
export const giftCards = entity("gift_cards", {
  comment: "Inventory of gift cards: in stock, or issued to a caller who opted in to text messages",
  feature: "giftCards",
  rows: childrenOf("sms_opt_ins", { by: "card_count" }),
  columns: {
    id: id(),
    placed_with: hidden(placedWith()),
    issued: hidden(issued()),
    sms_opt_in_id: unique(described("Who got the card; NULL while it is in stock", smsOptInId())),
    campaign_id: linked("campaigns", "placed_with.campaign_id"),
    reward_config_id: rewardConfigId(),
    brand: copied("reward_config_id.brand", TEXT),
    card_number: hidden(shuffledNumber(1_000_000_000_000)),
    // Begins with 0, which no payment card does (ISO/IEC 7812-1): a gift card's number is nobody's account.
    code: unique(format("0620{card_number:12}")),
    pin_number: hidden(integer(0, 9999)),
    pin: format("{pin_number:4}"),
    denomination: checked(
      "denomination > 0",
      described("US dollars", copied("reward_config_id.denomination", numeric(8, 2))),
    ),
    balance: checked("balance >= 0 AND balance <= denomination", described("US dollars left", balance())),
    status: status(),
    valid_days: described(
      "Days for which the card is good once it is delivered",
      copied("reward_config_id.valid_days", INT2),
    ),
    purchased_at: described(
      "When the card entered the inventory, before anybody got it",
      after("campaign_id.created_at", 0.25, 3),
    ),
    assigned_at: assignedAt(),
    delivered_at: deliveredAt(),
    redeemed_at: redeemedAt(),
    updated_at: latest("purchased_at", "assigned_at", "delivered_at", "redeemed_at"),
  },
  indexes: [["campaign_id", "status"], ["reward_config_id"]],
});

/** The opt-in beside which the card stands in the inventory, whether or not it was issued to it. */
function placedWith(): Column {
  return {
    ...numbers(
      { type: INT8, reads: ["$parent"], about: "the opt-in beside which the card stands" },
      (context, inputs) => {
        const { firstId } = context.entity("sms_opt_ins");
        const parents = numbersOf(inputs, 0).values;
        return ({ count }, out) => {
          for (let i = 0; i < count; i++) out[i] = firstId + parents[i];
        };
      },
    ),
    references: { entity: "sms_opt_ins", foreignKey: false },
  };
}

/** The first card beside an opt-in that got one. */
function issued(): Column {
  return numbers(
    { type: BOOL, reads: ["$ordinal", "placed_with.gift"], about: "whether somebody got the card" },
    (_context, inputs) => {
      const [ordinals, gift] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = ordinals[i] === 0 ? gift[i] : 0;
      };
    },
  );
}

function smsOptInId(): Column {
  return {
    ...numbers(
      { type: INT8, reads: ["placed_with", "issued"], about: "the opt-in that got the card", nullable: true },
      (_context, inputs) => {
        const [place, isIssued] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
        return ({ count }, out, nulls) => {
          for (let i = 0; i < count; i++) {
            out[i] = place[i];
            if (isIssued[i] === 0) setNull(nulls, i);
          }
        };
      },
    ),
    references: { entity: "sms_opt_ins", foreignKey: true },
  };
}

function rewardConfigId(): Column {
  return {
    ...numbers({ type: INT8, reads: ["campaign_id"], about: "one of the campaign's rewards" }, (context, inputs) => {
      const campaign = numbersOf(inputs, 0).values;
      const { firstId } = context.entity("reward_configs");
      const firstCampaignId = context.entity("campaigns").firstId;
      const fanOut = context.fanOut("reward_configs");
      const key = context.key();
      return ({ rowIndexes, count }, out) => {
        let last = -1;
        let start = 0;
        let size = 1;
        for (let i = 0; i < count; i++) {
          if (campaign[i] !== last) {
            last = campaign[i];
            start = fanOut.start(last - firstCampaignId);
            size = fanOut.start(last - firstCampaignId + 1) - start;
          }
          out[i] = firstId + start + (size === 1 ? 0 : cellBits(key, rowIndexes[i], 0) % size);
        }
      };
    }),
    references: { entity: "reward_configs", foreignKey: true },
  };
}

/** A few minutes after the opt-in. */
function assignedAt(): Column {
  const reads = ["issued", "placed_with.opted_in_at"];
  return numbers(
    { type: TIMESTAMPTZ, reads, about: "within 5 minutes of the opt-in", nullable: true },
    (context, inputs) => {
      const [isIssued, from] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
      const key = context.key();
      return ({ rowIndexes, count }, out, nulls) => {
        for (let i = 0; i < count; i++) {
          if (isIssued[i] === 0) setNull(nulls, i);
          else out[i] = from[i] + Math.floor(unitOf(cellBits(key, rowIndexes[i], 0)) * 300 * SECOND_US);
        }
      };
    },
  );
}

/** Soon after it was assigned, save where the delivery failed. */
function deliveredAt(): Column {
  const reads = ["issued", "assigned_at"];
  return numbers(
    { type: TIMESTAMPTZ, reads, about: "within 10 minutes of being assigned", nullable: true },
    (context, inputs) => {
      const [isIssued, from] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
      const key = context.key();
      const failed = UNDELIVERED_SHARE * 2 ** 32;
      return ({ rowIndexes, count }, out, nulls) => {
        for (let i = 0; i < count; i++) {
          if (isIssued[i] === 0 || cellBits(key, rowIndexes[i], 0) < failed) setNull(nulls, i);
          else out[i] = from[i] + SECOND_US + Math.floor(unitOf(cellBits(key, rowIndexes[i], 1)) * 600 * SECOND_US);
        }
      };
    },
  );
}

/** Some days after it was delivered, while it is good; not yet where that would be after the window. */
function redeemedAt(): Column {
  const reads = ["delivered_at", "valid_days", "campaign_id.zone"];
  const about = `in a share of ${REDEEMED_SHARE}, after ${REDEMPTION_DAYS_MEAN} days in the mean, while shops are open`;
  return numbers({ type: TIMESTAMPTZ, reads, about, nullable: true }, (context, inputs) => {
    const delivered = numbersOf(inputs, 0);
    const [valid, zone] = [numbersOf(inputs, 1).values, numbersOf(inputs, 2).values];
    const calendars = shopCalendars(context);
    const wait = exponential(REDEMPTION_DAYS_MEAN * DAY_US);
    const key = context.key();
    const end = context.windowUs.to;
    const bound = REDEEMED_SHARE * 2 ** 32;
    return ({ rowIndexes, count }, out, nulls) => {
      const { values, nulls: without } = delivered;
      for (let i = 0; i < count; i++) {
        const hasCard = !(without.any && without.flags[i] === 1);
        if (!hasCard || cellBits(key, rowIndexes[i], 0) >= bound) {
          setNull(nulls, i);
          continue;
        }
        const soonest = values[i] + 60 * SECOND_US;
        const about = soonest + Math.floor(wait(cellBits(key, rowIndexes[i], 1)));
        const share = unitOf(cellBits(key, rowIndexes[i], 2));
        const at =
          about >= end
            ? about
            : calendars[zone[i]].between(share, Math.max(soonest, about - DAY_US / 2), about + DAY_US / 2);
        out[i] = at;
        if (at >= end || at > values[i] + valid[i] * DAY_US) setNull(nulls, i);
      }
    };
  });
}

/** Follows from the card's moments; of the stock, some are reserved and some too old. */
function status(): Column {
  const reads = ["issued", "delivered_at", "redeemed_at", "valid_days", "purchased_at"];
  const spec = {
    type: enumType("gift_card_status", STATUSES),
    labels: STATUSES,
    about: "follows from the card's moments",
  };
  return codes({ ...spec, reads }, (context, inputs) => {
    const isIssued = numbersOf(inputs, 0).values;
    const [delivered, redeemed] = [numbersOf(inputs, 1), numbersOf(inputs, 2)];
    const [valid, purchased] = [numbersOf(inputs, 3).values, numbersOf(inputs, 4).values];
    const key = context.key();
    const end = context.windowUs.to;
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        if (isIssued[i] === 0) {
          if (purchased[i] + valid[i] * DAY_US < end) out[i] = EXPIRED;
          else out[i] = unitOf(cellBits(key, rowIndexes[i], 0)) < 0.76 ? AVAILABLE : RESERVED;
        } else if (delivered.nulls.any && delivered.nulls.flags[i] === 1) out[i] = ASSIGNED;
        else if (!(redeemed.nulls.any && redeemed.nulls.flags[i] === 1)) out[i] = REDEEMED;
        else out[i] = delivered.values[i] + valid[i] * DAY_US < end ? EXPIRED : DELIVERED;
      }
    };
  });
}

/** All of it until it is redeemed; then nothing, or what is left of it. */
function balance(): Column {
  const reads = ["status", "denomination"];
  return numbers(
    { type: numeric(8, 2), reads, about: "the denomination, less what was redeemed" },
    (context, inputs) => {
      const state = wordsOf(inputs, 0).codes;
      const full = numbersOf(inputs, 1).values;
      const key = context.key();
      const partial = PARTIAL_SHARE * 2 ** 32;
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          if (state[i] !== REDEEMED) out[i] = full[i];
          else if (cellBits(key, rowIndexes[i], 0) >= partial) out[i] = 0;
          else out[i] = 1 + Math.floor(unitOf(cellBits(key, rowIndexes[i], 1)) * (full[i] - 1));
        }
      };
    },
  );
}
