import { type Column, checked, described, hidden, unique } from "../../columns/column.js";
import { onlyWhere } from "../../columns/conditions.js";
import { id, ordinal, parent, reference } from "../../columns/keys.js";
import { numberFor } from "../../columns/lists.js";
import { sumOf } from "../../columns/sums.js";
import { format, sameCode, wordBy } from "../../columns/text.js";
import { risingMoment } from "../../columns/times.js";
import { codes, copied, drawnFor, numbers, numbersOf, textChoice, wordsOf } from "../../columns/values.js";
import { aliasTable, pickAlias } from "../../core/alias.js";
import { HOUR_US } from "../../core/calendar.js";
import { cellBits, fillBits } from "../../core/random.js";
import { BOOL, DATE, enumType, INT2, INT8, TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX, setNull } from "../../core/vectors.js";
import { childrenOf, entity, rows } from "../../model/entity.js";
import { businessCalendar } from "./calendars.js";
import { SPARE_PARTS } from "./data/texts.js";
import { cairoDay, cairoMoment, FRIDAY, weekdayOf } from "./egypt-time.js";
import {
  job,
  MACHINE_WEIGHTS,
  minutes,
  partCount,
  partName,
  partQuantity,
  SERVICES_BY_JOB,
  serviceTasks,
  VISIT_TYPES,
} from "./maintenance-services.js";
import { visitsOf } from "./schedule.js";
import { userOf } from "./users.js";
import { MONEY, within } from "./vocabulary.js";

const FOLLOW_UP = 3;
const VISIT_WEIGHTS = [50, 40, 10];

const VISIT_STATUSES = ["scheduled", "completed", "cancelled"] as const;
const [SCHEDULED, COMPLETED, CANCELLED] = [0, 1, 2];

/** The last visit of every so many follows up one of those before it. */
const GROUP = 6;

/** One in so many visits is called off before it takes place. */
const CANCELLED_ONE_IN = 14;

/** What a visit costs besides spare parts, by type, in piastres. */
const FEES = [45_000, 60_000, 90_000, 0];

/** Visits to customers' coffee machines. */
export const maintenanceVisits = entity("maintenance_visits", {
  comment: "Visits to customers' coffee machines; a follow-up names the visit that it follows",
  rows: rows(visitsOf),
  columns: {
    id: id(),
    visit_number: unique(format("MV-{id:6}")),
    first_row: hidden(firstRow()),
    visit_type: visitType(),
    follow_up_of: followUpOf(),
    company_id: companyId(),
    machine: described(
      "Of a follow-up, that of the visit before it",
      drawnFor("first_row", textChoice(MACHINE_WEIGHTS)),
    ),
    technician_id: userOf("Support"),
    job: hidden(job()),
    service: hidden(wordBy("job", (name) => SERVICES_BY_JOB[name])),
    services: serviceTasks(),
    scheduled_for: scheduledFor(),
    started_due: hidden(startedDue()),
    minutes: hidden(minutes()),
    completed_due: hidden(completedDue()),
    status: status(),
    completed: hidden(isCompleted()),
    completed_at: onlyWhere("completed", copied("completed_due", TIMESTAMPTZ)),
    duration_minutes: onlyWhere("completed", copied("minutes", INT2)),
    part_count: hidden(partCount()),
    service_fee: numberFor("visit_type", FEES, MONEY),
    parts_cost: described("The sum of the spare parts", sumOf("maintenance_spare_parts", "line_total", MONEY)),
    total_cost: checked("total_cost = service_fee + parts_cost", totalCost()),
    requested_at: risingMoment(businessCalendar),
  },
  indexes: [["company_id"], ["scheduled_for"], ["technician_id"]],
});

/** Spare parts that visits took. */
export const maintenanceSpareParts = entity("maintenance_spare_parts", {
  comment: "Spare parts that maintenance visits took",
  rows: childrenOf("maintenance_visits", { by: "part_count" }),
  columns: {
    id: id(),
    visit_id: parent("maintenance_visits"),
    line_number: ordinal(1, INT2),
    part_name: partName(),
    part_code: sameCode("part_name", "spare_part_codes"),
    quantity: partQuantity(),
    unit_cost: numberFor(
      "part_name",
      SPARE_PARTS.map(([, , piastres]) => piastres),
      MONEY,
    ),
    line_total: checked("line_total = quantity * unit_cost", lineTotal()),
  },
  unique: [["visit_id", "line_number"]],
});

/** The row that says whose machine it is: its own, and for a follow-up the visit's before it. */
function firstRow(): Column {
  return numbers({ type: INT8, about: `every ${GROUP}th row: one of those since the last such row` }, (context) => {
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const row = rowIndexes[i];
        out[i] = row % GROUP === GROUP - 1 ? row - within(cellBits(key, row, 0), 1, GROUP - 1) : row;
      }
    };
  });
}

function visitType(): Column {
  const spec = {
    type: enumType("visit_type", VISIT_TYPES),
    labels: VISIT_TYPES,
    reads: ["first_row"],
    about: "by weight; every sixth is a follow-up",
  };
  return codes(spec, (context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    const table = aliasTable(VISIT_WEIGHTS);
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        out[i] = values[i] === rowIndexes[i] ? pickAlias(table, cellBits(key, rowIndexes[i], 0)) : FOLLOW_UP;
      }
    };
  });
}

function followUpOf(): Column {
  return {
    ...numbers(
      { type: INT8, reads: ["first_row"], about: "the visit that this one follows", nullable: true },
      (context, inputs) => {
        const { values } = numbersOf(inputs, 0);
        return ({ rowIndexes, count }, out, nulls) => {
          for (let i = 0; i < count; i++) {
            out[i] = context.firstId + values[i];
            if (values[i] === rowIndexes[i]) setNull(nulls, i);
          }
        };
      },
    ),
    references: { entity: "maintenance_visits", foreignKey: true },
  };
}

/** Any company; a follow-up goes to the one that the visit before it went to. */
function companyId(): Column {
  const { references } = reference("companies");
  const column = numbers(
    { type: INT8, reads: ["first_row"], about: "any company; of a follow-up, the same" },
    (context, inputs) => {
      const { values } = numbersOf(inputs, 0);
      const { rowCount, firstId } = context.entity("companies");
      const key = context.key();
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = firstId + within(cellBits(key, values[i], 0), 0, rowCount - 1);
      };
    },
  );
  return references === undefined ? column : { ...column, references };
}

/** Two to nine days later, on no Friday or Saturday. */
function scheduledFor(): Column {
  const reads = ["requested_at"];
  return numbers({ type: DATE, reads, about: "2 to 9 days after the request, on no weekend" }, (context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        const day = cairoDay(values[i]) + within(bits[i], 2, 7);
        const weekday = weekdayOf(day);
        out[i] = weekday >= FRIDAY ? day + 7 - weekday : day;
      }
    };
  });
}

function startedDue(): Column {
  return numbers(
    { type: TIMESTAMPTZ, reads: ["scheduled_for"], about: "9:00 to 16:00 on the day" },
    (context, inputs) => {
      const { values } = numbersOf(inputs, 0);
      const key = context.key();
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          const clock = (9 + (cellBits(key, rowIndexes[i], 0) / 2 ** 32) * 7) * HOUR_US;
          out[i] = cairoMoment(values[i], Math.floor(clock));
        }
      };
    },
  );
}

function completedDue(): Column {
  const reads = ["started_due", "minutes"];
  return numbers({ type: TIMESTAMPTZ, reads, about: "some minutes after the start" }, (_context, inputs) => {
    const [started, minutes] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = started[i] + minutes[i] * 60_000_000;
    };
  });
}

function status(): Column {
  const spec = {
    type: enumType("visit_status", VISIT_STATUSES),
    labels: VISIT_STATUSES,
    reads: ["completed_due"],
    about: `completed once it is over; one in ${CANCELLED_ONE_IN} is called off`,
  };
  return codes(spec, (context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    const end = context.windowUs.to;
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        if (cellBits(key, rowIndexes[i], 0) % CANCELLED_ONE_IN === 0) out[i] = CANCELLED;
        else out[i] = values[i] < end ? COMPLETED : SCHEDULED;
      }
    };
  });
}

function isCompleted(): Column {
  return numbers({ type: BOOL, reads: ["status"], about: "whether the visit is over" }, (_context, inputs) => {
    const { codes: own } = wordsOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = own[i] === COMPLETED ? 1 : 0;
    };
  });
}

function totalCost(): Column {
  return numbers({ type: MONEY, reads: ["service_fee", "parts_cost"], about: "fee and parts" }, (_context, inputs) => {
    const [fee, parts] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = fee[i] + parts[i];
    };
  });
}

function lineTotal(): Column {
  return numbers(
    { type: MONEY, reads: ["quantity", "unit_cost"], about: "quantity times unit cost" },
    (_context, inputs) => {
      const [quantity, cost] = inputs.map((_, at) => numbersOf(inputs, at).values);
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = quantity[i] * cost[i];
      };
    },
  );
}
