import { type BindContext, type Column, described, hidden } from "../../columns/column.js";
import { id, reference } from "../../columns/keys.js";
import { labelFor, oneOf } from "../../columns/lists.js";
import { uuid } from "../../columns/text.js";
import { after } from "../../columns/times.js";
import { codes, numbers, numbersOf, sometimes, wordsOf } from "../../columns/values.js";
import { aliasTable, pickAlias } from "../../core/alias.js";
import { type Calendar, DAY_US, HOUR_US } from "../../core/calendar.js";
import { permutation } from "../../core/permutation.js";
import { type CellKey, cellBits, multiplyHigh, unitOf } from "../../core/random.js";
import { enumType, FLOAT8, INT2, INT8, JSONB, type SqlType, TEXT, TIMESTAMPTZ } from "../../core/sql-type.js";
import { setNull } from "../../core/vectors.js";
import { entity, rows } from "../../model/entity.js";
import { platformCalendar } from "./calendars.js";
import { ERROR_LOGS, type ErrorLog } from "./data/words.js";
import { scheduleOf } from "./schedule.js";
import { HOUR, MINUTE } from "./vocabulary.js";

const SEVERITIES = ["info", "warning", "error", "critical"] as const;

/** Numbers that each message with a placeholder comes with. */
const VARIANTS = 40;

/** What went wrong in the platform. */
export const errorLogs = entity("error_logs", {
  comment: "Errors that the platform's services logged; on some days an incident makes most of them",
  feature: "errorLogs",
  rows: rows(({ sizes }) => sizes["errorLogs"]),
  columns: {
    id: id(),
    luck: hidden(luck()),
    position: hidden(position()),
    occurred_at: occurredAt(),
    incident_number: described(
      "Which incident the error belongs to, counted over the window; NULL for none",
      incidentNumber(),
    ),
    kind: hidden(kind()),
    severity: labelFor("kind", {
      type: enumType("error_severity", SEVERITIES),
      labels: SEVERITIES,
      codeOf: ERROR_LOGS.map(({ severity }) => SEVERITIES.indexOf(severity)),
    }),
    service: textOf(({ service }) => service),
    code: textOf(({ code }) => code),
    message: message(),
    organization_id: sometimes(0.72, reference("organizations")),
    request_id: uuid(),
    context: oneOf(
      ["us-east-1", "us-east-2", "us-west-2"].flatMap((region) =>
        [1, 2, 3].map((attempt) => `{"region": "${region}", "attempt": ${attempt}}`),
      ),
      JSONB,
    ),
    resolved_at: sometimes(0.84, after("occurred_at", 5 * MINUTE, 30 * HOUR)),
  },
  indexes: [["occurred_at"], ["service", "severity"]],
});

/** One to three hours on one day in which one kind of error makes most of the log. */
interface Incident {
  readonly fromUs: number;
  readonly toUs: number;
}

/** A stretch of the window with its share of the rows. */
interface Stretch extends Incident {
  /** Rows before it, and in it, as shares of all. */
  readonly before: number;
  readonly own: number;
  /** The calendar's weight before it, and in it, as shares of all. */
  readonly usualBefore: number;
  readonly usualOwn: number;
  /** Which incident, from 1; 0 for the time between. */
  readonly incident: number;
  /** Of the rows in it, how many belong to the incident. */
  readonly incidentShare: number;
}

/**
 * How the rows are spread: the calendar's weight, and on top of it a few incidents.
 * @param incidentShare of all rows
 */
function stretchesOf(
  calendar: Calendar,
  { fromUs, toUs }: Incident,
  incidents: readonly Incident[],
  incidentShare: number,
): Stretch[] {
  const usual = incidents.length === 0 ? 1 : 1 - incidentShare;
  const stretches: Stretch[] = [];
  let startUs = fromUs;
  let before = 0;
  const add = (endUs: number, incident: number): void => {
    const usualBefore = weightBefore(calendar, startUs, fromUs, toUs);
    const usualOwn = weightBefore(calendar, endUs, fromUs, toUs) - usualBefore;
    const extra = incident === 0 ? 0 : incidentShare / incidents.length;
    const own = usualOwn * usual + extra;
    const ofIncident = own > 0 ? extra / own : 0;
    stretches.push({
      fromUs: startUs,
      toUs: endUs,
      before,
      own,
      usualBefore,
      usualOwn,
      incident,
      incidentShare: ofIncident,
    });
    before += own;
    startUs = endUs;
  };
  incidents.forEach((incident, index) => {
    add(incident.fromUs, 0);
    add(incident.toUs, index + 1);
  });
  add(toUs, 0);
  return stretches;
}

/** The share of a calendar's weight before a moment, by bisection of its inverse. */
function weightBefore(calendar: Calendar, atUs: number, fromUs: number, toUs: number): number {
  if (atUs <= fromUs) return 0;
  if (atUs >= toUs) return 1;
  let low = 0;
  let high = 1;
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (calendar.between(middle, fromUs, toUs) < atUs) low = middle;
    else high = middle;
  }
  return low;
}

/** The incidents of a window: at most one a day, in the order of days. */
function incidentsOf(count: number, key: CellKey, fromUs: number, toUs: number): Incident[] {
  const days = Math.floor((toUs - fromUs) / DAY_US);
  const { forward } = permutation(key, Math.max(1, days));
  return Array.from({ length: Math.min(count, days) }, (_, incident) => forward(incident))
    .sort((a, b) => a - b)
    .map((day) => {
      const beginUs = fromUs + day * DAY_US + Math.floor(unitOf(cellBits(key, day, 0)) * 20 * HOUR_US);
      return { fromUs: beginUs, toUs: beginUs + HOUR_US + Math.floor(unitOf(cellBits(key, day, 1)) * 2 * HOUR_US) };
    });
}

/** Where a row stands among all, in (0, 1). */
function position(): Column {
  return numbers({ type: FLOAT8, about: "the row's place among all" }, (context) => {
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        out[i] = (rowIndexes[i] + unitOf(cellBits(key, rowIndexes[i], 0))) / context.rowCount;
      }
    };
  });
}

/** The same number in every row: from it, each column that has to know works out the incidents. */
function luck(): Column {
  return numbers({ type: INT8, about: "what decides the incidents" }, (context) => {
    const value = cellBits(context.key(), 0, 0);
    return ({ count }, out) => {
      out.fill(value, 0, count);
    };
  });
}

/** A column computed from a row's position and the stretch that it falls into. */
function spread(
  spec: { type: SqlType; about: string; nullable?: boolean; reads?: readonly string[] },
  bind: (context: BindContext, calendar: Calendar) => SpreadFill,
): Column {
  const reads = ["luck", "position", ...(spec.reads ?? [])];
  return numbers({ ...spec, reads }, (context, inputs) => {
    const [luckOf, positions] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
    const { onboardingEndUs, toUs } = scheduleOf(context.windowUs);
    const calendar = platformCalendar(context);
    const share = context.scenario.shares["incidentErrors"] ?? 0;
    const wanted = share > 0 ? (context.scenario.settings["incidentDays"] ?? 0) : 0;
    const fill = bind(context, calendar);
    let stretches: Stretch[] | undefined;
    return ({ rowIndexes, count }, out, nulls) => {
      stretches ??= stretchesOf(
        calendar,
        { fromUs: onboardingEndUs, toUs },
        incidentsOf(wanted, { k0: luckOf[0] | 0, k1: 0x1ccd }, onboardingEndUs, toUs),
        share,
      );
      for (let i = 0; i < count; i++) {
        const stretch = stretches.findLast(({ before, own }) => own > 0 && before <= positions[i]) ?? stretches[0];
        const value = fill(stretch, positions[i] - stretch.before, rowIndexes[i]);
        if (value === undefined) setNull(nulls, i);
        else out[i] = value;
      }
    };
  });
}

/** @param within the row's place within its stretch, as a share of all rows */
type SpreadFill = (stretch: Stretch, within: number, row: number) => number | undefined;

/** In the order of rows, by the calendar and the incidents. */
function occurredAt(): Column {
  const about = "by the calendar, with incidents on some days; in the order of rows";
  return spread({ type: TIMESTAMPTZ, about }, (context, calendar) => {
    const { onboardingEndUs, toUs } = scheduleOf(context.windowUs);
    return (stretch, within) => {
      const share = Math.min(1, within / stretch.own);
      if (stretch.incident > 0) {
        return Math.min(stretch.toUs - 1, stretch.fromUs + Math.floor(share * (stretch.toUs - stretch.fromUs)));
      }
      const usual = stretch.usualBefore + share * stretch.usualOwn;
      return Math.min(stretch.toUs - 1, Math.max(stretch.fromUs, calendar.between(usual, onboardingEndUs, toUs)));
    };
  });
}

/** The incident of the row's stretch, for as many of its rows as are more than usual. */
function incidentNumber(): Column {
  return spread(
    { type: INT2, about: "the incident at that time, for rows beyond the usual", nullable: true },
    (context) => {
      const key = context.key();
      return (stretch, _within, row) =>
        stretch.incident > 0 && unitOf(cellBits(key, row, 0)) < stretch.incidentShare ? stretch.incident : undefined;
    },
  );
}

/** Most rows of an incident are of one kind; the others are as usual. */
const DOMINANT_SHARE = 0.86;

/** The kind of error: by weight, or the incident's own. */
function kind(): Column {
  const labels = ERROR_LOGS.map(({ service, code }) => `${service} ${code}`);
  return codes(
    { type: TEXT, labels, reads: ["luck", "incident_number"], about: "by weight; in incidents, mostly one" },
    (context, inputs) => {
      const luckOf = numbersOf(inputs, 0).values;
      const { values: incident, nulls: without } = numbersOf(inputs, 1);
      const usual = aliasTable(ERROR_LOGS.map(({ weight }) => weight));
      const grave = aliasTable(
        ERROR_LOGS.map(({ weight, severity }) => (severity === "error" || severity === "critical" ? weight : 0)),
      );
      const key = context.key();
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          const isIncident = !(without.any && without.flags[i] === 1);
          const isDominant = isIncident && unitOf(cellBits(key, rowIndexes[i], 1)) < DOMINANT_SHARE;
          // An incident's own kind comes from the incident, not from the row.
          out[i] = isDominant
            ? pickAlias(grave, cellBits({ k0: luckOf[0] | 0, k1: 0x5e71 }, incident[i], 0))
            : pickAlias(usual, cellBits(key, rowIndexes[i], 0));
        }
      };
    },
  );
}

function textOf(text: (kind: ErrorLog) => string): Column {
  return labelFor("kind", { type: TEXT, labels: ERROR_LOGS.map(text), codeOf: ERROR_LOGS.map((_, code) => code) });
}

function message(): Column {
  const lists = ERROR_LOGS.map(({ message }) =>
    /\{(id|count|ms)\}/.test(message) ? Array.from({ length: VARIANTS }, (_, n) => withNumbers(message, n)) : [message],
  );
  const labels = lists.flat();
  let end = 0;
  const starts = lists.map((list) => (end += list.length) - list.length);
  return codes(
    { type: TEXT, labels, reads: ["kind"], about: "the kind's message with some number" },
    (context, inputs) => {
      const kindOf = wordsOf(inputs, 0).codes;
      const key = context.key();
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          out[i] = starts[kindOf[i]] + multiplyHigh(cellBits(key, rowIndexes[i], 0), lists[kindOf[i]].length);
        }
      };
    },
  );
}

function withNumbers(message: string, n: number): string {
  return message
    .replace("{id}", String(17 + n * 113))
    .replace("{count}", String(2 + n * 3))
    .replace("{ms}", String(850 + n * 217));
}
