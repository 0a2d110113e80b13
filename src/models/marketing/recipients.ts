import { type Column, described, hidden, unique } from "../../columns/column.js";
import { id, parent } from "../../columns/keys.js";
import { uuid } from "../../columns/text.js";
import { codes, numbers, numbersOf } from "../../columns/values.js";
import { type Permutation, permutation } from "../../core/permutation.js";
import { type CellKey, cellBits, fillBits } from "../../core/random.js";
import { enumType, INT2, INT4, INT8 } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX } from "../../core/vectors.js";
import { childrenOf, entity } from "../../model/entity.js";
import { journey, stepCount, took } from "./journey.js";
import {
  calledAt,
  convertedAt,
  createdAt,
  deliveredAt,
  firstEngagedAt,
  firstVisitAt,
  lastActiveAt,
  mailedAt,
  returnedAt,
  updatedAt,
} from "./recipient-moments.js";
import { CALLED, DELIVERED, ENGAGED, EVENTS, FORM_SUBMITTED, LEAD, MAILED, WEB } from "./steps.js";

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
    { type: INT4, reads, about: "how often the campaign went through its contacts" },
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
