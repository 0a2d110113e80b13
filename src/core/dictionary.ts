import { SeedBulkError } from "../errors.js";

/**
 * A list of words as UTF-8 in shared memory: made once, read by every worker.
 * Each word starts at a multiple of four, so that it can be copied four bytes at a time.
 */
export interface Dictionary {
  readonly bytes: Uint8Array;
  /** `bytes` as 32-bit words of the machine's own byte order. */
  readonly quads: Int32Array;
  /** Byte offset of each word's start. */
  readonly starts: Int32Array;
  /** Byte length of each word. */
  readonly lengths: Int32Array;
  readonly count: number;
}

/** What crosses the thread boundary of a dictionary: two shared buffers and nothing else. */
export interface SharedDictionary {
  readonly bytes: SharedArrayBuffer;
  /** Starts of the words, then their lengths. */
  readonly index: SharedArrayBuffer;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Encodes words for sharing.
 * @throws SeedBulkError SB_VALUE_INVALID where a word holds NUL, which no Postgres text can hold
 */
export function shareDictionary(words: readonly (string | Uint8Array)[]): SharedDictionary {
  const encoded = words.map((word) => {
    if (typeof word !== "string") return word;
    refuseNul(word);
    return encoder.encode(word);
  });
  const bytes = new SharedArrayBuffer(encoded.reduce((sum, word) => sum + padded(word.length), 0));
  const index = new SharedArrayBuffer(encoded.length * 8);
  const all = new Uint8Array(bytes);
  const table = new Int32Array(index);
  let end = 0;
  encoded.forEach((word, code) => {
    all.set(word, end);
    table[code] = end;
    table[encoded.length + code] = word.length;
    end += padded(word.length);
  });
  return { bytes, index };
}

/** Opens a shared dictionary for reading. */
export function openDictionary(shared: SharedDictionary): Dictionary {
  const count = shared.index.byteLength / 8;
  return {
    bytes: new Uint8Array(shared.bytes),
    quads: new Int32Array(shared.bytes),
    starts: new Int32Array(shared.index, 0, count),
    lengths: new Int32Array(shared.index, count * 4, count),
    count,
  };
}

/** A dictionary of this thread alone, for a column's own few words. */
export function dictionaryOf(words: readonly (string | Uint8Array)[]): Dictionary {
  return openDictionary(shareDictionary(words));
}

/** The word with a code, decoded. */
export function wordAt(dictionary: Dictionary, code: number): string {
  const start = dictionary.starts[code];
  return decoder.decode(dictionary.bytes.slice(start, start + dictionary.lengths[code]));
}

/** @throws SeedBulkError SB_VALUE_INVALID where a text holds NUL, which no Postgres text can hold */
export function refuseNul(text: string): void {
  const at = text.indexOf("\0");
  if (at < 0) return;
  throw new SeedBulkError(
    "SB_VALUE_INVALID",
    `a text holds a NUL character at position ${at}: ${JSON.stringify(text.slice(0, 80))}`,
    {
      hint: "Postgres cannot store NUL in text; remove it from the word list.",
    },
  );
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
