import { anomalyOf, struck } from "../../columns/anomalies.js";
import { type Column, checked, described, hidden, unique } from "../../columns/column.js";
import { either, latest, missingWhere, onlyWhere } from "../../columns/conditions.js";
import { childOf, id } from "../../columns/keys.js";
import { numberFor } from "../../columns/lists.js";
import { sumOf } from "../../columns/sums.js";
import { format } from "../../columns/text.js";
import { risingMoment } from "../../columns/times.js";
import { codes, constant, copied, integer, numbers, numbersOf, textChoice } from "../../columns/values.js";
import { aliasTable, pickAlias } from "../../core/alias.js";
import { DAY_US } from "../../core/calendar.js";
import { fillBits } from "../../core/random.js";
import { DATE, INT2, INT8, TEXT, TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX, setNull } from "../../core/vectors.js";
import { entity, rows } from "../../model/entity.js";
import { auditCount } from "./audit-layout.js";
import { businessCalendar } from "./calendars.js";
import { PAYMENT_TERMS } from "./companies.js";
import { COMPANY_EXPONENT, companiesByRank, rankWeights } from "./customers.js";
import { CANCEL_REASONS } from "./data/texts.js";
import { kept } from "./kept.js";
import { fate, instalments, sound } from "./order-fates.js";
import {
  attempts,
  dispatchDue,
  hoursAfter,
  latestStepAt,
  outcomeAt,
  outcomeDue,
  randomWord,
  region,
  scheduledDay,
  sentCount,
  stepCount,
  takenAt,
} from "./order-moments.js";
import {
  discountCount,
  discountedLines,
  discountPercent,
  lineCount,
  percentOf,
  product,
  tax,
  total,
  VAT_PERCENT,
} from "./order-money.js";
import {
  paymentReader,
  paymentReads,
  paymentStatus,
  status,
  statusIn,
  UNPAID_STATES,
  whenStatus,
} from "./order-status.js";
import { dueDay, TERMS } from "./payment-terms.js";
import { present, refundRequested, refundReviewed } from "./refund-moments.js";
import { ordersOf } from "./schedule.js";
import { movementCount } from "./stock-layout.js";
import { userOf } from "./users.js";
import { MONEY, REGION, REGIONS } from "./vocabulary.js";

/** Orders in the order of time, with what became of them by the window's end. */
export const orders = entity("orders", {
  comment: "Orders of companies, and how far they had come at the window's end",
  rows: rows(ordersOf),
  columns: {
    id: id(),
    order_number: unique(format("SO-{id:8}")),
    company_id: companyId(),
    own_branch: hidden(childOf("branches", "company_id", "companies")),
    branch_id: described("NULL where the order goes to the company's main address", branchId()),
    fate: hidden(fate()),
    is_sound: hidden(sound()),
    sound: hidden(kept("orders", "is_sound")),
    strike: hidden(anomalyOf("sound")),
    anomaly: hidden(kept("orders", "strike")),
    delayed: hidden(struck("delivery_delay", "anomaly")),
    spiked: hidden(struck("price_spike", "anomaly")),
    sellerless: hidden(struck("missing_value", "anomaly")),
    seller: hidden(userOf("Sales")),
    handler: hidden(userOf("Support")),
    sales_user_id: missingWhere("sellerless", {
      ...copied("seller", INT8),
      references: { entity: "users", foreignKey: true },
    }),
    status: status(),
    region: hidden(region()),
    delivery_region: regionLabel(),
    scheduled_day: hidden(scheduledDay()),
    scheduled_delivery_date: described(
      "First delivery day of the region after packing; set with the confirmation",
      scheduledDate(),
    ),
    payment_terms: copied("company_id.payment_terms", PAYMENT_TERMS),
    terms: hidden(
      numberFor(
        "company_id.payment_terms",
        TERMS.map((_, at) => at),
        INT2,
      ),
    ),
    instalments: hidden(instalments()),
    owed: hidden(owed()),
    payment_status: paymentStatus(),
    payment_due_date: described("When the last part is due", lastDueDate()),
    line_count: lineCount(),
    discounted_lines: hidden(discountedLines()),
    price_factor: hidden(either("spiked", integer(3, 10, INT2), constant(INT2, 1))),
    net: hidden(sumOf("order_items", "net_at_list", MONEY)),
    expected_subtotal: described(
      "What the lines come to at list prices, less their discounts",
      kept("orders", "net", MONEY),
    ),
    subtotal: described("The sum of the lines", product("expected_subtotal", "price_factor")),
    discount_percent: hidden(discountPercent()),
    discount_amount: described("On the whole order", percentOf("subtotal", "discount_percent")),
    tax_amount: described(`VAT of ${VAT_PERCENT}% on the subtotal less the discount`, tax()),
    total_amount: checked("total_amount = subtotal - discount_amount + tax_amount", total()),
    discount_count: hidden(discountCount()),
    pace: hidden(randomWord("how quickly the customer pays")),
    attempts: hidden(attempts()),
    confirmed_due: hidden(hoursAfter("created_at", 0.1, 4)),
    packed_due: hidden(hoursAfter("confirmed_due", 0.5, 6)),
    dispatch_due: hidden(dispatchDue()),
    outcome_due: hidden(outcomeDue()),
    outcome_at: hidden(outcomeAt()),
    steps_due: hidden(stepCount()),
    steps: hidden(kept("orders", "steps_due")),
    shipment_count: hidden(sentCount()),
    confirmed_at: takenAt(1, "confirmed_due"),
    dispatched_at: takenAt(3, "dispatch_due"),
    delivered_at: whenStatus("status", "delivered", "outcome_at"),
    last_step_at: hidden(latestStepAt()),
    cancelled_at: whenStatus("status", "cancelled", "last_step_at"),
    is_cancelled: hidden(statusIn("status", "cancelled")),
    cancellation_reason: onlyWhere("is_cancelled", textChoice(CANCEL_REASONS)),
    refund_requested: hidden(refundRequested()),
    refund_reviewed: hidden(refundReviewed()),
    has_refund: hidden(present("refund_requested")),
    refund_count: hidden(kept("orders", "has_refund")),
    review_count: hidden(present("refund_reviewed")),
    movements: hidden(movementCount()),
    movement_count: hidden(kept("orders", "movements")),
    entries: hidden(auditCount()),
    audit_count: hidden(kept("orders", "entries")),
    due_moment: hidden(dueMoment()),
    window_end: hidden(windowEnd()),
    scheduled_moment: hidden(dateMoment("scheduled_day")),
    created_at: risingMoment(businessCalendar),
    updated_at: latest("created_at", "last_step_at"),
    payment_detail: hidden(format("{order_number}: its last payment was due the day after the order and is not paid")),
    delay_detail: hidden(format("{order_number}: delivered a week after the first delivery day it was due on", TEXT)),
    failure_detail: hidden(format("{order_number}: every attempt to deliver failed, {attempts} in all")),
    cancellation_detail: hidden(format("{order_number}: cancelled when it was out for delivery")),
    spike_detail: hidden(format("{order_number}: unit prices are {price_factor} times the list's")),
    missing_detail: hidden(format("{order_number}: nobody is named who sold it")),
  },
  indexes: [["company_id", "created_at"], ["status"], ["created_at"], ["branch_id"]],
});

/** Companies by Zipf. By a table: a logarithm a row would take five times as long. */
function companyId(): Column {
  const about = `companies rows by Zipf, exponent ${COMPANY_EXPONENT}`;
  return {
    ...numbers({ type: INT8, about }, (context) => {
      const { rowCount, firstId } = context.entity("companies");
      const companyOf = Float64Array.from({ length: rowCount }, (_, rank) => rank).map(companiesByRank(context));
      const table = aliasTable(rankWeights(rowCount));
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      return ({ rowIndexes, count }, out) => {
        fillBits(key, rowIndexes, count, 0, bits);
        for (let i = 0; i < count; i++) out[i] = firstId + companyOf[pickAlias(table, bits[i])];
      };
    }),
    references: { entity: "companies", foreignKey: true },
  };
}

/** A share of the orders of a company with branches go to one of them. */
function branchId(): Column {
  const { references } = childOf("branches", "company_id", "companies");
  const column = numbers(
    {
      type: INT8,
      reads: ["own_branch"],
      about: "one of the company's branches, in the share branchOrders",
      nullable: true,
    },
    (context, inputs) => {
      const branch = numbersOf(inputs, 0);
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      const bound = context.scenario.shares["branchOrders"] * 2 ** 32;
      return ({ rowIndexes, count }, out, nulls) => {
        fillBits(key, rowIndexes, count, 0, bits);
        for (let i = 0; i < count; i++) {
          out[i] = branch.values[i];
          if (bits[i] >= bound || (branch.nulls.any && branch.nulls.flags[i] === 1)) setNull(nulls, i);
        }
      };
    },
  );
  return references === undefined ? column : { ...column, references };
}

function regionLabel(): Column {
  return codes(
    { type: REGION, labels: REGIONS, reads: ["region"], about: "where the order goes" },
    (_context, inputs) => {
      const { values } = numbersOf(inputs, 0);
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = values[i];
      };
    },
  );
}

function scheduledDate(): Column {
  const reads = ["scheduled_day", "confirmed_at"];
  return numbers(
    { type: DATE, reads, about: "the scheduled day, once the order is confirmed", nullable: true },
    (_context, inputs) => {
      const [day, confirmed] = [numbersOf(inputs, 0), numbersOf(inputs, 1)];
      return ({ count }, out, nulls) => {
        for (let i = 0; i < count; i++) {
          out[i] = day.values[i];
          if (confirmed.nulls.any && confirmed.nulls.flags[i] === 1) setNull(nulls, i);
        }
      };
    },
  );
}

/** Whether anything is owed for the order: 0 where it came to nothing. */
function owed(): Column {
  const unpaid = statusIn("status", ...UNPAID_STATES);
  return {
    ...unpaid,
    about: "1 but for orders that came to nothing",
    bind(context, inputs) {
      const bound = unpaid.bind(context, inputs);
      return {
        out: bound.out,
        fill(given) {
          bound.fill(given);
          if (bound.out.kind !== "number") return;
          for (let i = 0; i < given.count; i++) bound.out.values[i] = 1 - bound.out.values[i];
        },
      };
    },
  };
}

/** The day after the order as a moment: when somebody is to pay who pays at once. */
function dueMoment(): Column {
  return numbers(
    { type: TIMESTAMPTZ, reads: ["created_at"], about: "the end of the day after the order" },
    (context, inputs) => {
      const { values } = numbersOf(inputs, 0);
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) {
          out[i] = Math.min(context.windowUs.to - 1, (Math.floor(values[i] / DAY_US) + 2) * DAY_US - 1);
        }
      };
    },
  );
}

function lastDueDate(): Column {
  return numbers({ type: DATE, reads: paymentReads(), about: "when the last part is due" }, (context, inputs) => {
    const factsOf = paymentReader(context, inputs);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        const facts = factsOf(i);
        out[i] = dueDay(facts, facts.instalments - 1);
      }
    };
  });
}

function windowEnd(): Column {
  return numbers({ type: TIMESTAMPTZ, about: "the window's last moment" }, ({ windowUs }) => ({ count }, out) => {
    out.fill(windowUs.to - 1, 0, count);
  });
}

/** A date's first moment, in UTC. */
function dateMoment(path: string): Column {
  return numbers({ type: TIMESTAMPTZ, reads: [path], about: `the first moment of ${path}` }, (_context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = values[i] * DAY_US;
    };
  });
}
