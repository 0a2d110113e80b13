import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toggleCommand } from "../../src/cli/commands/toggle.js";
import { readSwitch, writeSwitch } from "../../src/postgres/switch.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { catalogOf } from "../support/safety-catalog.js";
import { outcomeOf } from "../support/safety-output.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

async function toggled(...flags: string[]): Promise<{ enabled: boolean; changedBy: string | null }> {
  const { stdout, error } = await outcomeOf(toggleCommand(), [...flags, "--json", "--database-url", database.url]);
  expect(error).toBeUndefined();
  return JSON.parse(stdout);
}

describe("toggle", () => {
  it("shows that nobody has toggled, and writes nothing", async () => {
    const client = await database.client();
    const before = await catalogOf(client);
    expect(await toggled()).toEqual({ enabled: true, changedAt: null, changedBy: null });
    expect(await catalogOf(client)).toEqual(before);
  });

  it("switches off and on before any run exists, says by whom, and keeps what it was told", async () => {
    expect(await toggled("--disable")).toMatchObject({ enabled: false, changedBy: expect.stringContaining("@") });
    expect(await toggled()).toMatchObject({ enabled: false });
    expect(await toggled("--enable")).toMatchObject({ enabled: true });
    expect(await toggled()).toMatchObject({ enabled: true, changedBy: expect.stringContaining("@") });
    const { stdout } = await outcomeOf(toggleCommand(), ["--disable", "--database-url", database.url]);
    expect(stdout).toMatch(/^Disabled by \S+@\S+ at \d{4}-\S+Z\.\n$/);
  });

  it("takes one of the two", async () => {
    const { error } = await outcomeOf(toggleCommand(), ["--disable", "--enable", "--database-url", database.url]);
    expect(error).toMatchObject({ code: "commander.conflictingOption" });
  });

  it("is one switch, however many turn it at once", async () => {
    const clients = await Promise.all(Array.from({ length: 8 }, () => database.client()));
    await clients[0].query("DROP SCHEMA IF EXISTS seed_bulk CASCADE");
    await Promise.all(clients.map((client) => writeSwitch(client, false)));
    const { rows } = await clients[0].query("SELECT enabled FROM seed_bulk.switch");
    expect(rows).toEqual([{ enabled: false }]);
    expect(await readSwitch(clients[0])).toMatchObject({ enabled: false });
  });
});
