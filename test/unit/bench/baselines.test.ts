import { describe, expect, it } from "vitest";
import { contactsColumns, contactsInsert, contactsStatements } from "../../../bench/baselines/contacts.js";
import { copyScript, dealFiles } from "../../../bench/baselines/programs.js";
import { dumpRefusal, findProgram } from "../../../bench/programs.js";
import { throughput } from "../../../bench/scopes/load-metrics.js";
import type { ReadyFile } from "../../../bench/tasks.js";

const file = (bytes: number): ReadyFile => ({
  file: `/folder/${bytes}.copy`,
  statement: 'COPY "m"."t" ("a", "b") FROM STDIN WITH (FORMAT binary)',
  rows: 1,
  bytes,
});

describe("ready files", () => {
  it("are dealt so that no connection has much more than another", () => {
    const hands = dealFiles([1, 8, 7, 3, 5, 6].map(file), 2);
    expect(hands.flat()).toHaveLength(6);
    const sums = hands.map((hand) => hand.reduce((sum, { bytes }) => sum + bytes, 0));
    // The largest first, each to whoever has least: 8 5 3 and 7 6 1.
    expect(sums).toEqual([16, 14]);
  });

  it("become a script for psql, without the statement's own source", () => {
    expect(copyScript([file(1)])).toBe(`\\copy "m"."t" ("a", "b") FROM '/folder/1.copy' WITH (FORMAT binary)\n`);
  });
});

describe("the contacts table of the slow loaders", () => {
  it("is the model's, and an INSERT of 1,000 rows stays below Postgres' 65,535 parameters", () => {
    expect(contactsStatements("s").some((sql) => sql.includes('CREATE TABLE "s"."contacts"'))).toBe(true);
    expect(contactsInsert("s")).toContain('INSERT INTO "s"."contacts" ("id", "client_id", "first_name"');
    expect(contactsColumns().length * 1000).toBeLessThan(65_535);
  });
});

describe("programs of Postgres", () => {
  it("that are not there are told by name", async () => {
    expect(await findProgram("pg_nothing", { PATH: "/nowhere" })).toBe("no pg_nothing in PATH");
  });

  it("cannot dump a server newer than themselves", () => {
    const program = { path: "pg_dump", version: "15.18", major: 15 };
    expect(dumpRefusal(program, 18)).toBe("pg_dump 15.18 does not read a server of version 18");
    expect(dumpRefusal(program, 15)).toBeUndefined();
    expect(dumpRefusal(program, 14)).toBeUndefined();
  });
});

describe("throughput", () => {
  it("is what was made between two looks, not since the start", () => {
    const points = throughput([
      [0.2, 100],
      [0.4, 400],
      [0.41, 410],
      [0.6, 400],
    ]);
    expect(points.map(([at]) => at)).toEqual([0.2, 0.4, 0.6]);
    expect(points[0][1]).toBeCloseTo(500, 6);
    expect(points[1][1]).toBeCloseTo(1500, 6);
    expect(points[2][1]).toBe(0);
  });
});
