import { textWidth } from "./text.js";

const ESC = "\u001b[";
const HIDE_CURSOR = `${ESC}?25l`;
const SHOW_CURSOR = `${ESC}?25h`;
const ERASE_LINE_END = `${ESC}K`;
const ERASE_BELOW = `${ESC}J`;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the codes that we write ourselves
const STYLE_CODES = /\u001b\[\d+m/g;

/** As much of a stream as a screen needs; process.stderr is one. */
export interface ScreenStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  /** True while the terminal has not taken what it got. */
  readonly writableNeedDrain?: boolean | undefined;
}

/** The last lines of a terminal, redrawn in place, and lines that stay above them. */
export class LiveArea {
  readonly #out: ScreenStream;
  #drawn: readonly string[] = [];
  #hidden = false;
  readonly #showCursor = (): void => void this.#out.write(SHOW_CURSOR);

  constructor(out: ScreenStream) {
    this.#out = out;
  }

  /** Replaces the live lines. A frame that equals the last one, or that a slow terminal has no room for, is left out. */
  draw(lines: readonly string[]): void {
    if (this.#out.writableNeedDrain || sameLines(lines, this.#drawn)) return;
    this.#replace(lines);
  }

  /** Writes lines that stay, and removes the live ones until the next frame. */
  print(lines: readonly string[]): void {
    this.#replace(lines);
    this.#drawn = [];
  }

  /** Leaves the live lines where they are and gives the cursor back. */
  close(): void {
    if (!this.#hidden) return;
    this.#hidden = false;
    process.removeListener("exit", this.#showCursor);
    this.#showCursor();
  }

  #replace(lines: readonly string[]): void {
    const back = this.#drawnHeight();
    const up = back > 0 ? `\r${ESC}${back}A` : "";
    const body = lines.map((line) => `${line}${ERASE_LINE_END}\n`).join("");
    this.#out.write(`${this.#hideCursor()}${up}${body}${ERASE_BELOW}`);
    this.#drawn = lines;
  }

  /** Lines the last frame takes now: a terminal made narrower since has broken the long ones. */
  #drawnHeight(): number {
    const columns = this.#out.columns || Number.POSITIVE_INFINITY;
    return this.#drawn.reduce(
      (height, line) => height + Math.max(1, Math.ceil(textWidth(line.replace(STYLE_CODES, "")) / columns)),
      0,
    );
  }

  #hideCursor(): string {
    if (this.#hidden) return "";
    this.#hidden = true;
    // A crash must not leave a terminal without its cursor.
    process.once("exit", this.#showCursor);
    return HIDE_CURSOR;
  }
}

function sameLines(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index]);
}
