/** A whole number as people read it: 1234567 -> "1,234,567". */
export function withThousands(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}
