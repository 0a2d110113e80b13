import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { untilReady } from "../../src/postgres/until-ready.js";
import { runCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { type FakeServer, type Fate, fakeServer } from "../support/fake-server.js";

const STARTING: Fate = { sqlstate: "57P03", message: "the database system is starting up" };

let database: TestDatabase;
let server: FakeServer | undefined;
beforeAll(async () => {
  database = await testDatabase();
});
afterEach(() => server?.close());
afterAll(() => database.drop());

describe("a server that is starting up", () => {
  it("is waited for before a load, with a notice", async () => {
    server = await fakeServer(database.url, ({ index }) => (index < 3 ? STARTING : "pass"));
    const { code, stderr } = await runCommand(
      ["--scenario", "demo", "--workers", "1", "--database-url", server.url, "--json"],
      { SEED_BULK_ENABLED: "true" },
    );
    expect(code, stderr).toBe(0);
    expect(stderr.match(/waiting: .*the database system is starting up/g)).toHaveLength(1);
    const { rows } = await (await database.client()).query("SELECT count(*)::int AS n FROM marketing.contacts");
    expect(rows).toEqual([{ n: 300 }]);
  });

  it("may close its socket on the way", async () => {
    const fates: readonly Fate[] = [STARTING, "reset", STARTING, "reset"];
    server = await fakeServer(database.url, ({ index }) => fates[index] ?? "pass");
    const notices: string[] = [];
    await untilReady(server.url, { onNotice: (text) => notices.push(text) });
    expect(server.count()).toBe(fates.length + 1);
    expect(notices).toHaveLength(1);
  });

  it("is not waited for beyond the bound, and told as what it is", async () => {
    server = await fakeServer(database.url, () => STARTING);
    const waited = untilReady(server.url, { secondsMax: 0.3 });
    await expect(waited).rejects.toMatchObject({
      code: "SB_DATABASE_UNREACHABLE",
      message: expect.stringContaining("starting up"),
    });
    expect(server.count()).toBeGreaterThan(1);
  });

  it("is not waited for once the command is told to stop", async () => {
    server = await fakeServer(database.url, () => STARTING);
    const stop = new AbortController();
    const waited = untilReady(server.url, { signal: stop.signal, onNotice: () => stop.abort() });
    await expect(waited).rejects.toMatchObject({ code: "SB_INTERRUPTED" });
    expect(server.count()).toBe(1);
  });

  it.each<Fate>(["reset", { sqlstate: "28P01", message: "password authentication failed" }])(
    "is another matter than one that refuses otherwise, which is told at once: %s",
    async (fate) => {
      server = await fakeServer(database.url, () => fate);
      await expect(untilReady(server.url)).rejects.toMatchObject({ code: expect.stringMatching(/^SB_DATABASE_/) });
      expect(server.count()).toBe(1);
    },
  );
});
