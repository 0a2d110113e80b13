import { copyText, copyWord, digitCount, viewOf, writeDigits } from "../core/bytes.js";
import { dictionaryOf } from "../core/dictionary.js";
import type { SqlType } from "../core/sql-type.js";
import {
  BATCH_ROWS_MAX,
  isNull,
  type NumberVector,
  reserveBytes,
  type TextVector,
  type Vector,
  type WordVector,
} from "../core/vectors.js";
import { assert } from "../errors.js";
import { isWhole, numberPrinter, uuidText } from "./printed.js";

/** One part of a composed text: how long it is in each row, and its bytes at each row's cursor. */
export interface Part {
  measure(count: number, lengths: Int32Array): void;
  append(count: number, cursors: Int32Array, bytes: Uint8Array, view: DataView): void;
}

/**
 * Puts the parts of a text together in a vector, for the first `count` rows; which of them are NULL is the caller's to
 * say, before it.
 */
export function composer(parts: readonly Part[], out: TextVector): (count: number) => void {
  const cursors = new Int32Array(BATCH_ROWS_MAX);
  return (count) => {
    cursors.fill(0, 0, count);
    for (const part of parts) part.measure(count, cursors);
    let end = 0;
    for (let i = 0; i < count; i++) {
      out.offsets[i] = end;
      end += cursors[i];
      cursors[i] = out.offsets[i];
    }
    out.offsets[count] = end;
    reserveBytes(out, end);
    const view = new DataView(out.bytes.buffer);
    for (const part of parts) part.append(count, cursors, out.bytes, view);
  };
}

/** The same text in every row. */
export function literalPart(text: string): Part {
  const { quads, lengths } = dictionaryOf([text]);
  const length = lengths[0];
  return {
    measure(count, sums) {
      for (let i = 0; i < count; i++) sums[i] += length;
    },
    append(count, cursors, _bytes, view) {
      for (let i = 0; i < count; i++) {
        copyWord(quads, 0, length, view, cursors[i]);
        cursors[i] += length;
      }
    },
  };
}

/**
 * A value as Postgres prints it ({@link numberPrinter}).
 * @param what it is called in a message
 * @param width digits to which a whole number is padded with zeros
 * @throws on a value that has no one text
 */
export function partOf(input: Vector, type: SqlType, what: string, width = 0): Part {
  assert(width === 0 || isWhole(type), `${what} pads whole numbers, not values of ${type.name}`);
  if (input.kind === "number")
    return isWhole(type) ? wholePart(input, width) : printedPart(input, printed(input, type));
  switch (type.name) {
    case "text":
    case "varchar":
    case "enum":
      return input.kind === "word" ? wordPart(input) : textPart(input);
    case "uuid":
      return printedPart(input, (i) => uuidText(bytesAt(input, i)));
    default:
      // Postgres would print jsonb and lists otherwise than they are written here.
      return assert(false, `${what} is of a type that a text can hold, not ${type.name}`) as never;
  }
}

function printed({ values }: NumberVector, type: SqlType): (i: number) => string {
  const print = numberPrinter(type);
  return (i) => print(values[i]);
}

function bytesAt(input: WordVector | TextVector, i: number): Uint8Array {
  if (input.kind === "text") return input.bytes.subarray(input.offsets[i], input.offsets[i + 1]);
  const { bytes, starts, lengths } = input.dictionary;
  const start = starts[input.codes[i]];
  return bytes.subarray(start, start + lengths[input.codes[i]]);
}

/** Values that are printed one by one, in ASCII. @param textOf not asked for a NULL, whose value means nothing */
function printedPart(input: Vector, textOf: (i: number) => string): Part {
  const texts: string[] = Array<string>(BATCH_ROWS_MAX).fill("");
  return {
    measure(count, sums) {
      for (let i = 0; i < count; i++) {
        texts[i] = isNull(input, i) ? "" : textOf(i);
        sums[i] += texts[i].length;
      }
    },
    append(count, cursors, bytes) {
      for (let i = 0; i < count; i++) {
        const text = texts[i];
        let to = cursors[i];
        for (let k = 0; k < text.length; k++) bytes[to++] = text.charCodeAt(k);
        cursors[i] = to;
      }
    },
  };
}

function wordPart(input: WordVector): Part {
  return {
    measure(count, sums) {
      const { codes, dictionary } = input;
      for (let i = 0; i < count; i++) sums[i] += dictionary.lengths[codes[i]];
    },
    append(count, cursors, _bytes, view) {
      const { codes, dictionary } = input;
      const { quads, starts, lengths } = dictionary;
      for (let i = 0; i < count; i++) {
        const length = lengths[codes[i]];
        copyWord(quads, starts[codes[i]], length, view, cursors[i]);
        cursors[i] += length;
      }
    },
  };
}

function textPart(input: TextVector): Part {
  return {
    measure(count, sums) {
      for (let i = 0; i < count; i++) sums[i] += input.offsets[i + 1] - input.offsets[i];
    },
    append(count, cursors, _bytes, view) {
      const { offsets } = input;
      const source = viewOf(input.bytes);
      for (let i = 0; i < count; i++) {
        copyText(source, offsets[i], offsets[i + 1], view, cursors[i]);
        cursors[i] += offsets[i + 1] - offsets[i];
      }
    },
  };
}

function wholePart(input: NumberVector, width: number): Part {
  return {
    measure(count, sums) {
      for (let i = 0; i < count; i++) {
        if (isNull(input, i)) continue;
        const value = input.values[i];
        if (!Number.isSafeInteger(value)) assert(false, `a whole number is printed, not ${value}`);
        sums[i] += Math.max(width, digitCount(Math.abs(value))) + (value < 0 ? 1 : 0);
      }
    },
    append(count, cursors, bytes) {
      for (let i = 0; i < count; i++) {
        if (isNull(input, i)) continue;
        const size = Math.abs(input.values[i]);
        if (input.values[i] < 0) bytes[cursors[i]++] = 0x2d;
        const digits = Math.max(width, digitCount(size));
        writeDigits(size, digits, bytes, cursors[i]);
        cursors[i] += digits;
      }
    },
  };
}
