import { type Column, described, hidden } from "../../columns/column.js";
import { either } from "../../columns/conditions.js";
import { id, ordinal, parent } from "../../columns/keys.js";
import { labelFor, numberFor } from "../../columns/lists.js";
import { format, sameCode, word } from "../../columns/text.js";
import { changedAfter } from "../../columns/times.js";
import { copied, integer, numbers, numbersOf, wordsOf } from "../../columns/values.js";
import { type AliasTable, aliasTable, pickAlias } from "../../core/alias.js";
import { exp } from "../../core/math/index.js";
import { fillBits, unitOf } from "../../core/random.js";
import { enumType, INT2, numeric, type SqlType, TEXT, TIMESTAMPTZ } from "../../core/sql-type.js";
import { US_TIME_ZONES } from "../../core/us-time-zones.js";
import { BATCH_ROWS_MAX, wordVector } from "../../core/vectors.js";
import { childrenOf, entity } from "../../model/entity.js";
import { STREET_WEIGHTS } from "../united-states/streets.js";
import { countInTier, locationPlace } from "./counts.js";
import { PLACES } from "./data/places.js";
import { PLACE_WEIGHTS } from "./dictionaries.js";
import { ACCOUNTS, LOCATIONS } from "./tables.js";

const STATUSES = ["open", "closed"] as const;

/** By this part of an account's time its last venue is there. */
const ROLLOUT_PART = 0.6;

/** How far a venue lies from its city's centre at the most, in 10^-6 degrees: about 5 km. */
const SPREAD = 45_000;

/** Venues. */
export const locations = entity(LOCATIONS, {
  comment: "Venues of accounts: where the taps are",
  alias: "locations",
  rows: childrenOf(ACCOUNTS, { by: "location_count" }),
  lastId: ({ settings }) => settings["lastLocationId"],
  columns: {
    id: id(),
    account_id: parent(ACCOUNTS),
    seat: hidden(ordinal(0)),
    tier_place: hidden(locationPlace()),
    device_count: described(
      "Rows of app_database_devices",
      countInTier("devices", { place: "tier_place", tier: "account_id.tier", shuffled: true }),
    ),
    district: hidden(word("districts")),
    name: format("{account_id.brand} {district}"),
    house_number: hidden(integer(1, 9_899)),
    street: hidden(word("streets", TEXT, STREET_WEIGHTS)),
    address_line1: format("{house_number} {street}"),
    postal_code: postalCode(),
    city: sameCode("postal_code", "cities"),
    state: sameCode("postal_code", "states"),
    latitude: degrees(PLACES.map(({ latitude }) => latitude)),
    longitude: degrees(PLACES.map(({ longitude }) => longitude)),
    time_zone: sameCode("postal_code", "time_zones"),
    zone: hidden(
      numberFor(
        "postal_code",
        PLACES.map(({ timeZone }) => US_TIME_ZONES.indexOf(timeZone)),
        INT2,
      ),
    ),
    area_code: hidden(sameCode("postal_code", "area_codes")),
    line: hidden(integer(0, 99)),
    phone: format("+1{area_code}55501{line:2}"),
    status: described(
      "closed with its account",
      labelFor("account_id.status", {
        type: enumType("location_status", STATUSES),
        labels: STATUSES,
        codeOf: [0, 0, 1],
      }),
    ),
    ends_at: hidden(copied("account_id.ends_at", TIMESTAMPTZ)),
    created_at: openedAt(),
    updated_at: either("account_id.churned", copied("ends_at", TIMESTAMPTZ), changedAfter("created_at")),
  },
  indexes: [["account_id"], ["state", "city"]],
});

/** How far from home an account of each tier opens further venues, in km: by e to the minus distance over this. */
const REACH_KM = [40, 120, 500, 2_500];

/** Kilometres of a degree of latitude, and of one of longitude in the middle of the country (38 degrees north). */
const [NORTH_KM, EAST_KM] = [111, 87.7];

/** The account's own city, or one within its reach: the nearer and the larger, the more often. */
function postalCode(): Column {
  const reads = ["account_id.home", "account_id.tier", "seat"];
  return {
    type: TEXT,
    reads,
    about: "near the account's first venue, farther for larger accounts",
    bind(context, inputs) {
      const [home, tier] = [wordsOf(inputs, 0).codes, wordsOf(inputs, 1).codes];
      const seat = numbersOf(inputs, 2).values;
      const tables: (AliasTable | undefined)[] = [];
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      const out = wordVector(context.dictionary("postal_codes"));
      return {
        out,
        fill({ rowIndexes, count }) {
          fillBits(key, rowIndexes, count, 0, bits);
          for (let i = 0; i < count; i++) {
            const table = (tables[home[i] * REACH_KM.length + tier[i]] ??= aliasTable(
              weightsAround(home[i], REACH_KM[tier[i]]),
            ));
            out.codes[i] = seat[i] === 0 ? home[i] : pickAlias(table, bits[i]);
          }
        },
      };
    },
  };
}

function weightsAround(home: number, reachKm: number): number[] {
  const centre = PLACES[home];
  return PLACES.map(({ latitude, longitude }, at) => {
    // Both are in 10^-6 degrees.
    const north = ((latitude - centre.latitude) / 1e6) * NORTH_KM;
    const east = ((longitude - centre.longitude) / 1e6) * EAST_KM;
    return PLACE_WEIGHTS[at] * exp(-Math.sqrt(north * north + east * east) / reachKm);
  });
}

/** The city's latitude or longitude, and a little beside it. */
function degrees(centres: readonly number[]): Column {
  const type: SqlType = numeric(9, 6);
  const centre = numberFor("postal_code", centres);
  return numbers(
    { type, reads: ["postal_code"], about: "within 5 km or so of the city's centre" },
    (context, inputs) => {
      const { out: base, fill } = centre.bind(context, inputs);
      const from = numbersOf([base], 0).values;
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      return (batch, out) => {
        fill(batch);
        fillBits(key, batch.rowIndexes, batch.count, 0, bits);
        for (let i = 0; i < batch.count; i++) out[i] = from[i] + Math.round((2 * unitOf(bits[i]) - 1) * SPREAD);
      };
    },
  );
}

/** The first venue comes with the account, before its subscription begins; the others over the account's time. */
function openedAt(): Column {
  const reads = [
    "seat",
    "account_id.location_count",
    "account_id.created_at",
    "account_id.activated_at",
    "account_id.ends_at",
  ];
  const about = "the first with the account, the others later, growing with the ID";
  return numbers({ type: TIMESTAMPTZ, reads, about }, (context, inputs) => {
    const [seat, sisters, signedUp, activated, ends] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        const unit = unitOf(bits[i]);
        const share = (seat[i] + unit) / sisters[i];
        out[i] =
          seat[i] === 0
            ? signedUp[i] + Math.floor(0.5 * unit * (activated[i] - signedUp[i]))
            : activated[i] + Math.floor(ROLLOUT_PART * share * share * (ends[i] - activated[i]));
      }
    };
  });
}
