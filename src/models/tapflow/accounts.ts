import { type Column, described, hidden } from "../../columns/column.js";
import { either, onlyWhere } from "../../columns/conditions.js";
import { id } from "../../columns/keys.js";
import { format, sameCode, word, wordBy } from "../../columns/text.js";
import { changedAfter } from "../../columns/times.js";
import { choice, codes, copied, numbers, numbersOf } from "../../columns/values.js";
import { cellBits, unitOf } from "../../core/random.js";
import { enumType, TEXT, TIMESTAMPTZ } from "../../core/sql-type.js";
import { entity, rows } from "../../model/entity.js";
import { countBefore, countInTier, dealt, placeInTier, termCount, tierOf, tierPlace } from "./counts.js";
import { COMPANY_SUFFIXES, INDUSTRIES, type Industry } from "./data/venues.js";
import { PLACE_WEIGHTS } from "./dictionaries.js";
import { onTheWay, orWindowEnd, signedUpAt } from "./moments.js";
import { ACCOUNTS } from "./tables.js";

const STATUSES = ["active", "past_due", "churned"] as const;

/** Of the accounts that stay, this share is behind with its payments. */
const PAST_DUE_SHARE = 0.04;

/** Customers of the platform. */
export const accounts = entity(ACCOUNTS, {
  comment: "Customers of the platform: companies that own bars, restaurants, breweries and other venues with taps",
  alias: "accounts",
  rows: rows(({ sizes }) => sizes["accounts"]),
  lastId: ({ settings }) => settings["lastAccountId"],
  columns: {
    id: id(),
    brand: hidden(word("brands")),
    brand_slug: hidden(sameCode("brand", "brand_slugs")),
    industry: choice("industry", INDUSTRIES, ({ weights }) => weights["industry"]),
    home: hidden(word("postal_codes", TEXT, PLACE_WEIGHTS)),
    suffix: hidden(wordBy("industry", (industry) => COMPANY_SUFFIXES[industry as Industry])),
    name: format("{brand} {suffix}"),
    place: hidden(tierPlace()),
    tier: tierOf("place"),
    tier_place: hidden(placeInTier("place", "tier")),
    locations_before: hidden(countBefore("locations", "tier_place", "tier")),
    location_count: described(
      "Rows of app_database_locations",
      countInTier("locations", { place: "tier_place", tier: "tier" }),
    ),
    user_count: described(
      "Rows of app_database_users",
      countInTier("users", { place: "tier_place", tier: "tier", shuffled: true }),
    ),
    term_count: hidden(termCount()),
    billing_email: format("billing@{brand_slug}-{id}.example.com"),
    website: format("https://www.{brand_slug}-{id}.example.com"),
    churned: hidden(dealt("churned")),
    status: described("churned: the last subscription was cancelled", accountStatus()),
    created_at: described("When the account signed up", signedUpAt()),
    activated_at: described(
      "When its first subscription began",
      onTheWay("created_at", { part: 0.02, days: 14, least: 0.1 }),
    ),
    churned_at: onlyWhere("churned", onTheWay("activated_at", { part: 0.98, least: 0.5 })),
    ends_at: hidden(orWindowEnd("churned_at")),
    second_term_at: hidden(termStart(1)),
    third_term_at: hidden(termStart(2)),
    updated_at: either("churned", copied("ends_at", TIMESTAMPTZ), changedAfter("activated_at")),
  },
  indexes: [["tier"], ["status"]],
});

function accountStatus(): Column {
  const spec = { type: enumType("account_status", STATUSES), labels: STATUSES, about: "churned by an exact share" };
  return codes({ ...spec, reads: ["churned"] }, (context, inputs) => {
    const churned = numbersOf(inputs, 0).values;
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const isLate = unitOf(cellBits(key, rowIndexes[i], 0)) < PAST_DUE_SHARE;
        out[i] = churned[i] === 1 ? 2 : isLate ? 1 : 0;
      }
    };
  });
}

/**
 * When the account's second or third term began: terms divide its time about evenly. Where there is no such term, the
 * end of its time, so that no event falls into it.
 */
function termStart(term: 1 | 2): Column {
  const reads = ["term_count", "activated_at", "ends_at"];
  return numbers({ type: TIMESTAMPTZ, reads, about: `the start of term ${term + 1}` }, (context, inputs) => {
    const [terms, from, to] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const part = (term + 0.6 * (unitOf(cellBits(key, rowIndexes[i], 0)) - 0.5)) / terms[i];
        out[i] = terms[i] <= term ? to[i] : from[i] + Math.floor(part * (to[i] - from[i]));
      }
    };
  });
}
