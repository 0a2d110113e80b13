import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { afterAll, describe, expect, it } from "vitest";
import { COMMANDS } from "../../../src/cli/command-table.js";
import { applyConfig, readConfig } from "../../../src/cli/config.js";
import { findConfig } from "../../../src/cli/find-config.js";

const folder = mkdtempSync(join(tmpdir(), "seed-bulk-config-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function written(text: string, extension = "yaml"): string {
  const file = join(folder, `${files++}.${extension}`);
  writeFileSync(file, text);
  return file;
}

/** What a command makes of a line beside a config: its options, and nothing done. */
async function optionsOf(name: string, words: readonly string[], text: string, profile?: string) {
  const command: Command = await COMMANDS[name].load();
  applyConfig(command, await readConfig(written(text), profile));
  command.exitOverride().action(() => {});
  await command.parseAsync([...words], { from: "user" });
  return command.opts();
}

const SHOP = `
scenario: demo
scale: 2
workers: 3
features: { giftCards: false }
database: { env: STAGING_URL }
profiles:
  ci: { workers: 1, scenario: development }
`;

describe("a config file", () => {
  it("says what is meant where the command line says nothing", async () => {
    expect(await optionsOf("plan", [], SHOP)).toMatchObject({
      scenario: "demo",
      scale: 2,
      feature: { giftCards: false },
    });
    expect(await optionsOf("generate", ["--scale", "5"], SHOP)).toMatchObject({ scale: 5, workers: 3 });
    expect(await optionsOf("generate", ["--feature", "callCenter=off"], SHOP)).toMatchObject({
      feature: { giftCards: false, callCenter: false },
    });
  });

  it("has profiles, whose settings stand before its own", async () => {
    expect(await optionsOf("generate", [], SHOP, "ci")).toMatchObject({
      scenario: "development",
      workers: 1,
      scale: 2,
    });
    await expect(optionsOf("generate", [], SHOP, "cj")).rejects.toMatchObject({
      code: "SB_CONFIG_INVALID",
      message: expect.stringContaining('no profile "cj", did you mean "ci"?'),
    });
  });

  it("gives way whole: a model named on the command line is not looked for a config's scenario, nor rows scaled", async () => {
    expect((await optionsOf("plan", ["--model", "./x.model.yaml"], SHOP))["scenario"]).toBeUndefined();
    expect((await optionsOf("plan", ["--rows", "500"], SHOP))["scale"]).toBeUndefined();
    expect((await optionsOf("plan", ["--multiplier", "3"], SHOP))["scale"]).toBeUndefined();
  });

  it("says nothing to commands that mean something else: what is verified, how many rows are shown", async () => {
    const verify = await optionsOf("verify", [], SHOP);
    expect(verify).toMatchObject({ workers: 3 });
    expect(verify["scenario"]).toBeUndefined();
    expect((await optionsOf("bench", [], SHOP))["scenario"]).toBeUndefined();
    expect((await optionsOf("preview", ["--entity", "users"], "rows: 90000\n"))["rows"]).toBe(5);
  });

  it("names files beside itself", async () => {
    const config = await readConfig(written("model: ./shop.model.yaml\nscenario: demo\n"), undefined);
    expect(config).toMatchObject({ model: join(folder, "shop.model.yaml"), scenario: "demo" });
  });

  it("may be a program", async () => {
    const file = written('export default { scenario: "demo", profiles: { ci: { workers: 2 } } };', "mjs");
    expect(await readConfig(file, "ci")).toMatchObject({ scenario: "demo", workers: 2 });
    await expect(readConfig(written("export default 7;", "mjs"), undefined)).rejects.toMatchObject({
      code: "SB_CONFIG_INVALID",
    });
  });

  it.each([
    ["scenario: demo\nworker: 3\n", /:2: there is no "worker", did you mean "workers"\?/],
    ["scale: 2\nprofiles:\n  ci:\n    scale: 0\n", /:4: profiles\.ci\.scale: /],
    ["scenario: [demo\n", /:\d: /],
    ["database: postgres://u:p@h/d\n", /:1: database: /],
    ["database: { env: postgres://u:p@h/d }\n", /:1: database\.env: expected the name of an environment variable/],
    ["7\n", /:1: /],
  ])("says where it is wrong: %j", async (text, problem) => {
    const error = await readConfig(written(text), undefined).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: "SB_CONFIG_INVALID", message: expect.stringMatching(problem) });
  });

  it("is found where commands are typed, and must be one", () => {
    const home = join(folder, "home");
    mkdirSync(home);
    expect(findConfig(home, undefined)).toBeUndefined();
    writeFileSync(join(home, "seed-bulk.config.yaml"), "");
    expect(findConfig(home, undefined)).toBe(join(home, "seed-bulk.config.yaml"));
    expect(findConfig(home, "other.yaml")).toBe(join(home, "other.yaml"));
    writeFileSync(join(home, "seed-bulk.config.ts"), "");
    expect(() => findConfig(home, undefined)).toThrow(/several config files/);
  });

  it("may be empty", async () => {
    expect(await readConfig(written(""), undefined)).toEqual({ file: expect.any(String) });
  });
});
