/** How a text format writes the parts that all of them have: fields, NULLs, quotes, lists. */
export interface Dialect {
  readonly name: "csv" | "copy" | "jsonl";
  /** What stands before a column's field. @param place the column's place in the row, from 0 */
  readonly before: (column: string, place: number) => string;
  readonly rowEnd: string;
  readonly nullText: string;
  /** false, true. */
  readonly booleans: readonly [string, string];
  /** What stands around values that need no escaping and are no numbers: moments, decimals, addresses. */
  readonly quote: "" | '"';
  /** Writes a text; the caller has made room for `textBytesMax` of it. */
  readonly writeText: WriteText;
  /** Writes a JSON document; room as for a text. */
  readonly writeJson: WriteText;
  /** A list of texts as text, before {@link writeList} escapes it. */
  readonly listText: (elements: readonly (string | null)[]) => string;
  readonly writeList: WriteText;
}

/** Writes `source[from, to)` at `at` and returns the position after it. */
export type WriteText = (source: Uint8Array, from: number, to: number, target: Uint8Array, at: number) => number;

/** Bytes that a text may come to at the most: JSON writes a control character as six, and two quotes around it all. */
export function textBytesMax(length: number): number {
  return 6 * length + 2;
}

/** Copies `source[from, to)` as it is. */
export const writeAsIs: WriteText = (source, from, to, target, at) => {
  for (let k = from; k < to; k++) target[at++] = source[k];
  return at;
};

/** A list of texts as Postgres writes text[]: elements quoted, which it reads whatever they hold. */
export function arrayLiteral(elements: readonly (string | null)[]): string {
  const quoted = elements.map((text) => (text === null ? "NULL" : `"${text.replace(/["\\]/g, "\\$&")}"`));
  return `{${quoted.join(",")}}`;
}
