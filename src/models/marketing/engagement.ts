import { type Column, described } from "../../columns/column.js";
import { id, linked, parent } from "../../columns/keys.js";
import { labelFor } from "../../columns/lists.js";
import { wordBy } from "../../columns/text.js";
import { codes, copied, numbers, numbersOf, wordsOf } from "../../columns/values.js";
import { aliasTable, pickAlias } from "../../core/alias.js";
import { cellBits, unitOf } from "../../core/random.js";
import { enumType, INT2, JSONB, TEXT, TIMESTAMPTZ } from "../../core/sql-type.js";
import { setNull } from "../../core/vectors.js";
import { childrenOf, entity } from "../../model/entity.js";
import { AUDIT_REASONS } from "./data/words.js";
import { stepCount, took } from "./journey.js";
import { RECIPIENT_STATUSES } from "./recipients.js";
import { CALLED, DELIVERED, ENGAGED, FORM_SUBMITTED, LEAD, MAILED, PURL_VISITED, QR_SCANNED } from "./steps.js";

const ACTIONS = ["suppressed", "returned", "converted"] as const;
const ACTORS = ["list_hygiene", "mail_house", "lead_scoring"] as const;

/** Why a piece was never mailed. */
const SUPPRESSION_REASONS = {
  "Address failed verification": 38,
  "Duplicate household": 24,
  "On the client's do-not-mail list": 18,
  "Mailed in the last 30 days": 12,
  "Outside the delivery area": 8,
};

/** What was decided about recipients outside their own doing. */
export const recipientAuditLogs = entity("recipient_audit_logs", {
  comment: "Changes of a recipient's status that somebody may ask about: suppressed, returned, converted",
  rows: childrenOf("recipients", { by: "audit_count" }),
  columns: {
    id: id(),
    recipient_id: parent("recipients"),
    campaign_id: linked("campaigns", "recipient_id.campaign_id"),
    action: action(),
    old_status: statusFor("action", ["pending", "mailed", "responded"]),
    new_status: statusFor("action", ["suppressed", "returned", "converted"]),
    actor: labelFor("action", { type: enumType("audit_actor", ACTORS), labels: ACTORS, codeOf: [0, 1, 2] }),
    reason: described("In the mail house's or the list's own words; NULL for a conversion", reason()),
    details: wordBy("action", detailsOf, JSONB),
    created_at: auditedAt(),
  },
  indexes: [["recipient_id"], ["campaign_id", "action"]],
});

/** Contacts that took part in a campaign. */
export const contactCampaignParticipation = entity("contact_campaign_participation", {
  comment: "A contact who answered a campaign, with what it did: one row a contact and campaign",
  rows: childrenOf("recipients", { by: "participation_count" }),
  columns: {
    id: id(),
    recipient_id: parent("recipients"),
    contact_id: linked("contacts", "recipient_id.contact_id"),
    campaign_id: linked("campaigns", "recipient_id.campaign_id"),
    scanned_qr: took(QR_SCANNED, "recipient_id.journey"),
    visited_purl: took(PURL_VISITED, "recipient_id.journey"),
    submitted_form: took(FORM_SUBMITTED, "recipient_id.journey"),
    became_lead: took(LEAD, "recipient_id.journey"),
    called: took(CALLED, "recipient_id.journey"),
    touch_count: described(
      "Scans, visits, forms and calls",
      stepCount(ENGAGED | FORM_SUBMITTED, "recipient_id.journey"),
    ),
    engagement_score: described("0 to 100: what was done, weighed", engagementScore()),
    first_engaged_at: copied("recipient_id.first_engaged_at", TIMESTAMPTZ),
    last_engaged_at: copied("recipient_id.active_at", TIMESTAMPTZ),
    created_at: copied("recipient_id.first_engaged_at", TIMESTAMPTZ),
    updated_at: copied("recipient_id.active_at", TIMESTAMPTZ),
  },
  unique: [["contact_id", "campaign_id"]],
  indexes: [["campaign_id", "became_lead"]],
});

function action(): Column {
  const spec = { type: enumType("audit_action", ACTIONS), labels: ACTIONS, about: "how the journey ended" };
  return codes({ ...spec, reads: ["recipient_id.journey"] }, (_context, inputs) => {
    const steps = numbersOf(inputs, 0).values;
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = (steps[i] & MAILED) === 0 ? 0 : (steps[i] & DELIVERED) === 0 ? 1 : 2;
    };
  });
}

function statusFor(path: string, names: readonly (typeof RECIPIENT_STATUSES)[number][]): Column {
  const type = enumType("recipient_status", RECIPIENT_STATUSES);
  return labelFor(path, {
    type,
    labels: RECIPIENT_STATUSES,
    codeOf: names.map((name) => RECIPIENT_STATUSES.indexOf(name)),
  });
}

function reason(): Column {
  const suppressions = Object.entries(SUPPRESSION_REASONS);
  const returns = Object.entries(AUDIT_REASONS);
  const labels = [...suppressions, ...returns].map(([text]) => text);
  return codes(
    { type: TEXT, labels, reads: ["action"], about: "by the action and weight", nullable: true },
    (context, inputs) => {
      const kind = wordsOf(inputs, 0).codes;
      const suppression = aliasTable(suppressions.map(([, weight]) => weight));
      const comeback = aliasTable(returns.map(([, weight]) => weight));
      const key = context.key();
      return ({ rowIndexes, count }, out, nulls) => {
        for (let i = 0; i < count; i++) {
          const bits = cellBits(key, rowIndexes[i], 0);
          if (kind[i] === 0) out[i] = pickAlias(suppression, bits);
          else if (kind[i] === 1) out[i] = suppressions.length + pickAlias(comeback, bits);
          else setNull(nulls, i);
        }
      };
    },
  );
}

function detailsOf(action: string): string[] {
  if (action === "suppressed") return ["cass", "dedupe", "preference"].map((check) => `{"check": "${check}"}`);
  if (action === "returned") return [1, 2, 3].map((scan) => `{"carrier": "USPS", "scans": ${scan}, "refund": false}`);
  return [55, 62, 70, 78, 85, 93].map((score) => `{"rule": "form", "score": ${score}}`);
}

/** Suppressed while the list is checked, before the mail date; the others when it happened. */
function auditedAt(): Column {
  const reads = ["action", "recipient_id.created_at", "recipient_id.returned_at", "recipient_id.converted_at"];
  return numbers({ type: TIMESTAMPTZ, reads, about: "when the journey ended" }, (context, inputs) => {
    const kind = wordsOf(inputs, 0).codes;
    const [created, returned, converted] = [1, 2, 3].map((at) => numbersOf(inputs, at).values);
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        if (kind[i] === 0) out[i] = created[i] + Math.floor(unitOf(cellBits(key, rowIndexes[i], 0)) * CHECK_US);
        else out[i] = kind[i] === 1 ? returned[i] : converted[i];
      }
    };
  });
}

/** A list is checked within twelve hours. */
const CHECK_US = 12 * 3_600_000_000;

/** A scan 10, a visit 20, a form 20, a lead 25, a call 25. */
function engagementScore(): Column {
  const weights: readonly (readonly [number, number])[] = [
    [QR_SCANNED, 10],
    [PURL_VISITED, 20],
    [FORM_SUBMITTED, 20],
    [LEAD, 25],
    [CALLED, 25],
  ];
  const scores = Uint8Array.from({ length: 1024 }, (_, steps) =>
    weights.reduce((sum, [step, score]) => sum + ((steps & step) === 0 ? 0 : score), 0),
  );
  return numbers({ type: INT2, reads: ["recipient_id.journey"], about: "a sum over the steps" }, (_context, inputs) => {
    const steps = numbersOf(inputs, 0).values;
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = scores[steps[i]];
    };
  });
}
