import { type Column, described, hidden, unique } from "../../columns/column.js";
import { latest } from "../../columns/conditions.js";
import { id, linked, parent } from "../../columns/keys.js";
import { oneOf } from "../../columns/lists.js";
import { after, MINUTE, SECOND } from "../../columns/times.js";
import { codes, copied, numbers, numbersOf, textChoice } from "../../columns/values.js";
import { aliasTable, pickAlias } from "../../core/alias.js";
import { DAY_US } from "../../core/calendar.js";
import { exponential } from "../../core/distributions.js";
import { cellBits } from "../../core/random.js";
import { enumType, INT2, INT4, TEXT, TIMESTAMPTZ } from "../../core/sql-type.js";
import { setNull } from "../../core/vectors.js";
import { childrenOf, entity } from "../../model/entity.js";
import { OPT_OUT_REASONS, SMS_MESSAGES } from "./data/words.js";
import { took } from "./journey.js";
import { GIFT_CARD } from "./steps.js";

const STATUSES = ["opted_in", "opted_out"] as const;

/** How many of those who opt in opt out again some day, and after how long. */
const OPT_OUT_SHARE = 0.09;
const OPT_OUT_DAYS_MEAN = 25;

/** Cards in stock for each opt-in; they are bought along with those that are issued. */
const STOCK_SHARE = 0.15;

/** Callers who agreed to text messages. */
export const smsOptIns = entity("sms_opt_ins", {
  comment: "Callers who agreed to be sent text messages, and whether they still do",
  feature: "callCenter",
  rows: childrenOf("call_sessions", { by: "opt_in_count" }),
  columns: {
    id: id(),
    call_session_id: unique(parent("call_sessions")),
    recipient_id: linked("recipients", "call_session_id.recipient_id"),
    campaign_id: linked("campaigns", "call_session_id.campaign_id"),
    contact_id: linked("contacts", "call_session_id.recipient_id.contact_id"),
    phone_number: copied("call_session_id.caller_number", TEXT),
    status: status(),
    request_text: described("What the caller agreed to", requestText()),
    reply_text: textChoice({ YES: 70, Yes: 18, yes: 8, Y: 3, "Yes please": 1 }),
    messages_sent: messagesSent(),
    requested_at: after("call_session_id.ended_at", 20 * SECOND, 3 * MINUTE),
    opted_in_at: after("requested_at", 10 * SECOND, 20 * MINUTE),
    opted_out_at: optedOutAt(),
    opt_out_reason: optOutReason(),
    gift: hidden(took(GIFT_CARD, "call_session_id.recipient_id.journey")),
    stock: hidden(stock()),
    card_count: hidden(cardCount()),
    created_at: copied("requested_at", TIMESTAMPTZ),
    updated_at: latest("opted_in_at", "opted_out_at"),
  },
  indexes: [["campaign_id", "opted_in_at"], ["recipient_id"], ["contact_id"]],
});

function requestText(): Column {
  const requests = SMS_MESSAGES.filter(({ kind }) => kind === "opt_in_request");
  return oneOf(
    requests.map(({ text }) => text),
    TEXT,
    requests.map(({ weight }) => weight),
  );
}

/** When a caller opts out again; whoever would do so after the window has not done it yet. */
function optedOutAt(): Column {
  const about = `in a share of ${OPT_OUT_SHARE}, after ${OPT_OUT_DAYS_MEAN} days in the mean, within the window`;
  return numbers({ type: TIMESTAMPTZ, reads: ["opted_in_at"], about, nullable: true }, (context, inputs) => {
    const from = numbersOf(inputs, 0).values;
    const wait = exponential(OPT_OUT_DAYS_MEAN * DAY_US);
    const key = context.key();
    const end = context.windowUs.to;
    const bound = OPT_OUT_SHARE * 2 ** 32;
    return ({ rowIndexes, count }, out, nulls) => {
      for (let i = 0; i < count; i++) {
        if (cellBits(key, rowIndexes[i], 0) < bound) {
          const at = from[i] + 1 + Math.floor(wait(cellBits(key, rowIndexes[i], 1)));
          out[i] = at;
          if (at >= end) setNull(nulls, i);
        } else setNull(nulls, i);
      }
    };
  });
}

function status(): Column {
  const spec = {
    type: enumType("sms_opt_in_status", STATUSES),
    labels: STATUSES,
    about: "whether there is an opt-out",
  };
  return codes({ ...spec, reads: ["opted_out_at"] }, (_context, inputs) => {
    const { nulls } = numbersOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = nulls.any && nulls.flags[i] === 1 ? 0 : 1;
    };
  });
}

function optOutReason(): Column {
  const labels = Object.keys(OPT_OUT_REASONS);
  return codes(
    { type: TEXT, labels, reads: ["opted_out_at"], about: "by weight, where there is an opt-out", nullable: true },
    (context, inputs) => {
      const { nulls: without } = numbersOf(inputs, 0);
      const table = aliasTable(Object.values(OPT_OUT_REASONS));
      const key = context.key();
      return ({ rowIndexes, count }, out, nulls) => {
        for (let i = 0; i < count; i++) {
          if (without.any && without.flags[i] === 1) setNull(nulls, i);
          else out[i] = pickAlias(table, cellBits(key, rowIndexes[i], 0));
        }
      };
    },
  );
}

/** The request and the confirmation, then one a week while the caller stays. */
function messagesSent(): Column {
  return numbers(
    { type: INT2, reads: ["opted_in_at", "opted_out_at"], about: "two, and one a week" },
    (context, inputs) => {
      const [since, until] = [numbersOf(inputs, 0), numbersOf(inputs, 1)];
      const end = context.windowUs.to;
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) {
          const stays = until.nulls.any && until.nulls.flags[i] === 1;
          const lastUs = stays ? end : until.values[i];
          out[i] = Math.min(30_000, 2 + Math.floor((lastUs - since.values[i]) / (7 * DAY_US)));
        }
      };
    },
  );
}

/** Exactly the stock's share of any run of opt-ins, to one. */
function stock(): Column {
  return numbers(
    { type: INT4, about: `1 in a share of ${STOCK_SHARE}, evenly along the rows` },
    () =>
      ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          const row = rowIndexes[i];
          out[i] = Math.floor((row + 1) * STOCK_SHARE) - Math.floor(row * STOCK_SHARE);
        }
      },
  );
}

function cardCount(): Column {
  return numbers(
    { type: INT4, reads: ["gift", "stock"], about: "the card that was issued and the one in stock" },
    (_context, inputs) => {
      const [gift, stock] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = gift[i] + stock[i];
      };
    },
  );
}
