import { type Column, described, hidden, unique } from "../../columns/column.js";
import { id, parent } from "../../columns/keys.js";
import { uuid } from "../../columns/text.js";
import { codes, numbers, numbersOf } from "../../columns/values.js";
import { DAY_US, HOUR_US } from "../../core/calendar.js";
import { type Permutation, permutation } from "../../core/permutation.js";
import { type CellKey, cellBits, fillBits, unitOf } from "../../core/random.js";
import { enumType, INT2, INT8, TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX, type NullMask, setNull } from "../../core/vectors.js";
import { childrenOf, entity } from "../../model/entity.js";
import { type Hours, zoneCalendars } from "./calendars.js";
import {
  CALLED,
  DELIVERED,
  ENGAGED,
  EVENTS,
  FORM_SUBMITTED,
  journey,
  LEAD,
  MAILED,
  stepCount,
  took,
  WEB,
} from "./journey.js";
import { CALL_REST_US, deliverySpanUs, FOLLOW_UP_US, GAPS, scheduleOf } from "./schedule.js";
import { lastStepMoment, STEP_LEAD, stepMoment } from "./steps.js";

/** States of a recipient, in the order in which they are reached. */
export const RECIPIENT_STATUSES = [
  "pending",
  "suppressed",
  "mailed",
  "returned",
  "delivered",
  "engaged",
  "responded",
  "converted",
] as const;

export type RecipientStatus = (typeof RECIPIENT_STATUSES)[number];

/** One letter of one campaign to one contact. */
export const recipients = entity("recipients", {
  comment: "One mail piece of a campaign to a contact, and how far it got",
  rows: childrenOf("campaigns", { total: ({ sizes }) => sizes["recipients"], by: "recipient_weight" }),
  columns: {
    id: id(),
    campaign_id: parent("campaigns"),
    contact_id: contactId(),
    wave: described("A campaign with more pieces than contacts writes to each once a wave", wave()),
    purl_token: unique(described("Of the personal URL and the QR code", uuid())),
    journey: hidden(journey()),
    pace: hidden(randomWord("how long the recipient takes from step to step")),
    visitor: hidden(randomWord("the recipient's address and browser")),
    status: status(),
    mailed_at: mailedAt(),
    delivered_at: deliveredAt(),
    engaged_at: hidden(firstVisitAt()),
    called_at: hidden(calledAt()),
    returned_at: hidden(returnedAt()),
    active_at: hidden(lastActiveAt()),
    event_count: hidden(stepCount(EVENTS)),
    call_count: hidden(stepCount(CALLED)),
    audit_count: hidden(auditCount()),
    engaged: hidden(took(ENGAGED)),
    participation_count: hidden(participationCount()),
    first_engaged_at: described("First scan, visit or call", firstEngagedAt()),
    converted_at: described("When the recipient became a lead", convertedAt()),
    created_at: createdAt(),
    updated_at: updatedAt(),
  },
  unique: [["campaign_id", "contact_id", "wave"]],
  indexes: [["contact_id"]],
});

/** The contacts of the campaign's client in an order of the campaign's own, over and over: no pair comes twice in a wave. */
function contactId(): Column {
  const reads = ["campaign_id", "$ordinal", "campaign_id.client_id", "campaign_id.contact_pool"];
  const about = "the client's contacts, shuffled by campaign";
  return {
    ...numbers({ type: INT8, reads, about }, (context, inputs) => {
      const [campaign, ordinals, client, pool] = inputs.map((_, at) => numbersOf(inputs, at).values);
      const contacts = context.fanOut("contacts");
      const { firstId } = context.entity("contacts");
      const firstClientId = context.entity("clients").firstId;
      const key = context.key();
      let shuffled = Number.NaN;
      let shuffle: Permutation | undefined;
      let start = 0;
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) {
          if (campaign[i] !== shuffled) {
            shuffled = campaign[i];
            shuffle = permutation(campaignKey(key, shuffled), pool[i]);
            start = firstId + contacts.start(client[i] - firstClientId);
          }
          out[i] = start + shuffle!.forward(ordinals[i] % pool[i]);
        }
      };
    }),
    references: { entity: "contacts", foreignKey: true },
  };
}

function campaignKey(key: CellKey, campaign: number): CellKey {
  return { k0: cellBits(key, campaign, 0) | 0, k1: cellBits(key, campaign, 1) | 0 };
}

function wave(): Column {
  const reads = ["$ordinal", "campaign_id.contact_pool"];
  return numbers(
    { type: INT2, reads, about: "how often the campaign went through its contacts" },
    (_context, inputs) => {
      const [ordinals, pool] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = 1 + Math.floor(ordinals[i] / pool[i]);
      };
    },
  );
}

/** 32 random bits, for columns of other tables that can derive no key of this one. */
function randomWord(about: string): Column {
  return numbers({ type: INT8, about }, (context) => {
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = bits[i];
    };
  });
}

function status(): Column {
  const type = enumType("recipient_status", RECIPIENT_STATUSES);
  const codeOf = (name: RecipientStatus): number => RECIPIENT_STATUSES.indexOf(name);
  const byJourney = Uint8Array.from({ length: 1024 }, (_, steps) => {
    if ((steps & MAILED) === 0) return codeOf("suppressed");
    if ((steps & DELIVERED) === 0) return codeOf("returned");
    if ((steps & LEAD) !== 0) return codeOf("converted");
    if ((steps & (FORM_SUBMITTED | CALLED)) !== 0) return codeOf("responded");
    return codeOf((steps & WEB) !== 0 ? "engaged" : "delivered");
  });
  return codes(
    { type, labels: RECIPIENT_STATUSES, reads: ["journey"], about: "how far the journey went" },
    (_context, inputs) => {
      const steps = numbersOf(inputs, 0).values;
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = byJourney[steps[i]];
      };
    },
  );
}

/** The day of the drop; trucks leave over six hours. */
function mailedAt(): Column {
  const reads = ["journey", "campaign_id.plan_drop"];
  return numbers(
    { type: TIMESTAMPTZ, reads, about: "within six hours of the drop", nullable: true },
    (context, inputs) => {
      const [steps, drop] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
      const schedule = scheduleOf(context.windowUs);
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      return ({ rowIndexes, count }, out, nulls) => {
        fillBits(key, rowIndexes, count, 0, bits);
        let last = Number.NaN;
        let spanUs = 0;
        for (let i = 0; i < count; i++) {
          if (drop[i] !== last) {
            last = drop[i];
            spanUs = Math.min(6 * HOUR_US, deliverySpanUs(schedule, last) / 4);
          }
          out[i] = last + Math.floor(unitOf(bits[i]) * spanUs);
          if ((steps[i] & MAILED) === 0) setNull(nulls, i);
        }
      };
    },
  );
}

/** Two days after the piece was mailed, to five days after the drop. */
function deliveredAt(): Column {
  const reads = ["journey", "campaign_id.zone", "mailed_at", "campaign_id.plan_drop"];
  return journeyMoment(
    { reads, step: DELIVERED, about: "2 to 5 days after the drop", hours: "awake" },
    (context, [mailed, drop]) => {
      const schedule = scheduleOf(context.windowUs);
      const leastUs = GAPS.delivery.least * DAY_US;
      return {
        from: (i) => mailed[i] + leastUs,
        to: (i) => drop[i] + leastUs + deliverySpanUs(schedule, drop[i]),
        share: (share) => share,
      };
    },
  );
}

/** The first scan or visit. */
function firstVisitAt(): Column {
  return engagement(WEB, "awake", FOLLOW_UP_US);
}

function calledAt(): Column {
  return engagement(CALLED, "open", CALL_REST_US);
}

/** One to 14 days after the delivery, sooner rather than later, leaving time for what follows at once. */
function engagement(step: number, hours: Hours, restUs: number): Column {
  const reads = ["journey", "campaign_id.zone", "delivered_at", "campaign_id.closes_at"];
  const about = "1 to 14 days after the delivery, by the organization's calendar";
  return journeyMoment({ reads, step, about, hours }, (_context, [delivered, closes]) => ({
    from: (i) => delivered[i] + GAPS.engagement.least * DAY_US,
    to: (i) => Math.min(delivered[i] + GAPS.engagement.most * DAY_US, closes[i]) - restUs,
    share: (share) => share * Math.sqrt(share),
  }));
}

/** A moment of some step by the calendar of the organization's zone, NULL for whoever does not take it. */
function journeyMoment(
  spec: { readonly reads: readonly string[]; readonly step: number; readonly about: string; readonly hours: Hours },
  bind: (
    context: Parameters<typeof zoneCalendars>[0],
    inputs: readonly Float64Array[],
  ) => { from(i: number): number; to(i: number): number; share(share: number): number },
): Column {
  const { reads, step, about, hours } = spec;
  return numbers({ type: TIMESTAMPTZ, reads, about, nullable: true }, (context, inputs) => {
    const [steps, zone, ...rest] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const calendars = zoneCalendars(context, hours);
    const { from, to, share } = bind(context, rest);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out, nulls) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        if ((steps[i] & step) === 0) {
          setNull(nulls, i);
          continue;
        }
        const start = from(i);
        out[i] = calendars[zone[i]].between(share(unitOf(bits[i])), start, Math.max(start + 1, to(i)));
      }
    };
  });
}

/** When a piece that could not be delivered came back: three to ten days after it was mailed, within the window. */
function returnedAt(): Column {
  const reads = ["journey", "mailed_at"];
  return numbers(
    { type: TIMESTAMPTZ, reads, about: "3 to 10 days after mailing", nullable: true },
    (context, inputs) => {
      const [steps, mailed] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
      const key = context.key();
      const end = context.windowUs.to - 1;
      return ({ rowIndexes, count }, out, nulls) => {
        for (let i = 0; i < count; i++) {
          if ((steps[i] & (MAILED | DELIVERED)) !== MAILED) {
            setNull(nulls, i);
            continue;
          }
          const from = mailed[i] + 3 * DAY_US;
          const to = Math.min(end, mailed[i] + 10 * DAY_US);
          out[i] = from + Math.floor(unitOf(cellBits(key, rowIndexes[i], 0)) * (to - from));
        }
      };
    },
  );
}

/** The last step of those who engage. */
function lastActiveAt(): Column {
  const reads = ["journey", "engaged_at", "called_at", "pace"];
  return numbers(
    { type: TIMESTAMPTZ, reads, about: "the last of scan, visit, form, lead and call", nullable: true },
    (_context, inputs) => {
      const [steps, engaged, called, pace] = inputs.map((_, at) => numbersOf(inputs, at).values);
      return ({ count }, out, nulls) => {
        for (let i = 0; i < count; i++) {
          const web = (steps[i] & WEB) === 0 ? 0 : lastStepMoment(steps[i], engaged[i], pace[i]);
          out[i] = (steps[i] & CALLED) === 0 ? web : Math.max(web, called[i]);
          if ((steps[i] & ENGAGED) === 0) setNull(nulls, i);
        }
      };
    },
  );
}

function firstEngagedAt(): Column {
  const reads = ["journey", "engaged_at", "called_at"];
  return numbers(
    { type: TIMESTAMPTZ, reads, about: "the first of scan, visit and call", nullable: true },
    (_context, inputs) => {
      const [steps, engaged, called] = inputs.map((_, at) => numbersOf(inputs, at).values);
      return ({ count }, out, nulls) => {
        for (let i = 0; i < count; i++) {
          const web = (steps[i] & WEB) === 0 ? Number.POSITIVE_INFINITY : engaged[i];
          out[i] = (steps[i] & CALLED) === 0 ? web : Math.min(web, called[i]);
          if ((steps[i] & ENGAGED) === 0) setNull(nulls, i);
        }
      };
    },
  );
}

function convertedAt(): Column {
  const reads = ["journey", "engaged_at", "pace"];
  return numbers(
    { type: TIMESTAMPTZ, reads, about: "when the lead was created", nullable: true },
    (_context, inputs) => {
      const [steps, engaged, pace] = inputs.map((_, at) => numbersOf(inputs, at).values);
      return ({ count }, out, nulls) => {
        for (let i = 0; i < count; i++) {
          if ((steps[i] & LEAD) === 0) setNull(nulls, i);
          else out[i] = stepMoment(STEP_LEAD, steps[i], engaged[i], pace[i]);
        }
      };
    },
  );
}

/** The list is written out in ten minutes. */
function createdAt(): Column {
  const reads = ["$ordinal", "campaign_id.built_at"];
  return numbers(
    { type: TIMESTAMPTZ, reads, about: "as the list of recipients is drawn up, row by row" },
    (_context, inputs) => {
      const [ordinals, built] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = built[i] + (ordinals[i] % 100_000) * 6_000;
      };
    },
  );
}

/** The latest of a recipient's moments. */
function updatedAt(): Column {
  const reads = ["created_at", "mailed_at", "delivered_at", "returned_at", "active_at"];
  return numbers({ type: TIMESTAMPTZ, reads, about: "the latest step" }, (_context, inputs) => {
    const moments = reads.map((_, at) => numbersOf(inputs, at));
    return ({ count }, out) => {
      out.set(moments[0].values.subarray(0, count));
      for (let at = 1; at < moments.length; at++) {
        const { values, nulls } = moments[at];
        overwrite(values, nulls, count, out);
      }
    };
  });
}

function overwrite(values: Float64Array, { any, flags }: NullMask, count: number, out: Float64Array): void {
  for (let i = 0; i < count; i++) if (!any || flags[i] === 0) out[i] = values[i];
}

/** One entry where the journey ends early or in a lead. */
function auditCount(): Column {
  return numbers(
    { type: INT2, reads: ["journey"], about: "1 where suppressed, returned or converted" },
    (_context, inputs) => {
      const steps = numbersOf(inputs, 0).values;
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = (steps[i] & DELIVERED) === 0 || (steps[i] & LEAD) !== 0 ? 1 : 0;
      };
    },
  );
}

/** A contact takes part in a campaign once: with its first wave. */
function participationCount(): Column {
  return numbers(
    { type: INT2, reads: ["engaged", "wave"], about: "1 for engaged recipients of the first wave" },
    (_context, inputs) => {
      const [engaged, wave] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = wave[i] === 1 ? engaged[i] : 0;
      };
    },
  );
}
