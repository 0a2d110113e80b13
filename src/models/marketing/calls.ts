import { type Column, checked, described, hidden, unique } from "../../columns/column.js";
import { either, latest, onlyWhere } from "../../columns/conditions.js";
import { id, linked, parent } from "../../columns/keys.js";
import { labelFor, oneOf } from "../../columns/lists.js";
import { format, wordBy } from "../../columns/text.js";
import { after } from "../../columns/times.js";
import { chance, choice, codes, copied, drawn, numbers, numbersOf, textChoice, wordsOf } from "../../columns/values.js";
import { DAY_US } from "../../core/calendar.js";
import { wordAt } from "../../core/dictionary.js";
import { lognormal } from "../../core/distributions.js";
import { fillBits, multiplyHigh } from "../../core/random.js";
import { BOOL, enumType, INT2, INT4, INT8, numeric, TEXT, TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX } from "../../core/vectors.js";
import { childrenOf, entity } from "../../model/entity.js";
import { CONDITIONS } from "./campaign-rules.js";
import { INDUSTRIES, type IndustryName } from "./data/industries.js";
import {
  CALL_AGENT_FIRST_NAMES,
  CALL_DISPOSITIONS,
  REASONLESS_DISPOSITIONS,
  STRANGE_DISPOSITIONS,
} from "./data/words.js";
import { stepCount, took } from "./journey.js";
import { ANSWERED, OPTED_IN } from "./steps.js";
import { ownPhoneColumns } from "./vocabulary.js";

const SECOND_US = 1_000_000;
const PROVIDERS = { "Northline Voice": 60, "Carrier Bridge": 30, "Dial & Post": 10 };

const NUMBER_STATUSES = ["assigned", "paused", "released"] as const;

const CALL_STATUSES = ["answered", "missed", "voicemail"] as const;
const [ANSWERED_CALL, MISSED_CALL] = [0, 1];

/** Numbers printed on mail pieces. */
export const trackedPhoneNumbers = entity("tracked_phone_numbers", {
  comment: "Numbers printed on a campaign's mail pieces, by which its calls are told apart",
  feature: "callCenter",
  rows: childrenOf("campaigns", { by: "launched" }),
  columns: {
    id: id(),
    campaign_id: unique(parent("campaigns")),
    ...trackedNumberColumns(),
    forwards_to: described("The client's own number", format("{campaign_id.client_id.phone}")),
    provider: textChoice(PROVIDERS),
    status: labelFor("campaign_id.status", {
      type: enumType("tracked_number_status", NUMBER_STATUSES),
      labels: NUMBER_STATUSES,
      codeOf: [0, 0, 1, 2, 2],
    }),
    records_calls: chance(0.8),
    monthly_cost: described(
      "US dollars",
      drawn({
        type: numeric(6, 2),
        about: "lognormal, median 3.50",
        quantile: () => lognormal(350, 0.3),
        low: 100,
        high: 2_000,
        step: 25,
      }),
    ),
    assigned_at: copied("campaign_id.plan_mail", TIMESTAMPTZ),
    released_at: { ...copied("campaign_id.completed_at", TIMESTAMPTZ), nullable: true },
    created_at: after("campaign_id.created_at", 0, 1),
    updated_at: latest("assigned_at", "released_at"),
  },
  indexes: [["phone_number"]],
});

/** Nobody has the number of another campaign. */
function trackedNumberColumns() {
  const { phone, ...parts } = ownPhoneColumns();
  return { ...parts, phone_number: phone };
}

/** How calls end whose callers agree to text messages. */
const AGREED = Object.fromEntries(
  Object.entries(CALL_DISPOSITIONS).filter(([disposition]) => !STRANGE_DISPOSITIONS.includes(disposition)),
);

const dispositionOf = (weights: Readonly<Record<string, number>>): Column =>
  choice("call_disposition", Object.keys(CALL_DISPOSITIONS), weights);

/** Calls to tracked numbers. */
export const callSessions = entity("call_sessions", {
  comment: "Calls of recipients to a campaign's tracked number, in business hours of the organization's time zone",
  feature: "callCenter",
  rows: childrenOf("recipients", { by: "call_count" }),
  columns: {
    id: id(),
    recipient_id: parent("recipients"),
    campaign_id: linked("campaigns", "recipient_id.campaign_id"),
    tracked_phone_number_id: trackedNumberId(),
    caller_number: copied("recipient_id.contact_id.phone", TEXT),
    journey: hidden(copied("recipient_id.journey", INT4)),
    answered: hidden(took(ANSWERED)),
    call_status: callStatus(),
    ring_seconds: ringSeconds(),
    duration_seconds: described("From answer to end; of a voicemail, its message", duration()),
    started_at: copied("recipient_id.called_at", TIMESTAMPTZ),
    picked_up_at: hidden(secondsAfter("started_at", "ring_seconds")),
    answered_at: onlyWhere("answered", copied("picked_up_at", TIMESTAMPTZ)),
    ended_at: secondsAfter("picked_up_at", "duration_seconds"),
    disposition: onlyWhere("answered", either("opt_in_count", dispositionOf(AGREED), dispositionOf(CALL_DISPOSITIONS))),
    agent_name: onlyWhere("answered", oneOf(CALL_AGENT_FIRST_NAMES)),
    has_reason: hidden(hasReason()),
    reason: onlyWhere(
      "has_reason",
      wordBy("campaign_id.client_id.industry", (name) => INDUSTRIES[name as IndustryName].callReasons),
    ),
    cost: checked("cost >= 0", described("US dollars, by the minute begun", cost())),
    recording_url: onlyWhere("answered", format("https://recordings.example.com/{campaign_id}/{id}.mp3")),
    second_condition_id: hidden(secondConditionId()),
    conditions_met: hidden(conditionsMet()),
    opt_in_count: hidden(stepCount(OPTED_IN)),
    created_at: copied("recipient_id.called_at", TIMESTAMPTZ),
    updated_at: copied("ended_at", TIMESTAMPTZ),
  },
  indexes: [["campaign_id", "started_at"], ["recipient_id"], ["tracked_phone_number_id"]],
});

/** Conditions of campaigns that calls have met. */
export const callConditionsMet = entity("call_conditions_met", {
  comment: "Which of its campaign's conditions a call met",
  feature: "callCenter",
  rows: childrenOf("call_sessions", { by: "conditions_met" }),
  columns: {
    id: id(),
    call_session_id: parent("call_sessions"),
    condition_id: metConditionId(),
    campaign_id: linked("campaigns", "call_session_id.campaign_id"),
    evaluated_by: textChoice({ rules_engine: 94, agent: 6 }),
    met_at: described("When the call was over", copied("call_session_id.ended_at", TIMESTAMPTZ)),
    created_at: copied("call_session_id.ended_at", TIMESTAMPTZ),
  },
  unique: [["call_session_id", "condition_id"]],
  indexes: [["condition_id"]],
});

/** Whoever dialled a wrong number, or sells something, has nothing to ask. */
function hasReason(): Column {
  const about = "1 for an answered call of somebody who wanted something";
  return numbers({ type: BOOL, reads: ["answered", "disposition"], about }, (_context, inputs) => {
    const answered = numbersOf(inputs, 0).values;
    const { codes: found, dictionary } = wordsOf(inputs, 1);
    const isNone = Array.from({ length: dictionary.count }, (_, code) =>
      REASONLESS_DISPOSITIONS.includes(wordAt(dictionary, code)),
    );
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = answered[i] === 1 && !isNone[found[i]] ? 1 : 0;
    };
  });
}

function trackedNumberId(): Column {
  return {
    ...numbers({ type: INT8, reads: ["campaign_id"], about: "the campaign's number" }, (context, inputs) => {
      const campaign = numbersOf(inputs, 0).values;
      const { firstId } = context.entity("tracked_phone_numbers");
      const firstCampaignId = context.entity("campaigns").firstId;
      const fanOut = context.fanOut("tracked_phone_numbers");
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) {
          out[i] =
            i > 0 && campaign[i] === campaign[i - 1]
              ? out[i - 1]
              : firstId + fanOut.start(campaign[i] - firstCampaignId);
        }
      };
    }),
    references: { entity: "tracked_phone_numbers", foreignKey: true },
  };
}

/** Of the calls that nobody takes, as many leave a message as hang up. */
function callStatus(): Column {
  const spec = {
    type: enumType("call_status", CALL_STATUSES),
    labels: CALL_STATUSES,
    about: "answered as the journey says",
  };
  return codes({ ...spec, reads: ["answered"] }, (context, inputs) => {
    const answered = numbersOf(inputs, 0).values;
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = answered[i] === 1 ? ANSWERED_CALL : 1 + (bits[i] & 1);
    };
  });
}

function ringSeconds(): Column {
  return numbers(
    { type: INT2, reads: ["call_status"], about: "2 to 20, or 20 to 40 where nobody answers" },
    (context, inputs) => {
      const state = wordsOf(inputs, 0).codes;
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      return ({ rowIndexes, count }, out) => {
        fillBits(key, rowIndexes, count, 0, bits);
        for (let i = 0; i < count; i++) out[i] = state[i] === ANSWERED_CALL ? 2 + (bits[i] % 19) : 20 + (bits[i] % 21);
      };
    },
  );
}

/** A talk is lognormal, a message 6 to 60 seconds; the longest of both keeps within CALL_REST_US with what follows. */
function duration(): Column {
  return numbers(
    { type: INT4, reads: ["call_status"], about: "lognormal, median 185 s, at most 45 minutes" },
    (context, inputs) => {
      const state = wordsOf(inputs, 0).codes;
      const talk = lognormal(185, 0.85);
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      return ({ rowIndexes, count }, out) => {
        fillBits(key, rowIndexes, count, 0, bits);
        for (let i = 0; i < count; i++) {
          if (state[i] === ANSWERED_CALL) out[i] = Math.min(2_700, Math.max(8, Math.round(talk(bits[i]))));
          else out[i] = state[i] === MISSED_CALL ? 0 : 6 + (bits[i] % 55);
        }
      };
    },
  );
}

/** So many seconds after a moment as another column says, and a part of one: clocks do not tick with telephones. */
function secondsAfter(from: string, seconds: string): Column {
  const spec = { type: TIMESTAMPTZ, reads: [from, seconds], about: `${seconds} after ${from}, and a part of a second` };
  return numbers(spec, (context, inputs) => {
    const [began, lasted] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = began[i] + lasted[i] * SECOND_US + multiplyHigh(bits[i], SECOND_US);
    };
  });
}

/** 1.8 cents a minute begun. */
function cost(): Column {
  return numbers(
    { type: numeric(8, 4), reads: ["duration_seconds"], about: "0.018 a minute begun" },
    (_context, inputs) => {
      const talk = numbersOf(inputs, 0).values;
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = 180 * Math.ceil(talk[i] / 60);
      };
    },
  );
}

/** The campaign's second condition, the first being that the call was answered. */
function secondConditionId(): Column {
  return {
    ...numbers({ type: INT8, reads: ["campaign_id"], about: "the campaign's second condition" }, (context, inputs) => {
      const campaign = numbersOf(inputs, 0).values;
      const { firstId } = context.entity("campaign_conditions");
      const firstCampaignId = context.entity("campaigns").firstId;
      const fanOut = context.fanOut("campaign_conditions");
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) {
          out[i] =
            i > 0 && campaign[i] === campaign[i - 1]
              ? out[i - 1]
              : firstId + fanOut.start(campaign[i] - firstCampaignId) + 1;
        }
      };
    }),
    references: { entity: "campaign_conditions", foreignKey: false },
  };
}

/** How many of the campaign's first two conditions a call meets: none unless it was answered. */
function conditionsMet(): Column {
  const reads = [
    "answered",
    "second_condition_id.condition",
    "duration_seconds",
    "disposition",
    "started_at",
    "recipient_id.delivered_at",
  ];
  const dispositions = Object.keys(CALL_DISPOSITIONS);
  const bounds = CONDITIONS.map(({ kind, threshold }) =>
    kind === "call_disposition" ? dispositions.indexOf(threshold) : Number(threshold),
  );
  const kinds = CONDITIONS.map(({ kind }) => kind);
  return numbers(
    { type: INT2, reads, about: "as the call's facts compare with the conditions" },
    (_context, inputs) => {
      const condition = wordsOf(inputs, 1).codes;
      const disposition = wordsOf(inputs, 3).codes;
      const [answered, talk, started, delivered] = [0, 2, 4, 5].map((at) => numbersOf(inputs, at).values);
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) {
          const bound = bounds[condition[i]];
          let isMet = true;
          switch (kinds[condition[i]]) {
            case "call_duration_min":
              isMet = talk[i] >= bound;
              break;
            case "call_disposition":
              isMet = disposition[i] === bound;
              break;
            case "call_after_delivery_max":
              isMet = started[i] - delivered[i] <= bound * DAY_US;
              break;
          }
          out[i] = answered[i] === 0 ? 0 : isMet ? 2 : 1;
        }
      };
    },
  );
}

function metConditionId(): Column {
  const reads = ["call_session_id.second_condition_id", "$ordinal"];
  return {
    ...numbers({ type: INT8, reads, about: "the campaign's first condition, then its second" }, (_context, inputs) => {
      const [second, ordinals] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = second[i] - 1 + ordinals[i];
      };
    }),
    references: { entity: "campaign_conditions", foreignKey: true },
  };
}
