import type { ColumnType, Family } from "./types.js";

/** A column as a model file declares it. */
export type Declared = string | Readonly<Record<string, unknown>>;

/** What a rule may know of the column, and the hidden columns that it may ask for. */
export interface RuleContext {
  readonly table: string;
  readonly type: ColumnType;
  /** The name of a hidden column of the table, made where it is not there yet. */
  hidden(name: string, declared: Declared): string;
  /** The table's column that a rule of this name was taken for; undefined where there is none before this one. */
  like(rule: string): string | undefined;
}

/** What columns of a kind of name are filled with. */
export interface Rule {
  readonly name: string;
  /** Of the column's name in small letters, its words parted by `_`. */
  readonly pattern: RegExp;
  readonly families: readonly Family[];
  /** The characters that its texts may have at the most. */
  readonly length?: number;
  /** The share of rows without a value, where they may be without. */
  readonly nulls?: number;
  /** A text such as it makes: where it meets what conditions ask, the rule is kept. */
  readonly example?: string;
  /** Whether the values are all different as they are made. */
  readonly isUnique?: boolean;
  make(context: RuleContext): Declared;
}

/** The number of the row, for texts that must differ. */
export function rowNumber(context: Pick<RuleContext, "hidden">): string {
  return context.hidden("_row", "id");
}

const TEXTS: readonly Family[] = ["text"];
const MOMENTS: readonly Family[] = ["moment", "date"];
const NUMBERS: readonly Family[] = ["whole", "decimal", "double"];

const typed = (kind: Readonly<Record<string, unknown>>, { type }: RuleContext): Declared =>
  type.type === "text" ? kind : { ...kind, type: type.type };

const text = (template: string, context: RuleContext): Declared => typed({ text: template }, context);

/** A word of a list through a hidden column, since lists make texts without a bound. */
const word = (list: string, context: RuleContext): Declared => {
  if (context.type.type === "text") return { word: list };
  return text(`{${context.hidden(`_${list}`, { word: list })}}`, context);
};

/** A word that other columns of the row are made of, too. */
const shared = (list: string, context: RuleContext): Declared => {
  const name = context.hidden(`_${list}`, { word: list });
  return context.type.type === "text" ? { copy: name } : text(`{${name}}`, context);
};

/** The person that a row is about: all of its columns tell of the same one. */
const person = (context: RuleContext): { readonly first: string; readonly last: string } => ({
  first: context.hidden("_first", { slug: context.hidden("_first_name", { word: "first_name" }) }),
  last: context.hidden("_last", { slug: context.hidden("_last_name", { word: "last_name" }) }),
});

const slug = (context: RuleContext): string =>
  context.hidden("_slug", { slug: context.hidden("_noun", { word: "noun" }) });

const place = (context: RuleContext): string => context.hidden("_place", { pick: "us_places" });

const choice = (labels: readonly string[], context: RuleContext): Declared => {
  const fitting = labels.filter((label) => label.length <= context.type.length);
  return typed({ choice: fitting }, context);
};

const number = (low: number, high: number, { type }: RuleContext): Declared => {
  const top = Math.min(high, type.largest);
  const bottom = Math.min(low, top);
  if (type.family === "whole") return { integer: [Math.ceil(bottom), Math.floor(top)], type: type.type };
  return { decimal: [bottom, top], type: type.type };
};

/** Amounts of money: most small, a few large. In whole numbers they are cents. */
const money = ({ type }: RuleContext): Declared => {
  const isWhole = type.family === "whole";
  const high = Math.min(isWhole ? 1_000_000 : 10_000, type.largest);
  const median = Math.min(isWhole ? 2500 : 25, high / 4);
  return { lognormal: [median, 1], low: 0, high, type: type.type };
};

const moment = ({ type }: RuleContext): Declared => ({
  moment: "window",
  ...(type.type !== "timestamptz" && { type: type.type }),
});

/** After the moment at which the row was made, where the table has that. */
const later = (days: readonly [number, number], context: RuleContext): Declared => {
  const from = context.like("created");
  if (from === undefined || context.type.family !== "moment") return moment(context);
  return { after: from, days, ...(context.type.type !== "timestamptz" && { type: context.type.type }) };
};

/** What a table's rows are, by its name. */
const PEOPLE =
  /(user|person|people|customer|employee|member|contact|student|patient|author|owner|staff|teacher|client|driver|guest|player|profile|account|lead)s?$/;
const COMPANIES =
  /(compan(y|ies)|organi[sz]ation|vendor|supplier|merchant|tenant|brand|manufacturer|publisher|employer|shipper|carrier)s?$/;
const GOODS = /(product|item|article|good|part|plan|asset|device)s?$/;
const PLACES = /(cit(y|ies)|town|location|place|branch|branches|store|site|region|territor(y|ies))s?$/;

function nameOf(context: RuleContext): Declared {
  const table = ruleName(context.table);
  if (PEOPLE.test(table)) {
    return text(
      `{${context.hidden("_first_name", { word: "first_name" })}} {${context.hidden("_last_name", { word: "last_name" })}}`,
      context,
    );
  }
  if (COMPANIES.test(table)) return word("company", context);
  if (GOODS.test(table)) return word("product", context);
  return PLACES.test(table) ? word("city", context) : word("noun", context);
}

const HASH = /(^|_)(hash|checksum|digest|sha\d*|md5|ha1|fingerprint|etag)$|hash$/;
const PERSON =
  /(^|_)(full_?name|display_name|contact_name|person_name|author|owner_name|customer_name|employee_name|recipient_name|ship_name)$/;
const COMPANY = /(^|_)(company|organi[sz]ation|employer|vendor|supplier|manufacturer|brand)(_name)?$/;
const JOB = /(^|_)(job|job_title|position_title|contact_title|occupation|profession)$/;
const STREET = /(^|_)(street(_address)?|address(_?line)?(_?[12])?|addr)$/;

/** What stands in a choice is made of what the column's name means; the first rule that fits is taken. */
export const RULES: readonly Rule[] = [
  {
    name: "email",
    pattern: /(^|_)e?_?mail(_address)?$/,
    families: TEXTS,
    length: 60,
    example: "ann.lee12@example.com",
    isUnique: true,
    make: (context) => {
      const { first, last } = person(context);
      return text(`{${first}}.{${last}}{${rowNumber(context)}}@example.com`, context);
    },
  },
  {
    name: "middle name",
    pattern: /(^|_)(middle|second)_?name$/,
    families: TEXTS,
    length: 20,
    nulls: 0.6,
    make: (context) => word("first_name", context),
  },
  {
    name: "first name",
    pattern: /(^|_)(first|given|fore)_?name$|^fname$/,
    families: TEXTS,
    length: 20,
    make: (context) => shared("first_name", context),
  },
  {
    name: "last name",
    pattern: /(^|_)(last|family|sur)_?name$|^lname$/,
    families: TEXTS,
    length: 20,
    make: (context) => shared("last_name", context),
  },
  {
    name: "user name",
    pattern: /(^|_)(user_?name|login|login_name|nick(_?name)?|screen_name|handle)$/,
    families: TEXTS,
    length: 40,
    isUnique: true,
    make: (context) => text(`{${person(context).first}}{${rowNumber(context)}}`, context),
  },
  {
    name: "person",
    pattern: PERSON,
    families: TEXTS,
    length: 45,
    make: (context) =>
      text(
        `{${context.hidden("_first_name", { word: "first_name" })}} {${context.hidden("_last_name", { word: "last_name" })}}`,
        context,
      ),
  },
  {
    name: "company",
    pattern: COMPANY,
    families: TEXTS,
    length: 60,
    make: (context) => word("company", context),
  },
  {
    name: "company in short",
    pattern: COMPANY,
    families: TEXTS,
    length: 24,
    make: (context) => text(`{${context.hidden("_last_name", { word: "last_name" })}} Inc`, context),
  },
  {
    name: "person in short",
    pattern: PERSON,
    families: TEXTS,
    length: 20,
    make: (context) => shared("last_name", context),
  },
  {
    name: "phone",
    pattern: /(^|_)(phone|mobile|fax|tel|telephone|cell)(_(number|no))?$/,
    families: TEXTS,
    length: 15,
    example: "+1 205 5550142",
    make: (context) => typed({ pattern: "+1 2## 55501##" }, context),
  },
  {
    name: "user agent",
    pattern: /(^|_)user_?agent$/,
    families: TEXTS,
    length: 90,
    make: (context) =>
      choice(
        [
          "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
          "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15",
          "curl/8.5.0",
        ],
        context,
      ),
  },
  {
    name: "url",
    pattern:
      /(^|_)(url|uri|link|href|website|web_?site|home_?page|webhook|callback|redirect)(_(url|uri|to))?$|_(url|uri)s?$/,
    families: TEXTS,
    length: 60,
    example: "https://example.com/lamp/12",
    isUnique: true,
    make: (context) => text(`https://example.com/{${slug(context)}}/{${rowNumber(context)}}`, context),
  },
  {
    name: "slug",
    pattern: /(^|_)(slug|permalink|url_key|path_name)$/,
    families: TEXTS,
    length: 40,
    example: "lamp-12",
    isUnique: true,
    make: (context) => text(`{${slug(context)}}-{${rowNumber(context)}}`, context),
  },
  {
    name: "city",
    pattern: /(^|_)(city|town|locality)(_name)?$/,
    families: TEXTS,
    length: 30,
    make: (context) => text(`{${place(context)}.city}`, context),
  },
  {
    name: "postal code",
    pattern: /(^|_)(zip|zip_?code|post(al)?_?code)$/,
    families: TEXTS,
    length: 5,
    example: "23219",
    make: (context) => text(`{${place(context)}.postal_code}`, context),
  },
  {
    name: "region",
    pattern: /(^|_)(province|region|state_code|state_province|county)(_name)?$/,
    families: ["text", "fixed"],
    length: 2,
    make: (context) => text(`{${place(context)}.state}`, context),
  },
  {
    name: "address of a machine",
    pattern: /(^|_)ip(_?address|_addr)?$|^remote_(addr|ip)$/,
    families: TEXTS,
    length: 15,
    make: (context) => text(`203.0.113.{${context.hidden("_host", { integer: [1, 254] })}}`, context),
  },
  {
    name: "street",
    pattern: STREET,
    families: TEXTS,
    length: 45,
    make: (context) =>
      text(
        `{${context.hidden("_house", { integer: [1, 900] })}} {${context.hidden("_street", { word: "street" })}}`,
        context,
      ),
  },
  {
    name: "street in short",
    pattern: STREET,
    families: TEXTS,
    length: 20,
    make: (context) => {
      const streets = [
        "Oak Street",
        "Main Street",
        "Park Avenue",
        "Mill Lane",
        "High Street",
        "Church Road",
        "Elm Drive",
      ];
      const street = context.hidden("_street_in_short", { choice: streets });
      return text(`{${context.hidden("_house", { integer: [1, 900] })}} {${street}}`, context);
    },
  },
  {
    name: "country code",
    pattern: /(^|_)country(_?(code|iso|id))?$/,
    families: ["text", "fixed"],
    length: 2,
    make: (context) =>
      context.type.length < 4
        ? choice(["US", "DE", "FR", "GB", "IN", "BR", "JP", "NG", "MX", "EG"], context)
        : choice(
            ["United States", "Germany", "France", "India", "Brazil", "Japan", "Nigeria", "Mexico", "Egypt", "US"],
            context,
          ),
  },
  {
    name: "currency",
    pattern: /(^|_)currency(_?(code|iso))?$/,
    families: ["text", "fixed"],
    length: 3,
    make: (context) => choice(["USD", "EUR", "GBP", "JPY", "INR", "BRL"], context),
  },
  {
    name: "language",
    pattern: /(^|_)(lang|language|locale)(_?code)?$/,
    families: ["text", "fixed"],
    length: 2,
    make: (context) =>
      context.type.family === "fixed" && context.type.length !== 2
        ? choice(["eng", "deu", "fra", "spa", "por", "jpn", "hin", "ara"], context)
        : choice(["en", "de", "fr", "es", "pt", "ja", "hi", "ar"], context),
  },
  {
    name: "time zone",
    pattern: /(^|_)(tz|time_?zone)(_name)?$/,
    families: TEXTS,
    length: 20,
    make: (context) => choice(["UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Asia/Kolkata"], context),
  },
  {
    name: "media type",
    pattern: /(^|_)(mime(_?type)?|content_?type|media_?type)$/,
    families: TEXTS,
    length: 16,
    make: (context) =>
      choice(["text/plain", "text/html", "image/png", "image/jpeg", "application/json", "application/pdf"], context),
  },
  {
    name: "version",
    pattern: /(^|_)version$/,
    families: TEXTS,
    length: 9,
    make: (context) =>
      text(
        `{${context.hidden("_major", { integer: [0, 9] })}}.{${context.hidden("_minor", { integer: [0, 40] })}}.{${context.hidden("_patch", { integer: [0, 20] })}}`,
        context,
      ),
  },
  {
    name: "color in digits",
    pattern: /(^|_)(hex|rgb)(_?colou?r)?$|colou?r_?(code|hex)$/,
    families: TEXTS,
    length: 7,
    make: (context) => typed({ matching: "^#[0-9a-f]{6}$" }, context),
  },
  { name: "color", pattern: /(^|_)colou?r$/, families: TEXTS, length: 20, make: (context) => word("color", context) },
  {
    name: "color in short",
    pattern: /(^|_)colou?r$/,
    families: TEXTS,
    length: 7,
    make: (context) => typed({ matching: "^#[0-9a-f]{6}$" }, context),
  },
  {
    // Numbers that begin with 000 are given to nobody (SSA, POMS RM 10201.035).
    name: "social security number",
    pattern: /(^|_)(ssn|social_security(_(number|no))?)$/,
    families: TEXTS,
    length: 11,
    make: (context) => typed({ pattern: "000-##-####" }, context),
  },
  {
    // XX is no country (ISO 3166-1 leaves it to users).
    name: "bank account",
    pattern: /(^|_)iban$/,
    families: TEXTS,
    length: 22,
    make: (context) => typed({ pattern: "XX00TEST##############" }, context),
  },
  {
    // No card's number begins with 0: ISO/IEC 7812 keeps it for itself.
    name: "card number",
    pattern: /(^|_)(credit_?card|card)(_(number|no))?$|(^|_)pan$/,
    families: TEXTS,
    length: 16,
    make: (context) => typed({ pattern: "0000############" }, context),
  },
  {
    name: "hash of a length",
    pattern: HASH,
    families: ["fixed"],
    length: 8,
    make: (context) => typed({ matching: `^[0-9a-f]{${context.type.length}}$` }, context),
  },
  {
    name: "hash",
    pattern: HASH,
    families: TEXTS,
    length: 16,
    make: (context) => typed({ matching: `^[0-9a-f]{${Math.min(40, context.type.length)}}$` }, context),
  },
  {
    name: "token",
    pattern: /(^|_)(token|secret|api_?key|access_?key|password|passwd|salt|nonce|signature|encrypted_password)$/,
    families: TEXTS,
    length: 16,
    make: (context) => typed({ matching: `^[A-Za-z0-9]{${Math.min(32, context.type.length)}}$` }, context),
  },
  {
    name: "status",
    pattern: /(^|_)(status|state|phase|stage)$/,
    families: TEXTS,
    length: 6,
    make: (context) => choice(["active", "pending", "closed", "draft", "failed"], context),
  },
  {
    name: "type",
    pattern: /(^|_)(type|kind|category|class|group)$/,
    families: TEXTS,
    length: 8,
    make: (context) => choice(["standard", "basic", "premium", "internal", "other"], context),
  },
  {
    name: "role",
    pattern: /(^|_)role$/,
    families: TEXTS,
    length: 6,
    make: (context) => choice(["admin", "member", "owner", "viewer"], context),
  },
  {
    name: "level",
    pattern: /(^|_)(priority|severity|level)$/,
    families: TEXTS,
    length: 6,
    make: (context) => choice(["low", "medium", "high"], context),
  },
  {
    name: "gender",
    pattern: /(^|_)(gender|sex)$/,
    families: ["text", "fixed"],
    length: 1,
    make: (context) => choice(context.type.length < 6 ? ["F", "M", "X"] : ["female", "male", "other"], context),
  },
  {
    name: "code",
    pattern: /(^|_)(code|sku|number|no|ref|reference|serial|barcode|isbn|identifier|external_id|key)$/,
    families: TEXTS,
    length: 8,
    make: (context) => typed({ pattern: context.type.length >= 11 ? "??-########" : "?#######" }, context),
  },
  {
    name: "file",
    pattern: /(^|_)(file|file_?name|file_?path|path|filepath|directory|object_key|storage_key)$/,
    families: TEXTS,
    length: 50,
    isUnique: true,
    make: (context) => text(`files/{${slug(context)}}/{${rowNumber(context)}}.txt`, context),
  },
  {
    name: "job",
    pattern: JOB,
    families: TEXTS,
    length: 60,
    make: (context) => word("job", context),
  },
  {
    name: "job in short",
    pattern: JOB,
    families: TEXTS,
    length: 10,
    make: (context) =>
      choice(["Manager", "Engineer", "Director", "Analyst", "Assistant", "Accountant", "Sales Agent"], context),
  },
  {
    name: "department",
    pattern: /(^|_)(department|dept|division|team)(_name)?$/,
    families: TEXTS,
    length: 10,
    make: (context) =>
      choice(["Sales", "Marketing", "Finance", "Support", "Operations", "Research", "Legal", "Logistics"], context),
  },
  {
    name: "title",
    pattern: /(^|_)(title|subject|headline|caption|label|heading)$/,
    families: TEXTS,
    length: 130,
    make: (context) => word("sentence", context),
  },
  {
    name: "product",
    pattern: /(^|_)(product|item)(_name)?$/,
    families: TEXTS,
    length: 60,
    make: (context) => word("product", context),
  },
  {
    name: "long text",
    pattern:
      /(^|_)(description|descr?|summary|notes?|comments?|body|content|message|bio|about|remarks?|details?|reason|text|abstract|excerpt)$/,
    families: TEXTS,
    length: 500,
    nulls: 0.2,
    make: (context) => word("paragraph", context),
  },
  { name: "name", pattern: /(^|_)name$/, families: TEXTS, length: 60, make: nameOf },

  {
    name: "created",
    pattern:
      /(^|_)(created|inserted|registered|joined|signed_?up|added|submitted|ordered|placed|posted|opened|imported)(_?(at|on|date|time|timestamp|ts|dt))?$|^(create|creation|insert|order|entry)_?(date|time|datetime)$|^(date|time)_(created|added|created_at)$/,
    families: MOMENTS,
    nulls: 0,
    make: moment,
  },
  {
    name: "updated",
    pattern:
      /(^|_)(updated|modified|changed|touched|last_?(updated?|modified|changed?|seen|login|activity|used))(_?(at|on|date|time|timestamp|ts|dt))?$|^(update|modification)_?(date|time)$/,
    families: MOMENTS,
    nulls: 0.1,
    make: (context) => later([0, 60], context),
  },
  {
    name: "deleted",
    pattern:
      /(^|_)(deleted|archived|removed|revoked|cancell?ed|disabled|banned|suspended|deactivated|discarded)(_?(at|on|date|time|until))?$/,
    families: MOMENTS,
    nulls: 0.9,
    make: (context) => later([1, 200], context),
  },
  {
    name: "ended",
    pattern:
      /(^|_)(ended|end|finished|completed|closed|resolved|stopped|until|to|shipped|delivered|paid|expires?|expired|expiry|expiration|due|valid_to)(_?(at|on|date|time|datetime))?$/,
    families: MOMENTS,
    nulls: 0.3,
    make: (context) => later([30, 120], context),
  },
  {
    name: "begun",
    pattern:
      /(^|_)(started|start|begin|began|from|valid_from|effective|scheduled|sent|published|confirmed|verified|activated|accepted|approved)(_?(at|on|date|time|datetime))?$/,
    families: MOMENTS,
    nulls: 0.1,
    make: (context) => later([0, 30], context),
  },
  {
    name: "birthday",
    pattern: /(^|_)(birth_?(date|day)|date_of_birth|dob)$/,
    families: ["date"],
    nulls: 0.1,
    make: (context) => ({
      expr: `date(window.from - interval '1 day' * ${context.hidden("_age_days", { integer: [6600, 30000] })})`,
      type: "date",
    }),
  },

  {
    name: "deleted flag",
    pattern:
      /(^|_)(is_?)?(deleted|archived|hidden|disabled|locked|banned|blocked|suspended|revoked|obsolete|deprecated|discontinued|anonymous)$/,
    families: ["bool"],
    make: () => ({ chance: 0.05 }),
  },
  {
    name: "active flag",
    pattern: /(^|_)(is_?)?(active|enabled|visible|verified|confirmed|published|available|valid|current|public)$/,
    families: ["bool"],
    make: () => ({ chance: 0.9 }),
  },

  {
    name: "rating",
    pattern: /(^|_)(rating|stars|score|grade)$/,
    families: NUMBERS,
    make: (context) => number(1, 5, context),
  },
  {
    name: "percentage",
    pattern: /(^|_)(percent(age)?|pct|rate|ratio|share|discount|probability|confidence)$/,
    families: ["decimal", "double"],
    make: (context) => number(0, 1, context),
  },
  {
    name: "percentage in hundredths",
    pattern: /(^|_)(percent(age)?|pct|progress)$/,
    families: ["whole"],
    make: (context) => number(0, 100, context),
  },
  {
    name: "money",
    pattern:
      /(^|_)(price|amount|total|subtotal|sub_total|cost|fee|balance|salary|budget|revenue|tax|paid|freight|value|cents|charge|payment)(_(amount|cents|total))?$|_(price|amount|cost|cents)$/,
    families: ["whole", "decimal"],
    make: money,
  },
  {
    name: "latitude",
    pattern: /(^|_)lat(itude)?$/,
    families: ["decimal", "double"],
    make: (context) => number(-60, 70, context),
  },
  {
    name: "longitude",
    pattern: /(^|_)(lon|lng|long|longitude)$/,
    families: ["decimal", "double"],
    make: (context) => number(-180, 180, context),
  },
  { name: "age", pattern: /(^|_)age$/, families: ["whole"], make: (context) => number(18, 90, context) },
  {
    name: "year",
    pattern: /(^|_)year(_of_birth)?$/,
    families: ["whole"],
    make: (context) => number(1960, 2025, context),
  },
  { name: "month", pattern: /(^|_)month(_of_birth)?$/, families: ["whole"], make: (context) => number(1, 12, context) },
  {
    name: "day",
    pattern: /(^|_)day(_of_(month|birth))?$/,
    families: ["whole"],
    make: (context) => number(1, 28, context),
  },
  { name: "hour", pattern: /(^|_)hours?$/, families: ["whole"], make: (context) => number(0, 23, context) },
  {
    name: "minute",
    pattern: /(^|_)(minutes?|seconds?)$/,
    families: ["whole"],
    make: (context) => number(0, 59, context),
  },
  { name: "port", pattern: /(^|_)port$/, families: ["whole"], make: (context) => number(1024, 32767, context) },
  {
    name: "quantity",
    pattern: /(^|_)(quantity|qty|units|copies|stock|units_in_stock|pieces)$/,
    families: NUMBERS,
    make: (context) => number(1, 20, context),
  },
  {
    name: "counter",
    pattern: /(^|_)(count|counter|num|views|likes|hits|visits|attempts|retries|uses)$|_count$|^(num|count|number_of)_/,
    families: ["whole"],
    make: ({ type }) => ({ exponential: 20, low: 0, high: Math.min(10_000, type.largest), type: type.type }),
  },
  {
    name: "place in an order",
    pattern: /(^|_)(position|sort|sort_?order|order|rank|index|idx|ordinal|seq|sequence|weight)$/,
    families: ["whole"],
    make: (context) => number(1, 100, context),
  },
  {
    name: "level number",
    pattern: /(^|_)(priority|severity|level|version|revision|depth)$/,
    families: ["whole"],
    make: (context) => number(1, 5, context),
  },
  {
    name: "duration",
    pattern:
      /(^|_)(duration|elapsed|timeout|ttl|latency|interval)(_(ms|s|sec|seconds|minutes))?$|_(ms|millis|seconds)$/,
    families: NUMBERS,
    make: ({ type }) => ({ exponential: 300, low: 0, high: Math.min(86_400, type.largest), type: type.type }),
  },
  {
    name: "size",
    pattern: /(^|_)(size|bytes|length|width|height|weight|volume)(_(bytes|kb|mb|cm|mm|kg|g))?$/,
    families: NUMBERS,
    make: (context) => number(1, 5000, context),
  },
  {
    name: "epoch",
    pattern: /(^|_)(ts|timestamp|time|date|at)(_?ms)?$/,
    families: ["whole"],
    make: (context) =>
      context.type.largest > 2 ** 32
        ? number(1_704_067_200_000, 1_767_225_600_000, context)
        : number(1_704_067_200, 1_767_225_600, context),
  },
];

/** The name of a column as rules read it: `UserName` and `user-name` are `user_name`. */
export function ruleName(column: string): string {
  return column
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[\s\-.]+/g, "_")
    .toLowerCase();
}

/** The rule by which a column is filled; undefined where its name says nothing for its type. */
export function ruleFor(column: string, type: ColumnType): Rule | undefined {
  const name = ruleName(column);
  return RULES.find(
    ({ pattern, families, length = 0 }) =>
      families.includes(type.family) && length <= type.length && pattern.test(name),
  );
}
