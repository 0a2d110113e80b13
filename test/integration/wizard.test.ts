import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { textWidth } from "../../src/cli/screen/text.js";
import { runCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { KEYS, type PseudoTerminal, startOnTerminal } from "../support/pseudo-terminal.js";

const { enter, down, up, space, escape: leave, interrupt } = KEYS;

let database: TestDatabase;
let client: pg.Client;
let folder: string;
let terminal: PseudoTerminal | undefined;
beforeAll(async () => {
  database = await testDatabase();
  client = await database.client();
});
afterAll(() => database.drop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "seed-bulk-wizard-"));
});
afterEach(async () => {
  terminal?.kill();
  rmSync(folder, { recursive: true });
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal is sent
const COLOUR = /\x1b\[(?:\d+;)*(?:[39][0-7]|4[0-7]|10[0-7])[;m]/;

const enabled = { SEED_BULK_ENABLED: "true" };

function start(env: Record<string, string> = {}): PseudoTerminal {
  terminal = startOnTerminal(["wizard"], { cwd: folder, env: { DATABASE_URL: database.url, ...enabled, ...env } });
  return terminal;
}

/** A menu is ready for keys once its last line is drawn. */
const menu = (message: string): RegExp => new RegExp(`${message}[\\s\\S]*confirm`);

/** The questions up to a scenario's sizes; models and scenarios stand in alphabetical order. */
const UNTIL_DEMO: readonly (readonly [RegExp, ...string[]])[] = [
  [menu("Which database\\?"), down, enter],
  [menu("What kind of data\\?"), enter],
  [menu("Which scenario\\?"), enter],
];
const SCALED: readonly (readonly [RegExp, ...string[]])[] = [
  [menu("How much of it\\?"), down, enter],
  [/Factor/, "0.5", enter],
  [menu("What shall be in it\\?"), down, space, enter],
  [/Change their rates\?/, enter],
  [/Seed/, "7", enter],
];
const AS_IT_IS: readonly (readonly [RegExp, ...string[]])[] = [
  [menu("How much of it\\?"), enter],
  [menu("What shall be in it\\?"), enter],
  [/Seed/, enter],
];

async function answerAll(wizard: PseudoTerminal, answers: readonly (readonly [RegExp, ...string[]])[]): Promise<void> {
  for (const [question, ...keys] of answers) await wizard.answer(question, ...keys);
}

const count = async (table: string): Promise<number> =>
  Number((await client.query(`SELECT count(*) FROM marketing.${table}`)).rows[0].count);

const plans = async (): Promise<{ hash: string; seed: number; state: string }[]> =>
  (
    await client.query(
      "SELECT plan_hash AS hash, (plan -> 'scenario' ->> 'seed')::int4 AS seed, state FROM seed_bulk.runs ORDER BY started_at",
    )
  ).rows;

describe("the wizard on an empty database", () => {
  it("writes nothing where it is left at a question of any kind", async () => {
    const path = [...UNTIL_DEMO, ...SCALED, [/Load it\?/, enter] as const];
    // A menu, a line of text, a menu of several, the last yes or no.
    for (const at of [1, 4, 5, path.length - 1]) {
      const [question] = path[at];
      const wizard = start();
      await answerAll(wizard, path.slice(0, at));
      await wizard.answer(question, at % 2 === 0 ? leave : interrupt);
      expect((await wizard.ended).code, String(question)).toBe(130);
      expect(wizard.text).toMatch(/SB_INTERRUPTED: the wizard was left; nothing was written/);
    }
    expect(readdirSync(folder)).toEqual([]);
    const { rows } = await client.query("SELECT nspname FROM pg_namespace WHERE nspname IN ('marketing', 'seed_bulk')");
    expect(rows).toEqual([]);
  });

  it("does not make an embedded Postgres to look into", async () => {
    const wizard = start({ DATABASE_URL: "" });
    await answerAll(wizard, [[menu("Which database\\?"), enter], ...UNTIL_DEMO.slice(1), ...AS_IT_IS]);
    await wizard.answer(/Load it\?/, leave);
    expect((await wizard.ended).code).toBe(130);
    expect(wizard.text).toContain("the embedded Postgres, schema marketing.");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("loads what was chosen by the command that it prints", async () => {
    const wizard = start();
    await answerAll(wizard, [...UNTIL_DEMO, ...SCALED]);
    await wizard.until(/2,9\d\d [\s\S]*Nothing is deleted\./);
    await wizard.answer(/Load it\?/, enter);
    expect((await wizard.ended).code, wizard.text).toBe(0);
    expect(wizard.raw).toMatch(COLOUR);
    expect(wizard.text).toMatch(/Verified: \d+ checks/);
    expect(await count("recipients")).toBe(500);
    expect(readdirSync(folder)).toEqual([]);

    const [typed] = /^npx seed-bulk .*$/m.exec(wizard.text) as RegExpExecArray;
    expect(typed).toBe("npx seed-bulk --scenario demo --scale 0.5 --seed 7 --feature errorLogs=on");
    const args = [...typed.split(" ").slice(2), "--replace", "--yes"];
    expect((await runCommand(args, { ...enabled, DATABASE_URL: database.url }, folder)).code).toBe(0);
    const [first, second] = await plans();
    expect(first).toEqual({ hash: second.hash, seed: 7, state: "replaced" });
  });
});

describe("the wizard on a database that earlier runs filled", () => {
  it("deletes only where that is agreed to, and no is what Enter means", async () => {
    const wizard = start();
    await answerAll(wizard, [...UNTIL_DEMO, ...AS_IT_IS]);
    await wizard.until(
      /DELETED FIRST: \d+ tables of earlier runs, about [\d,]+ rows, in the schema\s[\s\S]*marketing:[\s\S]*recipients/,
    );
    await wizard.until(/npx seed-bulk --scenario demo --replace\n/);
    await wizard.answer(/Delete \d+ tables and load it\?/, enter);
    expect((await wizard.ended).code).toBe(3);
    expect(wizard.text).toMatch(/SB_CONFIRMATION_NEEDED: nothing was deleted and nothing written/);
    expect(await count("recipients")).toBe(500);

    const agreeing = start();
    await answerAll(agreeing, [...UNTIL_DEMO, ...AS_IT_IS]);
    await agreeing.answer(/Delete \d+ tables and load it\?/, "y");
    expect((await agreeing.ended).code, agreeing.text).toBe(0);
    expect(await count("recipients")).toBe(1000);
  });

  it("keeps single sizes in a scenario file, and a typed URL's password to itself", async () => {
    const wizard = start({ DATABASE_URL: "postgres://nobody@127.0.0.1:1/none" });
    await wizard.answer(menu("Which database\\?"), down, enter);
    await wizard.until(/cannot connect to postgres:\/\/nobody@127\.0\.0\.1:1\/none/);
    await wizard.answer(menu("Which database\\?"), up, enter);
    await wizard.answer(/not shown/, database.url.replace(/:\/\/(\w+)@/, "://$1:sesame@"), enter);
    await answerAll(wizard, [
      ...UNTIL_DEMO.slice(1),
      [menu("How much of it\\?"), up, enter],
      [menu("Which size\\?"), down, enter],
      [/clients: how many\?/, "none", enter],
      [/expected a whole number/, "\x15", "0", enter],
      [/expected integer >= 1/, "\x15", "8", enter],
      [menu("clients +8 \\(was 6\\)"), enter],
      [/Name of the scenario file/, "../x", enter],
      [/expected letters, digits/, "\x15", "eight", enter],
      [menu("What shall be in it\\?"), enter],
      [/Seed/, "9", enter],
    ]);
    await wizard.answer(/Delete \d+ tables and load it\?/, "y");
    expect((await wizard.ended).code, wizard.text).toBe(0);
    expect(await count("clients")).toBe(8);
    expect(wizard.raw).not.toContain("sesame");
    // More than ten questions on one signal.
    expect(wizard.text).not.toContain("Warning");
    expect(wizard.text).toContain("The password is left out of it: put it where *** stands.");
    expect(wizard.text).toMatch(/^npx seed-bulk --scenario \.\/eight\.yaml --database-url '.*:\*\*\*@.*' --replace$/m);

    expect(readdirSync(folder)).toEqual(["eight.yaml"]);
    expect(readFileSync(join(folder, "eight.yaml"), "utf8")).toMatch(
      /^extends: demo\nseed: 9\nsizes:\n {2}clients: 8\n$/m,
    );
    const { stdout } = await runCommand(["plan", "--scenario", "./eight.yaml", "--json"], {}, folder);
    expect((await plans()).at(-1)).toMatchObject({ hash: JSON.parse(stdout).hash, seed: 9, state: "done" });
  });
});

describe("the wizard's surroundings", () => {
  it("must have a terminal", async () => {
    const { code, stdout, stderr } = await runCommand(["wizard"], { DATABASE_URL: database.url }, folder);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/SB_USAGE: the wizard asks questions and there is no terminal/);

    const dumb = start({ TERM: "dumb" });
    expect((await dumb.ended).code).toBe(2);
    expect(dumb.text).toMatch(/^error SB_USAGE: the wizard asks questions/);
  });

  it("may enable nothing: the database is refused when it is named", async () => {
    const wizard = start({ SEED_BULK_ENABLED: "" });
    await wizard.answer(menu("Which database\\?"), down, enter);
    await wizard.until(/must not be filled: nothing enables[\s\S]*SEED_BULK_ENABLED=true/);
    await wizard.answer(menu("Which database\\?"), interrupt);
    expect((await wizard.ended).code).toBe(130);
  });

  it("may have 80 columns and no colour", async () => {
    const wizard = start({ NO_COLOR: "1", DATABASE_URL: "" });
    await answerAll(wizard, [[menu("Which database\\?"), enter], ...UNTIL_DEMO.slice(1), ...AS_IT_IS]);
    await wizard.answer(/Load it\?/, leave);
    await wizard.ended;
    expect(wizard.raw).not.toMatch(COLOUR);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a cursor that moves begins another piece
    const pieces = wizard.raw.split(/\r?\n|\x1b\[[\d;]*[A-HJK]/).map((piece) => stripVTControlCharacters(piece));
    expect(pieces.length).toBeGreaterThan(50);
    expect(pieces.filter((piece) => textWidth(piece) > 80)).toEqual([]);
  });
});

describe("the wizard on a database with tables of its own", () => {
  it("works out how they are filled, says what it left out, and keeps the model that it loads", async () => {
    await client.query(
      "CREATE SCHEMA own; CREATE TABLE own.things (id int PRIMARY KEY, name text NOT NULL); CREATE TABLE own.never (id int CHECK (false))",
    );
    const wizard = start();
    await answerAll(wizard, [
      [menu("Which database\\?"), down, enter],
      [menu("What kind of data\\?"), up, enter],
      [/Rows of all tables together/, "700", enter],
    ]);
    await wizard.until(/own\.never: the condition never_\w+ refuses its rows/);
    await wizard.until(/own\.model\.yaml|\.model\.yaml, a new file/);
    await wizard.answer(/Load it\?/, enter);
    expect((await wizard.ended).code, wizard.text).toBe(0);
    const { rows } = await client.query("SELECT count(*)::int AS count FROM own.things");
    expect(rows[0].count).toBeGreaterThan(0);
    expect(readdirSync(folder).filter((name) => name.endsWith(".model.yaml"))).toHaveLength(1);
  });
});
