import type { Column } from "../../columns/column.js";
import { codes, numbers, numbersOf, wordsOf } from "../../columns/values.js";
import { utcDate } from "../../core/calendar.js";
import { lognormal } from "../../core/distributions.js";
import { cellBits, fillBits, multiplyHigh, unitOf } from "../../core/random.js";
import { FLOAT8, INT4, numeric, TEXT } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX } from "../../core/vectors.js";
import { INDUSTRIES, INDUSTRY_NAMES, type Season } from "./data/industries.js";
import { sizeOf } from "./vocabulary.js";

const SEASONS: readonly Season[] = [
  "winter",
  "winter",
  "spring",
  "spring",
  "spring",
  "summer",
  "summer",
  "summer",
  "fall",
  "fall",
  "fall",
  "winter",
];

/** Themes of a day or a deadline, with the months (January is 0) in which mail for it is sent; the first that fits holds. */
const MONTHS_OF_THEMES: readonly (readonly [theme: RegExp, months: readonly number[]])[] = [
  [/Valentine/, [0, 1]],
  [/After-Holiday/, [0]],
  [/Early Holiday|Before the Holidays|Pre-Holiday|Thanksgiving|Giving Tuesday|Year-End Countdown/, [9, 10]],
  [/Holiday|Year.End/, [11]],
  [/New Year|January|Last Days of Open Enrollment/, [11, 0]],
  [/Enrollment Review|Enrollment Guide|Annual Enrollment|Early Application/, [8, 9, 10]],
  [/Back-to-School|Model Year/, [6, 7, 8, 9]],
  [/Mother's Day|Last-Minute IRA/, [3, 4]],
  [/Tax|Admitted Students/, [2, 3]],
  [/Father's Day|Kickoff|Midyear (Benefits|Market|Match)/, [5]],
  [/Midsummer/, [6]],
];

/** Themes of a season that suit its month. */
function themesOfMonth(seasonal: Readonly<Record<Season, readonly string[]>>, month: number): readonly string[] {
  return seasonal[SEASONS[month]].filter((theme) => {
    const bound = MONTHS_OF_THEMES.find(([pattern]) => pattern.test(theme));
    return bound === undefined || bound[1].includes(month);
  });
}

/** How many campaigns go by a theme of their season, where two suit. */
const SEASONAL_SHARE = 0.45;

/** What the campaign is about: a theme of the client's industry, and of the season in which it is mailed. */
export function theme(): Column {
  const labels = INDUSTRY_NAMES.flatMap((name) => {
    const { campaignThemes, seasonalThemes } = INDUSTRIES[name];
    return [...campaignThemes, ...Object.values(seasonalThemes).flat()];
  });
  const about = "a theme of the industry, for the month of the mail date";
  return codes({ type: TEXT, labels, reads: ["client_id.industry", "plan_mail"], about }, (context, inputs) => {
    const codeOf = new Map(labels.map((label, code) => [label, code]));
    const monthly = INDUSTRY_NAMES.map((name) =>
      MONTHS.map((_, month) => themesOfMonth(INDUSTRIES[name].seasonalThemes, month)),
    );
    const industry = wordsOf(inputs, 0).codes;
    const mail = numbersOf(inputs, 1).values;
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        const { campaignThemes } = INDUSTRIES[INDUSTRY_NAMES[industry[i]]];
        const isSeasonal = cellBits(key, rowIndexes[i], 1) < SEASONAL_SHARE * 2 ** 32;
        const seasonal = monthly[industry[i]][utcDate(mail[i]).getUTCMonth()];
        const themes = isSeasonal && seasonal.length > 0 ? seasonal : campaignThemes;
        out[i] = codeOf.get(themes[multiplyHigh(bits[i], themes.length)])!;
      }
    };
  });
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The month of the mail date, for the campaign's name. */
export function monthName(): Column {
  return codes(
    { type: TEXT, labels: MONTHS, reads: ["plan_mail"], about: "the month of the mail date" },
    (_context, inputs) => {
      const mail = numbersOf(inputs, 0).values;
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = utcDate(mail[i]).getUTCMonth();
      };
    },
  );
}

/** The year of the mail date, for the campaign's name. */
export function year(): Column {
  return numbers({ type: INT4, reads: ["plan_mail"], about: "the year of the mail date" }, (_context, inputs) => {
    const mail = numbersOf(inputs, 0).values;
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = utcDate(mail[i]).getUTCFullYear();
    };
  });
}
/** Pieces: the recipients that there are, or a plan. */
export function quantity(): Column {
  return numbers(
    { type: INT4, reads: ["launched"], about: "the recipients; where nothing was mailed, lognormal" },
    (context, inputs) => {
      const launched = numbersOf(inputs, 0).values;
      const fanOut = context.fanOut("recipients");
      const planned = lognormal(sizeOf(context, "recipients") / Math.max(1, context.rowCount), 0.5);
      const key = context.key();
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          const row = rowIndexes[i];
          const mailed = fanOut.start(row + 1) - fanOut.start(row);
          out[i] = launched[i] === 1 && mailed > 0 ? mailed : 10 * Math.ceil(planned(cellBits(key, row, 0)) / 10);
        }
      };
    },
  );
}

/** The pieces' cost and up to 40% more, times the industry's factor, in whole tens. */
export function budget(): Column {
  const reads = ["quantity", "piece_cost", "client_id.industry"];
  return numbers(
    { type: numeric(12, 2), reads, about: "pieces times cost, and some more by industry" },
    (context, inputs) => {
      const [pieces, cost] = [numbersOf(inputs, 0).values, numbersOf(inputs, 1).values];
      const industry = wordsOf(inputs, 2).codes;
      const factors = INDUSTRY_NAMES.map((name) => Math.max(1, INDUSTRIES[name].budgetFactor));
      const key = context.key();
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          const dollars = (pieces[i] * cost[i]) / 10_000;
          const more = 1 + 0.4 * unitOf(cellBits(key, rowIndexes[i], 0));
          out[i] = 1_000 * Math.ceil((dollars * more * factors[industry[i]]) / 10);
        }
      };
    },
  );
}

/** The share of recipients that the client hopes for, by industry. */
export function responseGoal(): Column {
  return numbers(
    { type: FLOAT8, reads: ["client_id.industry"], about: "5% to 12% times the industry's factor" },
    (context, inputs) => {
      const industry = wordsOf(inputs, 0).codes;
      const factors = INDUSTRY_NAMES.map((name) => INDUSTRIES[name].responseFactor);
      const key = context.key();
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          const share = (0.05 + 0.07 * unitOf(cellBits(key, rowIndexes[i], 0))) * factors[industry[i]];
          out[i] = Math.round(share * 1_000) / 1_000;
        }
      };
    },
  );
}
