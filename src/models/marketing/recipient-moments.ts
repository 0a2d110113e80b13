import type { BindContext, Column } from "../../columns/column.js";
import { numbers, numbersOf } from "../../columns/values.js";
import { type Calendar, DAY_US, HOUR_US } from "../../core/calendar.js";
import { cellBits, fillBits, unitOf } from "../../core/random.js";
import { TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX, type NullMask, setNull } from "../../core/vectors.js";
import { type Hours, postCalendar, postCalendars, zoneCalendars } from "./calendars.js";
import { CALL_REST_US, deliverySpanUs, FOLLOW_UP_US, GAPS, scheduleOf } from "./schedule.js";
import { CALLED, DELIVERED, ENGAGED, LEAD, lastStepMoment, MAILED, STEP_LEAD, stepMoment, WEB } from "./steps.js";

/** The day of the drop; trucks leave over six hours. */
export function mailedAt(): Column {
  const reads = ["journey", "campaign_id.plan_drop"];
  return numbers(
    { type: TIMESTAMPTZ, reads, about: "within six hours of the drop", nullable: true },
    (context, inputs) => {
      const [steps, drop] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
      const schedule = scheduleOf(context);
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      return ({ rowIndexes, count }, out, nulls) => {
        fillBits(key, rowIndexes, count, 0, bits);
        let last = Number.NaN;
        let spanUs = 0;
        for (let i = 0; i < count; i++) {
          if (drop[i] !== last) {
            last = drop[i];
            spanUs = Math.min(6 * HOUR_US, deliverySpanUs(schedule, last) / 4);
          }
          out[i] = last + Math.floor(unitOf(bits[i]) * spanUs);
          if ((steps[i] & MAILED) === 0) setNull(nulls, i);
        }
      };
    },
  );
}

/** Two days after the piece was mailed, to five days after the drop. */
export function deliveredAt(): Column {
  const reads = ["journey", "campaign_id.zone", "mailed_at", "campaign_id.plan_drop"];
  const about = "2 to 5 days after the drop, on a carrier's round";
  return journeyMoment(
    { reads, step: DELIVERED, about, calendars: postCalendars, isSoon: false },
    (context, [mailed, drop]) => {
      const schedule = scheduleOf(context);
      const leastUs = GAPS.delivery.least * DAY_US;
      return (count, starts, ends) => {
        let last = Number.NaN;
        let end = 0;
        for (let i = 0; i < count; i++) {
          if (drop[i] !== last) {
            last = drop[i];
            end = last + leastUs + deliverySpanUs(schedule, last);
          }
          starts[i] = mailed[i] + leastUs;
          ends[i] = end;
        }
      };
    },
  );
}

/** The first scan or visit. */
export function firstVisitAt(): Column {
  return engagement(WEB, "awake", FOLLOW_UP_US);
}

/** When the recipient calls: while the organization's office is open. */
export function calledAt(): Column {
  return engagement(CALLED, "open", CALL_REST_US);
}

/** One to 14 days after the delivery, sooner rather than later, leaving time for what follows at once. */
function engagement(step: number, hours: Hours, restUs: number): Column {
  const reads = ["journey", "campaign_id.zone", "delivered_at", "campaign_id.closes_at"];
  const about = "1 to 14 days after the delivery, by the organization's calendar";
  const calendars = (context: BindContext): Calendar[] => zoneCalendars(context, hours);
  return journeyMoment({ reads, step, about, calendars, isSoon: true }, (_context, [delivered, closes]) => {
    const leastUs = GAPS.engagement.least * DAY_US;
    const mostUs = GAPS.engagement.most * DAY_US;
    return (count, starts, ends) => {
      for (let i = 0; i < count; i++) {
        starts[i] = delivered[i] + leastUs;
        ends[i] = Math.min(delivered[i] + mostUs, closes[i]) - restUs;
      }
    };
  });
}

/** A moment of some step by the calendar of the organization's zone, NULL for whoever does not take it. */
function journeyMoment(
  spec: {
    readonly reads: readonly string[];
    readonly step: number;
    readonly about: string;
    /** By zone. */
    readonly calendars: (context: BindContext) => Calendar[];
    /** Whether moments crowd at the start. */
    readonly isSoon: boolean;
  },
  bind: (context: BindContext, inputs: readonly Float64Array[]) => FillBounds,
): Column {
  const { reads, step, about, isSoon } = spec;
  return numbers({ type: TIMESTAMPTZ, reads, about, nullable: true }, (context, inputs) => {
    const [steps, zone, ...rest] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const calendars = spec.calendars(context);
    const fillBounds = bind(context, rest);
    const starts = new Float64Array(BATCH_ROWS_MAX);
    const ends = new Float64Array(BATCH_ROWS_MAX);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out, nulls) => {
      fillBits(key, rowIndexes, count, 0, bits);
      fillBounds(count, starts, ends);
      for (let i = 0; i < count; i++) {
        if ((steps[i] & step) === 0) {
          setNull(nulls, i);
          continue;
        }
        const even = unitOf(bits[i]);
        const share = isSoon ? even * Math.sqrt(even) : even;
        out[i] = calendars[zone[i]].between(share, starts[i], Math.max(starts[i] + 1, ends[i]));
      }
    };
  });
}

/** Fills between what a batch's moments lie; what it fills for rows without one does not matter. */
type FillBounds = (count: number, starts: Float64Array, ends: Float64Array) => void;

/** When a piece that could not be delivered came back: three to ten days after it was mailed, within the window. */
export function returnedAt(): Column {
  const reads = ["journey", "mailed_at"];
  return numbers(
    { type: TIMESTAMPTZ, reads, about: "3 to 10 days after mailing, with the mail", nullable: true },
    (context, inputs) => {
      const { between } = postCalendar(context);
      const [steps, mailed] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
      const key = context.key();
      const end = context.windowUs.to - 1;
      return ({ rowIndexes, count }, out, nulls) => {
        for (let i = 0; i < count; i++) {
          if ((steps[i] & (MAILED | DELIVERED)) !== MAILED) {
            setNull(nulls, i);
            continue;
          }
          const from = mailed[i] + 3 * DAY_US;
          const to = Math.min(end, mailed[i] + 10 * DAY_US);
          out[i] = between(unitOf(cellBits(key, rowIndexes[i], 0)), from, Math.max(from + 1, to));
        }
      };
    },
  );
}

/** The last step of those who engage. */
export function lastActiveAt(): Column {
  const reads = ["journey", "engaged_at", "called_at", "pace"];
  return numbers(
    { type: TIMESTAMPTZ, reads, about: "the last of scan, visit, form, lead and call", nullable: true },
    (_context, inputs) => {
      const [steps, engaged, called, pace] = inputs.map((_, at) => numbersOf(inputs, at).values);
      return ({ count }, out, nulls) => {
        for (let i = 0; i < count; i++) {
          const web = (steps[i] & WEB) === 0 ? Number.NEGATIVE_INFINITY : lastStepMoment(steps[i], engaged[i], pace[i]);
          out[i] = (steps[i] & CALLED) === 0 ? web : Math.max(web, called[i]);
          if ((steps[i] & ENGAGED) === 0) setNull(nulls, i);
        }
      };
    },
  );
}

/** The first of scan, visit and call. */
export function firstEngagedAt(): Column {
  const reads = ["journey", "engaged_at", "called_at"];
  return numbers(
    { type: TIMESTAMPTZ, reads, about: "the first of scan, visit and call", nullable: true },
    (_context, inputs) => {
      const [steps, engaged, called] = inputs.map((_, at) => numbersOf(inputs, at).values);
      return ({ count }, out, nulls) => {
        for (let i = 0; i < count; i++) {
          const web = (steps[i] & WEB) === 0 ? Number.POSITIVE_INFINITY : engaged[i];
          out[i] = (steps[i] & CALLED) === 0 ? web : Math.min(web, called[i]);
          if ((steps[i] & ENGAGED) === 0) setNull(nulls, i);
        }
      };
    },
  );
}

/** When a lead was made of the recipient. */
export function convertedAt(): Column {
  const reads = ["journey", "engaged_at", "pace"];
  return numbers(
    { type: TIMESTAMPTZ, reads, about: "when the lead was created", nullable: true },
    (_context, inputs) => {
      const [steps, engaged, pace] = inputs.map((_, at) => numbersOf(inputs, at).values);
      return ({ count }, out, nulls) => {
        for (let i = 0; i < count; i++) {
          if ((steps[i] & LEAD) === 0) setNull(nulls, i);
          else out[i] = stepMoment(STEP_LEAD, steps[i], engaged[i], pace[i]);
        }
      };
    },
  );
}

/** The list is written out in ten minutes. */
export function createdAt(): Column {
  const reads = ["$ordinal", "campaign_id.built_at"];
  return numbers(
    { type: TIMESTAMPTZ, reads, about: "as the list of recipients is drawn up, row by row" },
    (_context, inputs) => {
      const [ordinals, built] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = built[i] + (ordinals[i] % 100_000) * 6_000;
      };
    },
  );
}

/** The latest of a recipient's moments. */
export function updatedAt(): Column {
  const reads = ["created_at", "mailed_at", "delivered_at", "returned_at", "active_at"];
  return numbers({ type: TIMESTAMPTZ, reads, about: "the latest step" }, (_context, inputs) => {
    const moments = reads.map((_, at) => numbersOf(inputs, at));
    return ({ count }, out) => {
      out.set(moments[0].values.subarray(0, count));
      for (let at = 1; at < moments.length; at++) {
        const { values, nulls } = moments[at];
        overwrite(values, nulls, count, out);
      }
    };
  });
}

function overwrite(values: Float64Array, { any, flags }: NullMask, count: number, out: Float64Array): void {
  for (let i = 0; i < count; i++) if (!any || flags[i] === 0) out[i] = values[i];
}
