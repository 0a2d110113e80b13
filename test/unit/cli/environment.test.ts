import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databaseOfEnvironment, takeDotEnv } from "../../../src/cli/environment.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seed-bulk-env-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const urlOf = (env: Record<string, string>): string | undefined => databaseOfEnvironment(env)?.url;

describe("the database that the environment names", () => {
  it("is DATABASE_URL before all else, and none where nothing names one", () => {
    expect(databaseOfEnvironment({})).toBeUndefined();
    expect(databaseOfEnvironment({ PGUSER: "me", PGPASSWORD: "x", DATABASE_URL: "" })).toBeUndefined();
    expect(databaseOfEnvironment({ DATABASE_URL: "postgres://a/b", PGHOST: "other" })).toEqual({
      url: "postgres://a/b",
      from: "DATABASE_URL",
    });
  });

  it("is what libpq's variables say, with its defaults", () => {
    expect(urlOf({ PGHOST: "db", PGUSER: "me" })).toBe("postgresql://me@db:5432/me");
    expect(urlOf({ PGHOST: "db", PGUSER: "me", PGPORT: "5433", PGDATABASE: "shop", PGSSLMODE: "require" })).toBe(
      "postgresql://me@db:5433/shop?sslmode=require",
    );
    expect(urlOf({ PGDATABASE: "a/b c", PGUSER: "a@b" })).toBe("postgresql://a%40b@localhost:5432/a%2Fb%20c");
    expect(urlOf({ PGHOST: "::1", PGUSER: "me" })).toBe("postgresql://me@[::1]:5432/me");
    expect(urlOf({ PGHOST: "/run/pg", PGUSER: "me", PGDATABASE: "shop" })).toBe(
      "postgresql://me@/shop?host=%2Frun%2Fpg&port=5432",
    );
    expect(databaseOfEnvironment({ PGHOST: "db", PGDATABASE: "shop", PGUSER: "me" })?.from).toBe(
      "PGHOST and PGDATABASE",
    );
  });

  it("is a service of libpq's file, of which variables say otherwise what they name", () => {
    const file = join(folder, "services.conf");
    writeFileSync(file, "[one]\nhost=a\n\n# a comment\n[two]\nhost = b\ndbname=shop\nuser=me\npassword=p w\n");
    const env = { PGSERVICEFILE: file, PGSERVICE: "two" };
    expect(urlOf(env)).toBe("postgresql://me:p%20w@b:5432/shop");
    expect(urlOf({ ...env, PGDATABASE: "other" })).toBe("postgresql://me:p%20w@b:5432/other");
    expect(() => urlOf({ ...env, PGSERVICE: "three" })).toThrow(/no service file has it/);
  });

  it("may stand in .env, which says nothing that the environment says, and nothing else of a project's", () => {
    writeFileSync(
      join(folder, ".env"),
      "DATABASE_URL='postgres://me@db/shop'\nPGHOST=other\nSEED_BULK_ENABLED=true\nAPI_KEY=secret\nNODE_ENV=production\n",
    );
    const env: NodeJS.ProcessEnv = { PGHOST: "mine" };
    takeDotEnv(folder, env);
    expect(env).toEqual({ PGHOST: "mine", DATABASE_URL: "postgres://me@db/shop", SEED_BULK_ENABLED: "true" });
    expect(databaseOfEnvironment(env)?.from).toBe("DATABASE_URL in .env");
    const untouched = {};
    takeDotEnv(join(folder, "nowhere"), untouched);
    expect(untouched).toEqual({});
  });
});
