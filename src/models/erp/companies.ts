import { type Column, described, hidden, unique } from "../../columns/column.js";
import { id, ordinal, parent } from "../../columns/keys.js";
import { shuffledNumber } from "../../columns/lists.js";
import { format, sameCode, word } from "../../columns/text.js";
import { choice, drawn, numbers, numbersOf } from "../../columns/values.js";
import { DAY_US } from "../../core/calendar.js";
import { lognormal } from "../../core/distributions.js";
import { cellBits, fillBits } from "../../core/random.js";
import { enumType, INT2, INT4, TEXT, TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX } from "../../core/vectors.js";
import { childrenOf, entity, rows } from "../../model/entity.js";
import { COMPANY_WEIGHTS } from "./dictionaries.js";
import { TERMS } from "./payment-terms.js";
import { userOf } from "./users.js";
import {
  addressColumns,
  beforeWindow,
  digitsOf,
  exactly,
  MONEY,
  mobileColumns,
  personColumns,
  within,
} from "./vocabulary.js";

export const PAYMENT_TERMS = enumType("payment_terms", TERMS);

const BRANCHES_MAX = 4;

/** Customers: cafés, hotels, restaurants, shops. */
export const companies = entity("companies", {
  comment: "Customers, with how and when they pay",
  rows: rows(({ sizes }) => sizes["companies"]),
  columns: {
    id: id(),
    name_en: word("company_names", TEXT, COMPANY_WEIGHTS),
    name_ar: sameCode("name_en", "company_names_ar"),
    slug: hidden(sameCode("name_en", "company_slugs")),
    tax_digits: hidden(shuffledNumber(900_000_000)),
    tax_first: hidden(taxFirst()),
    tax_second: hidden(digitsOf("tax_digits", 1_000, 1_000)),
    tax_third: hidden(digitsOf("tax_digits", 1, 1_000)),
    tax_number: unique(described("NNN-NNN-NNN", format("{tax_first}-{tax_second:3}-{tax_third:3}"))),
    register_digits: hidden(shuffledNumber(900_000)),
    commercial_register: described("Number in the commercial register", format("{register_digits:6}")),
    ...personColumns("contact_"),
    ...mobileColumns(),
    email: format("orders.{id}@{slug}.example"),
    ...addressColumns(),
    payment_terms: choice("payment_terms", TERMS, ({ weights }) => weights["paymentTerms"]),
    bulk_day: described("With bulk cycles: pays on this day of the month and 15 days later", bulkDay()),
    credit_limit: drawn({
      type: MONEY,
      about: "lognormal, median EGP 60,000",
      quantile: () => lognormal(6_000_000, 0.8),
      low: 500_000,
      high: 200_000_000,
      step: 500_000,
    }),
    account_manager_id: userOf("Sales"),
    has_branches: exactly(
      ({ scenario: { shares } }) => shares["branchRatio"],
      "true in the share branchRatio, exactly",
    ),
    branch_count: hidden(branchCount()),
    created_at: described("When the customer was registered, before the window", beforeWindow()),
  },
  indexes: [["governorate"], ["account_manager_id"]],
});

/** Further places of a company that goods are delivered to. */
export const branches = entity("branches", {
  comment: "Further places of a company, with an address and a delivery region of their own",
  rows: childrenOf("companies", { by: "branch_count" }),
  columns: {
    id: id(),
    company_id: parent("companies"),
    number: hidden(ordinal()),
    ...addressColumns(),
    name_en: format("{company_id.name_en} - {area}"),
    name_ar: format("{company_id.name_ar} - {area_ar}"),
    ...personColumns("manager_"),
    ...mobileColumns(),
    created_at: openedAt(),
  },
  indexes: [["company_id"]],
});

function taxFirst(): Column {
  return numbers({ type: INT4, reads: ["tax_digits"], about: "100 to 999" }, (_context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = 100 + Math.floor(values[i] / 1_000_000);
    };
  });
}

function bulkDay(): Column {
  return numbers({ type: INT2, about: "1 to 13, evenly" }, (context) => {
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = within(bits[i], 1, 13);
    };
  });
}

function branchCount(): Column {
  return numbers(
    { type: INT4, reads: ["has_branches"], about: `1 to ${BRANCHES_MAX} where there are any` },
    (context, inputs) => {
      const { values } = numbersOf(inputs, 0);
      const key = context.key();
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          out[i] = values[i] === 1 ? within(cellBits(key, rowIndexes[i], 0), 1, BRANCHES_MAX) : 0;
        }
      };
    },
  );
}

/** Between the company's registration and the window. */
function openedAt(): Column {
  const reads = ["company_id.created_at"];
  return numbers(
    { type: TIMESTAMPTZ, reads, about: "between the company's registration and the window" },
    (context, inputs) => {
      const since = numbersOf(inputs, 0).values;
      const key = context.key();
      const end = context.windowUs.from - DAY_US / 24;
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          const share = cellBits(key, rowIndexes[i], 0) / 2 ** 32;
          out[i] = since[i] + Math.floor(share * Math.max(0, end - since[i]));
        }
      };
    },
  );
}
