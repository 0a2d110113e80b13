/** What is wrong with an expression's text. */
export class ExpressionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ExpressionError";
  }
}

/** An expression over the columns of a row, as it is written. */
export type Expression =
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "null" }
  | { readonly kind: "interval"; readonly us: number }
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "negative" | "not"; readonly of: Expression }
  | { readonly kind: "binary"; readonly operator: Operator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "isNull"; readonly of: Expression }
  | { readonly kind: "case"; readonly cases: readonly Case[]; readonly otherwise: Expression }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] };

/** `WHEN when THEN value`. */
export interface Case {
  readonly when: Expression;
  readonly value: Expression;
}

export type Operator = "or" | "and" | Comparison | "||" | "+" | "-" | "*" | "/" | "%";
export type Comparison = "=" | "<>" | "<" | "<=" | ">" | ">=";

/** How strongly operators bind, as in Postgres. */
const BINDING: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  "=": 4,
  "<>": 4,
  "<": 4,
  "<=": 4,
  ">": 4,
  ">=": 4,
  "||": 6,
  "+": 7,
  "-": 7,
  "*": 8,
  "/": 8,
  "%": 8,
};
const NOT_BINDING = 3;
const TEST_BINDING = 5;

const UNITS_US: Readonly<Record<string, number>> = {
  week: 604_800_000_000,
  day: 86_400_000_000,
  hour: 3_600_000_000,
  minute: 60_000_000,
  second: 1_000_000,
  millisecond: 1000,
  microsecond: 1,
};

/** Deeper and longer ones would end in a stack that is too small. */
const DEPTH_MAX = 100;
const OPERATORS_MAX = 1000;

/**
 * Parses an expression: numbers, 'texts', true, false, null, paths, + - * / %, ||, comparisons, and, or, not, is null,
 * in (…), between … and …, case … end, interval '3 days', calls.
 * @throws ExpressionError
 */
export function parseExpression(text: string): Expression {
  return new Parser(text).whole();
}

type TokenKind = "number" | "text" | "word" | "symbol" | "end";

interface Token {
  readonly kind: TokenKind;
  /** Of a text, what it holds; of a word, as it stands there. */
  readonly text: string;
  readonly at: number;
}

const TOKEN =
  /\s*(?:(?<number>\d+(?:\.\d+)?|\.\d+)|'(?<text>(?:[^']|'')*)'|(?<word>[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)|(?<symbol><=|>=|<>|!=|\|\||[-+*/%=<>(),]))/y;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null)
      throw new ExpressionError(`cannot read ${JSON.stringify(text.slice(from).trim().slice(0, 20))}`);
    const [kind, value] = Object.entries(match.groups!).find(([, found]) => found !== undefined) as [TokenKind, string];
    tokens.push({ kind, text: kind === "text" ? value.replaceAll("''", "'") : value, at: from });
  }
  tokens.push({ kind: "end", text: "the end", at: end });
  return tokens;
}

/** Words that are no paths. */
const RESERVED = new Set("and or not is null in between case when then else end true false interval".split(" "));

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;
  #operators = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  whole(): Expression {
    const expression = this.#expression(0);
    if (this.#token.kind !== "end") this.#fail("the end");
    return expression;
  }

  get #token(): Token {
    return this.#tokens[this.#next];
  }

  /** The next token where it is this word or symbol, in small letters. */
  #isAt(...texts: readonly string[]): string | undefined {
    const { kind, text } = this.#token;
    if (kind !== "word" && kind !== "symbol") return undefined;
    const small = text.toLowerCase();
    return texts.includes(small) ? small : undefined;
  }

  #take(...texts: readonly string[]): string | undefined {
    const found = this.#isAt(...texts);
    if (found !== undefined) this.#next++;
    return found;
  }

  #expect(text: string): void {
    if (this.#take(text) === undefined) this.#fail(text);
  }

  #fail(expected: string): never {
    const { kind, text } = this.#token;
    throw new ExpressionError(`expected ${expected}, got ${kind === "text" ? `'${text}'` : text}`);
  }

  #expression(least: number): Expression {
    if (++this.#depth > DEPTH_MAX) throw new ExpressionError("it is too deep");
    let left = this.#operand();
    for (;;) {
      const next = this.#after(left, least);
      if (next === undefined) break;
      if (++this.#operators > OPERATORS_MAX) throw new ExpressionError(`it has more than ${OPERATORS_MAX} operators`);
      left = next;
    }
    this.#depth--;
    return left;
  }

  /** What an operator that binds at the least so strongly makes of its left side; undefined where none follows. */
  #after(left: Expression, least: number): Expression | undefined {
    if (TEST_BINDING >= least) {
      const test = this.#test(left);
      if (test !== undefined) return test;
    }
    const { kind, text } = this.#token;
    const operator = text.toLowerCase() === "!=" ? "<>" : text.toLowerCase();
    if ((kind !== "symbol" && kind !== "word") || !Object.hasOwn(BINDING, operator)) return undefined;
    const binding = BINDING[operator];
    if (binding < least) return undefined;
    this.#next++;
    return { kind: "binary", operator: operator as Operator, left, right: this.#expression(binding + 1) };
  }

  /** `is null`, `in (…)`, `between … and …`, each also with `not`. */
  #test(of: Expression): Expression | undefined {
    if (this.#take("is") !== undefined) {
      const isNegated = this.#take("not") !== undefined;
      this.#expect("null");
      return negated({ kind: "isNull", of }, isNegated);
    }
    const isNegated = this.#take("not") !== undefined;
    if (this.#take("in") !== undefined) {
      this.#expect("(");
      const equals: Expression[] = this.#list().map((right) => ({ kind: "binary", operator: "=", left: of, right }));
      return negated(joined("or", equals), isNegated);
    }
    if (this.#take("between") !== undefined) {
      const low = this.#expression(TEST_BINDING + 1);
      this.#expect("and");
      const high = this.#expression(TEST_BINDING + 1);
      const bounds: Expression[] = [
        { kind: "binary", operator: ">=", left: of, right: low },
        { kind: "binary", operator: "<=", left: of, right: high },
      ];
      return negated(joined("and", bounds), isNegated);
    }
    if (isNegated) this.#fail("in or between");
    return undefined;
  }

  #operand(): Expression {
    if (this.#take("(") !== undefined) {
      const inner = this.#expression(0);
      this.#expect(")");
      return inner;
    }
    if (this.#take("-") !== undefined) return { kind: "negative", of: this.#expression(BINDING["*"] + 1) };
    if (this.#take("not") !== undefined) return { kind: "not", of: this.#expression(NOT_BINDING) };
    if (this.#take("case") !== undefined) return this.#case();
    const { kind, text } = this.#token;
    if (kind === "number" || kind === "text") {
      this.#next++;
      return kind === "number" ? { kind, text } : { kind, value: text };
    }
    if (kind !== "word") this.#fail("a value");
    return this.#word();
  }

  #word(): Expression {
    const word = this.#take("true", "false", "null", "interval");
    if (word === "null") return { kind: "null" };
    if (word === "interval") return this.#interval();
    if (word !== undefined) return { kind: "bool", value: word === "true" };
    const { text } = this.#token;
    if (RESERVED.has(text.toLowerCase())) this.#fail("a value");
    this.#next++;
    if (text.includes(".") || this.#take("(") === undefined) return { kind: "path", path: text };
    return { kind: "call", name: text.toLowerCase(), args: this.#take(")") === undefined ? this.#list() : [] };
  }

  /** Expressions to the closing bracket. */
  #list(): Expression[] {
    const list = [this.#expression(0)];
    while (this.#take(",") !== undefined) list.push(this.#expression(0));
    if (list.length > OPERATORS_MAX) throw new ExpressionError(`a list has more than ${OPERATORS_MAX} values`);
    this.#expect(")");
    return list;
  }

  #case(): Expression {
    const of = this.#isAt("when") === undefined ? this.#expression(0) : undefined;
    const cases: Case[] = [];
    while (this.#take("when") !== undefined) {
      const value = this.#expression(0);
      const when: Expression = of === undefined ? value : { kind: "binary", operator: "=", left: of, right: value };
      this.#expect("then");
      cases.push({ when, value: this.#expression(0) });
    }
    if (cases.length === 0) this.#fail("when");
    const otherwise: Expression = this.#take("else") === undefined ? { kind: "null" } : this.#expression(0);
    this.#expect("end");
    return { kind: "case", cases, otherwise };
  }

  /** `'3 days'`, `'1 hour 30 minutes'`: units of one length alone. */
  #interval(): Expression {
    const { kind, text } = this.#token;
    if (kind !== "text") this.#fail("a text such as '3 days'");
    this.#next++;
    const parts = [...text.matchAll(/\s*(-?\d+(?:\.\d+)?)\s*([a-z]+?)s?(?=\s|$)/gy)];
    const read = parts.reduce((length, [part]) => length + part.length, 0);
    if (
      parts.length === 0 ||
      text.slice(read).trim() !== "" ||
      parts.some(([, , unit]) => !Object.hasOwn(UNITS_US, unit))
    ) {
      throw new ExpressionError(`expected an interval of ${Object.keys(UNITS_US).join("s, ")}s, got '${text}'`);
    }
    return {
      kind: "interval",
      us: parts.reduce((us, [, count, unit]) => us + Math.round(Number(count) * UNITS_US[unit]), 0),
    };
  }
}

function negated(of: Expression, isNegated: boolean): Expression {
  return isNegated ? { kind: "not", of } : of;
}

function joined(operator: "and" | "or", parts: readonly Expression[]): Expression {
  return parts.reduce((left, right) => ({ kind: "binary", operator, left, right }));
}
