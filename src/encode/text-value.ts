import type { Dictionary } from "../core/dictionary.js";
import { dictionaryOf } from "../core/dictionary.js";
import type { SqlType } from "../core/sql-type.js";
import { type Dialect, textBytesMax } from "./dialect.js";
import { writeAscii } from "./moments.js";
import { arrayElements, payloadText } from "./payload-text.js";

const encoder = new TextEncoder();

/** Bytes written one after another; room is made before, so that loops need not ask. */
export class Arena {
  bytes = new Uint8Array(32 * 1024);
  length = 0;

  /** Makes room for `more` bytes behind those there are. */
  reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const grown = new Uint8Array(2 * (this.length + more));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }
}

/** Appends one value, given as its payload, as a dialect writes it. */
export type AppendValue = (source: Uint8Array, from: number, to: number, arena: Arena) => void;

/**
 * How values of a type that come as payloads are written. A dictionary may hold an empty word in the place of NULL, which
 * is no payload of most types.
 */
export function valueAppender(type: SqlType, dialect: Dialect): AppendValue {
  switch (type.name) {
    case "text":
    case "varchar":
    case "enum":
      return textAppender(dialect.writeText);
    case "jsonb":
      return textAppender(dialect.writeJson);
    case "text[]":
      return (source, from, to, arena) => {
        if (to === from) return;
        const text = encoder.encode(dialect.listText(arrayElements(source.subarray(from, to))));
        arena.reserve(textBytesMax(text.length));
        arena.length = dialect.writeList(text, 0, text.length, arena.bytes, arena.length);
      };
    default:
      return (source, from, to, arena) => {
        if (to > from) appendPlain(payloadText(type, source.subarray(from, to)), type, dialect, arena);
      };
  }
}

function textAppender(write: Dialect["writeText"]): AppendValue {
  return (source, from, to, arena) => {
    arena.reserve(textBytesMax(to - from));
    arena.length = write(source, from, to, arena.bytes, arena.length);
  };
}

/** Appends a number, a date or the like: ASCII without anything to escape. */
export function appendPlain(text: string, type: SqlType, dialect: Dialect, arena: Arena): void {
  const quoted = dialect.quote !== "" && !isJsonLiteral(type, text) ? `"${text}"` : text;
  arena.reserve(quoted.length);
  arena.length = writeAscii(quoted, arena.bytes, arena.length);
}

/** Whether JSON has the value bare: numbers that a double holds exactly, and truth values. */
function isJsonLiteral(type: SqlType, text: string): boolean {
  switch (type.name) {
    case "bool":
    case "int2":
    case "int4":
      return true;
    case "int8":
      return Number.isSafeInteger(Number(text));
    case "float8":
      return Number.isFinite(Number(text));
    default:
      return false;
  }
}

/** Each dictionary's words as a dialect writes them, shared by all columns that use the dictionary. */
const written = new WeakMap<Dictionary, Map<string, Dictionary>>();

/** A dictionary whose words are the values of another's as a dialect writes them. */
export function writtenWords(dictionary: Dictionary, type: SqlType, dialect: Dialect): Dictionary {
  const known = written.get(dictionary) ?? new Map<string, Dictionary>();
  written.set(dictionary, known);
  const key = `${dialect.name} ${type.name}`;
  let words = known.get(key);
  if (words === undefined) {
    words = dictionaryOf(writeWords(dictionary, valueAppender(type, dialect)));
    known.set(key, words);
  }
  return words;
}

function writeWords({ bytes, starts, lengths, count }: Dictionary, append: AppendValue): Uint8Array[] {
  const arena = new Arena();
  return Array.from({ length: count }, (_, code) => {
    arena.length = 0;
    append(bytes, starts[code], starts[code] + lengths[code], arena);
    return arena.bytes.slice(0, arena.length);
  });
}
