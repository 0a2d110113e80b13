import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type GuardFacts, guardReasons, saysProduction } from "../../../../src/engine/guard/guard-reasons.js";

const FINE: GuardFacts = {
  nodeEnv: "test",
  embedded: false,
  enabled: true,
  names: [
    { of: "host", name: "db.test.example.com" },
    { of: "database", name: "app_test" },
  ],
  toggled: null,
  schema: "marketing",
  schemaMadeBy: "nobody yet",
  adoptSchema: false,
  rows: 2_000_000_000,
  rowsMax: 2_000_000_000,
  disk: { path: "/data", bytesFree: 10e9, bytesNeeded: 10e9 },
};

const off = { enabled: false, changedAt: new Date("2025-02-03T04:05:06Z"), changedBy: "ada@host" };

/** A fact that refuses, and what its reason says. */
const REFUSALS: readonly (readonly [Partial<GuardFacts>, RegExp])[] = [
  [{ nodeEnv: "production" }, /^NODE_ENV is production; unset it/],
  [{ enabled: false }, /set SEED_BULK_ENABLED=true \(or MOCK_DATA_ENABLED=true\)/],
  [{ names: [{ of: "host", name: "db.prod.example.com" }] }, /^the host "db\.prod\.example\.com" says production/],
  [{ names: [{ of: "database", name: "app_production" }] }, /^the database "app_production" says production/],
  [{ toggled: off }, /switched off, by ada@host at 2025-02-03T04:05:06\.000Z; .*toggle --enable/],
  [{ toggled: "unreadable" }, /switch cannot be read.*GRANT SELECT/],
  [{ schemaMadeBy: "somebody else" }, /"marketing" is there already .*--adopt-schema .*--schema/],
  [{ schemaMadeBy: "the ledger", schema: "seed_bulk", adoptSchema: true }, /keeps its ledger; use --schema/],
  [{ rows: 2_000_000_001 }, /2,000,000,001 rows, more than 2,000,000,000; raise --max-rows/],
  [{ disk: { path: "/data", bytesFree: 3e9, bytesNeeded: 12.34e9 } }, /about 12\.3 GB and \/data has 3\.00 GB free/],
];

describe("the guard", () => {
  it("lets through what nothing speaks against", () => {
    expect(guardReasons(FINE)).toEqual([]);
    expect(guardReasons({ ...FINE, embedded: true, enabled: false, names: [], disk: null })).toEqual([]);
    expect(guardReasons({ ...FINE, schemaMadeBy: "somebody else", adoptSchema: true })).toEqual([]);
    expect(guardReasons({ ...FINE, schemaMadeBy: "seed-bulk" })).toEqual([]);
    expect(guardReasons({ ...FINE, toggled: { ...off, enabled: true }, nodeEnv: undefined })).toEqual([]);
  });

  for (const [fact, expected] of REFUSALS) {
    it(`refuses for ${JSON.stringify(fact)} alone`, () => {
      const reasons = guardReasons({ ...FINE, ...fact });
      expect(reasons).toHaveLength(1);
      expect(reasons[0]).toMatch(expected);
    });
  }

  it("needs the embedded server's other facts to be right too", () => {
    expect(guardReasons({ ...FINE, embedded: true, enabled: false, nodeEnv: "Production", toggled: off })).toHaveLength(
      2,
    );
  });

  it("lists every reason at once, and each only once", () => {
    const names = ["prod", "prod", "live"].map((name) => ({ of: "database" as const, name }));
    const reasons = guardReasons({
      ...FINE,
      nodeEnv: "production",
      enabled: false,
      names,
      toggled: off,
      schemaMadeBy: "somebody else",
      rows: 3e9,
      disk: { path: "/data", bytesFree: 0, bytesNeeded: 1 },
    });
    expect(reasons).toHaveLength(8);
  });
});

describe("a name", () => {
  const yes =
    "prod production PROD prd live prod-db app_production db.prod.example.com appProd ProdDb DBProd prod1 db2-prod01 my-live-site " +
    "us-east-1.production.rds.example.com /var/run/prod Prod.Internal non.prod.example.com app-prod-replica";
  const no =
    "product_catalog reproduction products productions-studio olive deliver alive livestock prodigy app_test localhost 127.0.0.1 " +
    "nonprod non-prod pre_production preprod not-prod-db nonProd staging approdb /var/run/postgresql";
  for (const name of yes.split(" ")) it(`says production: ${name}`, () => expect(saysProduction(name)).toBe(true));
  for (const name of no.split(" ")) it(`does not: ${name}`, () => expect(saysProduction(name)).toBe(false));
  it("does not when it is empty", () => expect(saysProduction("")).toBe(false));

  it("says it wherever the word stands", () =>
    fc.assert(
      fc.property(
        fc.constantFrom("prod", "production", "live"),
        fc.array(fc.constantFrom("app", "db", "eu", "1", "x7"), { maxLength: 3 }),
        fc.array(fc.constantFrom("app", "db", "eu", "1", "x7"), { maxLength: 3 }),
        fc.constantFrom("-", "_", ".", " ", "/"),
        (word, before, after, mark) => saysProduction([...before, word, ...after].join(mark)),
      ),
    ));
});
