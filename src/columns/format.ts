import { refuseNul } from "../core/dictionary.js";
import { type SqlType, TEXT } from "../core/sql-type.js";
import { mergeNulls, textVector } from "../core/vectors.js";
import { assert } from "../errors.js";
import type { Column } from "./column.js";
import { composer, literalPart, partOf } from "./composing.js";
import { sqlText } from "./sql-text.js";

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
    law: { kind: "composed", sql: pieces.map(pieceSql).join(" || ") || "''" },
    ...options,
    bind(context, inputs) {
      const out = textVector();
      let at = 0;
      const parts = pieces.map((piece) =>
        piece.kind === "literal"
          ? literalPart(piece.text)
          : partOf(inputs[at++], context.typeOf(piece.path), shown(piece), piece.width),
      );
      const compose = composer(parts, out);
      return {
        out,
        fill({ count }) {
          out.nulls.any = false;
          for (const input of inputs) mergeNulls(input.nulls, out.nulls, count);
          compose(count);
        },
      };
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

function pieceSql(piece: Piece): string {
  if (piece.kind === "literal") return sqlText(piece.text);
  const { path, width } = piece;
  if (width === 0) return `{${path}}::text`;
  const digits = `abs({${path}})::text`;
  return `CASE WHEN {${path}} < 0 THEN '-' ELSE '' END || lpad(${digits}, greatest(${width}, length(${digits})), '0')`;
}

function shown({ path, width }: PathPiece): string {
  return width === 0 ? `{${path}}` : `{${path}:${width}}`;
}
