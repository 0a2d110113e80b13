import { type Column, described, hidden, unique } from "../../columns/column.js";
import { id, ordinal, parent } from "../../columns/keys.js";
import { shuffledNumber } from "../../columns/lists.js";
import { format, sameCode } from "../../columns/text.js";
import { choice, numbers, numbersOf, wordsOf } from "../../columns/values.js";
import { aliasTable, pickAlias } from "../../core/alias.js";
import { DAY_US } from "../../core/calendar.js";
import { lognormal } from "../../core/distributions.js";
import { permutation } from "../../core/permutation.js";
import { cellBits, fillBits } from "../../core/random.js";
import { enumType, INT2, INT4, TEXT, TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX, wordVector } from "../../core/vectors.js";
import { childrenOf, entity, rows } from "../../model/entity.js";
import { orderShares } from "./customers.js";
import { COMPANY_KIND_WEIGHTS, COMPANY_NAME_COUNT } from "./dictionaries.js";
import { meanOrder } from "./order-size.js";
import { TERMS } from "./payment-terms.js";
import { userOf } from "./users.js";
import {
  addressColumns,
  atWork,
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
    name_en: companyName(),
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
    credit_limit: described(
      "What the company may owe: about what its orders of one term come to, and half more",
      creditLimit(),
    ),
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

/** A name that no other company has, as far as there are any: all names in turn, each time as another kind of place. */
function companyName(): Column {
  return {
    type: TEXT,
    reads: [],
    about: "a name and a kind of place, different in each row as far as there are any",
    bind(context) {
      const { forward } = permutation(context.key("names"), COMPANY_NAME_COUNT);
      const kinds = aliasTable(COMPANY_KIND_WEIGHTS);
      const key = context.key();
      const out = wordVector(context.dictionary("company_names"));
      return {
        out,
        fill({ rowIndexes, count }) {
          for (let i = 0; i < count; i++) {
            const place = rowIndexes[i] % COMPANY_NAME_COUNT;
            const turn = Math.floor(rowIndexes[i] / COMPANY_NAME_COUNT);
            const kind = (pickAlias(kinds, cellBits(key, place, 0)) + turn) % COMPANY_KIND_WEIGHTS.length;
            out.codes[i] = kind * COMPANY_NAME_COUNT + forward(place);
          }
        },
      };
    },
  };
}

/** Days for which orders stay unpaid, by terms; and the part of a window for which some do that are late. */
const OPEN_DAYS = [6, 24, 39, 69, 30];
const LATE_PART = 0.08;

/** Limits are whole multiples of this, in piastres. */
const LIMIT_STEP = 500_000;

function creditLimit(): Column {
  const about = "what the company's orders of one term come to, and about half more";
  return numbers({ type: MONEY, reads: ["payment_terms"], about }, (context, inputs) => {
    const terms = wordsOf(inputs, 0).codes;
    const shareOf = orderShares(context);
    const { from, to } = context.windowUs;
    const late = (LATE_PART * (to - from)) / DAY_US;
    const aDay = context.scenario.sizes["ordersPerDay"] * meanOrder(context);
    const spread = lognormal(1.5, 0.25);
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const open = aDay * shareOf(rowIndexes[i]) * (OPEN_DAYS[terms[i]] + late);
        const limit = Math.ceil((open * spread(cellBits(key, rowIndexes[i], 0))) / LIMIT_STEP);
        out[i] = LIMIT_STEP * Math.max(2, limit);
      }
    };
  });
}

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
      const end = context.windowUs.from - DAY_US;
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          const share = cellBits(key, rowIndexes[i], 0) / 2 ** 32;
          out[i] = Math.max(since[i], atWork(since[i] + share * Math.max(0, end - since[i])));
        }
      };
    },
  );
}
