import { describe, expect, it } from "vitest";
import type { CatalogColumn, CatalogTable } from "../../../src/introspect/catalog.js";
import { modelOfCatalog } from "../../../src/introspect/model-of.js";
import { RULES, ruleFor, ruleName } from "../../../src/introspect/rules.js";
import { typeOf } from "../../../src/introspect/types.js";
import { defineModel } from "../../../src/model/file/read.js";
import { rowsOf, testUniverses } from "../../support/model-rows.js";

const WINDOW = { from: "2024-01-01", to: "2026-01-01" };

function columnOf(name: string, base: string): CatalogColumn {
  const [, first, second] = /\((\d+)(?:,(\d+))?\)/.exec(base) ?? [];
  const isText = base.startsWith("character");
  return {
    name,
    type: base,
    base,
    category: "base",
    length: isText && first !== undefined ? Number(first) : null,
    precision: !isText && first !== undefined ? Number(first) : null,
    scale: second === undefined ? null : Number(second),
    notNull: true,
    default: null,
    generated: false,
    identity: false,
    labels: null,
    domainChecks: [],
    comment: null,
  };
}

/** For each rule a column that it is for, and values that it must make. */
const EXAMPLES: Readonly<Record<string, readonly [column: string, base: string, values: RegExp]>> = {
  "middle name": ["middle_name", "text", /^\S+/],
  "company in short": ["company_name", "character varying(40)", /^\S+ Inc$/],
  "person in short": ["contact_name", "character varying(30)", /^[A-Z]\S+/],
  "street in short": ["address", "character varying(30)", /^\d+ [A-Z]\w+ \w+$/],
  "job in short": ["contact_title", "character varying(30)", /^[A-Z]\w+/],
  department: ["department", "character varying(40)", /^[A-Z]\w+$/],
  "color in digits": ["hex_color", "text", /^#[0-9a-f]{6}$/],
  "color in short": ["color", "character varying(7)", /^#[0-9a-f]{6}$/],
  "social security number": ["ssn", "character varying(11)", /^000-\d\d-\d{4}$/],
  "bank account": ["iban", "text", /^XX00TEST\d{14}$/],
  "card number": ["card_number", "character varying(19)", /^0000\d{12}$/],
  "hash of a length": ["sha256", "character(64)", /^[0-9a-f]{64}$/],
  email: ["contact_email", "text", /^[a-z0-9]+\.[a-z0-9]+\d+@example\.com$/],
  "first name": ["first_name", "text", /^\S+/],
  "last name": ["LastName", "character varying(40)", /^\S+/],
  "user name": ["username", "character varying(60)", /^[a-z0-9]+\d+$/],
  person: ["display_name", "text", /^\S+ \S+/],
  company: ["company_name", "text", /^\S+/],
  phone: ["phone_number", "character varying(20)", /^\+1 2\d\d 55501\d\d$/],
  "user agent": ["user_agent", "text", /^(Mozilla|curl)/],
  url: ["website_url", "text", /^https:\/\/example\.com\/[a-z0-9]+\/\d+$/],
  slug: ["slug", "text", /^[a-z0-9]+-\d+$/],
  city: ["city", "text", /^[A-Z]/],
  "postal code": ["zip_code", "character varying(10)", /^\d{5}$/],
  region: ["region", "text", /^[A-Z]{2}$/],
  street: ["street_address", "text", /^\d+ \S+/],
  "country code": ["country_code", "character(2)", /^[A-Z]{2}$/],
  currency: ["currency", "character(3)", /^[A-Z]{3}$/],
  language: ["locale", "text", /^[a-z]{2}$/],
  "time zone": ["timezone", "text", /^(UTC|[A-Z]\w+\/\w+)$/],
  "media type": ["mime_type", "text", /^\w+\/\w+$/],
  version: ["app_version", "text", /^\d+\.\d+\.\d+$/],
  color: ["color", "text", /^\w+/],
  "address of a machine": ["ip_address", "text", /^203\.0\.113\.\d+$/],
  hash: ["file_hash", "text", /^[0-9a-f]{40}$/],
  token: ["api_key", "character varying(64)", /^[A-Za-z0-9]{32}$/],
  status: ["status", "text", /^(active|pending|closed|draft|failed)$/],
  type: ["account_type", "text", /^[a-z]+$/],
  role: ["role", "text", /^[a-z]+$/],
  level: ["priority", "text", /^(low|medium|high)$/],
  gender: ["gender", "character(1)", /^[FMX]$/],
  code: ["sku", "text", /^[A-Z]{2}-\d{8}$/],
  file: ["file_path", "text", /^files\/[a-z0-9]+\/\d+\.txt$/],
  title: ["title", "text", /^[A-Z].*\.$/],
  job: ["job_title", "text", /^[A-Z]/],
  product: ["product_name", "text", /^[A-Z]/],
  "long text": ["description", "text", /^.{40}/s],
  name: ["name", "text", /^\S+/],
  created: ["created_at", "timestamp with time zone", /^1[67]\d{14}$/],
  updated: ["updated_at", "timestamp with time zone", /^1[67]\d{14}$/],
  deleted: ["deleted_at", "timestamp without time zone", /^1[67]\d{14}$/],
  ended: ["end_date", "date", /^(19|20)\d{3}$/],
  begun: ["started_at", "timestamp with time zone", /^1[67]\d{14}$/],
  birthday: ["birth_date", "date", /^-?\d{1,5}$/],
  "deleted flag": ["is_deleted", "boolean", /^[01]$/],
  "active flag": ["active", "boolean", /^[01]$/],
  rating: ["rating", "smallint", /^[1-5]$/],
  percentage: ["tax_rate", "numeric(5,4)", /^\d{1,5}$/],
  "percentage in hundredths": ["progress", "integer", /^\d{1,3}$/],
  money: ["unit_price", "numeric(10,2)", /^\d+$/],
  latitude: ["lat", "double precision", /^-?\d/],
  longitude: ["longitude", "numeric(9,6)", /^-?\d/],
  age: ["age", "integer", /^\d\d$/],
  year: ["year", "integer", /^(19|20)\d\d$/],
  month: ["month", "smallint", /^\d{1,2}$/],
  day: ["day", "integer", /^\d{1,2}$/],
  hour: ["hour", "integer", /^\d{1,2}$/],
  minute: ["minutes", "integer", /^\d{1,2}$/],
  port: ["port", "integer", /^\d{4,5}$/],
  quantity: ["quantity", "integer", /^\d{1,2}$/],
  counter: ["view_count", "bigint", /^\d+$/],
  "place in an order": ["sort_order", "integer", /^\d{1,3}$/],
  "level number": ["revision", "integer", /^[1-5]$/],
  duration: ["duration_ms", "integer", /^\d+$/],
  size: ["file_size", "bigint", /^\d+$/],
  epoch: ["event_ts", "bigint", /^17\d{11}$/],
};

describe("what columns are filled with, by their names", () => {
  it("has an example for every rule", () => {
    expect(Object.keys(EXAMPLES).sort()).toEqual(RULES.map(({ name }) => name).sort());
  });

  it.each(Object.entries(EXAMPLES))("%s", (rule, [name, base, values]) => {
    const column = columnOf(name, base);
    expect(ruleFor(name, typeOf(column))?.name).toBe(rule);
    const table: CatalogTable = {
      oid: 1,
      schema: "public",
      name: "things",
      comment: null,
      isPartitioned: false,
      isInherited: false,
      columns: [column],
      keys: [],
      foreignKeys: [],
      checks: [],
      exclusions: [],
      hasRows: false,
    };
    const { declaration, refused } = modelOfCatalog([table], {
      name: "m",
      rows: 200,
      accepted: new Map(),
      read: () => ({ kind: "unread" }),
      kept: new Map(),
      fixes: new Map(),
      settings: {},
      added: new Map(),
    });
    expect(refused).toEqual([]);
    const { universeOf } = testUniverses(defineModel(declaration), WINDOW);
    const found = rowsOf(universeOf(), "things", [name]).map((row) => String(row[name]));
    expect(found.length).toBe(200);
    for (const value of found) expect(value).toMatch(values);
  });

  it("reads names as people write them", () => {
    expect(["UserName", "user-name", "USER NAME", "userName", "user.name"].map(ruleName)).toEqual(
      Array(5).fill("user_name"),
    );
  });
});
