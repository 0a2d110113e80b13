/** The password whose hash stands at a place in the list; users.ts and the documentation say whose it is. */
export function passwordAt(index: number): string {
  return `quest-${String(index + 1).padStart(4, "0")}`;
}
