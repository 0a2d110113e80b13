import type { Paint } from "./style.js";
import { padRight, textWidth, wrapWords } from "./text.js";

/** Stands for a space at which no line is broken. */
export const NO_BREAK = "\u00a0";

/** One thing that is told below a table: a word, then lines that may be wrapped at their spaces. */
export interface Fact {
  readonly label: string;
  readonly lines: readonly string[];
}

/** Lays facts out as two columns, labels left. Words longer than the width, such as URLs, stay whole. */
export function layOutFacts(
  facts: readonly Fact[],
  options: { readonly columns: number; readonly paint: Paint },
): string[] {
  const labelWidth = Math.max(...facts.map(({ label }) => textWidth(label))) + 2;
  return facts.flatMap(({ label, lines }) =>
    lines
      .flatMap((line) => wrapWords(line, Math.max(1, options.columns - labelWidth)))
      .map(
        (line, index) =>
          options.paint.bold(padRight(index === 0 ? label : "", labelWidth)) + line.replaceAll(NO_BREAK, " "),
      ),
  );
}
