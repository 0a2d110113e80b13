import { type Column, described, unique } from "../../columns/column.js";
import { id, parent } from "../../columns/keys.js";
import { labelFor, oneOf } from "../../columns/lists.js";
import { format, wordBy } from "../../columns/text.js";
import { after, changedAfter, MINUTE } from "../../columns/times.js";
import { choice, integer, numbers, numbersOf } from "../../columns/values.js";
import { cellBits, unitOf } from "../../core/random.js";
import { enumType, INT2, INT4, JSONB } from "../../core/sql-type.js";
import { childrenOf, entity } from "../../model/entity.js";
import { INDUSTRIES, INDUSTRY_NAMES, type IndustryName } from "./data/industries.js";
import { CAMPAIGN_TYPES } from "./data/words.js";
import { momentBefore, teamMember } from "./vocabulary.js";

/** What clients have on average. */
export const AUDIENCES_PER_CLIENT = 4;
export const TEMPLATES_PER_CLIENT = 5;
export const LANDING_PAGES_PER_CLIENT = 3;

type Format = keyof typeof CAMPAIGN_TYPES;
const FORMATS = Object.keys(CAMPAIGN_TYPES) as Format[];

/** What a template's name says of its format; the first that fits. */
const FORMAT_WORDS: readonly (readonly [RegExp, Format])[] = [
  [/Catalog|Lookbook|Viewbook|Booklet|Gift Guide/, "catalog"],
  [/Snap-Pack|Official-Look|Closed-Face/, "snap_pack"],
  [/Package|Kit\b|Suite|Magnet|Key Tag|Scratch-Off|Loyalty Card/, "dimensional"],
  [/Self-Mailer|Trifold|Brochure|Foldout|Flyer|Newsletter|Mailer|Coupon Sheet|Menu/, "self_mailer"],
  [/Letter|Notice|Note\b|Statement|Certificate|Thank You from|Insert/, "letter"],
];

function formatOf(name: string): Format {
  return FORMAT_WORDS.find(([words]) => words.test(name))?.[1] ?? "postcard";
}

/** Names as often as their format is used, in about a hundred. */
function namesByFormat(names: readonly string[]): string[] {
  const formats = names.map(formatOf);
  const total = [...new Set(formats)].reduce((sum, format) => sum + CAMPAIGN_TYPES[format], 0);
  return names.flatMap((name, at) => {
    const alike = formats.filter((format) => format === formats[at]).length;
    return Array<string>(Math.max(1, Math.round((100 * CAMPAIGN_TYPES[formats[at]]) / total / alike))).fill(name);
  });
}

/** Choices of contacts that campaigns are sent to. */
export const audiences = entity("audiences", {
  comment: "Saved choices of a client's contacts that campaigns are sent to",
  rows: childrenOf("clients", { total: ({ sizes }) => sizes["clients"] * AUDIENCES_PER_CLIENT, by: "audience_weight" }),
  columns: {
    id: id(),
    client_id: parent("clients"),
    name: wordBy("client_id.industry", (name) => INDUSTRIES[name as IndustryName].audienceNames),
    kind: choice("audience_kind", ["static", "dynamic"], { static: 35, dynamic: 65 }),
    filters: described("How contacts are chosen", oneOf(audienceFilters(), JSONB)),
    estimated_contacts: described("As counted when the audience was saved", estimatedContacts()),
    created_by: teamMember("client_id"),
    created_at: momentBefore("onboardingEndUs", "created_by.created_at"),
    updated_at: changedAfter("created_at"),
  },
  indexes: [["client_id"]],
});

/** Layouts of mail pieces. */
export const templates = entity("templates", {
  comment: "Layouts of mail pieces, of which campaigns choose one",
  rows: childrenOf("clients", { total: ({ sizes }) => sizes["clients"] * TEMPLATES_PER_CLIENT, by: "template_weight" }),
  columns: {
    id: id(),
    client_id: parent("clients"),
    name: wordBy("client_id.industry", (industry) => namesByFormat(INDUSTRIES[industry as IndustryName].templateNames)),
    format: labelFor("name", {
      type: enumType("campaign_type", FORMATS),
      labels: FORMATS,
      codeOf: INDUSTRY_NAMES.flatMap((industry) =>
        namesByFormat(INDUSTRIES[industry].templateNames).map((name) => FORMATS.indexOf(formatOf(name))),
      ),
    }),
    version: integer(1, 9, INT2),
    status: choice("template_status", ["draft", "approved", "archived"], { draft: 12, approved: 76, archived: 12 }),
    design: described("Pages, fonts and merge fields", oneOf(templateDesigns(), JSONB)),
    created_by: teamMember("client_id"),
    created_at: momentBefore("onboardingEndUs", "created_by.created_at"),
    updated_at: changedAfter("created_at"),
  },
  indexes: [["client_id"]],
});

/** The pages behind personal URLs. */
export const landingPages = entity("landing_pages", {
  comment: "Pages behind the personal URLs and QR codes of mail pieces",
  rows: childrenOf("clients", { total: ({ sizes }) => sizes["clients"] * LANDING_PAGES_PER_CLIENT, by: "page_weight" }),
  columns: {
    id: id(),
    client_id: parent("clients"),
    slug: unique(format("{client_id.name_slug}-{id}")),
    headline: wordBy("client_id.industry", (name) => INDUSTRIES[name as IndustryName].landingHeadlines),
    status: choice("landing_page_status", ["published", "unpublished"], { published: 92, unpublished: 8 }),
    form_fields: described("What the form asks, in order", oneOf(formFields(), JSONB)),
    created_by: teamMember("client_id"),
    created_at: momentBefore("onboardingEndUs", "created_by.created_at"),
    published_at: after("created_at", 0, 30 * MINUTE),
    updated_at: changedAfter("published_at"),
  },
  indexes: [["client_id"]],
});

/** Between an eighth and all of the client's contacts. */
function estimatedContacts(): Column {
  return numbers(
    { type: INT4, reads: ["$parent"], about: "an eighth to all of the client's contacts" },
    (context, inputs) => {
      const client = numbersOf(inputs, 0).values;
      const fanOut = context.fanOut("contacts");
      const key = context.key();
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          const contacts = fanOut.start(client[i] + 1) - fanOut.start(client[i]);
          out[i] = Math.round(contacts * (0.125 + 0.875 * unitOf(cellBits(key, rowIndexes[i], 0))));
        }
      };
    },
  );
}

function audienceFilters(): string[] {
  const stages = ["lead", "prospect", "customer", "loyal"];
  const radii = [3, 5, 10, 25];
  return stages.flatMap((stage) =>
    radii.map(
      (miles) =>
        `{"all": [{"field": "lifecycle_stage", "is": "${stage}"}, {"field": "distance_miles", "max": ${miles}}]}`,
    ),
  );
}

function templateDesigns(): string[] {
  const sizes = ["4x6", "6x9", "6x11", "8.5x11"];
  const fonts = ["Source Serif", "Inter", "Lora"];
  return sizes.flatMap((size) =>
    fonts.map(
      (font) => `{"size": "${size}", "font": "${font}", "pages": 2, "merge_fields": ["first_name", "city", "purl"]}`,
    ),
  );
}

function formFields(): string[] {
  return [
    '["first_name", "last_name", "email"]',
    '["first_name", "last_name", "email", "phone"]',
    '["first_name", "phone", "preferred_time"]',
    '["email", "phone", "postal_code"]',
    '["first_name", "last_name", "email", "phone", "comments"]',
  ];
}
