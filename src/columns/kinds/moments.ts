import * as z from "zod";
import { DAY_US } from "../../core/calendar.js";
import { TIMESTAMPTZ } from "../../core/sql-type.js";
import { ZONES } from "../../core/time-zones/zones.js";
import type { NumberVector } from "../../core/vectors.js";
import { type CalendarWeights, clockCalendar, EVEN_MONTHS, UTC, zoneClock } from "../calendars.js";
import type { Column } from "../column.js";
import { after, type CalendarSource, changedAfter, momentBetween, momentIn, risingMoment } from "../times.js";
import { typeAmong } from "./keys.js";
import { DeclarationError, type KindContext, kind, path, range } from "./kind.js";

const MOMENTS = ["timestamptz", "timestamp"];
const DAYS_TOO = [...MOMENTS, "date"];
const EVEN: CalendarWeights = { months: EVEN_MONTHS, weekdays: Array(7).fill(1), hours: Array(24).fill(1) };
/** Shops and offices: by day, and little on Sundays. */
const BUSINESS: CalendarWeights = {
  months: EVEN_MONTHS,
  weekdays: [0.1, 1, 1, 1, 1, 1, 0.3],
  hours: Array.from({ length: 24 }, (_, hour) => (hour >= 8 && hour < 18 ? 1 : hour === 7 || hour === 18 ? 0.3 : 0)),
};
/** People at home: evenings most, nights seldom. */
const EVENINGS: CalendarWeights = {
  months: EVEN_MONTHS,
  weekdays: [1.3, 0.9, 0.9, 0.9, 1, 1.1, 1.3],
  hours: [2, 1, 0.5, 0.3, 0.3, 0.4, 0.8, 1.5, 2, 2.2, 2.4, 2.6, 3, 2.8, 2.6, 2.8, 3.2, 4, 5, 6, 6.5, 6, 5, 3.5],
};

const weightsOf = (count: number, what: string) => {
  const error = `expected ${count} weights, ${what}`;
  return z
    .array(z.number({ error }).min(0, { error }), { error })
    .length(count, { error })
    .refine((weights) => weights.some((weight) => weight > 0), { error: `${error}, one of them above 0` })
    .optional();
};

const SPREAD = "expected by how far days differ by chance, 0 to 1";
const GROWTH = "expected how busy the window's end is beside its start, 0.1 to 20";
const CLOSED = "expected days on which nothing happens, such as 2026-12-25";

/** Whether there is such a day: JavaScript takes the 30th of February for one of March. */
function isDay(text: string): boolean {
  const at = Date.parse(text);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

const calendarSpec = () => {
  const error =
    "expected even, business, evenings, or weights by month, weekday and hour, with spread, growth and closed days";
  return z.union(
    [
      z.enum(["even", "business", "evenings"], { error }),
      z.strictObject({
        months: weightsOf(12, "January first"),
        weekdays: weightsOf(7, "Sunday first"),
        hours: weightsOf(24, "midnight first"),
        spread: z.number({ error: SPREAD }).min(0, { error: SPREAD }).max(1, { error: SPREAD }).optional(),
        growth: z.number({ error: GROWTH }).min(0.1, { error: GROWTH }).max(20, { error: GROWTH }).optional(),
        closed: z
          .array(
            z
              .string({ error: CLOSED })
              .regex(/^\d{4}-\d\d-\d\d$/, { error: CLOSED })
              .refine(isDay, { error: CLOSED }),
            {
              error: CLOSED,
            },
          )
          .optional(),
      }),
    ],
    { error },
  );
};

const DAY_MS = 86_400_000;

const beside = { calendar: calendarSpec().optional(), zone: z.string().optional() };

type Beside = {
  readonly calendar?: z.output<ReturnType<typeof calendarSpec>> | undefined;
  readonly zone?: string | undefined;
};

const DAYS = "expected two numbers of days";

export const MOMENT_KINDS = [
  kind({
    name: "moment",
    value: z.enum(["window", "rising"], { error: "expected window, or rising for moments that grow with the row" }),
    others: beside,
    description: "a moment of the scenario's window, by a calendar and a time zone's clock; rising: in the rows' order",
    example: "created_at: { moment: window, calendar: business, zone: Europe/Berlin }",
    build: ({ value, ...options }, context) => {
      const type = typeAmong(context, DAYS_TOO, TIMESTAMPTZ);
      const source = calendarOf(options);
      return onDays(value === "rising" ? risingMoment(source, type) : momentIn(source, type));
    },
  }),
  kind({
    name: "between",
    value: z.tuple([path(), path()], { error: "expected two paths of moments; the second may be window.to" }),
    others: beside,
    description: "a moment from another one on to a third, or to the window's end, by a calendar",
    example: "placed_at: { between: [customer.created_at, window.to] }",
    build: ({ value: [from, to], ...options }, context) => {
      typeAmong(context, ["timestamptz"], TIMESTAMPTZ);
      requireMoments(context, to === "window.to" ? [from] : [from, to]);
      const between = momentBetween(calendarOf(options), to === "window.to" ? { from } : { from, to });
      return nullableAs(between, context, [from]);
    },
  }),
  kind({
    name: "after",
    value: path(),
    others: { days: range(DAYS).optional(), hours: range("expected two numbers of hours").optional() },
    description: "a moment some days or hours after another, held within the window",
    example: "shipped_at: { after: placed_at, days: [1, 3] }",
    build: ({ value, days, hours }, context) => {
      requireMoments(context, [value]);
      if ((days === undefined) === (hours === undefined))
        throw new DeclarationError("expected days or hours, as in days: [1, 3]");
      const [low, high] = days ?? (hours as [number, number]).map((count) => count / 24);
      if (low < 0) throw new DeclarationError(`expected numbers from 0 up, got ${low}`, [days ? "days" : "hours"]);
      return nullableAs(after(value, low, high, typeAmong(context, MOMENTS, TIMESTAMPTZ)), context, [value]);
    },
  }),
  kind({
    name: "latest_change",
    value: path(),
    description: "a moment from another one on, mostly soon after it: when a row was last changed",
    example: "updated_at: { latest_change: created_at }",
    build: ({ value }, context) => {
      typeAmong(context, ["timestamptz"], TIMESTAMPTZ);
      requireMoments(context, [value]);
      return nullableAs(changedAfter(value), context, [value]);
    },
  }),
] as const;

/** Of a date, the day of each moment. */
function onDays(column: Column): Column {
  if (column.type.name !== "date") return column;
  return {
    ...column,
    bind(context, inputs) {
      const { out, fill } = column.bind(context, inputs);
      const { values } = out as NumberVector;
      return {
        out,
        fill(rows) {
          fill(rows);
          for (let i = 0; i < rows.count; i++) values[i] = Math.floor(values[i] / DAY_US);
        },
      };
    },
  };
}

/** NULL where what it follows from may be, and nowhere else. */
function nullableAs(column: Column, context: KindContext, paths: readonly string[]): Column {
  return { ...column, nullable: paths.some((at) => context.isNullable(at)) };
}

function requireMoments(context: KindContext, paths: readonly string[]): void {
  for (const at of paths) {
    const { name } = context.typeOf(at);
    if (!MOMENTS.includes(name)) throw new DeclarationError(`${at} is no moment but of the type ${name}`);
  }
}

function calendarOf({ calendar = "even", zone }: Beside): CalendarSource {
  if (zone !== undefined && !Object.hasOwn(ZONES, zone)) {
    throw new DeclarationError(`expected a time zone among ${Object.keys(ZONES).join(", ")}, got ${zone}`, ["zone"]);
  }
  const named = { even: EVEN, business: BUSINESS, evenings: EVENINGS };
  const clock = zone === undefined ? UTC : zoneClock(zone);
  if (typeof calendar === "string") return (context) => clockCalendar(context, clock, named[calendar]);
  const { spread = 0, growth = 1, closed = [], ...given } = calendar;
  const weights = { ...EVEN, ...withoutMissing(given), closedDays: closed.map((day) => Date.parse(day) / DAY_MS) };
  return (context) =>
    clockCalendar(context, clock, { ...weights, days: [{ sigma: spread, key: context.sharedKey("days"), growth }] });
}

function withoutMissing(given: object): Partial<CalendarWeights> {
  return Object.fromEntries(Object.entries(given).filter(([, weights]) => weights !== undefined));
}
