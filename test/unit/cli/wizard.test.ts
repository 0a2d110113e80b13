import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { formatCount } from "../../../src/cli/screen/format.js";
import { textWidth } from "../../../src/cli/screen/text.js";
import {
  commandToType,
  type DataChoices,
  databaseOption,
  generateArguments,
  shellQuoted,
} from "../../../src/cli/wizard/choices.js";
import { customScenario, customYaml, saveCustomScenario } from "../../../src/cli/wizard/custom-scenario.js";
import {
  rateProblem,
  scaleProblem,
  scenarioNameProblem,
  seedProblem,
  sizeProblem,
  sizesProblems,
} from "../../../src/cli/wizard/problems.js";
import { scenarioOptions } from "../../../src/cli/wizard/scenario-question.js";
import { commandNotes, confirmation, formatSummaryOf } from "../../../src/cli/wizard/summary.js";
import { featureChanges, featuresKeptOff } from "../../../src/cli/wizard/switches.js";
import { planOf } from "../../../src/cli/wizard/wizard.js";
import { loadScenario } from "../../../src/model/scenario/index.js";
import { MODELS } from "../../../src/models/index.js";

const searchDirs = [join(import.meta.dirname, "../../../scenarios")];
const folder = mkdtempSync(join(tmpdir(), "seed-bulk-wizard-"));
afterAll(() => rmSync(folder, { recursive: true }));

const demo: DataChoices = { scenario: "demo", features: {}, anomalies: {} };
const plain = { databaseUrl: undefined, replace: false };

describe("the arguments of generate", () => {
  it("are the scenario alone where nothing was changed", () => {
    expect(generateArguments(demo, plain)).toEqual(["--scenario", "demo"]);
  });

  it("say all that was changed", () => {
    const data = { ...demo, scale: 2, seed: 0, features: { analytics: true, calls: false }, anomalies: { late: 0.02 } };
    expect(generateArguments(data, { databaseUrl: "postgres://h/d", replace: true }).join(" ")).toBe(
      "--scenario demo --scale 2 --seed 0 --feature analytics=on --feature calls=off --anomaly late=0.02 " +
        "--database-url postgres://h/d --replace",
    );
  });

  it("name the file of custom sizes, which has the rest", () => {
    const data = { ...demo, seed: 3, features: { a: true }, custom: { sizes: { clients: 8 }, name: "eight" } };
    expect(generateArguments(data, plain)).toEqual(["--scenario", "./eight.yaml"]);
  });

  it("ask for the embedded Postgres by an empty URL where DATABASE_URL would win", () => {
    expect(databaseOption({ kind: "embedded" }, {})).toBeUndefined();
    expect(databaseOption({ kind: "embedded" }, { DATABASE_URL: "postgres://h/d" })).toBe("");
    expect(databaseOption({ kind: "environment", url: "postgres://h/d" }, { DATABASE_URL: "x" })).toBeUndefined();
    expect(databaseOption({ kind: "typed", url: "postgres://h/d" }, {})).toBe("postgres://h/d");
  });
});

describe("the command to type", () => {
  it("is read back by a shell word for word", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary-ascii" }).map((s) => s.replaceAll("\0", ""))), (words) => {
        const script = `printf '%s\\0' ${words.map(shellQuoted).join(" ")}`;
        const heard = execFileSync("sh", ["-c", words.length === 0 ? ":" : script], { encoding: "utf8" });
        expect(heard).toBe(words.map((word) => `${word}\0`).join(""));
      }),
      { numRuns: 50 },
    );
  });

  it("has no password in it and says so", () => {
    const { command, redacted } = commandToType(["--scenario", "demo", "--database-url", "postgres://u:p@ss@h/d"]);
    expect(command).toBe("npx seed-bulk --scenario demo --database-url 'postgres://u:***@h/d'");
    expect(commandNotes({ kind: "typed", url: "" }, redacted)).toEqual([expect.stringContaining("***")]);
    expect(commandToType(["--database-url", "postgres://u@h/d"]).redacted).toBe(false);
    expect(commandToType(["--database-url", ""]).command).toBe("npx seed-bulk --database-url ''");
  });
});

describe("answers", () => {
  const { knobs } = MODELS.get("gaming")!;

  it("of a number are taken as the command line takes them", () => {
    for (const text of ["0.1", "5", "1000"]) expect(scaleProblem(text), text).toBeUndefined();
    for (const text of ["", "0", "-1", "1e3", "x", "0.00000001", ".5"]) expect(scaleProblem(text), text).toBeDefined();
    for (const text of ["0", "1", "0.02"]) expect(rateProblem(text), text).toBeUndefined();
    for (const text of ["", "1.1", "-0.1", "0.0000001"]) expect(rateProblem(text), text).toBeDefined();
    for (const text of ["0", "42", "9007199254740991"]) expect(seedProblem(text), text).toBeUndefined();
    for (const text of ["", "-1", "1.5", "9007199254740992"]) expect(seedProblem(text), text).toBeDefined();
  });

  it("of a size are checked in the words of the model's knobs", () => {
    expect(sizeProblem(knobs, "users", "5,000")).toBeUndefined();
    expect(sizeProblem(knobs, "users", "1")).toBe("expected integer >= 2");
    expect(sizeProblem(knobs, "transactions", "0")).toBeUndefined();
    expect(sizeProblem(knobs, "users", "5,00")).toMatch(/whole number/);
    expect(sizeProblem(knobs, "users", "99999999999999999999")).toBeDefined();
  });

  it("of sizes are checked together", () => {
    const sizes = knobs.sizes.parse({});
    expect(sizesProblems(knobs, sizes)).toEqual([]);
    expect(sizesProblems(knobs, { ...sizes, sessions: sizes["logins"] + 1 })).toEqual([
      "sessions: 651 is more than logins, which is 650",
    ]);
  });

  it("of a name make no file elsewhere and overwrite none", () => {
    const isTaken = (file: string): boolean => file === "mine.yaml";
    for (const text of ["a", "my_demo-2", "x.yaml"]) expect(scenarioNameProblem(text, isTaken), text).toBeUndefined();
    for (const text of ["", "../x", "a/b", "-x", ".x", "a b", "x".repeat(61), "mine", "mine.yaml"]) {
      expect(scenarioNameProblem(text, isTaken), text).toBeDefined();
    }
  });
});

describe("switches", () => {
  const dependentFeatures = { gifts: ["calls"], thanks: ["gifts"] };

  it("are named where they change, and where they would come on with another", () => {
    const own = { calls: false, gifts: false, thanks: false, logs: true };
    expect(featureChanges({ own, wanted: ["logs"], dependentFeatures })).toEqual({});
    expect(featureChanges({ own, wanted: ["calls"], dependentFeatures })).toEqual({
      calls: true,
      gifts: false,
      logs: false,
    });
  });

  it("stay off with what they build on", () => {
    expect(featuresKeptOff(["gifts", "thanks"], dependentFeatures)).toEqual([
      { name: "gifts", needs: "calls" },
      { name: "thanks", needs: "gifts" },
    ]);
    expect(featuresKeptOff(["calls", "gifts"], dependentFeatures)).toEqual([]);
  });
});

describe("a custom scenario", () => {
  const custom = { sizes: { clients: 8, contacts: 9 }, name: "eight" };
  const data: DataChoices = {
    scenario: "marketing/demo",
    custom,
    seed: 5,
    features: { errorLogs: true, giftCards: false },
    anomalies: { error_incident: 0.25 },
  };

  it("is the same in its file as it was before it was written", async () => {
    const loaded = await loadScenario({
      name: data.scenario,
      models: MODELS,
      searchDirs,
      overrides: { seed: 5, features: data.features, anomalies: data.anomalies },
    });
    writeFileSync(join(folder, "eight.yaml"), customYaml(data, custom));
    const read = await loadScenario({ name: join(folder, "eight.yaml"), models: MODELS, searchDirs });
    expect(read.scenario).toEqual(customScenario(data, custom, loaded.scenario));
    expect(read.scenario).toMatchObject({ name: "eight", seed: 5, sizes: { clients: 8, contacts: 9, campaigns: 18 } });
  });

  it("writes over no file", () => {
    writeFileSync(join(folder, "taken.yaml"), "mine");
    expect(() => saveCustomScenario(data, { ...custom, name: "taken" }, folder)).toThrow(/there is a file/);
    expect(readFileSync(join(folder, "taken.yaml"), "utf8")).toBe("mine");
  });
});

describe("what the wizard shows", () => {
  it("has scenarios one under another, and those that cannot be used", () => {
    const scenarios = [
      { name: "demo", description: "small", rows: 5837 },
      { name: "load_test", description: "", rows: 3_692_758 },
      { name: "bad", description: "", rows: undefined },
    ];
    const options = scenarioOptions(scenarios, { XDG_CACHE_HOME: join(folder, "none") });
    expect(options).toEqual([
      { value: "demo", label: "demo       5.84k rows, about 2 s", hint: "small" },
      { value: "load_test", label: "load_test  3.69M rows, about 17 s" },
      { value: "bad", label: "bad: not a valid scenario", disabled: true },
    ]);
  });

  it("tells counts, bytes, time and what is deleted, within the terminal's width", async () => {
    const plan = await planOf({ ...demo, scale: 0.5 });
    const names = ["campaigns", "clients", "contacts", "recipients", "events", "gift_cards", "sms_opt_ins"];
    const dropped = names.map((table) => ({ runId: "1", schema: "marketing", table, rows: 1000, bytes: 8192 }));
    for (const columns of [40, 77, 120]) {
      const lines = formatSummaryOf(
        { plan, database: "the embedded Postgres", dropped, file: "Its sizes are kept in ./eight.yaml" },
        { columns, color: false, estimate: { seconds: 3, from: "assumption" } },
      );
      expect(lines.filter((line) => textWidth(line) > columns)).toEqual([]);
      const text = lines.join(" ").replace(/\s+/g, " ");
      expect(text).toMatch(
        /contacts 150 .*about 3 s with keys, indexes and checks, on two cores that Postgres shares .*kB of binary COPY/,
      );
      expect(text).toContain(`total ${formatCount(plan.rows)} `);
      expect(text).toContain(
        `DELETED FIRST: 7 tables of earlier runs, about 7,000 rows, in the schema marketing: ${names.join(", ")}.`,
      );
      expect(text).toContain("./eight.yaml, a new file");
    }
    expect(confirmation(dropped)).toBe("Delete 7 tables and load it?");
    expect(confirmation([])).toBe("Load it?");
  });
});
