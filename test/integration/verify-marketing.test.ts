import { resolve } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeDictionaries } from "../../src/engine/dictionaries.js";
import { buildPlan } from "../../src/model/plan.js";
import { loadScenario } from "../../src/model/scenario/index.js";
import { Universe } from "../../src/model/universe.js";
import { MODELS } from "../../src/models/index.js";
import { marketingChecks } from "../../src/models/marketing/checks.js";
import { verify } from "../../src/verify/verify.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { loadInProcess } from "../support/verify-shop.js";

const MODEL = { ...MODELS.get("marketing")!, checks: marketingChecks };

let database: TestDatabase;
let client: pg.Client;
let universe: Universe;
beforeAll(async () => {
  database = await testDatabase();
  client = await database.client();
  const searchDirs = [resolve(import.meta.dirname, "../../scenarios")];
  const { scenario } = await loadScenario({ name: "marketing/development", models: MODELS, searchDirs });
  universe = new Universe(MODEL, scenario, makeDictionaries(MODEL));
  await loadInProcess(client, universe, "marketing");
  await client.query("SET search_path TO marketing");
});
afterAll(() => database.drop());

/** The checks that fail where statements have spoiled the data, which are undone afterwards by their opposites. */
async function faults(spoil?: string, mend?: string): Promise<string[]> {
  if (spoil) await client.query(spoil);
  const options = { url: database.url, schema: "marketing", universe, plan: buildPlan(universe), connections: 2 };
  const { checks } = await verify(options);
  if (mend) await client.query(mend);
  return checks.filter(({ ok }) => !ok).map(({ name }) => name);
}

/** Changes one row, and changes it back. */
async function faultsOfUpdate(table: string, set: string, where: string): Promise<string[]> {
  await client.query(`CREATE TABLE public.kept AS SELECT * FROM ${table} WHERE ${where}`);
  const { rows } = await client.query<{ columns: string }>(
    "SELECT string_agg(quote_ident(column_name), ', ') AS columns FROM information_schema.columns " +
      "WHERE table_schema = 'marketing' AND table_name = $1",
    [table],
  );
  const { columns } = rows[0];
  try {
    return await faults(
      `UPDATE ${table} t SET ${set} FROM public.kept WHERE t.id = kept.id`,
      `UPDATE ${table} t SET (${columns}) = (SELECT ${columns} FROM public.kept k WHERE k.id = t.id) FROM public.kept WHERE t.id = kept.id`,
    );
  } finally {
    await client.query("DROP TABLE public.kept");
  }
}

describe("marketing", () => {
  it("passes as it is loaded", async () => {
    expect(await faults()).toEqual([]);
  });

  it("fails where a spam caller agrees to text messages", async () => {
    const found = await faultsOfUpdate(
      "call_sessions",
      "disposition = 'spam'",
      "id = (SELECT min(call_session_id) FROM sms_opt_ins)",
    );
    expect(found).toContain("state of sms_opt_ins: nobody agrees who is a stranger or not interested");
    expect(found).toContain("state of call_sessions: wrong numbers and spam have no reason");
  });

  it("fails where a user has come oftener than the account's days allow", async () => {
    const days = "extract(epoch FROM t.last_login_at - t.created_at) / 86400";
    expect(
      await faultsOfUpdate(
        "users",
        `login_count = 2 + 12 * ceil(${days})`,
        "id = (SELECT min(id) FROM users WHERE last_login_at IS NOT NULL)",
      ),
    ).toEqual(["state of users: as many logins as there were days for"]);
  });

  it("fails where a delivery follows no mailing", async () => {
    const found = await faultsOfUpdate(
      "events",
      "event_type = 'qr_scanned'",
      "id = (SELECT min(e.id) FROM events e JOIN recipients r ON r.id = e.recipient_id WHERE event_type = 'mailed' AND r.status = 'delivered')",
    );
    expect(found).toEqual([
      "state of events: they agree with their recipient",
      "step of events: delivered follows mailed",
      "step of events: qr_scanned follows delivered",
    ]);
  });

  it("fails where a form follows no visit, and a lead no form", async () => {
    const form = await faultsOfUpdate(
      "events",
      "occurred_at = '2024-12-31T23:59:59Z'",
      "id = (SELECT min(e.id) FROM events e JOIN recipients r ON r.id = e.recipient_id WHERE event_type = 'purl_visited' AND r.status = 'converted')",
    );
    expect(form).toContain("step of events: form_submitted follows purl_visited");
    const lead = await faultsOfUpdate(
      "events",
      "event_type = 'purl_visited'",
      "id = (SELECT min(e.id) FROM events e JOIN recipients r ON r.id = e.recipient_id WHERE event_type = 'form_submitted' AND r.status = 'converted')",
    );
    expect(lead).toContain("step of events: lead_created follows form_submitted");
  });

  it("fails where a card has no opt-in", async () => {
    expect(
      await faultsOfUpdate(
        "gift_cards",
        "sms_opt_in_id = NULL",
        "id = (SELECT min(id) FROM gift_cards WHERE status = 'redeemed')",
      ),
    ).toEqual([
      "share of gift_cards: issued to those who opted in",
      "state of gift_cards: no card is issued without an opt-in of its campaign",
    ]);
  });

  it("fails where a draft has a mail date", async () => {
    expect(
      await faultsOfUpdate(
        "campaigns",
        "mail_date = t.created_at + interval '8 days'",
        "id = (SELECT min(id) FROM campaigns WHERE status = 'draft' AND created_at < '2024-12-20')",
      ),
    ).toEqual([
      "state of campaigns: those that were launched have a mail date and a drop date, drafts and cancelled ones none",
    ]);
  });

  it("fails where a campaign's mail date comes too soon", async () => {
    const found = await faultsOfUpdate(
      "campaigns",
      "mail_date = t.created_at + interval '6 days'",
      "id = (SELECT min(id) FROM campaigns WHERE status = 'completed')",
    );
    expect(found).toContain("order campaigns.mail_date and created_at");
  });

  it("fails where a call comes at night", async () => {
    const found = await faultsOfUpdate(
      "call_sessions",
      "started_at = t.started_at + interval '10 hours', ended_at = t.ended_at + interval '10 hours', updated_at = t.updated_at + interval '10 hours'",
      "id = (SELECT min(id) FROM call_sessions WHERE call_status = 'missed' AND started_at < '2024-12-10')",
    );
    expect(found).toEqual(["state of call_sessions: they start between 9 and 17 o'clock where the organization is"]);
  });
});
