/** A whole number as people read it: 1234567 -> "1,234,567". */
export function withThousands(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A count and its noun: 1 row, 2,000 rows. */
export function plural(count: number, noun: string): string {
  return `${withThousands(count)} ${noun}${count === 1 ? "" : "s"}`;
}
