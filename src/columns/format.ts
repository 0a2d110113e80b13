import { copyWord, digitCount, writeDigits } from "../core/bytes.js";
import { dictionaryOf, refuseNul } from "../core/dictionary.js";
import { type SqlType, TEXT } from "../core/sql-type.js";
import {
  BATCH_ROWS_MAX,
  isNull,
  mergeNulls,
  type NumberVector,
  reserveBytes,
  type TextVector,
  textVector,
  type Vector,
  type WordVector,
} from "../core/vectors.js";
import { assert } from "../errors.js";
import type { Column, Rows } from "./column.js";
import { isWhole, numberPrinter, uuidText } from "./printed.js";

/**
 * Text put together from other columns: `"{first_slug}.{last_slug}{number:3}@{domain}"`. Each value is written as
 * Postgres prints it ({@link numberPrinter}); `:3` pads the digits of a whole number with zeros to three, behind its
 * sign. NULL where any part is. `{{` and `}}` stand for braces.
 * @throws on a template with a brace that opens or closes nothing, and, when bound, on a column that has no one text
 */
export function format(template: string, type: SqlType = TEXT, options: { nullable?: boolean } = {}): Column {
  const pieces = parseTemplate(template);
  refuseNul(template);
  return {
    type,
    reads: pieces.flatMap((piece) => (piece.kind === "path" ? [piece.path] : [])),
    about: template,
    ...options,
    bind(context, inputs) {
      const out = textVector();
      let at = 0;
      const parts = pieces.map((piece) =>
        piece.kind === "literal"
          ? literalPart(piece.text)
          : part(inputs[at++], { ...piece, type: context.typeOf(piece.path) }),
      );
      const cursors = new Int32Array(BATCH_ROWS_MAX);
      return { out, fill: (rows) => compose(parts, inputs, rows, out, cursors) };
    },
  };
}

interface PathPiece {
  readonly kind: "path";
  readonly path: string;
  readonly width: number;
}

type Piece = { readonly kind: "literal"; readonly text: string } | PathPiece;

/** Digits that a whole number up to 2^53 has at the most, and a padded one may have. */
const WIDTH_MAX = 1000;

function parseTemplate(template: string): Piece[] {
  const pieces: Piece[] = [];
  let literal = "";
  // The last alternative takes what no other does: a brace without its fellow, or one around what is no path.
  for (const match of template.matchAll(/\{\{|\}\}|\{([^\s{}:]+)(?::(\d+))?\}|[^{}]+|([{}])/g)) {
    const [text, path, width, brace] = match;
    assert(
      brace === undefined,
      `format("${template}"): the ${brace} at ${match.index} is doubled or belongs to a path`,
    );
    if (path === undefined) {
      literal += text === "{{" ? "{" : text === "}}" ? "}" : text;
      continue;
    }
    if (literal) pieces.push({ kind: "literal", text: literal });
    literal = "";
    assert(Number(width ?? 0) <= WIDTH_MAX, `format("${template}"): a width is at most ${WIDTH_MAX}`);
    pieces.push({ kind: "path", path, width: Number(width ?? 0) });
  }
  if (literal) pieces.push({ kind: "literal", text: literal });
  return pieces;
}

/** One part of a composed text: how long it is in each row, and its bytes at each row's cursor. */
interface Part {
  measure(count: number, lengths: Int32Array): void;
  append(count: number, cursors: Int32Array, bytes: Uint8Array, view: DataView): void;
}

function compose(
  parts: readonly Part[],
  inputs: readonly Vector[],
  { count }: Rows,
  out: TextVector,
  cursors: Int32Array,
): void {
  out.nulls.any = false;
  for (const input of inputs) mergeNulls(input.nulls, out.nulls, count);
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
}

function literalPart(text: string): Part {
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

function part(input: Vector, { path, width, type }: PathPiece & { readonly type: SqlType }): Part {
  assert(width === 0 || isWhole(type), `{${path}:${width}} pads whole numbers, not values of ${type.name}`);
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
      return assert(false, `{${path}} is of a type that a text can hold, not ${type.name}`) as never;
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
    append(count, cursors, bytes) {
      for (let i = 0; i < count; i++) {
        let to = cursors[i];
        for (let k = input.offsets[i]; k < input.offsets[i + 1]; k++) bytes[to++] = input.bytes[k];
        cursors[i] = to;
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
