import { Socket } from "node:net";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { close, connect } from "../../src/postgres/connection.js";
import { type TestDatabase, testDatabase } from "../support/database.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

it("a connection that idles says something every 30 s, before a firewall forgets its flow", async () => {
  const asked = vi.spyOn(Socket.prototype, "setKeepAlive");
  try {
    await close(await connect(database.url));
    expect(asked.mock.calls).toEqual([[true, 30_000]]);
  } finally {
    asked.mockRestore();
  }
});
