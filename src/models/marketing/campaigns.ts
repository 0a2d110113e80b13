import { type Column, checked, described, hidden } from "../../columns/column.js";
import { latest } from "../../columns/conditions.js";
import { childOf, id, linked } from "../../columns/keys.js";
import { numberFor } from "../../columns/lists.js";
import { format, wordBy } from "../../columns/text.js";
import { copied, integer, numbers, numbersOf } from "../../columns/values.js";
import { lognormal } from "../../core/distributions.js";
import { cellBits } from "../../core/random.js";
import { BOOL, enumType, FLOAT8, INT2, INT8, numeric } from "../../core/sql-type.js";
import { entity, rows } from "../../model/entity.js";
import { clientOfCampaign } from "./assignment.js";
import { budget, monthName, quantity, responseGoal, theme, year } from "./campaign-content.js";
import {
  builtAt,
  cancelledAt,
  closesAt,
  completedAt,
  createdAt,
  offerDays,
  onlyLaunched,
  pausedAt,
  planDrop,
  planMail,
} from "./campaign-dates.js";
import { campaignStatus, LAUNCHED } from "./campaign-status.js";
import { type ContactList, contactMoments } from "./contacts.js";
import { INDUSTRIES, type IndustryName } from "./data/industries.js";
import { CAMPAIGN_TYPES } from "./data/words.js";
import { teamMember } from "./vocabulary.js";

/** Print and postage of one piece in 10^-4 dollars, in the order of CAMPAIGN_TYPES. */
const PIECE_COSTS = [6_200, 9_400, 8_100, 8_800, 21_000, 47_500];

/** Direct mail campaigns, in the order of their drops. */
export const campaigns = entity("campaigns", {
  comment: "Direct mail campaigns of clients, with the dates of their mailing",
  rows: rows(({ sizes }) => sizes["campaigns"]),
  columns: {
    id: id(),
    client_id: clientId(),
    organization_id: linked("organizations", "client_id.organization_id"),
    audience_id: childOf("audiences", "client_id", "clients"),
    template_id: childOf("templates", "client_id", "clients"),
    landing_page_id: childOf("landing_pages", "client_id", "clients"),
    created_by: teamMember("client_id"),
    theme: hidden(theme()),
    month: hidden(monthName()),
    year: hidden(year()),
    name: format("{theme} {month} {year}"),
    campaign_type: copied("template_id.format", enumType("campaign_type", Object.keys(CAMPAIGN_TYPES))),
    status: campaignStatus(),
    offer: wordBy("client_id.industry", (industry) => INDUSTRIES[industry as IndustryName].offers),
    offer_days: described("Days after the drop date for which the offer is good", offerDays()),
    utm_campaign: described("What links of the mail piece carry", format("{client_id.name_slug}-{id}")),
    quantity: checked("quantity > 0", described("Pieces planned; once mailed, the number of recipients", quantity())),
    piece_cost: described(
      "US dollars for print and postage of one piece",
      numberFor("campaign_type", PIECE_COSTS, numeric(6, 4)),
    ),
    budget: checked("budget >= 0", described("US dollars", budget())),
    response_goal: described("Share of recipients who should respond", responseGoal()),
    zone: hidden(copied("client_id.organization_id.zone", INT2)),
    launched: hidden(numberFor("status", LAUNCHED, BOOL)),
    recipient_weight: hidden(recipientWeight()),
    condition_count: hidden(integer(2, 3)),
    reward_count: hidden(integer(1, 2)),
    plan_drop: hidden(planDrop()),
    plan_mail: hidden(planMail()),
    built_at: hidden(builtAt()),
    closes_at: hidden(closesAt()),
    contact_pool: hidden(contactPool()),
    created_at: createdAt(),
    mail_date: described("When the files go to the mail house, 7 to 21 days after creation", onlyLaunched("plan_mail")),
    drop_date: described("When the pieces enter the mail, 3 to 5 days after the mail date", onlyLaunched("plan_drop")),
    launched_at: onlyLaunched("plan_drop"),
    completed_at: described("When the last response was due", completedAt()),
    paused_at: pausedAt(),
    cancelled_at: cancelledAt(),
    updated_at: latest("created_at", "launched_at", "completed_at", "paused_at", "cancelled_at"),
  },
  indexes: [["client_id", "status"], ["status", "created_at"], ["drop_date"]],
});

function clientId(): Column {
  return {
    ...numbers({ type: INT8, about: "all clients in turn" }, (context) => {
      const { firstId } = context.entity("clients");
      const clientOf = clientOfCampaign(context);
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) out[i] = firstId + clientOf(rowIndexes[i]);
      };
    }),
    references: { entity: "clients", foreignKey: true },
  };
}

/** Of a client's contacts, so many at the least are there before its first campaign. */
const THERE_FROM_START = 0.55;

/**
 * A campaign mails a part of its client's contacts, some far more than others; drafts and cancelled ones none. Parts vary by
 * their odds, so that none is more than there are.
 */
function recipientWeight(): Column {
  const about =
    "a part of the client's contacts, its odds lognormal by recipientsPerCampaignSigma; 0 where nothing was mailed";
  return numbers({ type: FLOAT8, reads: ["client_id", "launched"], about }, (context, inputs) => {
    const client = numbersOf(inputs, 0).values;
    const launched = numbersOf(inputs, 1).values;
    const { firstId } = context.entity("clients");
    const fanOut = context.fanOut("contacts");
    const { sizes, settings, weights } = context.scenario;
    const { completed = 0, active = 0, paused = 0, ...others } = weights["campaignStatus"];
    const mailing = completed + active + paused;
    const mailed = mailing / Object.values(others).reduce((sum, weight) => sum + weight, mailing);
    const each = sizes["recipients"] / (sizes["campaigns"] * mailed);
    const part = Math.min(0.95, each / (THERE_FROM_START * (sizes["contacts"] / sizes["clients"])));
    const oddsOf = lognormal(part / (1 - part), settings["recipientsPerCampaignSigma"]);
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const owner = client[i] - firstId;
        const contacts = fanOut.start(owner + 1) - fanOut.start(owner);
        const odds = oddsOf(cellBits(key, rowIndexes[i], 0));
        out[i] = (launched[i] * contacts * odds) / (1 + odds);
      }
    };
  });
}

/** How many contacts the client has when the list of recipients is drawn up. They are the first of its contacts. */
function contactPool(): Column {
  const reads = ["client_id", "client_id.created_at", "built_at"];
  return numbers({ type: INT8, reads, about: "contacts of the client at built_at" }, (context, inputs) => {
    const [client, since, built] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const { firstId } = context.entity("clients");
    const fanOut = context.fanOut("contacts");
    const momentOf = contactMoments(context);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        const clientIndex = client[i] - firstId;
        const contacts = fanOut.start(clientIndex + 1) - fanOut.start(clientIndex);
        out[i] = contactsBy(built[i], { clientIndex, clientSinceUs: since[i], contacts }, momentOf);
      }
    };
  });
}

/** How many of a list are there at a moment, by bisection: their moments ascend. */
function contactsBy(atUs: number, list: ContactList, momentOf: ReturnType<typeof contactMoments>): number {
  let low = 0;
  let high = list.contacts;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (momentOf(middle, list) <= atUs) low = middle + 1;
    else high = middle;
  }
  return low;
}
