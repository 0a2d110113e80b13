import { describe, expect, it } from "vitest";
import { databaseArgument } from "../../../src/cli/database.js";

describe("the database in a printed command", () => {
  it("is left out where each command finds it by itself", () => {
    const url = "postgresql://postgres@/seed_bulk?host=/tmp/x&port=5432";
    expect(databaseArgument({ url, embedded: true })).toBe("");
    expect(databaseArgument({ url, embedded: false })).toBe(` --database-url '${url}'`);
  });

  it("is named where it is another one of the embedded server, and without its password", () => {
    const url = "postgresql://postgres@/ddl_shop?host=/tmp/x&port=5432";
    expect(databaseArgument({ url, embedded: true })).toBe(` --database-url '${url}'`);
    expect(databaseArgument({ url: "postgres://me:secret@db/it's", embedded: false })).toBe(
      " --database-url 'postgres://me:***@db/it'\\''s'",
    );
  });
});
