import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileExpression } from "../../../src/columns/expression/compile.js";
import { ExpressionError } from "../../../src/columns/expression/parse.js";
import { BOOL, DATE, INT4, JSONB, numeric, type SqlType, TEXT, TIMESTAMPTZ } from "../../../src/core/sql-type.js";

const TYPES: Readonly<Record<string, SqlType>> = {
  n: INT4,
  money: numeric(10, 2),
  name: TEXT,
  flag: BOOL,
  at: TIMESTAMPTZ,
  day: DATE,
  document: JSONB,
  "customer.city": TEXT,
};

const scope = {
  typeOf(path: string): SqlType {
    if (!Object.hasOwn(TYPES, path)) throw new ExpressionError(`there is no ${path}`);
    return TYPES[path];
  },
  isNullable: () => false,
  requireKnob() {},
};

const compiled = (text: string, type?: SqlType) => compileExpression(text, scope, type);

describe("an expression", () => {
  it.each<[string, string]>([
    ["n + money * 2", "numeric"],
    ["n * n", "int8"],
    ["n / 2", "float8"],
    ["'a' || n || flag", "text"],
    ["n > 1 and not flag", "bool"],
    ["at + interval '2 days 3 hours'", "timestamptz"],
    ["day + 3", "date"],
    ["day - date(at)", "int8"],
    ["case when flag then 'x' else customer.city end", "text"],
  ])("makes of its parts' types one of its own: %s is %s", (text, type) => {
    expect(compiled(text).type.name).toBe(type);
  });

  it.each<[string, RegExp]>([
    ["n +", /expected a value, got the end/],
    ["(n", /expected \), got the end/],
    ["n n", /expected the end, got n/],
    ["n @ 2", /cannot read "@ 2"/],
    ["nope + 1", /there is no nope/],
    ["name + 1", /\+ is not between a text and a number/],
    ["n = 'a'", /what = compares is of a text, not of a number/],
    ["name < 'b'", /texts are compared by = and <>, not by </],
    ["n and flag", /what and joins is of true or false/],
    ["case when n then 1 end", /what stands behind when is of true or false/],
    ["case n when 1 then 'a' else 2 end", /the values are alike, not a text and a number/],
    ["case end", /expected a value, got end/],
    ["coalesce()", /coalesce takes 1 to 100 values, not 0/],
    ["rnd(n)", /there is no function rnd/],
    ["round(money, n)", /round takes a number of digits from 0 to 10, written out/],
    ["interval '3 months'", /expected an interval of weeks, days/],
    ["interval '3 days'", /a column cannot hold an interval/],
    ["document", /document is of the type jsonb, which expressions do not work with/],
    ["null", /a column cannot hold NULL/],
    ["n in (1, 'a')", /what = compares is of a text/],
    ["at + 3", /\+ is not between a moment and a number/],
    ["day + 1.5", /a date moves by whole days/],
    [`${"(".repeat(200)}n${")".repeat(200)}`, /it is too deep/],
    [`n${" + n".repeat(1200)}`, /more than 1000 operators/],
    ["0.12345678 * 0.12345678", /a product would have 16 digits/],
  ])("that is wrong is told: %$", (text, message) => {
    expect(() => compiled(text)).toThrow(ExpressionError);
    expect(() => compiled(text)).toThrow(message);
  });

  it("is refused for a column of another type", () => {
    expect(() => compiled("n > 1", TEXT)).toThrow("it makes true or false, not a text");
    expect(() => compiled("name", INT4)).toThrow("it makes a text, not a int4");
  });

  it("never fails otherwise, whatever is written", () => {
    const word = fc.constantFrom(
      ..."n money name flag at day customer.city + - * / % || = <> < >= and or not is null in between case when then else end ( ) , 1 2.5 'a' interval '1 day' true coalesce round least".split(
        " ",
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 14 }), (words) => {
        try {
          compiled(words.join(" "));
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
