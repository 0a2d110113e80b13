import { dictionaryOf, wordAt } from "../core/dictionary.js";
import { JSONB, type SqlType, TEXT } from "../core/sql-type.js";
import { BATCH_ROWS_MAX, isNull, type TextVector, textVector, type Vector, type WordVector } from "../core/vectors.js";
import { assert } from "../errors.js";
import type { Column } from "./column.js";
import { composer, literalPart, type Part, partOf } from "./composing.js";
import { isWhole, numberPrinter } from "./printed.js";
import { sqlText } from "./sql-text.js";

/** A JSON document with values of the row in it. */
export type JsonTemplate =
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "object"; readonly entries: readonly (readonly [string, JsonTemplate])[] }
  | { readonly kind: "array"; readonly items: readonly JsonTemplate[] };

/** A document built of columns: numbers and truth as they are, moments as ISO 8601, the rest as texts; NULL is null. */
export function json(template: JsonTemplate): Column {
  const pieces = merged([...piecesOf(template)]);
  const reads = [...new Set(pieces.flatMap((piece) => (typeof piece === "string" ? [] : [piece.path])))];
  return {
    type: JSONB,
    reads,
    about: "a document built of columns",
    bind(context, inputs) {
      const parts = pieces.map((piece) =>
        typeof piece === "string"
          ? literalPart(piece)
          : jsonPart(inputs[reads.indexOf(piece.path)], context.typeOf(piece.path), piece.path),
      );
      const out = textVector();
      const compose = composer(parts, out);
      return { out, fill: ({ count }) => compose(count) };
    },
  };
}

type Piece = string | { readonly path: string };

function* piecesOf(template: JsonTemplate): Generator<Piece> {
  switch (template.kind) {
    case "literal":
      yield JSON.stringify(template.value);
      return;
    case "path":
      yield { path: template.path };
      return;
    case "object":
      yield "{";
      for (const [at, [key, value]] of template.entries.entries()) {
        yield `${at === 0 ? "" : ","}${JSON.stringify(key)}:`;
        yield* piecesOf(value);
      }
      yield "}";
      return;
    case "array":
      yield "[";
      for (const [at, item] of template.items.entries()) {
        if (at > 0) yield ",";
        yield* piecesOf(item);
      }
      yield "]";
  }
}

/** Literals that stand beside one another as one. */
function merged(pieces: readonly Piece[]): Piece[] {
  const out: Piece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (typeof piece === "string" && typeof last === "string") out[out.length - 1] = last + piece;
    else out.push(piece);
  }
  return out;
}

/** A document in the words of SQL, of the same value: {@link json}'s law. */
export function jsonSql(template: JsonTemplate): string {
  switch (template.kind) {
    case "literal":
      return `${sqlText(JSON.stringify(template.value))}::jsonb`;
    case "path":
      return `coalesce(to_jsonb({${template.path}}), 'null')`;
    case "object":
      // 100 arguments are as many as a function takes.
      return chunks(template.entries, 50)
        .map(
          (entries) =>
            `jsonb_build_object(${entries.map(([key, value]) => `${sqlText(key)}, ${jsonSql(value)}`).join(", ")})`,
        )
        .join(" || ");
    case "array":
      return chunks(template.items, 100)
        .map((items) => `jsonb_build_array(${items.map(jsonSql).join(", ")})`)
        .join(" || ");
  }
}

function chunks<T>(items: readonly T[], size: number): (readonly T[])[] {
  const count = Math.max(1, Math.ceil(items.length / size));
  return Array.from({ length: count }, (_, at) => items.slice(at * size, (at + 1) * size));
}

/** A value as JSON writes it. */
function jsonPart(input: Vector, type: SqlType, path: string): Part {
  const isJson = type.name === "jsonb";
  if (isJson || type.name === "text" || type.name === "varchar" || type.name === "enum") {
    assert(input.kind !== "number", `${path} is of words or texts`);
    return input.kind === "word" ? wordsPart(input, isJson) : textPart(input, isJson);
  }
  return orNull(input, printedPart(input, type, path));
}

/** A value that is printed as Postgres does; nothing where it is NULL. */
function printedPart(input: Vector, type: SqlType, path: string): Part {
  if (isWhole(type) || type.name === "numeric" || type.name === "bool") return partOf(input, type, path);
  if (type.name === "float8") return finite(input, partOf(input, type, path), path);
  if (type.name === "timestamp" || type.name === "timestamptz") return momentPart(input, type);
  return quoted(input, partOf(input, type, path));
}

/** JSON has no NaN and no infinity. */
function finite(input: Vector, part: Part, path: string): Part {
  return {
    ...part,
    measure(count, sums) {
      assert(input.kind === "number", `${path} is of numbers`);
      for (let i = 0; i < count; i++)
        assert(isNull(input, i) || Number.isFinite(input.values[i]), `${path} is a finite number`);
      part.measure(count, sums);
    },
  };
}

/** ISO 8601 as Postgres writes it in JSON: a T, and +00:00. */
function momentPart(input: Vector, type: SqlType): Part {
  assert(input.kind === "number", "moments are numbers");
  const print = numberPrinter(type);
  const texts = Array<string>(BATCH_ROWS_MAX).fill("");
  return {
    measure(count, sums) {
      for (let i = 0; i < count; i++) {
        texts[i] = isNull(input, i) ? "" : `"${print(input.values[i]).replace(" ", "T").replace(/\+00$/, "+00:00")}"`;
        sums[i] += texts[i].length;
      }
    },
    append(count, cursors, bytes) {
      for (let i = 0; i < count; i++) {
        const text = texts[i];
        for (let k = 0; k < text.length; k++) bytes[cursors[i]++] = text.charCodeAt(k);
      }
    },
  };
}

/** Words, each made JSON once; behind them the one for NULL. */
function wordsPart(input: WordVector, isJson: boolean): Part {
  const { dictionary } = input;
  const words = Array.from({ length: dictionary.count }, (_, code) => wordAt(dictionary, code));
  const codes = new Int32Array(BATCH_ROWS_MAX);
  const own = dictionaryOf([...(isJson ? words : words.map((word) => JSON.stringify(word))), "null"]);
  const part = partOf(
    { kind: "word", dictionary: own, codes, nulls: { any: false, flags: input.nulls.flags } },
    TEXT,
    "a word",
  );
  return {
    measure(count, sums) {
      codes.set(input.codes.subarray(0, count));
      if (input.nulls.any) for (let i = 0; i < count; i++) if (input.nulls.flags[i] === 1) codes[i] = words.length;
      part.measure(count, sums);
    },
    append: (...given) => part.append(...given),
  };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const encoder = new TextEncoder();
const NULL = encoder.encode("null");

/** How a byte of a text is written in JSON, where not as itself. */
const ESCAPES: readonly (Uint8Array | undefined)[] = Array.from({ length: 256 }, (_, byte) =>
  byte < 0x20 || byte === QUOTE || byte === BACKSLASH
    ? encoder.encode(JSON.stringify(String.fromCharCode(byte)).slice(1, -1))
    : undefined,
);

/** Texts in quotes with what needs it escaped, or JSON as it is. */
function textPart(input: TextVector, isJson: boolean): Part {
  const escapes = isJson ? [] : ESCAPES;
  const quote = isJson ? 0 : 1;
  return {
    measure(count, sums) {
      const { bytes, offsets } = input;
      for (let i = 0; i < count; i++) {
        if (isNull(input, i)) {
          sums[i] += NULL.length;
          continue;
        }
        let length = 2 * quote + offsets[i + 1] - offsets[i];
        for (let k = offsets[i]; k < offsets[i + 1]; k++) length += (escapes[bytes[k]]?.length ?? 1) - 1;
        sums[i] += length;
      }
    },
    append(count, cursors, bytes) {
      for (let i = 0; i < count; i++)
        cursors[i] = isNull(input, i) ? put(NULL, bytes, cursors[i]) : escaped(i, bytes, cursors[i]);
    },
  };

  /** Writes row i. @returns where it ends */
  function escaped(i: number, bytes: Uint8Array, at: number): number {
    let to = at;
    if (quote > 0) bytes[to++] = QUOTE;
    for (let k = input.offsets[i]; k < input.offsets[i + 1]; k++) {
      const written = escapes[input.bytes[k]];
      if (written === undefined) bytes[to++] = input.bytes[k];
      else to = put(written, bytes, to);
    }
    if (quote > 0) bytes[to++] = QUOTE;
    return to;
  }
}

function put(from: Uint8Array, bytes: Uint8Array, at: number): number {
  bytes.set(from, at);
  return at + from.length;
}

/** Values whose text has nothing to escape, in quotes. */
function quoted(input: Vector, part: Part): Part {
  const marks = (count: number, cursors: Int32Array, bytes: Uint8Array): void => {
    for (let i = 0; i < count; i++) if (!isNull(input, i)) bytes[cursors[i]++] = QUOTE;
  };
  return {
    measure(count, sums) {
      part.measure(count, sums);
      for (let i = 0; i < count; i++) if (!isNull(input, i)) sums[i] += 2;
    },
    append(count, cursors, bytes, view) {
      marks(count, cursors, bytes);
      part.append(count, cursors, bytes, view);
      marks(count, cursors, bytes);
    },
  };
}

/** `null` where the value is NULL, of which the part makes nothing. */
function orNull(input: Vector, part: Part): Part {
  return {
    measure(count, sums) {
      part.measure(count, sums);
      if (input.nulls.any) for (let i = 0; i < count; i++) if (isNull(input, i)) sums[i] += NULL.length;
    },
    append(count, cursors, bytes, view) {
      part.append(count, cursors, bytes, view);
      if (input.nulls.any)
        for (let i = 0; i < count; i++) if (isNull(input, i)) cursors[i] = put(NULL, bytes, cursors[i]);
    },
  };
}
