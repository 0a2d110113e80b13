import { aliasTable, pickAlias } from "../core/alias.js";
import { copyWord, digitCount, writeDigits } from "../core/bytes.js";
import { dictionaryOf, refuseNul, wordAt } from "../core/dictionary.js";
import { cellBits, fillBits, multiplyHigh } from "../core/random.js";
import { type SqlType, TEXT, UUID } from "../core/sql-type.js";
import {
  BATCH_ROWS_MAX,
  mergeNulls,
  type NumberVector,
  reserveBytes,
  type TextVector,
  textVector,
  type Vector,
  type WordVector,
  wordVector,
} from "../core/vectors.js";
import { assert } from "../errors.js";
import type { Column, Rows } from "./column.js";

/**
 * A word of a dictionary, evenly or by weight.
 * @param weights a weight a word, in the dictionary's order
 */
export function word(dictionary: string, type: SqlType = TEXT, weights?: readonly number[]): Column {
  return {
    type,
    reads: [],
    about: `a word of ${dictionary}`,
    bind(context) {
      const words = context.dictionary(dictionary);
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      const table = weights && aliasTable(weights);
      assert(table === undefined || table.size === words.count, `${dictionary} has a weight a word`);
      const out = wordVector(words);
      return {
        out,
        fill({ rowIndexes, count }) {
          fillBits(key, rowIndexes, count, 0, bits);
          for (let i = 0; i < count; i++) {
            out.codes[i] = table ? pickAlias(table, bits[i]) : multiplyHigh(bits[i], words.count);
          }
        },
      };
    },
  };
}

/** The word with the same code in another dictionary: a city's state, a name's spelling in an address. */
export function sameCode(path: string, dictionary: string, type: SqlType = TEXT): Column {
  return {
    type,
    reads: [path],
    about: `the word of ${dictionary} that goes with ${path}`,
    bind(context, [input]) {
      assert(input.kind === "word", `${path} is a column of words`);
      const words = context.dictionary(dictionary);
      assert(words.count === input.dictionary.count, `${dictionary} has as many words as ${path}'s dictionary`);
      return { out: { kind: "word", dictionary: words, codes: input.codes, nulls: input.nulls }, fill: () => {} };
    },
  };
}

/**
 * A word from a list that another column's word chooses, evenly.
 * @param listOf the list for a word of the column at `path`
 */
export function wordBy(
  path: string,
  listOf: (word: string) => readonly (string | Uint8Array)[],
  type: SqlType = TEXT,
): Column {
  return {
    type,
    reads: [path],
    about: `a word of the list for ${path}`,
    bind(context, [input]) {
      assert(input.kind === "word", `${path} is a column of words`);
      const all: (string | Uint8Array)[] = [];
      const starts: number[] = [];
      for (let code = 0; code < input.dictionary.count; code++) {
        starts.push(all.length);
        all.push(...listOf(wordAt(input.dictionary, code)));
      }
      starts.push(all.length);
      const out = wordVector(dictionaryOf(all));
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      return {
        out,
        fill({ rowIndexes, count }) {
          out.nulls.any = false;
          mergeNulls(input.nulls, out.nulls, count);
          fillBits(key, rowIndexes, count, 0, bits);
          for (let i = 0; i < count; i++) {
            const start = starts[input.codes[i]];
            out.codes[i] = start + multiplyHigh(bits[i], starts[input.codes[i] + 1] - start);
          }
        },
      };
    },
  };
}

/**
 * Text put together from other columns: `"{first_slug}.{last_slug}{number:3}@{domain}"`. Numbers are whole; `:3` pads
 * them with zeros to three digits. NULL where any part is. `{{` and `}}` stand for braces.
 */
export function format(template: string, type: SqlType = TEXT, options: { nullable?: boolean } = {}): Column {
  const pieces = parseTemplate(template);
  refuseNul(template);
  return {
    type,
    reads: pieces.flatMap((piece) => (piece.kind === "path" ? [piece.path] : [])),
    about: template,
    ...options,
    bind(_context, inputs) {
      const out = textVector();
      let at = 0;
      const parts = pieces.map((piece) =>
        piece.kind === "literal" ? literalPart(piece.text) : part(inputs[at++], piece),
      );
      const cursors = new Int32Array(BATCH_ROWS_MAX);
      return { out, fill: (rows) => compose(parts, inputs, rows, out, cursors) };
    },
  };
}

type Piece =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "path"; readonly path: string; readonly width: number };

function parseTemplate(template: string): Piece[] {
  const pieces: Piece[] = [];
  let literal = "";
  for (const match of template.matchAll(/\{\{|\}\}|\{([^{}:]+)(?::(\d+))?\}|[^{}]+/g)) {
    if (match[1] === undefined) {
      literal += match[0] === "{{" ? "{" : match[0] === "}}" ? "}" : match[0];
      continue;
    }
    if (literal) pieces.push({ kind: "literal", text: literal });
    literal = "";
    pieces.push({ kind: "path", path: match[1], width: Number(match[2] ?? 0) });
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

function part(input: Vector, { width }: { readonly width: number }): Part {
  if (input.kind === "word") return wordPart(input);
  return input.kind === "text" ? textPart(input) : numberPart(input, width);
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

function numberPart(input: NumberVector, width: number): Part {
  return {
    measure(count, sums) {
      for (let i = 0; i < count; i++) sums[i] += Math.max(width, digitCount(input.values[i]));
    },
    append(count, cursors, bytes) {
      for (let i = 0; i < count; i++) {
        const value = input.values[i];
        const digits = Math.max(width, digitCount(value));
        writeDigits(value, digits, bytes, cursors[i]);
        cursors[i] += digits;
      }
    },
  };
}

/** A random UUID of version 4 (RFC 9562): 122 random bits, the same for the same cell. */
export function uuid(): Column {
  return {
    type: UUID,
    reads: [],
    about: "a random UUID, version 4",
    bind(context) {
      const key = context.key();
      const out = textVector();
      const view = new DataView(out.bytes.buffer);
      for (let i = 0; i <= BATCH_ROWS_MAX; i++) out.offsets[i] = 16 * i;
      return {
        out,
        fill({ rowIndexes, count }) {
          for (let i = 0; i < count; i++) {
            const row = rowIndexes[i];
            view.setUint32(16 * i, cellBits(key, row, 0));
            view.setUint32(16 * i + 4, (cellBits(key, row, 1) & 0xffff0fff) | 0x4000);
            view.setUint32(16 * i + 8, (cellBits(key, row, 2) & 0x3fffffff) | 0x80000000);
            view.setUint32(16 * i + 12, cellBits(key, row, 3));
          }
        },
      };
    },
  };
}
