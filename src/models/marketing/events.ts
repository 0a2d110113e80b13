import { type Column, described } from "../../columns/column.js";
import { id, linked, parent } from "../../columns/keys.js";
import { labelFor } from "../../columns/lists.js";
import { addressOf } from "../../columns/network.js";
import { wordBy } from "../../columns/text.js";
import { codes, numbers, numbersOf, wordsOf } from "../../columns/values.js";
import { aliasTable, pickAlias } from "../../core/alias.js";
import { enumType, INET, JSONB, TEXT, TIMESTAMPTZ } from "../../core/sql-type.js";
import { setNull } from "../../core/vectors.js";
import { childrenOf, entity } from "../../model/entity.js";
import { REFERRERS, USER_AGENTS } from "./data/words.js";
import { EVENT_TYPES, QR_SCANNED, STEP_SCAN, stepMoment } from "./steps.js";

export const DEVICES = ["desktop", "mobile", "tablet"] as const;

/** What each browser runs on, in the order of USER_AGENTS. */
export const DEVICE_OF_AGENT: readonly number[] = USER_AGENTS.map(({ device }) => DEVICES.indexOf(device));

const CHANNELS = ["mail", "qr", "web"] as const;

/** Everything that happens to a mail piece, but calls. */
export const events = entity("events", {
  comment: "Steps of recipients' journeys: mailed, delivered, QR scan, visit of the personal URL, form, lead",
  rows: childrenOf("recipients", { by: "event_count" }),
  columns: {
    id: id(),
    recipient_id: parent("recipients"),
    campaign_id: described(
      "That of the recipient, so that reports need no join",
      linked("campaigns", "recipient_id.campaign_id"),
    ),
    event_type: eventType(),
    channel: labelFor("event_type", {
      type: enumType("event_channel", CHANNELS),
      labels: CHANNELS,
      codeOf: [0, 0, 1, 2, 2, 2],
    }),
    occurred_at: occurredAt(),
    ip_address: described("NULL for steps in the mail", visitorAddress()),
    device: deviceOf("user_agent"),
    user_agent: userAgent(),
    metadata: wordBy("event_type", metadataOf, JSONB),
  },
  indexes: [["campaign_id", "event_type", "occurred_at"], ["recipient_id"]],
});

/** The kind of device that a browser at a path runs on. */
export function deviceOf(path: string): Column {
  const type = enumType("device_kind", DEVICES);
  return labelFor(path, { type, labels: DEVICES, codeOf: DEVICE_OF_AGENT, nullable: true });
}

const STEPS = EVENT_TYPES.length;

/** For each set of steps, the place of its first, second, … member. */
const NTH_STEP = Uint8Array.from({ length: STEPS << STEPS }, (_, at) => {
  const members = EVENT_TYPES.map((_type, step) => step).filter((step) => ((Math.floor(at / STEPS) >> step) & 1) === 1);
  return members[at % STEPS] ?? 0;
});

/** The steps of a recipient's journey, in their order. */
function eventType(): Column {
  const spec = {
    type: enumType("event_type", EVENT_TYPES),
    labels: EVENT_TYPES,
    about: "the steps of the journey in turn",
  };
  return codes({ ...spec, reads: ["recipient_id.journey", "$ordinal"] }, (_context, inputs) => {
    const [journey, ordinals] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
    const all = (1 << STEPS) - 1;
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = NTH_STEP[(journey[i] & all) * STEPS + ordinals[i]];
    };
  });
}

function occurredAt(): Column {
  const reads = [
    "event_type",
    "recipient_id.journey",
    "recipient_id.mailed_at",
    "recipient_id.delivered_at",
    "recipient_id.engaged_at",
    "recipient_id.pace",
  ];
  return numbers({ type: TIMESTAMPTZ, reads, about: "the recipient's moment of the step" }, (_context, inputs) => {
    const type = wordsOf(inputs, 0).codes;
    const [journey, mailed, delivered, engaged, pace] = reads.slice(1).map((_, at) => numbersOf(inputs, at + 1).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        const step = type[i];
        if (step === 0) out[i] = mailed[i];
        else if (step === 1) out[i] = delivered[i];
        else out[i] = stepMoment(step, journey[i], engaged[i], pace[i]);
      }
    };
  });
}

/** A recipient's steps on the web come from one address. */
function visitorAddress(): Column {
  const reads = ["event_type", "recipient_id.visitor"];
  return numbers(
    { type: INET, reads, about: "the recipient's address, of the blocks for documentation", nullable: true },
    (_context, inputs) => {
      const type = wordsOf(inputs, 0).codes;
      const visitor = numbersOf(inputs, 1).values;
      return ({ count }, out, nulls) => {
        for (let i = 0; i < count; i++) {
          if (type[i] < STEP_SCAN) setNull(nulls, i);
          else out[i] = addressOf(visitor[i]);
        }
      };
    },
  );
}

/** A recipient's steps on the web come from one browser; whoever scans a code holds a phone. */
function userAgent(): Column {
  const labels = USER_AGENTS.map(({ userAgent }) => userAgent);
  const reads = ["event_type", "recipient_id.visitor", "recipient_id.journey"];
  return codes({ type: TEXT, labels, reads, about: "the recipient's browser", nullable: true }, (_context, inputs) => {
    const type = wordsOf(inputs, 0).codes;
    const [visitor, journey] = [numbersOf(inputs, 1).values, numbersOf(inputs, 2).values];
    const any = aliasTable(USER_AGENTS.map(({ weight }) => weight));
    const phones = aliasTable(USER_AGENTS.map(({ weight, device }) => (device === "mobile" ? weight : 0)));
    return ({ count }, out, nulls) => {
      for (let i = 0; i < count; i++) {
        if (type[i] < STEP_SCAN) {
          setNull(nulls, i);
          continue;
        }
        // The address took the word's high half by its remainder; this takes a product of all its bits.
        const bits = Math.imul(visitor[i] ^ (visitor[i] >>> 15), 0x2c1b3c6d) >>> 0;
        out[i] = pickAlias((journey[i] & QR_SCANNED) === 0 ? any : phones, bits);
      }
    };
  });
}

/** What a lead is called by its score. */
function gradeOf(score: number): string {
  if (score >= 75) return "hot";
  return score >= 55 ? "warm" : "cool";
}

/** Documents that go with each type of event. */
function metadataOf(type: string): string[] {
  const seconds = [4, 9, 14, 21, 33, 47, 68, 95, 140, 212];
  switch (type) {
    case "mailed":
      return ["first_class", "marketing_mail", "presort"].map(
        (mailClass) => `{"carrier": "USPS", "class": "${mailClass}"}`,
      );
    case "delivered":
      return ["residence", "po_box", "business"].map((stop) => `{"carrier": "USPS", "stop": "${stop}"}`);
    case "qr_scanned":
      return ["front", "back", "inside"].map((panel) => `{"panel": "${panel}"}`);
    case "purl_visited":
      return seconds.flatMap((time) => [
        `{"seconds": ${time}, "referrer": null}`,
        ...Object.keys(REFERRERS)
          .slice(0, 4)
          .map((from) => `{"seconds": ${time}, "referrer": "${from}"}`),
      ]);
    case "form_submitted":
      return [2, 3, 4, 5].flatMap((fields) => seconds.map((time) => `{"fields": ${fields}, "seconds": ${time}}`));
    default:
      return [35, 48, 52, 56, 63, 71, 78, 84, 92].map((score) => `{"grade": "${gradeOf(score)}", "score": ${score}}`);
  }
}
