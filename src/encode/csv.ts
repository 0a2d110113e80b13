import { arrayLiteral, type Dialect, type WriteText } from "./dialect.js";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const DOT = 0x2e;

/** 1 for bytes that a bare field may not hold (RFC 4180, 2.6): quote, comma, line feed, carriage return. */
const SPECIAL = new Uint8Array(256);
for (const byte of [QUOTE, 0x2c, 0x0a, 0x0d]) SPECIAL[byte] = 1;

/**
 * Quotes only what needs it. An empty text is `""`, since Postgres takes an empty bare field for NULL; so is `\.`,
 * which before Postgres 18 ended the data where it stood alone on a line.
 */
const writeText: WriteText = (source, from, to, target, at) => {
  let k = from;
  while (k < to && SPECIAL[source[k]] === 0) k++;
  const endsData = to - from === 2 && source[from] === BACKSLASH && source[from + 1] === DOT;
  if (k === to && k > from && !endsData) {
    for (k = from; k < to; k++) target[at++] = source[k];
    return at;
  }
  target[at++] = QUOTE;
  for (k = from; k < to; k++) {
    const byte = source[k];
    if (byte === QUOTE) target[at++] = QUOTE;
    target[at++] = byte;
  }
  target[at++] = QUOTE;
  return at;
};

/** CSV as RFC 4180 has it, lines ending in CRLF, and as Postgres's COPY … CSV HEADER reads it. */
export const CSV: Dialect = {
  name: "csv",
  before: (_column, place) => (place === 0 ? "" : ","),
  rowEnd: "\r\n",
  nullText: "",
  booleans: ["false", "true"],
  quote: "",
  writeText,
  writeJson: writeText,
  listText: arrayLiteral,
  writeList: writeText,
};

/** The header line of a table. */
export function csvHeader(columns: readonly string[]): string {
  return (
    columns.map((name) => (/[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)).join(",") + CSV.rowEnd
  );
}
