/** Drawn two cells wide by terminals: East Asian scripts, their punctuation and full-width forms, emoji. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;
/** Drawn over or into the character before it. */
const ZERO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u;
/** Moves the cursor, ends a line, turns the direction of writing, or is no character at all. */
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;
const NAMED_ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** The terminal cells a text takes; approximate for joined emoji. The text holds no control characters. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** Shows control characters as escapes (`\n`, `\x1b`, `\u{202e}`), so that data cannot move the cursor. */
export function escapeControls(text: string): string {
  return text.replace(INVISIBLE, (character) => {
    const code = character.codePointAt(0) as number;
    const hex = code.toString(16);
    return NAMED_ESCAPES[character] ?? (code <= 0xff ? `\\x${hex.padStart(2, "0")}` : `\\u{${hex}}`);
  });
}

/** Cuts a text to a width, the last cell then an ellipsis. */
export function truncate(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  return width < 1 ? "" : `${splitAt(text, width - 1)[0]}…`;
}

/** Fills a text up with spaces on its right; a longer one stays as it is. */
export function padRight(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - textWidth(text)));
}

/** Fills a text up with spaces on its left; a longer one stays as it is. */
export function padLeft(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - textWidth(text))) + text;
}

/**
 * Breaks a text into lines at its spaces. A longer word stays whole: a URL cut in two cannot be copied.
 * @param width cells a line
 */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && textWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

/** Breaks a text into pieces of a width wherever that falls; at least one piece. */
export function wrapHard(text: string, width: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  do {
    const [piece, remainder] = splitAt(rest, Math.max(2, width));
    pieces.push(piece);
    rest = remainder;
  } while (rest !== "");
  return pieces;
}

function splitAt(text: string, width: number): [string, string] {
  let used = 0;
  let length = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (used > width) break;
    length += character.length;
  }
  return [text.slice(0, length), text.slice(length)];
}

function characterWidth(character: string): number {
  if (character < "\u0300") return 1;
  if (ZERO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
