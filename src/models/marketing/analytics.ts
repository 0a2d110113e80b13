import { type Column, checked, described, hidden } from "../../columns/column.js";
import { id, linked, reference } from "../../columns/keys.js";
import { labelFor, oneOf } from "../../columns/lists.js";
import { documentationAddress } from "../../columns/network.js";
import { uuid } from "../../columns/text.js";
import { drawn, numbers, numbersOf, wordsOf } from "../../columns/values.js";
import { DAY_US, HOUR_US } from "../../core/calendar.js";
import { lognormal, normal } from "../../core/distributions.js";
import { exp } from "../../core/math/index.js";
import { fillBits, unitOf } from "../../core/random.js";
import { smoothNoise } from "../../core/smooth-noise.js";
import { enumType, FLOAT8, INT2, INT4, INT8, JSONB, TEXT, TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX } from "../../core/vectors.js";
import { entity, rows } from "../../model/entity.js";
import { platformCalendar } from "./calendars.js";
import { API_ENDPOINTS, FEATURES_USED, USER_AGENTS } from "./data/words.js";
import { deviceOf } from "./events.js";
import { scheduleOf } from "./schedule.js";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
const SERVERS = ["api-1", "api-2", "api-3", "api-4", "edge-1", "edge-2"];

/** What the platform measures of itself, a row an endpoint and minute. */
export const performanceMetrics = entity("performance_metrics", {
  comment: "Measurements of the platform's own speed: one endpoint, as one organization called it within a minute",
  feature: "analytics",
  rows: rows(({ sizes }) => sizes["performanceMetrics"]),
  columns: {
    id: id(),
    recorded_at: orderedMoment(),
    organization_id: reference("organizations", { kind: "zipf", exponent: 0.8 }),
    call: hidden(
      oneOf(
        API_ENDPOINTS.map(({ method, path }) => `${method} ${path}`),
        TEXT,
        API_ENDPOINTS.map(({ weight }) => weight),
      ),
    ),
    method: labelFor("call", {
      type: enumType("http_method", METHODS),
      labels: METHODS,
      codeOf: API_ENDPOINTS.map(({ method }) => METHODS.indexOf(method)),
    }),
    endpoint: labelFor("call", {
      type: TEXT,
      labels: API_ENDPOINTS.map(({ path }) => path),
      codeOf: API_ENDPOINTS.map((_, code) => code),
    }),
    server: oneOf(SERVERS),
    load: hidden(load()),
    request_count: checked(
      "request_count > 0",
      drawn({ type: INT4, about: "lognormal, median 24", quantile: () => lognormal(24, 1), low: 1, high: 5_000 }),
    ),
    error_count: errorCount(),
    response_ms: described("Median of the requests", responseMs()),
    slowest_ms: described("Of the requests", slowestMs()),
    cpu_percent: underLoad({ type: INT2, mean: 38, byLoad: 11, deviation: 9, low: 1, high: 100 }),
    memory_mb: underLoad({ type: INT4, mean: 1_450, byLoad: 190, deviation: 110, low: 300, high: 4_000 }),
  },
  indexes: [["recorded_at"], ["organization_id", "recorded_at"]],
});

/** How busy the platform is: hours, days and weeks that go together, as measurements of one machine do. */
const LOAD_PERIODS_US = [2 * HOUR_US, 30 * HOUR_US, 10 * DAY_US];
const SLOWED_BY_LOAD = 0.25;

/** How far the platform is from its usual load, in deviations. */
function load(): Column {
  const spec = { type: FLOAT8, reads: ["recorded_at"], about: "noise that neighbouring hours, days and weeks share" };
  return numbers(spec, (context, inputs) => {
    const at = numbersOf(inputs, 0).values;
    const noise = smoothNoise(context.sharedKey("load"), LOAD_PERIODS_US);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = noise(at[i]);
    };
  });
}

/** A measurement that goes by the load, and by chance. */
function underLoad(spec: {
  readonly type: Column["type"];
  readonly mean: number;
  readonly byLoad: number;
  readonly deviation: number;
  readonly low: number;
  readonly high: number;
}): Column {
  const { type, mean, byLoad, deviation, low, high } = spec;
  return numbers({ type, reads: ["load"], about: `about ${mean}, by the load` }, (context, inputs) => {
    const busy = numbersOf(inputs, 0).values;
    const value = normal(mean, deviation);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        out[i] = Math.min(high, Math.max(low, Math.round(value(bits[i]) + byLoad * busy[i])));
      }
    };
  });
}

/** Who used which part of the platform. */
export const usageAnalytics = entity("usage_analytics", {
  comment: "What users did in the platform, by feature and action",
  feature: "analytics",
  rows: rows(({ sizes }) => sizes["usageAnalytics"]),
  columns: {
    id: id(),
    occurred_at: orderedMoment(),
    candidate_id: hidden(reference("users")),
    user_id: userThere(),
    client_id: linked("clients", "candidate_id.client_id"),
    organization_id: linked("organizations", "candidate_id.organization_id"),
    session_id: uuid(),
    use: hidden(
      oneOf(
        FEATURES_USED.map(({ feature, action }) => `${feature} ${action}`),
        TEXT,
        FEATURES_USED.map(({ weight }) => weight),
      ),
    ),
    feature: labelFor("use", {
      type: TEXT,
      labels: FEATURES_USED.map(({ feature }) => feature),
      codeOf: FEATURES_USED.map((_, code) => code),
    }),
    action: labelFor("use", {
      type: TEXT,
      labels: FEATURES_USED.map(({ action }) => action),
      codeOf: FEATURES_USED.map((_, code) => code),
    }),
    duration_ms: drawn({
      type: INT4,
      about: "lognormal, median 2,400",
      quantile: () => lognormal(2_400, 1.3),
      low: 20,
      high: 3_600_000,
    }),
    user_agent: hidden(
      oneOf(
        USER_AGENTS.map(({ userAgent }) => userAgent),
        TEXT,
        USER_AGENTS.map(({ weight, device }) => (device === "desktop" ? 6 * weight : weight)),
      ),
    ),
    device: { ...deviceOf("user_agent"), nullable: false },
    browser: labelFor("user_agent", {
      type: TEXT,
      labels: USER_AGENTS.map(({ browser }) => browser),
      codeOf: USER_AGENTS.map((_, code) => code),
    }),
    ip_address: documentationAddress(),
    properties: oneOf(
      ["2.14.0", "2.14.1", "2.15.0"].flatMap((version) =>
        ["menu", "search", "link", "shortcut"].map((via) => `{"via": "${via}", "version": "${version}"}`),
      ),
      JSONB,
    ),
  },
  indexes: [["occurred_at"], ["user_id", "occurred_at"], ["feature", "action"]],
});

/** Moments by the platform's calendar that ascend with the row, once the customers are there. */
export function orderedMoment(): Column {
  return numbers({ type: TIMESTAMPTZ, about: "by the platform's calendar, in the order of rows" }, (context) => {
    const { onboardingEndUs, toUs } = scheduleOf(context);
    const { between } = platformCalendar(context);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    const rowCount = context.rowCount;
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        out[i] = between((rowIndexes[i] + unitOf(bits[i])) / rowCount, onboardingEndUs, toUs);
      }
    };
  });
}

/** Any user; where that one has no account yet, the owner of the same client. */
function userThere(): Column {
  const reads = ["candidate_id", "candidate_id.created_at", "candidate_id.client_id", "occurred_at"];
  return {
    ...numbers({ type: INT8, reads, about: "any user who has an account by then" }, (context, inputs) => {
      const [candidate, since, client, at] = inputs.map((_, place) => numbersOf(inputs, place).values);
      const { firstId } = context.entity("users");
      const firstClientId = context.entity("clients").firstId;
      const fanOut = context.fanOut("users");
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) {
          out[i] = since[i] <= at[i] ? candidate[i] : firstId + fanOut.start(client[i] - firstClientId);
        }
      };
    }),
    references: { entity: "users", foreignKey: true },
  };
}

/** No errors in most minutes, and never more than requests. */
function errorCount(): Column {
  return numbers(
    { type: INT4, reads: ["request_count"], about: "0 in 94 of 100 rows, else up to a tenth" },
    (context, inputs) => {
      const requests = numbersOf(inputs, 0).values;
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      return ({ rowIndexes, count }, out) => {
        fillBits(key, rowIndexes, count, 0, bits);
        for (let i = 0; i < count; i++) {
          const share = unitOf(bits[i]);
          out[i] = share < 0.94 ? 0 : Math.ceil(requests[i] * ((share - 0.94) / 0.6));
        }
      };
    },
  );
}

/** Lognormal around the endpoint's typical time, to a tenth of a millisecond. */
function responseMs(): Column {
  return numbers(
    { type: FLOAT8, reads: ["call", "load"], about: "lognormal around the endpoint's typical time, by the load" },
    (context, inputs) => {
      const call = wordsOf(inputs, 0).codes;
      const load = numbersOf(inputs, 1).values;
      const typical = Float64Array.from(API_ENDPOINTS, ({ typicalMs }) => typicalMs);
      const spread = lognormal(1, 0.34);
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      return ({ rowIndexes, count }, out) => {
        fillBits(key, rowIndexes, count, 0, bits);
        for (let i = 0; i < count; i++) {
          const busy = exp(SLOWED_BY_LOAD * load[i]);
          out[i] = Math.round(10 * typical[call[i]] * busy * spread(bits[i])) / 10;
        }
      };
    },
  );
}

function slowestMs(): Column {
  return numbers({ type: FLOAT8, reads: ["response_ms"], about: "1.2 to 6 times the median" }, (context, inputs) => {
    const median = numbersOf(inputs, 0).values;
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        const share = unitOf(bits[i]);
        out[i] = Math.round(10 * median[i] * (1.2 + 4.8 * share * share)) / 10;
      }
    };
  });
}
