import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../../src/model/scenario/index.js";
import { directoryOf, load, loadText, models, refusal } from "./support.js";

const WINDOW = "window: { from: 2024-10-01, to: 2025-01-01 }";
const MINIMAL = `model: shop\n${WINDOW}\n`;

/** The problems, one a line, of an SB_SCENARIO_INVALID. */
async function problemsOf(text: string, overrides = {}): Promise<string[]> {
  const { code, message } = await refusal(loadText(text, overrides));
  expect(code).toBe("SB_SCENARIO_INVALID");
  const [head, ...lines] = message.split("\n");
  expect(head).toBe(`scenario "it" has ${lines.length === 1 ? "1 problem" : `${lines.length} problems`}:`);
  return lines.map((line) => line.replace("  shop/it.yaml:", ""));
}

describe("an invalid scenario", () => {
  it.each([
    ["sizes: { customers: abc }", '3:21 sizes.customers: expected integer >= 1, got "abc"'],
    ["sizes: { customers: 0 }", "3:21 sizes.customers: expected integer >= 1, got 0"],
    ["sizes: { customers: 1.5 }", "3:21 sizes.customers: expected integer >= 1, got 1.5"],
    ["sizes: { customers: 1e300 }", "3:21 sizes.customers: expected integer >= 1, got 1e+300"],
    ["sizes: { customers: .inf }", "3:21 sizes.customers: expected integer >= 1, got Infinity"],
    ["sizes: { customers: .nan }", "3:21 sizes.customers: expected integer >= 1, got NaN"],
    ["sizes: { logs: -1 }", "3:16 sizes.logs: expected integer >= 0, got -1"],
    ["sizes: { customers: null }", "3:21 sizes.customers: expected integer >= 1, got null"],
    ["sizes: { customers: [1] }", "3:21 sizes.customers: expected integer >= 1, got a list"],
    ["sizes: { customers: { a: 1 } }", "3:10 sizes.customers: expected integer >= 1, got a mapping"],
    ["sizes:", "3:7 sizes: expected a mapping, got null"],
    ["sizes: [1]", "3:8 sizes: expected a mapping, got a list"],
    ["features: { calls: 1 }", "3:20 features.calls: expected true or false, got 1"],
    ["features: { calls: yes }", '3:20 features.calls: expected true or false, got "yes"'],
    ["shares: { mailed: 1.1 }", "3:19 shares.mailed: expected number from 0 to 1, got 1.1"],
    ["shares: { mailed: 0.5 }", "3:1 shares.delivered: 0.8 is more than mailed, which is 0.5"],
    ["shares: { delivered: 0.95 }", "3:22 shares.delivered: 0.95 is more than mailed, which is 0.9"],
    ["weights: { status: { open: -1 } }", "3:28 weights.status.open: expected number from 0 to 1000000000, got -1"],
    ["weights: { status: { open: 0, closed: 0 } }", "3:12 weights.status: at least one weight must be above 0"],
    ["weights: { status: null }", "3:20 weights.status: expected a mapping, got null"],
    ["weights: { status: { shut: 1 } }", '3:22 weights.status.shut: unknown key "shut"; known keys: open, closed'],
    ["settings: { sigma: 4 }", "3:20 settings.sigma: expected number from 0 to 3, got 4"],
    ["settings: { days: 1.5 }", "3:19 settings.days: expected integer from 0 to 9, got 1.5"],
    ["seed: -1", "3:7 seed: expected integer from 0 to 9007199254740991, got -1"],
    ["seed: 9007199254740993", "3:7 seed: expected integer from 0 to 9007199254740991, got 9007199254740992"],
    ["name: ''", '3:7 name: expected text of 1 to 100 characters, got ""'],
    ['name: "a\\e[2J"', '3:7 name: expected text without control characters, got "a\\u001b[2J"'],
    ['description: "\\e[2J"', '3:14 description: expected text without control characters, got "\\u001b[2J"'],
    ["description: 5", "3:14 description: expected text of 1 to 2000 characters, got 5"],
    [
      "schema: pg_temp",
      '3:9 schema: expected the name of a Postgres schema, 1 to 63 bytes, not beginning with pg_, got "pg_temp"',
    ],
    [
      "recipents: 5",
      '3:1 recipents: unknown key "recipents"; known keys: name, description, extends, model, schema, seed, window, sizes, features, shares, weights, settings, anomalies',
    ],
    ["sizes: { recipents: 5 }", '3:10 sizes.recipents: unknown key "recipents", did you mean "recipients"?'],
    [
      "sise: { recipients: 5 }",
      '3:1 sise: unknown key "sise"; known keys: name, description, extends, model, schema, seed, window, sizes, features, shares, weights, settings, anomalies',
    ],
    ["size: { recipients: 5 }", '3:1 size: unknown key "size", did you mean "sizes"?'],
    [
      "sizes: { constructor: 5 }",
      '3:10 sizes.constructor: unknown key "constructor"; known keys: customers, recipients, perCustomer, logs',
    ],
    [
      "sizes: { 'a b\\n': 5 }",
      '3:10 sizes."a b\\\\n": unknown key "a b\\\\n"; known keys: customers, recipients, perCustomer, logs',
    ],
    [
      "<<: { seed: 5 }",
      '3:1 "<<": unknown key "<<"; known keys: name, description, extends, model, schema, seed, window, sizes, features, shares, weights, settings, anomalies',
    ],
    ["sizes: { 12: 5 }", '3:10 sizes.12: unknown key "12"; known keys: customers, recipients, perCustomer, logs'],
    ["extends:", "3:9 extends: expected the name or the relative path of one scenario, got null"],
    ["extends: [a, b]", "3:10 extends: expected the name or the relative path of one scenario, got a list"],
  ])("%s", async (line, expected) => {
    expect(await problemsOf(`${MINIMAL}${line}\n`)).toEqual([expected]);
  });

  it.each([
    [
      "",
      "1:1 window: no window is given: say when things happen, such as window: { from: 2025-01-01, to: 2026-01-01 }",
    ],
    ["window: 5", "2:9 window: expected a mapping, got 5"],
    [
      "window: { from: 2024-02-30, to: 2025-01-01 }",
      '2:17 window.from: expected a date (YYYY-MM-DD) or an instant with its zone (YYYY-MM-DDTHH:MM:SSZ), got "2024-02-30"',
    ],
    [
      "window: { from: 2024, to: 2025-01-01 }",
      "2:17 window.from: expected a date (YYYY-MM-DD) or an instant with its zone (YYYY-MM-DDTHH:MM:SSZ), got 2024",
    ],
    [
      "window: { from: 2025-01-01, to: 2025-01-01 }",
      "2:17 window.from: 2025-01-01T00:00:00.000Z is not before to, which is 2025-01-01T00:00:00.000Z",
    ],
    [
      "window: { from: 2024-01-01, months: 2, to: 2025-01-01 }",
      "2:37 window.months: give either from or months, not both",
    ],
    ["window: { to: 2025-01-01 }", "2:1 window: give either from or months"],
    ["window: { months: 0, to: 2025-01-01 }", "2:19 window.months: expected integer from 1 to 1200, got 0"],
    [
      "window: { months: 24, to: 0002-01-01 }",
      "2:19 window.months: 24 months before 0002-01-01T00:00:00.000Z is before the year 1",
    ],
  ])("a window such as %s", async (line, expected) => {
    expect((await problemsOf(`model: shop\n${line}\n`)).join("\n")).toBe(expected);
  });

  it.each([
    ["", "1:1 model: expected a model (shop, shed), got nothing"],
    ["model: [shop]", "2:8 model: expected a model (shop, shed), got a list"],
    ["model: shopp", '2:8 model: expected a model (shop, shed), got "shopp", did you mean "shop"?'],
    ["model: constructor", '2:8 model: expected a model (shop, shed), got "constructor"'],
    ["model: shed", '2:8 model: expected "shop", the folder that the file is in, got "shed"'],
  ])("a model such as %j", async (line, expected) => {
    expect(await problemsOf(`${WINDOW}\n${line}\n`)).toEqual([expected]);
  });

  it.each([
    [{ seed: -1 }, "  --seed: expected integer from 0 to 9007199254740991, got -1"],
    [{ seed: Number.NaN }, "  --seed: expected integer from 0 to 9007199254740991, got NaN"],
    [{ scale: 0 }, "  --scale: expected number > 0, got 0"],
    [{ scale: Number.NaN }, "  --scale: expected number > 0, got NaN"],
    [{ scale: Number.POSITIVE_INFINITY }, "  --scale: expected number > 0, got Infinity"],
    [
      { from: "soon" },
      '  --from: expected a date (YYYY-MM-DD) or an instant with its zone (YYYY-MM-DDTHH:MM:SSZ), got "soon"',
    ],
    [{ from: "2026-01-01" }, "  --from: 2026-01-01T00:00:00.000Z is not before to, which is 2025-01-01T00:00:00.000Z"],
    [
      { to: "2024-01-01" },
      "2:17 window.from: 2024-10-01T00:00:00.000Z is not before to, which is 2024-01-01T00:00:00.000Z",
    ],
    [
      { schema: "" },
      '  --schema: expected the name of a Postgres schema, 1 to 63 bytes, not beginning with pg_, got ""',
    ],
    [{ features: { card: false } }, '  --feature: unknown key "card", did you mean "cards"?'],
  ])("overrides such as %j", async (overrides, expected) => {
    expect(await problemsOf(MINIMAL, overrides)).toEqual([expected]);
  });

  it("names the sizes that a scale makes too large", async () => {
    expect(await problemsOf(`${MINIMAL}sizes: { customers: 9007199254740991, logs: 0 }\n`, { scale: 2 })).toEqual([
      "  --scale: makes sizes.customers 18014398509481982, more than 2^53 - 1",
    ]);
  });

  it("lists every problem at once, in the order of the text, those of the command line first", async () => {
    const text = `seed: x
sizes:
  custmers: 5
  logs: -1
shares: { mailed: 0.1, mialed: 0.2 }
weights: { status: { open: 0, closed: 0, opne: 1 } }
window: { from: 2025-02-01, to: 2025-01-01, until: 5 }
model: shop
`;
    expect(await problemsOf(text, { scale: -1 })).toEqual([
      "  --scale: expected number > 0, got -1",
      '1:7 seed: expected integer from 0 to 9007199254740991, got "x"',
      '3:3 sizes.custmers: unknown key "custmers", did you mean "customers"?',
      "4:9 sizes.logs: expected integer >= 0, got -1",
      "5:1 shares.delivered: 0.8 is more than mailed, which is 0.1",
      '5:24 shares.mialed: unknown key "mialed", did you mean "mailed"?',
      "6:12 weights.status: at least one weight must be above 0",
      '6:42 weights.status.opne: unknown key "opne", did you mean "open"?',
      "7:17 window.from: 2025-02-01T00:00:00.000Z is not before to, which is 2025-01-01T00:00:00.000Z",
      '7:45 window.until: unknown key "until"; known keys: from, to, months',
    ]);
  });

  it("shows fifty problems and counts the rest", async () => {
    const text = `${MINIMAL}sizes:\n${Array.from({ length: 60 }, (_, i) => `  unheardOf${i}: 1\n`).join("")}`;
    const { message } = await refusal(loadText(text));
    const lines = message.split("\n");
    expect([lines[0], lines.length, lines.at(-1)]).toEqual(['scenario "it" has 60 problems:', 52, "  and 10 more"]);
  });

  it("shortens what it quotes", async () => {
    const [problem] = await problemsOf(`${MINIMAL}seed: "${"x".repeat(5000)}"\n`);
    expect(problem).toBe(`3:7 seed: expected integer from 0 to 9007199254740991, got "${"x".repeat(60)}…"`);
  });

  it("points into the file that a value was inherited from", async () => {
    const directory = directoryOf({
      "shop/base.yaml": `${MINIMAL}sizes: { logs: -1 }\n`,
      "shop/child.yaml": "extends: base\nsizes: { customers: 0 }\n",
    });
    expect((await refusal(load(directory, "child"))).message).toBe(`scenario "child" has 2 problems:
  shop/base.yaml:3:16 sizes.logs: expected integer >= 0, got -1
  shop/child.yaml:2:21 sizes.customers: expected integer >= 1, got 0`);
  });

  it("does not take null for a wish to go without what it inherits", async () => {
    const directory = directoryOf({
      "shop/base.yaml": `${MINIMAL}sizes: { logs: 1 }\n`,
      "shop/child.yaml": "extends: base\nsizes: null\n",
    });
    expect((await refusal(load(directory, "child"))).message).toBe(`scenario "child" has 1 problem:
  shop/child.yaml:2:8 sizes: expected a mapping, got null`);
  });
});

describe("a file that is no mapping", () => {
  it.each([
    ["", "shop/it.yaml:1:1: expected a mapping of scenario keys, got an empty file"],
    ["# nothing yet\n", "shop/it.yaml:1:1: expected a mapping of scenario keys, got an empty file"],
    ["---\n", "shop/it.yaml:1:4: expected a mapping of scenario keys, got an empty file"],
    ["- a\n", "shop/it.yaml:1:1: expected a mapping of scenario keys, got a list"],
    ["just words\n", 'shop/it.yaml:1:1: expected a mapping of scenario keys, got "just words"'],
  ])("%j", async (text, message) => {
    expect(await refusal(loadText(text))).toEqual({ code: "SB_SCENARIO_INVALID", message });
  });

  it("is not read beyond 1 MiB", async () => {
    const message = "shop/it.yaml: a scenario file is at most 1 MiB";
    expect(await refusal(loadText(`${MINIMAL}# ${"x".repeat(1024 * 1024)}`))).toEqual({
      code: "SB_SCENARIO_INVALID",
      message,
    });
    await loadText(MINIMAL.padEnd(1024 * 1024, "#"));
  });
});

describe("broken YAML", () => {
  it.each([
    ["a: [1\n", "2:1: Flow sequence in block collection must be sufficiently indented and end with a ]"],
    ["a: b: c\n", "1:4: Nested mappings are not allowed in compact mappings"],
    ["a:\n\t- b\n", "2:1: Tabs are not allowed as indentation"],
    ['a: "\\q"\n', "1:5: Invalid escape sequence \\q"],
    ["a: !secret 1\n", "1:4: Unresolved tag: !secret"],
    ["a: 1\nb: 2\na: 3\n", '3:1: key "a" is given twice'],
    ["sizes: { a: 1, 'a': 2 }\n", '1:16: key "a" is given twice'],
    ["a: 1\n---\nb: 2\n", "3:1: expected one YAML document, found a second"],
    ["__proto__: { seed: 1 }\n", '1:1: key "__proto__" is not allowed'],
    ["? [a]\n: 1\n", "1:3: a key must be a word"],
    ["a: *b\n", '1:4: no anchor "b" before this alias'],
    ["%YAML 1.1\n---\na: !!binary aGk=\n", "3:13: expected a plain text, number, true, false or null"],
    ["a: &a { b: *a }\n", "1:7: nested too deeply"],
    [`${"[".repeat(40)}${"]".repeat(40)}\n`, "1:34: nested too deeply"],
  ])("%j", async (text, expected) => {
    const { code, message } = await refusal(loadText(text));
    expect({ code, message: message.replace("shop/it.yaml:", "") }).toEqual({
      code: "SB_SCENARIO_SYNTAX",
      message: expected,
    });
  });

  it("whose aliases multiply", async () => {
    const bomb = `a: &a [${"x, ".repeat(999)}x]\nb: [${"*a, ".repeat(30)}*a]\n`;
    const { code, message } = await refusal(loadText(bomb));
    expect(code).toBe("SB_SCENARIO_SYNTAX");
    expect(message).toMatch(/^shop\/it\.yaml:1:\d+: more than 20000 values$/);
    expect(await refusal(loadText(`a: &a x\nb: [${"*a, ".repeat(200)}*a]\n`))).toEqual({
      code: "SB_SCENARIO_SYNTAX",
      message: "shop/it.yaml:2:405: more than 100 aliases",
    });
  });

  it("of a hundred thousand brackets is nested too deeply", async () => {
    const { code, message } = await refusal(loadText("[".repeat(100_000)));
    expect(code).toBe("SB_SCENARIO_SYNTAX");
    expect(message).toMatch(/^shop\/it\.yaml:1:\d+: nested too deeply$/);
  });

  it("of a hundred thousand keys is refused in seconds", async () => {
    const text = Array.from({ length: 100_000 }, (_, i) => `k${i}: 1\n`).join("");
    expect((await refusal(loadText(text))).code).toBe("SB_SCENARIO_SYNTAX");
  }, 20_000);

  it("that is not UTF-8", async () => {
    const message = "shop/it.yaml:1:1: the file is not UTF-8 text";
    expect(await refusal(loadText(Buffer.from([0xff, 0xfe, 0x61, 0])))).toEqual({
      code: "SB_SCENARIO_SYNTAX",
      message,
    });
  });
});

describe("a scenario that cannot be found", () => {
  const directory = directoryOf({
    "shop/demo.yaml": MINIMAL,
    "shop/lonely.yaml": "extends: demoo\n",
    "shop/lost.yaml": "extends: ./nowhere.yaml\n",
    "shed/twin.yaml": MINIMAL,
    "shop/twin.yaml": MINIMAL,
    "own/torn.yaml": "extends: twin\n",
  });
  const known = "own/torn, shed/twin, shop/demo, shop/lonely, shop/lost, shop/twin";
  const hint = `Known scenarios: ${known}. A file of your own is given by its path, such as ./my.yaml.`;

  it.each([
    ["demoo", 'no scenario "demoo", did you mean "demo"?', hint],
    ["elsewhere", 'no scenario "elsewhere"', hint],
    ["shop/dmo", 'no scenario "shop/dmo", did you mean "shop/demo"?', hint],
    ["lonely", 'shop/lonely.yaml:1:10 extends: no scenario "demoo", did you mean "demo"?', hint],
    ["twin", 'several models have a scenario "twin": shed/twin, shop/twin', "Write one of shed/twin, shop/twin."],
    [
      "torn",
      'own/torn.yaml:1:10 extends: several models have a scenario "twin": shed/twin, shop/twin',
      "Write one of shed/twin, shop/twin.",
    ],
  ])("%s", async (name, message, expectedHint) => {
    expect(await refusal(load(directory, name))).toEqual({
      code: "SB_SCENARIO_NOT_FOUND",
      message,
      hint: expectedHint,
    });
  });

  it("by its path", async () => {
    const { code, message } = await refusal(load(directory, join(directory, "nowhere.yaml")));
    expect([code, message]).toEqual(["SB_SCENARIO_NOT_FOUND", 'cannot read the scenario "nowhere.yaml": no such file']);
    expect((await refusal(load(directory, "lost"))).message).toBe(
      'shop/lost.yaml:1:10 extends: cannot read the scenario "shop/nowhere.yaml": no such file',
    );
    expect((await refusal(load(directory, join(directory, "shop")))).message).toBe(
      'cannot read the scenario "shop": it is a directory',
    );
  });

  it("because there are none", async () => {
    expect(await refusal(loadScenario({ name: "demo", models, searchDirs: [join(directory, "void")] }))).toEqual({
      code: "SB_SCENARIO_NOT_FOUND",
      message: 'no scenario "demo"',
      hint: "Known scenarios: none. A file of your own is given by its path, such as ./my.yaml.",
    });
  });
});

describe("extends", () => {
  it("may not go in a circle", async () => {
    const directory = directoryOf({ "shop/a.yaml": "extends: b\n", "shop/b.yaml": "extends: ./a.yaml\n" });
    expect(await refusal(load(directory, "a"))).toEqual({
      code: "SB_SCENARIO_INVALID",
      message: `scenario "b" has 1 problem:
  shop/b.yaml:1:10 extends: extends goes in a circle: shop/a.yaml -> shop/b.yaml -> shop/a.yaml`,
    });
  });

  it("is at most sixteen files deep", async () => {
    const chain = (count: number) =>
      directoryOf({
        ...Object.fromEntries(Array.from({ length: count - 1 }, (_, i) => [`shop/s${i}.yaml`, `extends: s${i + 1}\n`])),
        [`shop/s${count - 1}.yaml`]: MINIMAL,
      });
    expect((await load(chain(16), "s0")).files).toHaveLength(16);
    const { code, message } = await refusal(load(chain(17), "s0"));
    expect(code).toBe("SB_SCENARIO_INVALID");
    expect(message).toContain("shop/s15.yaml:1:10 extends: a chain of extends is at most 16 files: shop/s0.yaml -> ");
  });
});
