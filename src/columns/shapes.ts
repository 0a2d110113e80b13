/** A place of a text: one of its letters, all of one byte, or text that stands as it is where there is one only. */
export interface Place {
  readonly letters: readonly string[];
}

/** How often what a regular expression repeats without a bound is repeated, where lengths leave a choice. */
const REPEATED_USUAL = 8;
/** Texts made by a regular expression are no longer than this. */
const PLACES_MAX = 2000;

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const DIGITS = "0123456789";
const WORD = `${LOWER}${LOWER.toUpperCase()}${DIGITS}`;
const PRINTABLE = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join("");

/** Classes by their names in Postgres's regular expressions. */
const NAMED: Readonly<Record<string, string>> = {
  alpha: `${LOWER}${LOWER.toUpperCase()}`,
  alnum: WORD,
  digit: DIGITS,
  lower: LOWER,
  upper: LOWER.toUpperCase(),
  xdigit: `${DIGITS}abcdef`,
  space: " ",
  blank: " ",
  punct: "-_.,",
  print: WORD,
  graph: WORD,
  word: `${WORD}_`,
};

const ESCAPES: Readonly<Record<string, string>> = { d: DIGITS, w: `${WORD}_`, s: " ", D: LOWER, S: WORD, W: "-" };

/**
 * Texts of one length that a regular expression of Postgres's (ARE) matches as a whole: a place after another, each with
 * the letters that may stand there. Of branches the first is taken, and of lengths a usual one.
 * @param lengths in characters, both included
 * @returns undefined for what it does not read (look-around, back references) and where no length fits
 */
export function shapeOf(
  regex: string,
  lengths: { readonly least?: number; readonly most?: number } = {},
): Place[] | undefined {
  const { least = 0, most = PLACES_MAX } = lengths;
  const counts = [REPEATED_USUAL, 16, 32, 64, 128, 256, 5, 4, 3, 2, 1, 0];
  for (const usual of counts) {
    const places = new Reader(regex, usual).read();
    if (places === undefined) return undefined;
    if (places.length >= least && places.length <= Math.min(most, PLACES_MAX)) return places;
  }
  return undefined;
}

class Unreadable extends Error {}

/** Reads a regular expression from left to right, and expands it on the way. */
class Reader {
  readonly #text: string;
  readonly #usual: number;
  #at = 0;

  constructor(regex: string, usual: number) {
    this.#text = regex.replace(/^\*\*\*:|^\(\?[ix]+\)/, "");
    this.#usual = usual;
  }

  read(): Place[] | undefined {
    try {
      const places = this.#branches();
      if (this.#at < this.#text.length) throw new Unreadable();
      return places;
    } catch (error) {
      if (error instanceof Unreadable) return undefined;
      throw error;
    }
  }

  #branches(): Place[] {
    const first = this.#sequence();
    while (this.#text[this.#at] === "|") {
      this.#at++;
      this.#sequence();
    }
    return first;
  }

  #sequence(): Place[] {
    const places: Place[] = [];
    while (this.#at < this.#text.length && this.#text[this.#at] !== "|" && this.#text[this.#at] !== ")") {
      const start = this.#at;
      const atom = this.#atom();
      const isGroup = this.#text[start] === "(";
      for (let left = this.#times(isGroup); left > 0; left--) {
        places.push(...atom);
        if (places.length > PLACES_MAX) throw new Unreadable();
      }
    }
    return places;
  }

  #atom(): Place[] {
    const letter = this.#text[this.#at++];
    switch (letter) {
      case "^":
      case "$":
        return [];
      case ".":
        return [{ letters: [...LOWER] }];
      case "(":
        return this.#group();
      case "[":
        return [{ letters: this.#brackets() }];
      case "\\":
        return [{ letters: this.#escape() }];
      case "*":
      case "+":
      case "?":
        throw new Unreadable();
      default:
        return [{ letters: [letter] }];
    }
  }

  #group(): Place[] {
    if (this.#text.startsWith("?:", this.#at)) this.#at += 2;
    else if (this.#text[this.#at] === "?") throw new Unreadable();
    const places = this.#branches();
    if (this.#text[this.#at++] !== ")") throw new Unreadable();
    return places;
  }

  #escape(): string[] {
    const letter = this.#text[this.#at++];
    if (letter === undefined) throw new Unreadable();
    if (Object.hasOwn(ESCAPES, letter)) return [...ESCAPES[letter]];
    if (/[A-Za-z0-9]/.test(letter)) throw new Unreadable();
    return [letter];
  }

  #brackets(): string[] {
    const isNegated = this.#text[this.#at] === "^";
    if (isNegated) this.#at++;
    const letters = new Set<string>();
    for (let first = true; first || this.#text[this.#at] !== "]"; first = false) {
      if (this.#at >= this.#text.length) throw new Unreadable();
      const name = /^\[:(\w+):\]/.exec(this.#text.slice(this.#at));
      if (name !== null) {
        this.#at += name[0].length;
        for (const letter of NAMED[name[1]] ?? "") letters.add(letter);
        continue;
      }
      const from = this.#member();
      const isRange = from.length === 1 && this.#text[this.#at] === "-" && this.#text[this.#at + 1] !== "]";
      if (!isRange) {
        for (const letter of from) letters.add(letter);
        continue;
      }
      this.#at++;
      const [to] = this.#member();
      for (let code = from[0].charCodeAt(0); code <= to.charCodeAt(0) && code < 0x7f; code++)
        letters.add(String.fromCharCode(code));
    }
    this.#at++;
    const chosen = isNegated ? [...PRINTABLE].filter((letter) => !letters.has(letter)) : [...letters];
    // Where there is a choice, letters and digits: a text of blanks and quotes is nobody's name.
    const plain = chosen.filter((letter) => WORD.includes(letter));
    if (chosen.length === 0) throw new Unreadable();
    return plain.length > 0 ? plain : chosen;
  }

  #member(): string[] {
    const letter = this.#text[this.#at++];
    if (letter === undefined) throw new Unreadable();
    return letter === "\\" ? this.#escape() : [letter];
  }

  #times(isGroup: boolean): number {
    const rest = this.#text.slice(this.#at);
    const bounds = /^\{(\d+)(,(\d*))?\}/.exec(rest);
    const usual = isGroup ? Math.min(1, this.#usual) : this.#usual;
    const within = (least: number, most: number): number => Math.max(least, Math.min(most, usual));
    const [length, times] =
      bounds !== null
        ? [bounds[0].length, timesOf(bounds, within)]
        : rest.startsWith("*")
          ? [1, within(0, Infinity)]
          : rest.startsWith("+")
            ? [1, within(1, Infinity)]
            : rest.startsWith("?")
              ? [1, within(0, 1)]
              : [0, 1];
    this.#at += length;
    // Reluctant or not, it matches the same texts.
    if (length > 0 && this.#text[this.#at] === "?") this.#at++;
    return times;
  }
}

function timesOf(
  [, least, more, most]: readonly (string | undefined)[],
  within: (least: number, most: number) => number,
): number {
  if (more === undefined) return Number(least);
  return within(Number(least), most === "" ? Infinity : Number(most));
}
