import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COPY_HEADER } from "../../src/encode/copy-binary.js";
import { close, connect, isCut } from "../../src/postgres/connection.js";
import { copyRows } from "../../src/postgres/copy-sink.js";
import { type TestDatabase, testDatabase } from "../support/database.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

/** More than a server takes before it says what is wrong with it. */
const ROWS = Buffer.alloc(64 * 1024, 7);

describe("a COPY that the server refuses", () => {
  it.each([
    ["before its first byte", "COPY nowhere FROM STDIN WITH (FORMAT binary)", /relation "nowhere" does not exist/],
    ["for what it is sent", "COPY pg_temp.t FROM STDIN WITH (FORMAT binary)", /row field count|unexpected|invalid/i],
  ])("%s leaves its connection as good as before", async (_when, statement, message) => {
    const client = await connect(database.url);
    try {
      await client.query("CREATE TEMP TABLE t (id int)");
      await client.query("BEGIN");
      const copied = copyRows(
        client,
        statement,
        (work) => work,
        async (send) => {
          for (let i = 0; i < 20; i++) await send(ROWS);
          return COPY_HEADER.length;
        },
      );
      await expect(copied).rejects.toThrow(message);
      await client.query("ROLLBACK");
      expect(isCut(client)).toBe(false);
      expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    } finally {
      await close(client);
    }
  });
});
