import type { BindContext, Column } from "../../columns/column.js";
import { numbers, numbersOf, wordsOf } from "../../columns/values.js";
import { DAY_US, HOUR_US } from "../../core/calendar.js";
import { cellBits, multiplyHigh, unitOf } from "../../core/random.js";
import { INT2, TIMESTAMPTZ } from "../../core/sql-type.js";
import { setNull } from "../../core/vectors.js";
import { platformCalendar } from "./calendars.js";
import { ACTIVE, CAMPAIGN_STATUSES, CANCELLED, COMPLETED, DRAFT, PAUSED } from "./campaign-status.js";
import { engagementEndUs, GAPS, leadSlack, scheduleOf } from "./schedule.js";
import { sizeOf } from "./vocabulary.js";

/**
 * The drop date. Campaigns divide the calendar as they divide the recipients: however unequal they are, a month or a
 * weekday gets the mail that its weight asks for. The calendar is read a week ahead, since calls and visits come
 * about a week after the drop, and a whole week keeps the weekdays.
 */
export function planDrop(): Column {
  return numbers({ type: TIMESTAMPTZ, about: "by the calendar, in the order of campaigns" }, (context) => {
    const { firstDropUs, lastDropUs, toUs } = scheduleOf(context);
    const aheadUs = Math.min(7 * DAY_US, toUs - lastDropUs);
    const fanOut = context.fanOut("recipients");
    const recipients = sizeOf(context, "recipients");
    const campaigns = context.rowCount;
    // Where there are about as many campaigns as recipients, most have none: then they stand evenly.
    const evenShare = Math.min(1, campaigns / recipients);
    const { between } = platformCalendar(context);
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const row = rowIndexes[i];
        const share = unitOf(cellBits(key, row, 0));
        const start = fanOut.start(row);
        const own = (start + share * (fanOut.start(row + 1) - start)) / recipients;
        const position = (1 - evenShare) * own + (evenShare * (row + share)) / campaigns;
        out[i] = between(position, firstDropUs + aheadUs, lastDropUs + aheadUs) - aheadUs;
      }
    };
  });
}

/** The mail date, three to five days before the drop; less than five in the window's first weeks. */
export function planMail(): Column {
  return numbers(
    { type: TIMESTAMPTZ, reads: ["plan_drop"], about: "3 to 5 days before the drop" },
    (context, inputs) => {
      const drop = numbersOf(inputs, 0).values;
      const schedule = scheduleOf(context);
      const { between } = platformCalendar(context);
      const key = context.key();
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          const latest = drop[i] - GAPS.drop.least * DAY_US;
          const spanUs = Math.floor((GAPS.drop.most - GAPS.drop.least) * DAY_US * leadSlack(schedule, drop[i]));
          out[i] = between(unitOf(cellBits(key, rowIndexes[i], 0)), latest - spanUs, latest + 1);
        }
      };
    },
  );
}

/** Seven to 21 days before the mail date; a draft was created about when others drop. */
export function createdAt(): Column {
  const reads = ["status", "plan_mail", "plan_drop"];
  return numbers(
    { type: TIMESTAMPTZ, reads, about: "7 to 21 days before the mail date, by the calendar" },
    (context, inputs) => {
      const state = wordsOf(inputs, 0).codes;
      const [mail, drop] = [numbersOf(inputs, 1).values, numbersOf(inputs, 2).values];
      const schedule = scheduleOf(context);
      const { between } = platformCalendar(context);
      const key = context.key();
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          const latest = mail[i] - GAPS.mail.least * DAY_US;
          const spanUs = Math.floor((GAPS.mail.most - GAPS.mail.least) * DAY_US * leadSlack(schedule, drop[i]));
          const scheduled = between(unitOf(cellBits(key, rowIndexes[i], 0)), latest - spanUs, latest + 1);
          out[i] = state[i] === DRAFT ? drop[i] : scheduled;
        }
      };
    },
  );
}

/** When the list of recipients is drawn up: one to three days before the mail date. */
export function builtAt(): Column {
  return numbers(
    { type: TIMESTAMPTZ, reads: ["plan_mail"], about: "1 to 3 days before the mail date" },
    (context, inputs) => {
      const mail = numbersOf(inputs, 0).values;
      const key = context.key();
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          out[i] = mail[i] - DAY_US - Math.floor(unitOf(cellBits(key, rowIndexes[i], 0)) * 2 * DAY_US);
        }
      };
    },
  );
}

/** The last delivery comes five days after the drop, and responses for three days at the least. */
const CLOSES_LEAST_US = 8 * DAY_US;

/** By when recipients have responded: 14 days after the last delivery, or the window's end, and some days before where the campaign is over. */
export function closesAt(): Column {
  return numbers(
    { type: TIMESTAMPTZ, reads: ["status", "plan_drop"], about: "19 days after the drop, within the window" },
    (context, inputs) => {
      const state = wordsOf(inputs, 0).codes;
      const drop = numbersOf(inputs, 1).values;
      const schedule = scheduleOf(context);
      const key = context.key();
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          const share = unitOf(cellBits(key, rowIndexes[i], 0));
          const end = engagementEndUs(schedule, drop[i]);
          const isOver = state[i] === COMPLETED || state[i] === PAUSED;
          const last = Math.min(end, schedule.toUs) - HOUR_US - Math.floor(share * 2 * HOUR_US);
          // A week and a day after the drop at the least, and never all of them at the window's end.
          const first = Math.min(last, drop[i] + CLOSES_LEAST_US);
          out[i] = isOver ? Math.floor(last - (1 - share) * (last - first)) : end;
        }
      };
    },
  );
}

/** A planned moment, NULL where nothing was mailed. */
export function onlyLaunched(path: string): Column {
  return statusMoment(
    { reads: [path], statuses: [ACTIVE, PAUSED, COMPLETED], about: `${path}, where it was mailed` },
    () => (from) => from,
  );
}

/** When a campaign that is over had its last response due. */
export function completedAt(): Column {
  return statusMoment(
    { reads: ["closes_at"], statuses: [COMPLETED], about: "when the campaign closes" },
    () => (closes) => closes,
  );
}

/** When a paused campaign was paused: within 30 days of its last response. */
export function pausedAt(): Column {
  return statusMoment(
    { reads: ["closes_at"], statuses: [PAUSED], about: "after the last response, within the window" },
    ({ windowUs }) => {
      return (closes, share) => closes + Math.floor(share * Math.min(30 * DAY_US, windowUs.to - 1 - closes));
    },
  );
}

/** When a cancelled campaign was given up, before it was mailed. */
export function cancelledAt(): Column {
  const reads = ["created_at", "plan_mail"];
  return statusMoment({ reads, statuses: [CANCELLED], about: "between creation and the mail date" }, () => {
    return (created, share, mail) => created + Math.floor(share * (mail - created));
  });
}

/** A moment that campaigns of some states have, computed from one or two others and a uniform share. */
function statusMoment(
  spec: { readonly reads: readonly string[]; readonly statuses: readonly number[]; readonly about: string },
  bind: (context: BindContext) => (first: number, share: number, second: number) => number,
): Column {
  const { reads, statuses, about } = spec;
  const flags = CAMPAIGN_STATUSES.map((_, code) => statuses.includes(code));
  return numbers({ type: TIMESTAMPTZ, reads: ["status", ...reads], about, nullable: true }, (context, inputs) => {
    const state = wordsOf(inputs, 0).codes;
    const first = numbersOf(inputs, 1).values;
    const second = reads.length > 1 ? numbersOf(inputs, 2).values : first;
    const momentOf = bind(context);
    const key = context.key();
    return ({ rowIndexes, count }, out, nulls) => {
      for (let i = 0; i < count; i++) {
        if (flags[state[i]]) out[i] = momentOf(first[i], unitOf(cellBits(key, rowIndexes[i], 0)), second[i]);
        else setNull(nulls, i);
      }
    };
  });
}

const OFFER_DAYS = [10, 14, 21, 30, 45, 60, 90, 120, 180, 365];

/** How long the offer is good: over by the window's end where the campaign is over, and open where it is active. */
export function offerDays(): Column {
  return numbers(
    { type: INT2, reads: ["status", "plan_drop"], about: "10 to 365, as the state asks" },
    (context, inputs) => {
      const state = wordsOf(inputs, 0).codes;
      const drop = numbersOf(inputs, 1).values;
      const key = context.key();
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          const elapsed = (context.windowUs.to - drop[i]) / DAY_US;
          const bits = cellBits(key, rowIndexes[i], 0);
          const over = OFFER_DAYS.filter((days) => days <= Math.min(60, elapsed));
          const open = OFFER_DAYS.filter((days) => days > elapsed);
          if (state[i] === ACTIVE)
            out[i] = open.length > 0 ? open[multiplyHigh(bits, Math.min(3, open.length))] : Math.ceil(elapsed) + 1;
          else if (state[i] === DRAFT || state[i] === CANCELLED) out[i] = OFFER_DAYS[multiplyHigh(bits, 6)];
          else out[i] = over.length > 0 ? over[multiplyHigh(bits, over.length)] : Math.max(1, Math.floor(elapsed));
        }
      };
    },
  );
}
