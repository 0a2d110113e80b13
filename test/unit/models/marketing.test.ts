import { describe, expect, it } from "vitest";
import { DAY_US, HOUR_US } from "../../../src/core/calendar.js";
import { offsetHoursOf } from "../../../src/core/time-zones/offsets.js";
import { storedColumns } from "../../../src/model/entity.js";
import { marketing } from "../../../src/models/marketing/index.js";
import { type Facts, type Row, rowsOf, type Value, type Wanted } from "../../support/model-rows.js";
import { universeOf } from "./marketing.helper.js";

const DEMO: Wanted = {
  from: "2024-12-01",
  to: "2025-01-01",
  sizes: {
    organizations: 2,
    clients: 6,
    contacts: 300,
    campaigns: 18,
    recipients: 1_000,
    performanceMetrics: 0,
    usageAnalytics: 0,
    errorLogs: 0,
  },
  features: { analytics: false, errorLogs: false },
};

const SMALL = {
  contacts: 1_200,
  campaigns: 50,
  recipients: 4_000,
  performanceMetrics: 1_000,
  usageAnalytics: 500,
};

/** Scenarios that every law must hold in; the last ones are the smallest that there can be. */
const CASES: readonly (readonly [string, Wanted])[] = [
  ["a small development", { sizes: SMALL }],
  ["demo", DEMO],
  ["another seed over a year", { seed: 7, from: "2024-01-01", to: "2025-01-01", sizes: SMALL }],
  ["a sample of the load test", { from: "2024-01-01", to: "2025-01-01", sizes: sized(1, 1, 200, 1, 600, 100, 50, 2) }],
  ["a handful of contacts for many clients", { sizes: sized(3, 12, 15, 20, 333, 10, 10, 10) }],
  ["one of everything", { ...DEMO, sizes: sized(1, 1, 1, 1, 1, 1, 1, 1) }],
  ["one recipient of many", { sizes: { ...SMALL, recipients: 1 } }],
  ["sixteen days", { from: "2024-12-01", to: "2024-12-17", sizes: DEMO.sizes! }],
];

function sized(
  organizations: number,
  clients: number,
  contacts: number,
  campaigns: number,
  recipients: number,
  performanceMetrics: number,
  usageAnalytics: number,
  errorLogs: number,
): Record<string, number> {
  return {
    organizations,
    clients,
    contacts,
    campaigns,
    recipients,
    performanceMetrics,
    usageAnalytics,
    errorLogs,
  };
}

describe.each(CASES)("marketing: %s", (_name, wanted) => {
  const universe = universeOf(wanted);
  const { from, to } = universe.windowUs;
  const tables = new Map<string, Row[]>();
  const table = (name: string): Row[] => {
    let rows = tables.get(name);
    if (rows === undefined) {
      const columns = Object.keys(universe.entity(name).columns);
      rows = rowsOf(universe, name, columns);
      tables.set(name, rows);
    }
    return rows;
  };
  const byId = (name: string): Map<Value, Row> => new Map(table(name).map((row) => [row["id"], row]));

  it("has every entity, with IDs in order", () => {
    for (const { name } of universe.entities) {
      expect(table(name).map((row) => row["id"])).toEqual(table(name).map((_, index) => index + 1));
    }
  });

  it("refers only to rows that exist", () => {
    for (const { name, columns } of universe.entities) {
      for (const [column, { references }] of Object.entries(columns)) {
        if (references === undefined) continue;
        const count = universe.rowCount(references.entity);
        for (const row of table(name)) {
          const id = row[column];
          if (id === null) continue;
          expect(
            Number.isInteger(id) && (id as number) >= 1 && (id as number) <= count,
            `${name}.${column} ${id}`,
          ).toBe(true);
        }
      }
    }
  });

  it("has NULL only where a column may be NULL", () => {
    for (const entity of universe.entities) {
      for (const [column, { nullable }] of storedColumns(entity)) {
        if (nullable) continue;
        expect(
          table(entity.name).filter((row) => row[column] === null || Number.isNaN(row[column])),
          `${entity.name}.${column}`,
        ).toEqual([]);
      }
    }
  });

  it("keeps its unique keys", () => {
    for (const { name, uniqueKeys } of universe.entities) {
      for (const key of uniqueKeys) {
        const values = table(name)
          .map((row) => key.map((column) => row[column]))
          .filter((parts) => !parts.includes(null))
          .map(String);
        expect(new Set(values).size, `${name} (${key})`).toBe(values.length);
      }
    }
  });

  it("has no moment outside the window save of customers, and none that is not whole", () => {
    const outside = new Set(marketing.checks?.outsideWindow);
    for (const entity of universe.entities) {
      for (const [column, { type }] of storedColumns(entity)) {
        if (type.name !== "timestamptz") continue;
        for (const row of table(entity.name)) {
          const at = row[column] as number | null;
          if (at === null) continue;
          const isWithin = at < to && (at >= from || outside.has(`${entity.name}.${column}`));
          expect(Number.isInteger(at) && isWithin, `${entity.name}.${column} ${row["id"]} ${at}`).toBe(true);
        }
      }
    }
  });

  it("never has a child older than its parent, nor a change before the creation", () => {
    for (const { name, columns } of universe.entities) {
      const born = ["created_at", "occurred_at", "recorded_at", "purchased_at"].find((column) => column in columns)!;
      if ("updated_at" in columns) {
        const changed = table(name).filter((row) => (row["updated_at"] as number) < (row[born] as number));
        expect(changed, name).toEqual([]);
      }
      for (const [column, { references }] of storedColumns(universe.entity(name))) {
        if (references === undefined || !("created_at" in universe.entity(references.entity).columns)) continue;
        // A gift card waits in the inventory until somebody opts in.
        if (column === "sms_opt_in_id") continue;
        const parents = byIdOnce(references.entity);
        const older = table(name).filter((row) => {
          const parent = parents.get(row[column]);
          return parent !== undefined && (parent["created_at"] as number) > (row[born] as number);
        });
        expect(older, `${name} and its ${column}`).toEqual([]);
      }
    }
  });

  it("has the journey's exact totals", () => {
    const total = universe.rowCount("recipients");
    const whole = total % 1_000 === 0;
    const countOf = (type: string): number => table("events").filter((row) => row["event_type"] === type).length;
    const shares = {
      mailed: 0.95,
      delivered: 0.85,
      qr_scanned: 0.2,
      purl_visited: 0.28,
      form_submitted: 0.12,
      lead_created: 0.1,
    };
    for (const [type, share] of Object.entries(shares)) {
      // Shares of shares round down up to five times where the total is not in thousands.
      expect(countOf(type), type).toBeGreaterThan(total * share - (whole ? 0.01 : 5));
      expect(countOf(type), type).toBeLessThanOrEqual(total * share + 0.01);
    }
    if (whole) expect(table("events")).toHaveLength(2.5 * total);
    const calls = table("call_sessions");
    expect(calls.length).toBeGreaterThan(total * 0.35 - (whole ? 0.01 : 3));
    const answered = calls.filter((row) => row["call_status"] === "answered").length;
    expect(Math.abs(answered - 0.85 * calls.length)).toBeLessThan(1);
    expect(Math.abs(table("sms_opt_ins").length - 0.68 * calls.length)).toBeLessThan(2);
    const issued = table("gift_cards").filter((row) => row["sms_opt_in_id"] !== null).length;
    expect(Math.abs(issued - 0.85 * table("sms_opt_ins").length)).toBeLessThan(1);
  });

  it("has no step without the one it follows from, and steps in the order of time", () => {
    const campaigns = byId("campaigns");
    const recipients = byId("recipients");
    const steps = new Map<Value, Map<Value, number>>();
    for (const { recipient_id, event_type, occurred_at, campaign_id } of table("events") as Record<string, number>[]) {
      expect(campaign_id).toBe(recipients.get(recipient_id)!["campaign_id"]);
      const own = steps.get(recipient_id) ?? steps.set(recipient_id, new Map()).get(recipient_id)!;
      expect(own.has(event_type)).toBe(false);
      own.set(event_type, occurred_at);
    }
    const follows = [
      ["delivered", "mailed"],
      ["qr_scanned", "delivered"],
      ["purl_visited", "delivered"],
      ["form_submitted", "purl_visited"],
      ["lead_created", "form_submitted"],
    ];
    for (const [recipientId, own] of steps) {
      for (const [step, before] of follows) {
        if (own.has(step)) expect(own.get(step), `${recipientId} ${step}`).toBeGreaterThan(own.get(before)!);
      }
      if (own.has("qr_scanned") && own.has("purl_visited")) {
        expect(own.get("purl_visited")).toBeGreaterThanOrEqual(own.get("qr_scanned")!);
      }
      const recipient = recipients.get(recipientId)!;
      const drop = campaigns.get(recipient["campaign_id"])!["drop_date"] as number;
      expect(own.get("mailed")! - drop).toBeGreaterThanOrEqual(0);
      expect(own.get("mailed")! - drop).toBeLessThanOrEqual(6 * HOUR_US);
      const delivered = own.get("delivered");
      if (delivered === undefined) continue;
      expect((delivered - drop) / DAY_US).toBeGreaterThanOrEqual(2);
      expect((delivered - drop) / DAY_US).toBeLessThanOrEqual(5.001);
      expect(delivered - own.get("mailed")!).toBeGreaterThanOrEqual(2 * DAY_US);
      for (const step of ["qr_scanned", "purl_visited", "form_submitted", "lead_created"]) {
        const at = own.get(step);
        if (at === undefined) continue;
        expect((at - delivered) / DAY_US).toBeGreaterThanOrEqual(1);
        expect((at - delivered) / DAY_US).toBeLessThanOrEqual(14);
      }
    }
  });

  it("has recipients' status, logs and participation agree with the events", () => {
    const types = new Map<Value, Set<Value>>();
    for (const row of table("events")) {
      const own = types.get(row["recipient_id"]) ?? types.set(row["recipient_id"], new Set()).get(row["recipient_id"])!;
      own.add(row["event_type"]);
    }
    const callers = new Set(table("call_sessions").map((row) => row["recipient_id"]));
    const logged = new Map(table("recipient_audit_logs").map((row) => [row["recipient_id"], row["new_status"]]));
    const took = byRecipient(table("contact_campaign_participation"));
    for (const row of table("recipients")) {
      const own = types.get(row["id"]) ?? new Set();
      const called = callers.has(row["id"]);
      const expected = !own.has("mailed")
        ? "suppressed"
        : !own.has("delivered")
          ? "returned"
          : own.has("lead_created")
            ? "converted"
            : own.has("form_submitted") || called
              ? "responded"
              : own.has("qr_scanned") || own.has("purl_visited")
                ? "engaged"
                : "delivered";
      expect(row["status"]).toBe(expected);
      expect(row["mailed_at"] !== null).toBe(own.has("mailed"));
      expect(row["delivered_at"] !== null).toBe(own.has("delivered"));
      expect(row["converted_at"] !== null).toBe(own.has("lead_created"));
      const isFinal = ["suppressed", "returned", "converted"].includes(expected);
      expect(logged.get(row["id"])).toBe(isFinal ? expected : undefined);
      const engaged = ["engaged", "responded", "converted"].includes(expected);
      expect(row["first_engaged_at"] !== null).toBe(engaged);
      const part = took.get(row["id"]);
      expect(part !== undefined).toBe(engaged && row["wave"] === 1);
      if (part === undefined) continue;
      expect(part["contact_id"]).toBe(row["contact_id"]);
      expect(part["called"]).toBe(called ? 1 : 0);
      expect(part["became_lead"]).toBe(own.has("lead_created") ? 1 : 0);
      expect(part["last_engaged_at"]).toBeGreaterThanOrEqual(part["first_engaged_at"] as number);
    }
  });

  it("has campaigns whose state agrees with their dates", () => {
    const mailed = new Set(table("recipients").map((row) => row["campaign_id"]));
    for (const row of table("campaigns") as Facts[]) {
      const { id, status, created_at, mail_date, drop_date, completed_at, paused_at, cancelled_at, offer_days } = row;
      const launched = ["completed", "active", "paused"].includes(status);
      if (mailed.has(id)) expect(launched).toBe(true);
      expect([mail_date, drop_date, row["launched_at"]].every((at) => (at !== null) === launched)).toBe(true);
      expect(completed_at !== null).toBe(status === "completed");
      expect(paused_at !== null).toBe(status === "paused");
      expect(cancelled_at !== null).toBe(status === "cancelled");
      if (!launched) continue;
      expect((mail_date - created_at) / DAY_US).toBeGreaterThanOrEqual(7);
      expect((mail_date - created_at) / DAY_US).toBeLessThanOrEqual(21);
      expect((drop_date - mail_date) / DAY_US).toBeGreaterThanOrEqual(3);
      expect((drop_date - mail_date) / DAY_US).toBeLessThanOrEqual(5);
      if (status === "active") expect(drop_date + offer_days * DAY_US).toBeGreaterThan(to);
      else expect(drop_date + offer_days * DAY_US).toBeLessThanOrEqual(Math.max(to, drop_date + DAY_US));
    }
    for (const row of table("events")) {
      const campaign = byIdOnce("campaigns").get(row["campaign_id"])!;
      const closed = (campaign["completed_at"] ?? campaign["paused_at"] ?? to) as number;
      expect(row["occurred_at"]).toBeLessThanOrEqual(closed);
    }
  });

  it("draws recipients from the client's own contacts, each once a wave", () => {
    const contacts = byId("contacts");
    const campaigns = byId("campaigns");
    for (const row of table("recipients")) {
      expect(contacts.get(row["contact_id"])!["client_id"]).toBe(campaigns.get(row["campaign_id"])!["client_id"]);
    }
  });

  it("has calls in local business hours, answered, opted in and rewarded in turn", () => {
    const windowDays = (to - from) / DAY_US;
    const zones = byId("organizations");
    const campaigns = byId("campaigns");
    const calls = byId("call_sessions");
    for (const row of table("call_sessions") as Facts[]) {
      const zone = zones.get(campaigns.get(row["campaign_id"])!["organization_id"])!["time_zone"] as string;
      const hour = new Date(
        (row["started_at"] + offsetHoursOf(zone)(row["started_at"]) * HOUR_US) / 1000,
      ).getUTCHours();
      if (windowDays >= 20) expect(hour >= 9 && hour < 17, `hour ${hour}`).toBe(true);
      expect(row["answered_at"] !== null).toBe(row["call_status"] === "answered");
      expect(row["disposition"] !== null).toBe(row["call_status"] === "answered");
      expect(row["ended_at"]).toBeGreaterThan(row["started_at"]);
    }
    const optIns = byId("sms_opt_ins");
    for (const row of optIns.values()) {
      const call = calls.get(row["call_session_id"])!;
      expect(call["call_status"]).toBe("answered");
      expect(row["opted_in_at"]).toBeGreaterThan(call["ended_at"] as number);
      expect(row["contact_id"]).toBe(byIdOnce("recipients").get(call["recipient_id"])!["contact_id"]);
    }
    for (const row of table("gift_cards") as Facts[]) {
      const { sms_opt_in_id, status, balance, denomination, assigned_at, delivered_at, redeemed_at } = row;
      expect(["available", "reserved"].includes(status) && sms_opt_in_id !== null).toBe(false);
      expect(["assigned", "delivered", "redeemed"].includes(status) && sms_opt_in_id === null).toBe(false);
      expect(status === "redeemed").toBe(redeemed_at !== null);
      expect(balance === denomination).toBe(status !== "redeemed");
      expect(balance >= 0 && balance <= denomination).toBe(true);
      if (sms_opt_in_id !== null)
        expect(assigned_at).toBeGreaterThanOrEqual(optIns.get(sms_opt_in_id)!["opted_in_at"] as number);
      if (delivered_at !== null) expect(delivered_at).toBeGreaterThan(assigned_at);
      if (redeemed_at !== null) expect(redeemed_at).toBeGreaterThan(delivered_at);
    }
  });

  it("has calls meet conditions of their own campaign that calls can meet", () => {
    const conditions = byId("campaign_conditions");
    const met = new Set<Value>();
    for (const row of table("call_conditions_met")) {
      const condition = conditions.get(row["condition_id"])!;
      const call = byIdOnce("call_sessions").get(row["call_session_id"])!;
      expect(condition["scope"]).toBe("call");
      expect(condition["campaign_id"]).toBe(call["campaign_id"]);
      expect(call["call_status"]).toBe("answered");
      met.add(row["call_session_id"]);
      if (condition["kind"] === "call_duration_min") {
        expect(call["duration_seconds"]).toBeGreaterThanOrEqual(Number(condition["threshold"]));
      }
      if (condition["kind"] === "call_disposition") expect(call["disposition"]).toBe(condition["threshold"]);
    }
    expect(met.size).toBe(table("call_sessions").filter((row) => row["call_status"] === "answered").length);
  });

  const known = new Map<string, Map<Value, Row>>();
  function byIdOnce(name: string): Map<Value, Row> {
    return known.get(name) ?? known.set(name, byId(name)).get(name)!;
  }
});

function byRecipient(rows: readonly Row[]): Map<Value, Row> {
  return new Map(rows.map((row) => [row["recipient_id"], row]));
}

describe("marketing", () => {
  it("has the states of campaigns by exact shares", () => {
    const states = (campaigns: number): Record<string, number> => {
      const rows = rowsOf(universeOf({ sizes: { campaigns } }), "campaigns", ["status"]);
      const counts: Record<string, number> = {};
      for (const { status } of rows) counts[status as string] = (counts[status as string] ?? 0) + 1;
      return counts;
    };
    expect(states(1_000)).toEqual({ completed: 600, active: 200, draft: 100, paused: 60, cancelled: 40 });
    expect(states(18)).toEqual({ completed: 11, active: 3, draft: 2, paused: 1, cancelled: 1 });
    expect(states(1)).toEqual({ completed: 1 });
  });

  it("gives each industry its share of clients", () => {
    const rows = rowsOf(universeOf({ sizes: { clients: 400, contacts: 4_000 } }), "clients", ["industry"]);
    const share = rows.filter(({ industry }) => industry === "healthcare").length / rows.length;
    expect(Math.abs(share - 0.15)).toBeLessThan(0.01);
  });

  it("refuses a window that no journey fits into", () => {
    const short = universeOf({ from: "2024-12-01", to: "2024-12-12" });
    expect(() => short.share()).toThrowError(expect.objectContaining({ code: "SB_SCENARIO_INVALID" }));
  });

  it("refuses recipients without a campaign that mails", () => {
    const drafts = { completed: 0, active: 0, paused: 0, draft: 1, cancelled: 0 };
    const universe = universeOf({ weights: { campaignStatus: drafts } });
    expect(() => universe.share()).toThrowError(expect.objectContaining({ code: "SB_SCENARIO_INVALID" }));
  });

  it("leaves out what belongs to a feature that is off", () => {
    const without = (features: Record<string, boolean>): string[] => {
      const universe = universeOf({ features });
      for (const { name } of universe.entities) rowsOf(universe, name);
      const left = new Set(universe.entities.map(({ name }) => name));
      return marketing.entities.map(({ name }) => name).filter((name) => !left.has(name));
    };
    expect(without({ analytics: false })).toEqual(["performance_metrics", "usage_analytics"]);
    expect(without({ errorLogs: false })).toEqual(["error_logs"]);
    expect(without({ giftCards: false })).toEqual(["reward_configs", "gift_cards"]);
    expect(without({ callCenter: false, giftCards: false })).toEqual([
      "reward_configs",
      "tracked_phone_numbers",
      "call_sessions",
      "call_conditions_met",
      "sms_opt_ins",
      "gift_cards",
    ]);
  });

  it("has nobody call where there is no call center", () => {
    const universe = universeOf({ features: { callCenter: false, giftCards: false } });
    expect(rowsOf(universe, "contact_campaign_participation", ["called"]).every(({ called }) => called === 0)).toBe(
      true,
    );
  });

  it("holds shares that leave no room", () => {
    const shares = {
      mailed: 1,
      delivered: 1,
      qrScanned: 1,
      purlVisited: 1,
      formSubmitted: 1,
      lead: 1,
      called: 1,
      answered: 1,
      smsOptedIn: 1,
      giftCardIssued: 1,
    };
    const universe = universeOf({ shares, sizes: { recipients: 2_500 } });
    expect(universe.rowCount("events")).toBe(15_000);
    expect(universe.rowCount("sms_opt_ins")).toBe(2_500);
    const none = universeOf({
      shares: { mailed: 0, delivered: 0, qrScanned: 0, purlVisited: 0, formSubmitted: 0, lead: 0, called: 0 },
    });
    expect(none.rowCount("events")).toBe(0);
    expect(none.rowCount("recipient_audit_logs")).toBe(15_000);
    for (const { name } of none.entities) rowsOf(none, name);
  });

  it("has errors come in incidents, as many as the rate says, and leaves the others alone", () => {
    const sizes = { errorLogs: 2_000 };
    const universe = universeOf({ sizes });
    const rows = rowsOf(universe, "error_logs");
    const struck = rows.filter((row) => row["incident_number"] !== null);
    expect(struck).toHaveLength(800);
    expect(new Set(struck.map((row) => row["incident_number"])).size).toBe(5);
    const without = rowsOf(universeOf({ sizes, anomalies: { error_incident: { rate: 0 } } }), "error_logs");
    expect(rows.filter((row) => row["incident_number"] === null)).toEqual(
      without.filter((_, i) => rows[i]["incident_number"] === null),
    );
    const moments = without.map((row) => row["occurred_at"] as number);
    expect(moments).toEqual(moments.toSorted((a, b) => a - b));
    const labels = rowsOf(universe, "injected_anomalies");
    expect(labels.map((label) => label["row_id"]).sort()).toEqual(struck.map((row) => row["id"]).sort());
    const byId = new Map(rows.map((row) => [row["id"], row]));
    for (const { row_id, since, until } of labels) {
      const at = byId.get(row_id)!["occurred_at"] as number;
      expect(at >= (since as number) && at < (until as number)).toBe(true);
    }
  });

  it("follows the calendar", () => {
    const universe = universeOf({
      from: "2024-01-01",
      to: "2025-01-01",
      sizes: { campaigns: 400, recipients: 60_000, contacts: 20_000, performanceMetrics: 60_000 },
      settings: { growth: 1, daySigma: 0 },
    });
    const perDay = (moments: number[], part: (at: Date) => boolean): number => {
      let days = 0;
      for (let at = universe.windowUs.from; at < universe.windowUs.to; at += DAY_US)
        if (part(new Date(at / 1000))) days++;
      return moments.filter((at) => part(new Date(at / 1000))).length / days;
    };
    const monthsOf =
      (...months: number[]) =>
      (at: Date): boolean =>
        months.includes(at.getUTCMonth());
    const weekday =
      (day: number) =>
      (at: Date): boolean =>
        at.getUTCDay() === day;
    const metrics = rowsOf(universe, "performance_metrics", ["recorded_at"]).map(
      (row) => (row["recorded_at"] as number) - 6 * HOUR_US,
    );
    const calls = rowsOf(universe, "call_sessions", ["started_at"]).map((row) => row["started_at"] as number);
    for (const moments of [metrics, calls]) {
      const spring = perDay(moments, monthsOf(2, 3, 4));
      expect(Math.abs(perDay(moments, monthsOf(9, 10, 11)) / spring - 1.4)).toBeLessThan(0.15);
      expect(Math.abs(perDay(moments, monthsOf(5, 6, 7)) / spring - 0.8)).toBeLessThan(0.1);
      expect(Math.abs(perDay(moments, weekday(3)) / perDay(moments, weekday(1)) - 1.3)).toBeLessThan(0.15);
      expect(Math.abs(perDay(moments, weekday(6)) / perDay(moments, weekday(1)) - 0.4)).toBeLessThan(0.1);
    }
  });

  it("has campaigns of readier industries get more answers", () => {
    const universe = universeOf({ sizes: { campaigns: 400, recipients: 60_000, contacts: 20_000 } });
    const campaigns = rowsOf(universe, "campaigns", ["client_id.industry", "launched"]);
    const answers = new Map<Value, { sent: number; called: number }>();
    for (const row of rowsOf(universe, "recipients", ["campaign_id", "call_count"])) {
      const industry = campaigns[(row["campaign_id"] as number) - 1]["client_id.industry"];
      const own = answers.get(industry) ?? answers.set(industry, { sent: 0, called: 0 }).get(industry)!;
      own.sent++;
      own.called += row["call_count"] as number;
    }
    const rates = [...answers.values()].map(({ sent, called }) => called / sent).sort((a, b) => a - b);
    expect(rates.at(-1)! / rates[0]).toBeGreaterThan(1.15);
  });

  it("has addresses, phones and emails that no one owns and that agree", () => {
    const universe = universeOf();
    for (const row of rowsOf(universe, "contacts")) {
      expect(row["phone"]).toMatch(/^\+1\d{3}55501\d\d$/);
      expect(row["email"]).toMatch(/@([a-z-]+\.)*example\.(com|net|org)$/);
    }
    const byPostalCode = new Map<Value, string>();
    for (const row of [...rowsOf(universe, "contacts"), ...rowsOf(universe, "clients")]) {
      const place = `${row["city"]}, ${row["state"]}`;
      expect(byPostalCode.get(row["postal_code"]) ?? place).toBe(place);
      byPostalCode.set(row["postal_code"], place);
    }
  });
});
