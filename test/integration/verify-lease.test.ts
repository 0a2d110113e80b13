import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { takeLease } from "../../src/ledger/lease.js";
import { inTransaction } from "../../src/postgres/connection.js";
import { quoteIdentifier } from "../../src/postgres/identifiers.js";
import { type RunVerificationOptions, runVerification } from "../../src/verify/run-verification.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { loadSmall, smallUniverse } from "../support/safety-run.js";

const SCHEMA = "checked";
const { universe, plan } = smallUniverse(SCHEMA);

let database: TestDatabase;
let owner: pg.Client;
const reader = `reader ${process.pid}`;
let readersUrl: string;
beforeAll(async () => {
  database = await testDatabase();
  owner = await database.client();
  await loadSmall(database.url, { schema: SCHEMA });
  const role = quoteIdentifier(reader);
  await owner.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x'; GRANT USAGE ON SCHEMA ${SCHEMA}, seed_bulk TO ${role}`);
  await owner.query(`GRANT SELECT ON ALL TABLES IN SCHEMA ${SCHEMA}, seed_bulk TO ${role}`);
  await owner.query(`GRANT SELECT ON ALL SEQUENCES IN SCHEMA ${SCHEMA} TO ${role}`);
  readersUrl = database.url.replace(/^(\w+:\/\/)(?:[^/?@]*@)?/, `$1${encodeURIComponent(reader)}:x@`);
});
afterAll(async () => {
  await owner.query(`DROP OWNED BY ${quoteIdentifier(reader)}; DROP ROLE ${quoteIdentifier(reader)}`);
  await database.drop();
});

function verification(options: Partial<RunVerificationOptions> = {}) {
  return runVerification({ url: database.url, schema: SCHEMA, universe, plan, workers: 1, ...options });
}

/** Does something as soon as the first check is made. */
function atFirstCheck(work: () => Promise<unknown>) {
  let done: Promise<unknown> | undefined;
  return { observer: { stepEnded: () => void (done ??= work()) }, done: () => done };
}

const take = (): Promise<unknown> => inTransaction(owner, () => takeLease(owner, SCHEMA));
const takeOver = async (): Promise<unknown> =>
  owner.query("UPDATE seed_bulk.leases SET epoch = epoch + 1 WHERE schema_name = $1", [SCHEMA]);

describe("a verification", () => {
  it("holds the lease, so that no load begins meanwhile, and gives it back", async () => {
    let refusal: unknown;
    const meanwhile = atFirstCheck(() => take().catch((error: unknown) => (refusal = error)));
    const report = await verification({ observer: meanwhile.observer });
    await meanwhile.done();
    expect(report.ok).toBe(true);
    expect(refusal).toMatchObject({ code: "SB_RUN_BUSY" });
    await expect(take()).resolves.toBeDefined();
    await owner.query("UPDATE seed_bulk.leases SET until = '-infinity'");
  });

  it.each([
    ["one that may write", () => database.url],
    ["one that may only read", () => readersUrl],
  ])("of %s is worth nothing once another process has taken the schema over", async (_, url) => {
    const meanwhile = atFirstCheck(takeOver);
    await expect(verification({ url: url(), observer: meanwhile.observer })).rejects.toMatchObject({
      code: "SB_LEASE_LOST",
    });
    await owner.query("UPDATE seed_bulk.leases SET until = '-infinity'");
  });

  it.each([
    ["one that may write", () => database.url],
    ["one that may only read", () => readersUrl],
  ])("of %s does not begin while a process is at work", async (_, url) => {
    await take();
    await expect(verification({ url: url() })).rejects.toMatchObject({ code: "SB_RUN_BUSY" });
    await owner.query("UPDATE seed_bulk.leases SET until = '-infinity'");
    const { checks } = await verification({ url: url() });
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  });

  it("tells a right that is lacking as what it is, and not as a fault of the data", async () => {
    await owner.query(`REVOKE SELECT ON ${SCHEMA}.sales FROM ${quoteIdentifier(reader)}`);
    await expect(verification({ url: readersUrl })).rejects.toMatchObject({ code: "SB_DATABASE_AUTH" });
    await owner.query(`GRANT SELECT ON ${SCHEMA}.sales TO ${quoteIdentifier(reader)}`);
  });
});
