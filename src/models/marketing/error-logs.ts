import { anomalyOf, struck } from "../../columns/anomalies.js";
import { type BindContext, type Column, described, hidden } from "../../columns/column.js";
import { either, onlyWhere } from "../../columns/conditions.js";
import { id, reference } from "../../columns/keys.js";
import { labelFor, oneOf } from "../../columns/lists.js";
import { format, uuid } from "../../columns/text.js";
import { after, HOUR, MINUTE } from "../../columns/times.js";
import { codes, numbers, numbersOf, sometimes, wordsOf } from "../../columns/values.js";
import { aliasTable, pickAlias } from "../../core/alias.js";
import { DAY_US, HOUR_US } from "../../core/calendar.js";
import { permutation } from "../../core/permutation.js";
import { cellBits, fillBits, fillUniformBelow, multiplyHigh, unitOf } from "../../core/random.js";
import { enumType, INT2, JSONB, TEXT, TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX } from "../../core/vectors.js";
import { entity, rows } from "../../model/entity.js";
import { platformCalendar } from "./calendars.js";
import { ERROR_LOGS, type ErrorLog } from "./data/words.js";
import { scheduleOf } from "./schedule.js";

const SEVERITIES = ["info", "warning", "error", "critical"] as const;

const KINDS = ERROR_LOGS.map(({ service, code }) => `${service} ${code}`);

/** Most rows of an incident are of one kind; the others are as usual. */
const DOMINANT_SHARE = 0.86;

/** Numbers that each message with a placeholder comes with. */
const VARIANTS = 40;

/** What went wrong in the platform. */
export const errorLogs = entity("error_logs", {
  comment: "Errors that the platform's services logged; on some days an incident makes many of them",
  feature: "errorLogs",
  rows: rows(({ sizes }) => sizes["errorLogs"]),
  columns: {
    id: id(),
    anomaly: hidden(anomalyOf()),
    is_incident: hidden(struck("error_incident", "anomaly")),
    incident_number: described(
      "Which incident the error belongs to, counted over the window; NULL for none",
      onlyWhere("is_incident", incidentNumber()),
    ),
    incident_from: hidden(incidentFrom()),
    incident_until: hidden(incidentUntil()),
    incident_kind: hidden(incidentKind()),
    occurred_at: either("is_incident", momentOfIncident(), usualMoment()),
    kind: hidden(either("is_incident", kindInIncident(), usualKind())),
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
    incident_detail: hidden(format("incident {incident_number}: mostly {incident_kind}")),
  },
  indexes: [["occurred_at"], ["service", "severity"]],
});

/** In the order of rows, by the calendar. */
function usualMoment(): Column {
  const about = "a moment of the window, by the calendar, growing with the ID";
  return numbers({ type: TIMESTAMPTZ, about }, (context) => {
    const { between } = platformCalendar(context);
    const { onboardingEndUs, toUs } = scheduleOf(context);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        out[i] = between((rowIndexes[i] + unitOf(bits[i])) / context.rowCount, onboardingEndUs, toUs);
      }
    };
  });
}

function incidentNumber(): Column {
  return numbers({ type: INT2, about: "an incident, evenly, from 1" }, (context) => {
    const { bursts } = context.anomaly("error_incident");
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      fillUniformBelow(key, rowIndexes, count, 0, bursts, out);
      for (let i = 0; i < count; i++) out[i]++;
    };
  });
}

/** One to three hours on one day each, in the order of days. */
function incidentFrom(): Column {
  const spec = { type: TIMESTAMPTZ, reads: ["incident_number"], about: "when the incident began" };
  return numbers(spec, (context, inputs) => {
    const number = numbersOf(inputs, 0).values;
    const begins = incidentBegins(context);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = begins[number[i] - 1];
    };
  });
}

function incidentBegins(context: BindContext): Float64Array {
  const { bursts, fromUs: firstUs } = context.anomaly("error_incident");
  const { onboardingEndUs, toUs } = scheduleOf(context);
  const key = context.key();
  const days = Math.max(1, Math.floor((toUs - onboardingEndUs) / DAY_US) - 1);
  const { forward } = permutation(key, days);
  const begins = Float64Array.from({ length: bursts }, (_, incident) => {
    // More incidents than days fall on the same days.
    const day = forward(incident % days);
    return onboardingEndUs + day * DAY_US + Math.floor(unitOf(cellBits(key, incident, 0)) * 20 * HOUR_US);
  }).sort();
  if (firstUs === undefined) return begins;
  const shift = Math.min(toUs - DAY_US, Math.max(onboardingEndUs, firstUs)) - begins[0];
  return begins.map((beginUs, i) => (i === 0 ? beginUs + shift : Math.max(beginUs, begins[0] + shift)));
}

function incidentUntil(): Column {
  const reads = ["incident_number", "incident_from"];
  return numbers({ type: TIMESTAMPTZ, reads, about: "1 to 3 hours after it began" }, (context, inputs) => {
    const [number, from] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
    const key = context.key();
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        out[i] = from[i] + HOUR_US + Math.floor(unitOf(cellBits(key, number[i], 0)) * 2 * HOUR_US);
      }
    };
  });
}

function momentOfIncident(): Column {
  const reads = ["incident_from", "incident_until"];
  return numbers({ type: TIMESTAMPTZ, reads, about: "a moment of the incident, evenly" }, (context, inputs) => {
    const [from, until] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = from[i] + Math.floor(unitOf(bits[i]) * (until[i] - from[i]));
    };
  });
}

function usualKind(): Column {
  return codes({ type: TEXT, labels: KINDS, about: "by weight" }, (context) => {
    const usual = aliasTable(ERROR_LOGS.map(({ weight }) => weight));
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = pickAlias(usual, bits[i]);
    };
  });
}

/** What breaks in an incident is grave. */
function incidentKind(): Column {
  const spec = { type: TEXT, labels: KINDS, reads: ["incident_number"], about: "the kind that breaks in the incident" };
  return codes(spec, (context, inputs) => {
    const number = numbersOf(inputs, 0).values;
    const grave = aliasTable(
      ERROR_LOGS.map(({ weight, severity }) => (severity === "error" || severity === "critical" ? weight : 0)),
    );
    const key = context.key();
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = pickAlias(grave, cellBits(key, number[i], 0));
    };
  });
}

function kindInIncident(): Column {
  const spec = { type: TEXT, labels: KINDS, reads: ["incident_kind"], about: "mostly the incident's kind" };
  return codes(spec, (context, inputs) => {
    const dominant = wordsOf(inputs, 0).codes;
    const usual = aliasTable(ERROR_LOGS.map(({ weight }) => weight));
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const isDominant = unitOf(cellBits(key, rowIndexes[i], 1)) < DOMINANT_SHARE;
        out[i] = isDominant ? dominant[i] : pickAlias(usual, cellBits(key, rowIndexes[i], 0));
      }
    };
  });
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
