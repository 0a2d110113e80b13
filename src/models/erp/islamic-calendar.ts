/** The first day of the tabular Islamic calendar, 1 Muharram of the year 1, in days since 1970 (16 July 622, Julian). */
const EPOCH_DAY = -492_148;

const RAMADAN = 9;
const SHAWWAL = 10;
const DHU_AL_HIJJA = 12;

/** Consecutive days, counted since 1970; `to` is not one of them. */
export interface Days {
  readonly from: number;
  readonly to: number;
}

/**
 * A day of the tabular (civil) Islamic calendar, which is within a day of what is proclaimed by the moon (Reingold and
 * Dershowitz, "Calendrical Calculations", 4th edition, section 7.1).
 * @returns days since 1970
 */
export function islamicDay(year: number, month: number, day: number): number {
  const monthsBefore = 29 * (month - 1) + Math.floor((6 * month - 1) / 11);
  return EPOCH_DAY - 1 + day + monthsBefore + (year - 1) * 354 + Math.floor((3 + 11 * year) / 30);
}

/** The months of fasting that touch some days. */
export function ramadans(days: Days): Days[] {
  return within(days, (year) => ({ from: islamicDay(year, RAMADAN, 1), to: islamicDay(year, SHAWWAL, 1) }));
}

/** The feasts on which Egypt does not work: three days after Ramadan, four from the tenth of Dhu al-Hijja on. */
export function feasts(days: Days): Days[] {
  const spans = [
    { month: SHAWWAL, first: 1, count: 3 },
    { month: DHU_AL_HIJJA, first: 10, count: 4 },
  ];
  return spans.flatMap(({ month, first, count }) =>
    within(days, (year) => {
      const from = islamicDay(year, month, first);
      return { from, to: from + count };
    }),
  );
}

function within({ from, to }: Days, spanOf: (year: number) => Days): Days[] {
  const yearOf = (day: number): number => Math.floor((day - EPOCH_DAY) / 354.37);
  const years = Array.from({ length: yearOf(to) - yearOf(from) + 3 }, (_, at) => yearOf(from) + at);
  return years.map(spanOf).filter((span) => span.to > from && span.from < to);
}
