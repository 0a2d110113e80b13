import { type Column, checked, described, hidden, unique } from "../../columns/column.js";
import { id, linked, ordinal, parent } from "../../columns/keys.js";
import { oneOf, shuffledWord } from "../../columns/lists.js";
import { format, sameCode, uuid, word, wordBy } from "../../columns/text.js";
import { changedAfter, lastSince } from "../../columns/times.js";
import {
  chance,
  choice,
  codes,
  constant,
  drawn,
  integer,
  numbers,
  numbersOf,
  sometimes,
  wordsOf,
} from "../../columns/values.js";
import { DAY_US } from "../../core/calendar.js";
import { lognormal } from "../../core/distributions.js";
import { fillBits, multiplyHigh, unitOf } from "../../core/random.js";
import { BOOL, enumType, INT4, INT8, JSONB, numeric, TEXT, TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX, isNull, wordVector } from "../../core/vectors.js";
import { childrenOf, entity, rows } from "../../model/entity.js";
import { passwordColumns } from "../passwords/columns.js";
import { firstName, lastName } from "../united-states/names.js";
import { STREET_WEIGHTS } from "../united-states/streets.js";
import { industryOfClient } from "./assignment.js";
import { historyOf, zoneCalendars } from "./calendars.js";
import { AUDIENCES_PER_CLIENT, LANDING_PAGES_PER_CLIENT, TEMPLATES_PER_CLIENT } from "./creative.js";
import { INDUSTRIES, INDUSTRY_NAMES } from "./data/industries.js";
import { JOB_TITLES, USER_ROLES } from "./data/words.js";
import { CLIENT_NAME_SIZES, CLIENT_NAME_STARTS } from "./dictionaries.js";
import { scheduleOf } from "./schedule.js";
import {
  childWeight,
  FOUNDING_USERS,
  momentBefore,
  phoneColumns,
  placeColumns,
  timeZoneColumns,
} from "./vocabulary.js";

const PLANS = ["starter", "growth", "scale", "enterprise"] as const;

/** Agencies: the platform's customers. */
export const organizations = entity("organizations", {
  comment: "Agencies that run direct mail for their clients: the customers of the platform",
  rows: rows(({ sizes }) => sizes["organizations"]),
  columns: {
    id: id(),
    public_id: unique(described("Shown in URLs and the API instead of the id", uuid())),
    name: shuffledWord("agency_names"),
    name_slug: hidden(sameCode("name", "agency_slugs")),
    slug: unique(format("{name_slug}-{id}")),
    plan: choice("organization_plan", PLANS, { starter: 20, growth: 45, scale: 25, enterprise: 10 }),
    billing_email: format("billing@{name_slug}.example.com"),
    ...phoneColumns(),
    house_number: hidden(integer(1, 9899)),
    street: hidden(word("streets", TEXT, STREET_WEIGHTS)),
    address_line1: format("{house_number} {street}"),
    ...placeColumns(),
    ...timeZoneColumns(),
    monthly_fee: described(
      "US dollars",
      drawn({
        type: numeric(10, 2),
        about: "lognormal, median 900",
        quantile: () => lognormal(90_000, 0.6),
        low: 9_900,
        high: 1_000_000,
        step: 100,
      }),
    ),
    settings: oneOf(
      [
        '{"brand_color": "#1f6feb", "week_starts": "monday", "two_factor": "optional"}',
        '{"brand_color": "#d1242f", "week_starts": "sunday", "two_factor": "required"}',
        '{"brand_color": "#1a7f37", "week_starts": "monday", "two_factor": "required", "sso": "saml"}',
        '{"brand_color": "#8250df", "week_starts": "sunday", "two_factor": "optional", "beta": ["call_summaries"]}',
      ],
      JSONB,
    ),
    is_active: constant(BOOL, 1),
    client_weight: hidden(childWeight(({ sizes }) => sizes["clients"] / sizes["organizations"])),
    created_at: momentBefore("organizationsEndUs"),
    updated_at: changedAfter("created_at"),
  },
});

/** Businesses that an agency works for. */
export const clients = entity("clients", {
  comment: "Businesses that an organization runs campaigns for",
  rows: childrenOf("organizations", { total: ({ sizes }) => sizes["clients"], by: "client_weight" }),
  columns: {
    id: id(),
    organization_id: parent("organizations"),
    public_id: unique(uuid()),
    name: clientName(),
    name_slug: hidden(sameCode("name", "client_slugs")),
    slug: unique(format("{name_slug}-{id}")),
    industry: clientIndustry(),
    status: choice("client_status", ["active", "onboarding", "paused"], { active: 88, onboarding: 4, paused: 8 }),
    first_name: hidden(firstName()),
    last_name: hidden(lastName()),
    contact_name: described("Whom the agency talks to", format("{first_name} {last_name}")),
    email: format("hello@{name_slug}.example.com"),
    ...phoneColumns(),
    website: format("https://www.{name_slug}.example.com"),
    house_number: hidden(integer(1, 9899)),
    street: hidden(word("streets", TEXT, STREET_WEIGHTS)),
    address_line1: format("{house_number} {street}"),
    ...placeColumns(),
    ...timeZoneColumns(),
    monthly_budget: checked(
      "monthly_budget >= 0",
      described("US dollars a month for print and postage", clientBudget()),
    ),
    contact_weight: hidden(contactWeight()),
    user_weight: hidden(childWeight(({ sizes }) => sizes["usersPerClient"])),
    audience_weight: hidden(childWeight(() => AUDIENCES_PER_CLIENT)),
    template_weight: hidden(childWeight(() => TEMPLATES_PER_CLIENT)),
    page_weight: hidden(childWeight(() => LANDING_PAGES_PER_CLIENT)),
    campaign_weight: hidden(campaignWeight()),
    created_at: momentAfterParent(),
    updated_at: changedAfter("created_at"),
  },
  indexes: [["organization_id"], ["industry"]],
});

/** People with a login. */
export const users = entity("users", {
  comment: "People with a login, each working for one client",
  rows: childrenOf("clients", {
    total: ({ sizes }) => sizes["clients"] * sizes["usersPerClient"],
    by: "user_weight",
  }),
  columns: {
    id: id(),
    client_id: parent("clients"),
    organization_id: linked("organizations", "client_id.organization_id"),
    public_id: unique(uuid()),
    first_name: firstName(),
    last_name: lastName(),
    first_slug: hidden(sameCode("first_name", "first_slugs")),
    last_slug: hidden(sameCode("last_name", "last_slugs")),
    email: unique(format("{first_slug}.{last_slug}{id}@{client_id.name_slug}.example.com")),
    ...passwordColumns(),
    seat: hidden(ordinal(0)),
    role: userRole(),
    job_title: wordBy("role", (role) => JOB_TITLES[role as keyof typeof USER_ROLES]),
    area_code: hidden(sameCode("client_id.postal_code", "area_codes")),
    ...phoneColumns(),
    mfa_enabled: chance(0.55),
    is_active: chance(0.95),
    login_count: described("Up to the last one, at the user's own pace", loginCount()),
    last_login_at: sometimes(0.96, lastSince("created_at")),
    created_at: userSince(),
    updated_at: changedAfter("created_at"),
  },
  indexes: [["client_id"], ["organization_id"]],
});

/** Founding users join within so long. */
const FOUNDING_US = 7 * DAY_US;

function clientIndustry(): Column {
  return codes(
    {
      type: enumType("industry", INDUSTRY_NAMES),
      labels: INDUSTRY_NAMES,
      about: "by the weights of industries, as exactly as the number of clients allows",
    },
    (context) => {
      const industryOf = industryOfClient(context);
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) out[i] = industryOf(rowIndexes[i]);
      };
    },
  );
}

/** A name of the client's industry. */
function clientName(): Column {
  return {
    type: TEXT,
    reads: ["industry"],
    about: "a word of client_names, of the client's industry",
    bind(context, inputs) {
      const industry = wordsOf(inputs, 0);
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      const out = wordVector(context.dictionary("client_names"));
      return {
        out,
        fill({ rowIndexes, count }) {
          fillBits(key, rowIndexes, count, 0, bits);
          for (let i = 0; i < count; i++) {
            const code = industry.codes[i];
            out.codes[i] = CLIENT_NAME_STARTS[code] + multiplyHigh(bits[i], CLIENT_NAME_SIZES[code]);
          }
        },
      };
    },
  };
}

/** Lognormal around 4,000 dollars times the industry's factor, in whole hundreds. */
function clientBudget(): Column {
  return numbers(
    { type: numeric(12, 2), reads: ["industry"], about: "lognormal, median 4,000 by industry" },
    (context, inputs) => {
      const industry = wordsOf(inputs, 0);
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      const median = lognormal(4_000, 0.7);
      const factors = INDUSTRY_NAMES.map((name) => INDUSTRIES[name].budgetFactor);
      return ({ rowIndexes, count }, out) => {
        fillBits(key, rowIndexes, count, 0, bits);
        for (let i = 0; i < count; i++)
          out[i] = 10_000 * Math.ceil((median(bits[i]) * factors[industry.codes[i]]) / 100);
      };
    },
  );
}

/** How the scenario's contacts are shared out. */
function contactWeight(): Column {
  return drawn({
    type: INT8,
    about: "lognormal, by contactsPerClientSigma; a client has some contacts at the least",
    quantile: ({ settings }) => lognormal(1_000, settings["contactsPerClientSigma"]),
    low: 100,
    high: 1_000_000,
  });
}

/** A client without contacts can mail nobody; the others mail some more than others. */
function campaignWeight(): Column {
  const drawnWeight = childWeight(({ sizes }) => sizes["campaigns"] / sizes["clients"]);
  return {
    ...drawnWeight,
    about: `${drawnWeight.about}; 0 without contacts`,
    bind(context) {
      const bound = drawnWeight.bind(context, []);
      const contacts = context.fanOut("contacts");
      return {
        out: bound.out,
        fill(given) {
          bound.fill(given);
          if (bound.out.kind !== "number") return;
          for (let i = 0; i < given.count; i++) {
            const client = given.rowIndexes[i];
            if (contacts.start(client + 1) === contacts.start(client)) bound.out.values[i] = 0;
          }
        },
      };
    },
  };
}

function momentAfterParent(): Column {
  return momentBefore("clientsEndUs", "organization_id.created_at");
}

/** The first of a client's users owns the account; the others' roles are by weight. */
function userRole(): Column {
  const labels = Object.keys(USER_ROLES);
  const drawnRole = choice("user_role", labels, USER_ROLES);
  return {
    ...drawnRole,
    reads: ["seat"],
    about: "the first of a client's users is its owner; the others by weight",
    bind(context, inputs) {
      const seat = numbersOf(inputs, 0).values;
      const bound = drawnRole.bind(context, []);
      const owner = labels.indexOf("owner");
      const { out } = bound;
      if (out.kind !== "word") return bound;
      return {
        out,
        fill(rows) {
          bound.fill(rows);
          for (let i = 0; i < rows.count; i++) if (seat[i] === 0) out.codes[i] = owner;
        },
      };
    },
  };
}

/** Somebody who comes twice on three days, or not so often, since the account is there. */
function loginCount(): Column {
  const spec = { type: INT4, reads: ["created_at", "last_login_at"], about: "lognormal a day, median 0.6, at most 12" };
  return numbers(spec, (context, inputs) => {
    const [since, last] = [numbersOf(inputs, 0), numbersOf(inputs, 1)];
    const aDay = lognormal(0.6, 0.9);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        const days = (last.values[i] - since.values[i]) / DAY_US;
        out[i] = isNull(last, i) ? 0 : 1 + Math.floor(Math.min(12, aDay(bits[i])) * days);
      }
    };
  });
}

/** Founding users join within a week of their client; the others later, until the window's end, in waking hours. */
function userSince(): Column {
  const reads = ["seat", "client_id.created_at", "client_id.zone"];
  return numbers(
    { type: TIMESTAMPTZ, reads, about: "within a week of the client; from the fourth user on, any time later" },
    (context, inputs) => {
      const [seat, since, zone] = inputs.map((_, at) => numbersOf(inputs, at).values);
      const { toUs } = scheduleOf(context);
      const calendars = zoneCalendars(historyOf(context), "awake");
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      return ({ rowIndexes, count }, out) => {
        fillBits(key, rowIndexes, count, 0, bits);
        for (let i = 0; i < count; i++) {
          const share = unitOf(bits[i]);
          out[i] =
            seat[i] < FOUNDING_USERS
              ? since[i] + Math.floor(share * Math.min(FOUNDING_US, context.windowUs.from - since[i]))
              : calendars[zone[i]].between(share, since[i] + FOUNDING_US, toUs);
        }
      };
    },
  );
}
