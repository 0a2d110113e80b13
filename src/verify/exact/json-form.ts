/**
 * A JSON text as Postgres prints it as jsonb: keys by their length in bytes, then bytewise, the last of equal keys; one
 * space after a colon and a comma; numbers written out as numeric does. A model's documents need not be written so, and
 * a row whose documents mean the same is no difference.
 * @returns the text as it came where it is no JSON
 */
export function jsonbForm(text: string): string {
  try {
    return new Reader(text).whole();
  } catch {
    return text;
  }
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): string {
    const value = this.#value();
    if (this.#at !== this.#text.length) throw new SyntaxError("text after the value");
    return value;
  }

  #value(): string {
    this.#skipSpace();
    const first = this.#text[this.#at];
    const value =
      first === "{"
        ? this.#object()
        : first === "["
          ? this.#array()
          : first === '"'
            ? JSON.stringify(this.#string())
            : this.#scalar();
    this.#skipSpace();
    return value;
  }

  #object(): string {
    const members = new Map<string, string>();
    this.#list("}", () => {
      this.#skipSpace();
      const key = this.#string();
      this.#skipSpace();
      this.#take(":");
      members.set(key, this.#value());
    });
    const sorted = [...members].map(([key, value]) => ({ key, value, bytes: Buffer.from(key) }));
    sorted.sort((a, b) => a.bytes.length - b.bytes.length || a.bytes.compare(b.bytes));
    return `{${sorted.map(({ key, value }) => `${JSON.stringify(key)}: ${value}`).join(", ")}}`;
  }

  #array(): string {
    const elements: string[] = [];
    this.#list("]", () => elements.push(this.#value()));
    return `[${elements.join(", ")}]`;
  }

  #list(close: string, element: () => void): void {
    this.#at++;
    this.#skipSpace();
    if (this.#text[this.#at] === close) {
      this.#at++;
      return;
    }
    for (;;) {
      element();
      if (this.#text[this.#at] === close) break;
      this.#take(",");
    }
    this.#at++;
  }

  #string(): string {
    const match = this.#match(/"(?:[^"\\]|\\.)*"/sy);
    return JSON.parse(match) as string;
  }

  #scalar(): string {
    const match = this.#match(/true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
    return /^[tfn]/.test(match) ? match : numericForm(match);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) throw new SyntaxError(`unexpected text at ${this.#at}`);
    this.#at += match[0].length;
    return match[0];
  }

  #take(character: string): void {
    if (this.#text[this.#at] !== character) throw new SyntaxError(`${character} expected at ${this.#at}`);
    this.#at++;
  }

  #skipSpace(): void {
    while (/[ \t\n\r]/.test(this.#text[this.#at] ?? "")) this.#at++;
  }
}

/** A JSON number as numeric prints it: no exponent, the digits behind the point as written, no minus before zero. */
function numericForm(text: string): string {
  const [, sign, whole, fraction = "", exponent = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text)!;
  const shift = Number(exponent);
  const scale = Math.max(0, fraction.length - shift);
  const digits = (whole + fraction + "0".repeat(Math.max(0, shift - fraction.length))).padStart(scale + 1, "0");
  const point = digits.length - scale;
  const left = digits.slice(0, point).replace(/^0+(?=\d)/, "");
  const number = scale > 0 ? `${left}.${digits.slice(point)}` : left;
  return /[1-9]/.test(number) ? sign + number : number;
}
