import type { BindContext, Column } from "../../columns/column.js";
import { described, hidden, unique } from "../../columns/column.js";
import { id, parent } from "../../columns/keys.js";
import { shuffledNumber } from "../../columns/lists.js";
import { format, sameCode, word } from "../../columns/text.js";
import { changedAfter } from "../../columns/times.js";
import {
  chance,
  choice,
  drawn,
  drawnFor,
  integer,
  numbers,
  numbersOf,
  sometimes,
  textChoice,
  wordsOf,
} from "../../columns/values.js";
import { aliasTable, pickAlias } from "../../core/alias.js";
import { DAY_US } from "../../core/calendar.js";
import { normal } from "../../core/distributions.js";
import { cellBits, fillBits, multiplyHigh, unitOf } from "../../core/random.js";
import { DATE, INT2, INT8, TEXT, TEXT_ARRAY, TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX, wordVector } from "../../core/vectors.js";
import { childrenOf, entity } from "../../model/entity.js";
import { firstName, lastName } from "../united-states/names.js";
import { STREET_WEIGHTS } from "../united-states/streets.js";
import { historyOf, platformCalendar } from "./calendars.js";
import { UNIT_DESIGNATORS } from "./data/words.js";
import {
  EMAIL_DOMAIN_WEIGHTS,
  PLACE_CITY_SIZES,
  PLACE_CITY_STARTS,
  PLACE_WEIGHTS,
  TAG_SET_WEIGHTS,
} from "./dictionaries.js";
import { scheduleOf } from "./schedule.js";
import { ownPhoneColumns, placeColumns } from "./vocabulary.js";

const SOURCES = ["list_import", "web_form", "referral", "event", "in_store", "purchased_list"] as const;
const STAGES = ["lead", "prospect", "customer", "loyal", "churned"] as const;

/** Four contacts in five live in their client's own city. */
const NEARBY_SHARE = 0.8;

/** A client's first list makes up this share of its contacts, and is there within a month; the others arrive until the window's end. */
const IMPORTED_SHARE = 0.55;
const IMPORT_US = 30 * DAY_US;

/** People whom a client may write to. */
export const contacts = entity("contacts", {
  comment: "People and households whom a client may write to",
  rows: childrenOf("clients", { total: ({ sizes }) => sizes["contacts"], by: "contact_weight" }),
  columns: {
    id: id(),
    client_id: parent("clients"),
    household: hidden(household()),
    first_name: firstName(),
    last_name: drawnFor("household", lastName()),
    first_slug: hidden(sameCode("first_name", "first_slugs")),
    last_slug: hidden(sameCode("last_name", "last_slugs")),
    email_number: hidden(shuffledNumber()),
    email_domain: hidden(word("email_domains", TEXT, EMAIL_DOMAIN_WEIGHTS)),
    email: unique(format("{first_slug}.{last_slug}{email_number}@{email_domain}")),
    ...ownPhoneColumns(),
    house_number: hidden(drawnFor("household", integer(1, 9899))),
    street: hidden(drawnFor("household", word("streets", TEXT, STREET_WEIGHTS))),
    address_line1: format("{house_number} {street}"),
    unit: hidden(drawnFor("household", textChoice(UNIT_DESIGNATORS))),
    unit_number: hidden(drawnFor("household", integer(1, 420))),
    address_line2: drawnFor("household", sometimes(0.22, format("{unit} {unit_number}"))),
    ...placeColumns(drawnFor("household", nearbyPostalCode())),
    lifecycle_stage: choice("lifecycle_stage", STAGES, ({ weights }) => weights["lifecycleStage"]),
    source: choice("contact_source", SOURCES, {
      list_import: 46,
      web_form: 18,
      referral: 10,
      event: 8,
      in_store: 8,
      purchased_list: 10,
    }),
    lead_score: described(
      "0 to 100",
      drawn({ type: INT2, about: "normal, mean 48", quantile: () => normal(48, 19), low: 0, high: 100 }),
    ),
    date_of_birth: sometimes(0.62, integer(-9_500, 13_000, DATE)),
    tags: word("tag_sets", TEXT_ARRAY, TAG_SET_WEIGHTS),
    email_opt_in: chance(0.71),
    created_at: contactSince(),
    updated_at: changedAfter("created_at"),
  },
  indexes: [["client_id", "lifecycle_stage"], ["postal_code"]],
});

/** Which of four neighbours of a list a contact lives with: itself, or one before it. Half of the fours live alone. */
const HOUSEHOLDS = [
  ...Array<readonly number[]>(8).fill([0, 1, 2, 3]),
  ...Array<readonly number[]>(2).fill([0, 0, 2, 3]),
  ...Array<readonly number[]>(2).fill([0, 1, 2, 2]),
  [0, 0, 2, 2],
  [0, 0, 0, 3],
  [0, 1, 1, 1],
  [0, 0, 0, 0],
] as const;

/** The first contact of those who live together, by its row. */
function household(): Column {
  const about = "the first row of those who live together: two to four of a client's contacts, or one";
  return numbers({ type: INT8, reads: ["$ordinal"], about }, (context, inputs) => {
    const ordinals = numbersOf(inputs, 0).values;
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const place = ordinals[i] % 4;
        const first = rowIndexes[i] - place;
        out[i] = first + HOUSEHOLDS[cellBits(key, first, 0) % HOUSEHOLDS.length][place];
      }
    };
  });
}

function nearbyPostalCode(): Column {
  return {
    type: TEXT,
    reads: ["client_id.postal_code"],
    about: `of the client's city in a share of ${NEARBY_SHARE}, else by population`,
    bind(context, inputs) {
      const client = wordsOf(inputs, 0);
      const near = context.key("near");
      const key = context.key();
      const nearBits = new Uint32Array(BATCH_ROWS_MAX);
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      const table = aliasTable(PLACE_WEIGHTS);
      const starts = Int32Array.from(PLACE_CITY_STARTS);
      const sizes = Int32Array.from(PLACE_CITY_SIZES);
      const out = wordVector(context.dictionary("postal_codes"));
      const bound = NEARBY_SHARE * 2 ** 32;
      return {
        out,
        fill({ rowIndexes, count }) {
          fillBits(near, rowIndexes, count, 0, nearBits);
          fillBits(key, rowIndexes, count, 0, bits);
          for (let i = 0; i < count; i++) {
            const home = client.codes[i];
            out.codes[i] =
              nearBits[i] < bound ? starts[home] + multiplyHigh(bits[i], sizes[home]) : pickAlias(table, bits[i]);
          }
        },
      };
    },
  };
}

/** A client's contacts, as many as it gets in the window. */
export interface ContactList {
  readonly clientIndex: number;
  readonly clientSinceUs: number;
  readonly contacts: number;
}

/** When a client gets each of its contacts (counted from 0): the later in its list, the later. */
export function contactMoments(context: BindContext): (ordinal: number, list: ContactList) => number {
  const { fromUs, toUs } = scheduleOf(context);
  const { between } = platformCalendar(historyOf(context));
  // A campaign, too, has to know which contacts its client has by then.
  const key = context.sharedKey("contact moments");
  return (ordinal, { contacts, clientIndex, clientSinceUs }) => {
    const importedUs = Math.min(clientSinceUs + IMPORT_US, fromUs);
    const imported = Math.ceil(IMPORTED_SHARE * contacts);
    const at = ordinal + unitOf(cellBits(key, ordinal, clientIndex));
    return ordinal < imported
      ? between(at / imported, clientSinceUs, importedUs)
      : between((at - imported) / (contacts - imported), importedUs, toUs);
  };
}

function contactSince(): Column {
  const reads = ["$parent", "$ordinal", "client_id.created_at"];
  const about = "a first list with the client, the others later; in the order of the list";
  return numbers({ type: TIMESTAMPTZ, reads, about }, (context, inputs) => {
    const [clients, ordinals, since] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const fanOut = context.fanOut("contacts");
    const momentOf = contactMoments(context);
    return ({ count }, out) => {
      let list: ContactList = { clientIndex: -1, clientSinceUs: 0, contacts: 0 };
      for (let i = 0; i < count; i++) {
        const client = clients[i];
        if (client !== list.clientIndex) {
          const size = fanOut.start(client + 1) - fanOut.start(client);
          list = { clientIndex: client, clientSinceUs: since[i], contacts: size };
        }
        out[i] = momentOf(ordinals[i], list);
      }
    };
  });
}
