import { describe, expect, it } from "vitest";
import { findingsOf, type ServerFindings, type ServerTraits } from "../../../../src/engine/guard/server-kinds.js";

const PLAIN: ServerTraits = {
  version: "PostgreSQL 18.0 on x86_64-pc-linux-gnu, compiled by gcc",
  extensions: ["plpgsql", "pg_stat_statements"],
  hasNeonSettings: false,
  hasAuroraVersion: false,
  host: "db.example.com",
};
const found = (traits: Partial<ServerTraits>, unlogged = false): ServerFindings =>
  findingsOf({ ...PLAIN, ...traits }, unlogged);

describe("what a server is", () => {
  it("means nothing where it is plain Postgres", () => {
    expect(found({}, true)).toEqual({ reasons: [], notices: [] });
  });

  it("is refused by name where exactly-once cannot hold", () => {
    expect(found({ version: "CockroachDB CCL v24.1.0 (x86_64)" }).reasons).toEqual([
      expect.stringMatching(/the server is CockroachDB: .*export/),
    ]);
    expect(found({ version: "PostgreSQL 11.2-YB-2.20.1.0-b0 on x86_64" }).reasons.join()).toMatch(/YugabyteDB/);
    expect(found({ host: "abc.dsql.eu-west-1.on.aws" }).reasons.join()).toMatch(/Aurora DSQL/);
  });

  it("forbids unlogged tables where they would be lost, and nothing else there", () => {
    for (const traits of [
      { hasNeonSettings: true },
      { host: "ep-x.eu-central-1.aws.neon.tech" },
      { hasAuroraVersion: true },
    ]) {
      expect(found(traits).reasons).toEqual([]);
      expect(found(traits, true).reasons.join()).toMatch(/--unlogged/);
    }
  });

  it("is worth a word where it is slower or otherwise than one thinks", () => {
    expect(found({ host: "ep-x-pooler.eu-central-1.aws.neon.tech" }).notices.join()).toMatch(/pooled host.*--workers/);
    expect(found({ extensions: ["citus"] }).notices.join()).toMatch(/does not distribute/);
    expect(found({ extensions: ["timescaledb"] }).notices.join()).toMatch(/hypertable/);
  });
});
