import { arrayLiteral, type Dialect, type WriteText } from "./dialect.js";

const BACKSLASH = 0x5c;

/** The letter behind a backslash for bytes that COPY's text format escapes, 0 for all others. */
const ESCAPES = new Uint8Array(256);
for (const [byte, letter] of [
  [BACKSLASH, "\\"],
  [0x0a, "n"],
  [0x0d, "r"],
  [0x09, "t"],
] as const) {
  ESCAPES[byte] = letter.charCodeAt(0);
}

const writeText: WriteText = (source, from, to, target, at) => {
  for (let k = from; k < to; k++) {
    const byte = source[k];
    const letter = ESCAPES[byte];
    if (letter === 0) target[at++] = byte;
    else {
      target[at++] = BACKSLASH;
      target[at++] = letter;
    }
  }
  return at;
};

/** The text format of COPY (Postgres manual, COPY, "Text Format"), as scripts hold it after COPY … FROM stdin. */
export const COPY_TEXT: Dialect = {
  name: "copy",
  before: (_column, place) => (place === 0 ? "" : "\t"),
  rowEnd: "\n",
  nullText: "\\N",
  booleans: ["f", "t"],
  quote: "",
  writeText,
  writeJson: writeText,
  listText: arrayLiteral,
  writeList: writeText,
};
