import { type Dialect, type WriteText, writeAsIs } from "./dialect.js";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const HEX = Buffer.from("0123456789abcdef");

/** The letter behind a backslash for bytes that have a short escape; 1 for other control characters; else 0. */
const ESCAPES = new Uint8Array(256);
ESCAPES.fill(1, 0, SPACE);
for (const [byte, letter] of [
  [QUOTE, '"'],
  [BACKSLASH, "\\"],
  [0x08, "b"],
  [0x09, "t"],
  [0x0a, "n"],
  [0x0c, "f"],
  [0x0d, "r"],
] as const) {
  ESCAPES[byte] = letter.charCodeAt(0);
}

const writeText: WriteText = (source, from, to, target, at) => {
  target[at++] = QUOTE;
  for (let k = from; k < to; k++) {
    const byte = source[k];
    const letter = ESCAPES[byte];
    if (letter === 0) target[at++] = byte;
    else {
      target[at++] = BACKSLASH;
      if (letter > 1) target[at++] = letter;
      else at = writeControl(byte, target, at);
    }
  }
  target[at++] = QUOTE;
  return at;
};

/** `u00XX`, behind the backslash. */
function writeControl(byte: number, target: Uint8Array, at: number): number {
  target[at++] = 0x75;
  target[at++] = 0x30;
  target[at++] = 0x30;
  target[at++] = HEX[byte >> 4];
  target[at++] = HEX[byte & 15];
  return at;
}

/** A document stands in its row as it is; line breaks, which JSON has between tokens only, become spaces. */
const writeJson: WriteText = (source, from, to, target, at) => {
  for (let k = from; k < to; k++) target[at++] = source[k] === 0x0a || source[k] === 0x0d ? SPACE : source[k];
  return at;
};

/** JSON Lines: one object a row, keys in the order of the columns. */
export const JSONL: Dialect = {
  name: "jsonl",
  before: (column, place) => `${place === 0 ? "{" : ","}${JSON.stringify(column)}:`,
  rowEnd: "}\n",
  nullText: "null",
  booleans: ["false", "true"],
  quote: '"',
  writeText,
  writeJson,
  listText: (elements) => JSON.stringify(elements),
  writeList: writeAsIs,
};
