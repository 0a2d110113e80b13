import { describe, expect, it } from "vitest";
import { venueWeights } from "../../../src/models/tapflow/calendars.js";
import { tapflow } from "../../../src/models/tapflow/index.js";
import { type Ranged, rangeNames, TIERS } from "../../../src/models/tapflow/knobs.js";
import { tapflowNotes } from "../../../src/models/tapflow/notes.js";
import { tierPlan } from "../../../src/models/tapflow/tiers.js";
import { type Facts, rowsOf, type Wanted } from "../../support/model-rows.js";
import { scenarioOf, universeOf } from "./tapflow.helper.js";

const EVENTS = { tapEvents: 60_000, pageViews: 12_000, featureUsage: 8_000 };
const universe = universeOf({ sizes: EVENTS });

const table = (entity: string, columns?: readonly string[], from = universe): Facts[] => rowsOf(from, entity, columns);
const byId = (rows: readonly Facts[]) => new Map(rows.map((row) => [row["id"], row]));

const accounts = table("app_database_accounts");
const locations = table("app_database_locations");
const devices = table("app_database_devices", [
  "id",
  "location_id",
  "account_id",
  "serial_number",
  "status",
  "pint_price",
  "created_at",
  "installed_at",
  "retired_at",
  "last_seen_at",
]);
const users = table("app_database_users");
const subscriptions = table("app_database_subscriptions");
const [accountById, locationById, deviceById, userById] = [accounts, locations, devices, users].map(byId);

/** How many rows have each value of a column. */
function countBy(rows: readonly Facts[], column: string): Map<unknown, number> {
  const counts = new Map<unknown, number>();
  for (const row of rows) counts.set(row[column], (counts.get(row[column]) ?? 0) + 1);
  return counts;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** The hour that a clock of a zone shows, as Node's own time zone data has it. */
function hourAt(timeZone: string, atUs: number): number {
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat("en-US", { timeZone, hour: "numeric", hourCycle: "h23" });
    clocks.set(timeZone, clock);
  }
  return Number(clock.format(atUs / 1_000));
}

/** Where a count lies outside the range of its tier. */
function outside(ranged: Ranged, counted: readonly { tier: string; count: number }[], wanted: Wanted = {}): unknown[] {
  const { settings } = scenarioOf(wanted);
  return counted.filter(({ tier, count }) => {
    const { least, most } = rangeNames(tier as (typeof TIERS)[number], ranged);
    return count < settings[least] || count > settings[most];
  });
}

describe("the runbook's figures", () => {
  it("has four tiers of accounts, exactly", () => {
    expect(Object.fromEntries(countBy(accounts, "tier"))).toEqual({ small: 105, medium: 30, large: 12, enterprise: 3 });
  });

  it("meets the totals that the ranges allow", () => {
    expect(locations).toHaveLength(800);
    expect(devices).toHaveLength(25_000);
    expect(subscriptions).toHaveLength(180);
  });

  it("keeps to the ranges where the total cannot be met, and says so", () => {
    expect(users).toHaveLength(3_825);
    const facts = { scenario: universe.scenario, rows: (name: string) => universe.rowCount(name) };
    expect(tapflowNotes(facts)).toEqual([
      "users: 5,000 asked for; the ranges of 150 accounts allow at most 3,825, so there are 3,825.",
    ]);
    expect(tapflow.notes?.(facts)).toEqual(tapflowNotes(facts));
  });

  it("says between which totals the ranges leave a choice", () => {
    const { totals } = tierPlan(universe.scenario);
    expect(Object.values(totals).map(({ low, high }) => [low, high])).toEqual([
      [465, 1_410],
      [14_270, 39_600],
      [900, 3_825],
      [150, 450],
    ]);
  });

  it("declares the ID ranges", () => {
    const last = tapflow.entities.map(({ lastId }) => lastId?.(universe.scenario));
    expect(last.slice(0, 5)).toEqual([200, 1_000, 30_000, 6_000, 250]);
  });

  it("keeps every count within the range of its tier", () => {
    const locationsOf = countBy(locations, "account_id");
    const usersOf = countBy(users, "account_id");
    const devicesOf = countBy(devices, "location_id");
    const tierOf = (id: unknown): string => accountById.get(id)!["tier"];
    const counted = (counts: Map<unknown, number>) =>
      accounts.map(({ id, tier }) => ({ tier, count: counts.get(id) ?? 0 }));
    expect(outside("locations", counted(locationsOf))).toEqual([]);
    expect(outside("users", counted(usersOf))).toEqual([]);
    const perVenue = locations.map((row) => ({
      tier: tierOf(row["account_id"]),
      count: devicesOf.get(row["id"]) ?? 0,
    }));
    expect(outside("devices", perVenue)).toEqual([]);
    expect(accounts.every((row) => row["location_count"] === locationsOf.get(row["id"]))).toBe(true);
    expect(accounts.every((row) => row["user_count"] === usersOf.get(row["id"]))).toBe(true);
    expect(locations.every((row) => row["device_count"] === devicesOf.get(row["id"]))).toBe(true);
  });

  it("uses the ranges' whole width", () => {
    for (const [tier, [least, most]] of Object.entries({ small: [5, 10], large: [20, 50], enterprise: [30, 100] })) {
      const counts = locations
        .filter((row) => accountById.get(row["account_id"])!["tier"] === tier)
        .map((row) => row["device_count"]);
      expect(Math.min(...counts)).toBe(least);
      expect(Math.max(...counts)).toBe(most);
    }
  });
});

describe("other sizes", () => {
  it.each([
    [7, 20, 300, 60],
    [33, 60, 700, 1],
    [150, 1_410, 1, 900],
    [1_000, 1, 100_000, 12_345],
    [15_000, 80_000, 2_500_000, 200_000],
  ])("%i accounts, %i locations, %i devices, %i users", (count, locationCount, deviceCount, userCount) => {
    const sizes = { accounts: count, locations: locationCount, devices: deviceCount, users: userCount };
    const wanted = { sizes: { ...sizes, subscriptions: count, tapEvents: 0, pageViews: 0, featureUsage: 0 } };
    const { totals, ladders, accountsBefore } = tierPlan(scenarioOf(wanted));
    expect(accountsBefore.at(-1)).toBe(count);
    for (const ranged of ["locations", "devices", "users"] as const) {
      const { asked, low, high, made } = totals[ranged];
      expect(made).toBe(Math.min(high, Math.max(low, asked)));
      let sum = 0;
      for (const [tier, ladder] of ladders[ranged].entries()) {
        const counts = Array.from({ length: ladder.parents }, (_, rank) => ladder.count(rank));
        expect(
          outside(
            ranged,
            counts.map((own) => ({ tier: TIERS[tier], count: own })),
          ),
        ).toEqual([]);
        sum += counts.reduce((total, own) => total + own, 0);
      }
      expect(sum).toBe(made);
    }
    if (count > 1_000) return;
    const other = universeOf(wanted);
    expect(other.rowCount("app_database_locations")).toBe(totals.locations.made);
    expect(other.rowCount("app_database_devices")).toBe(totals.devices.made);
    expect(other.rowCount("app_database_users")).toBe(totals.users.made);
    expect(other.rowCount("app_database_subscriptions")).toBe(count);
  });

  it("takes ranges of one's own", () => {
    const wanted = {
      sizes: { accounts: 10, locations: 60, ...EVENTS },
      settings: { smallLocationsLeast: 4, smallLocationsMost: 6, enterpriseLocationsLeast: 7 },
      weights: { tier: { small: 100, medium: 0, large: 0, enterprise: 0 } },
    };
    const other = universeOf(wanted);
    expect(other.rowCount("app_database_locations")).toBe(60);
    const counts = [...countBy(table("app_database_locations", ["account_id"], other), "account_id").values()];
    expect(counts).toEqual(Array(10).fill(6));
  });

  it("refuses a range whose least is above its most", () => {
    expect(() => scenarioOf({ settings: { smallUsersLeast: 9, smallUsersMost: 8 } })).toThrow(/smallUsersMost/);
  });

  it("holds in a window of a week", () => {
    const week = universeOf({ from: "2025-01-01", to: "2025-01-08", sizes: { ...EVENTS, tapEvents: 5_000 } });
    const { from, to } = week.windowUs;
    for (const [entity, column] of [
      ["app_database_devices", "installed_at"],
      ["app_database_devices", "last_seen_at"],
      ["app_database_users", "last_active_at"],
      ["tap_events", "poured_at"],
      ["page_views", "viewed_at"],
      ["feature_usage", "used_at"],
    ]) {
      const moments = table(entity, [column], week).map((row) => row[column]);
      expect(moments.every((at) => at >= from && at < to)).toBe(true);
    }
  });
});

describe("what agrees", () => {
  it("accounts, their end and their last subscription", () => {
    expect(accounts.filter(({ status }) => status === "churned")).toHaveLength(9);
    for (const account of accounts) {
      const own = subscriptions.filter(({ account_id }) => account_id === account["id"]);
      expect(own.map(({ term }) => term)).toEqual(own.map((_, at) => at + 1));
      expect(own[0]["started_at"]).toBe(account["activated_at"]);
      for (const [at, term] of own.entries()) {
        const next = own[at + 1];
        expect(term["ended_at"]).toBe(next === undefined ? account["churned_at"] : next["started_at"]);
        if (next !== undefined) expect(term["status"]).toBe("replaced");
        expect(deviceById.get(term["device_id"])!["account_id"]).toBe(account["id"]);
        expect(deviceById.get(term["device_id"])!["created_at"]).toBeLessThanOrEqual(term["started_at"]);
      }
      const { status } = own.at(-1)!;
      expect(status).toBe(account["status"] === "churned" ? "cancelled" : account["status"]);
    }
  });

  it("devices and their venues", () => {
    const wrong = devices.filter((device) => {
      const venue = locationById.get(device["location_id"])!;
      const moments = [venue["created_at"], device["created_at"], device["installed_at"], device["last_seen_at"]];
      const isOrdered = moments.every((at, i) => i === 0 || at > moments[i - 1] || (i === 1 && at === moments[0]));
      const isRetired = (device["retired_at"] !== null) === (device["status"] === "retired");
      return !isOrdered || !isRetired || device["account_id"] !== venue["account_id"];
    });
    expect(wrong).toEqual([]);
    expect(new Set(devices.map((row) => row["serial_number"])).size).toBe(devices.length);
  });

  it("users and their accounts", () => {
    for (const user of users) {
      const account = accountById.get(user["account_id"])!;
      expect(user["created_at"]).toBeGreaterThanOrEqual(account["created_at"]);
      expect(user["last_active_at"]).toBeGreaterThan(user["created_at"]);
      if (account["churned_at"] !== null) expect(user["last_active_at"]).toBeLessThanOrEqual(account["churned_at"]);
    }
    expect(new Set(users.map(({ email }) => email)).size).toBe(users.length);
    expect(users.filter(({ role }) => role === "owner")).toHaveLength(150);
  });

  it("tap events and their devices", () => {
    const events = table("tap_events");
    expect(events).toHaveLength(EVENTS.tapEvents);
    const wrong = events.filter((event) => {
      const { installed_at, last_seen_at, location_id, pint_price } = deviceById.get(event["device_id"])!;
      const price = event["event_type"] === "pour" ? Math.round((pint_price * event["volume_ml"]) / 473) : null;
      const inService = event["poured_at"] >= installed_at && event["poured_at"] < last_seen_at;
      return !inService || event["location_id"] !== location_id || event["sale_price"] !== price;
    });
    expect(wrong).toEqual([]);
  });

  it("tap events and busy evenings, by the venue's own clock", () => {
    const hours = table("tap_events", ["location_id", "poured_at"]).map((event) =>
      hourAt(locationById.get(event["location_id"])!["time_zone"], event["poured_at"]),
    );
    const between = (from: number, to: number): number =>
      hours.filter((hour) => hour >= from && hour < to).length / hours.length;
    const weights = venueWeights(universe.scenario.settings).hours;
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    expect(Math.abs(between(18, 23) - sum(weights.slice(18, 23)) / sum(weights))).toBeLessThan(0.02);
    expect(between(3, 10)).toBe(0);
  });

  it("page views, their users and sessions", () => {
    const views = table("page_views");
    const viewById = byId(views);
    const wrong = views.filter((view) => {
      const user = userById.get(view["user_id"])!;
      const first = viewById.get(view["session_id"])!;
      const isActive = view["viewed_at"] >= user["created_at"] && view["viewed_at"] <= user["last_active_at"];
      const gap = view["viewed_at"] - first["viewed_at"];
      const inSession = first["user_id"] === view["user_id"] && first["session_id"] === first["id"];
      return !isActive || !inSession || gap < 0 || gap > 600_000_000 || view["account_id"] !== user["account_id"];
    });
    expect(wrong).toEqual([]);
    expect(countBy(views, "session_id").size).toBeLessThan(views.length / 2);
  });

  it("feature usage and the subscription of that time", () => {
    const terms = byId(subscriptions);
    const uses = table("feature_usage");
    for (const use of uses) {
      const term = terms.get(use["subscription_id"])!;
      expect(term["account_id"]).toBe(userById.get(use["user_id"])!["account_id"]);
      expect(use["used_at"]).toBeGreaterThanOrEqual(term["started_at"]);
      if (term["ended_at"] !== null) expect(use["used_at"]).toBeLessThan(term["ended_at"]);
      expect(term["features"]).toContain(use["feature"]);
    }
    const former = uses.filter(({ subscription_id }) => terms.get(subscription_id)!["status"] === "replaced");
    expect(former.length).toBeGreaterThan(0);
  });
});

describe("anomalies", () => {
  const rates = {
    tap_before_install: { rate: 0.01 },
    missing_temperature: { rate: 0.02 },
    price_spike: { rate: 0.01 },
  };
  const noisy = universeOf({ sizes: EVENTS, anomalies: { ...rates, duplicate_tap_event: { rate: 0.005 } } });
  const own = EVENTS.tapEvents;
  const columns = ["device_id", "event_type", "poured_at", "volume_ml", "duration_ms", "temperature_c", "sale_price"];
  const quiet = table("tap_events", columns);
  const loud = table("tap_events", columns, noisy);

  it("strike exactly as many rows as the rate says", () => {
    const struck = (column: string): number =>
      quiet.filter((row, at) => JSON.stringify(row[column]) !== JSON.stringify(loud[at][column])).length;
    expect(struck("temperature_c")).toBe(0.02 * own);
    expect(struck("poured_at")).toBe(0.01 * own);
    expect(struck("sale_price")).toBe(0.01 * own);
    expect(loud).toHaveLength(own + 300);
  });

  it("leave everything else as it is", () => {
    for (const column of ["device_id", "event_type", "volume_ml", "duration_ms"]) {
      expect(loud.slice(0, own).map((row) => row[column])).toEqual(quiet.map((row) => row[column]));
    }
  });

  it("are off unless asked for", () => {
    expect(universe.rowCount("injected_anomalies")).toBe(0);
    expect(noisy.rowCount("injected_anomalies")).toBe(own * 0.04 + 300);
  });
});

describe("venues", () => {
  it("of small accounts are in one state, mostly, and those of the largest are not", () => {
    const states = new Map<unknown, Set<unknown>>();
    for (const { account_id, state } of locations) {
      states.set(account_id, (states.get(account_id) ?? new Set()).add(state));
    }
    const of = (tier: string) =>
      accounts.filter((row) => row["tier"] === tier && row["location_count"] > 1).map(({ id }) => states.get(id)!.size);
    const small = of("small");
    expect(small.length).toBeGreaterThan(15);
    expect(small.filter((count) => count > 1).length / small.length).toBeLessThan(0.35);
    expect(Math.min(...of("enterprise"))).toBeGreaterThan(5);
  });

  it("have good and bad days of their own", () => {
    const busy = universeOf({
      from: "2024-03-01",
      to: "2024-09-01",
      sizes: {
        accounts: 8,
        locations: 20,
        devices: 200,
        users: 20,
        subscriptions: 8,
        tapEvents: 200_000,
        pageViews: 100,
        featureUsage: 100,
      },
      settings: { daySigma: 0 },
    });
    const days = new Map<string, Map<number, number>>();
    for (const { location_id, poured_at } of rowsOf(busy, "tap_events", ["location_id", "poured_at"]) as Facts[]) {
      const day = Math.floor((poured_at - 14 * 3.6e9) / 86.4e9);
      const own = days.get(String(location_id)) ?? new Map<number, number>();
      days.set(String(location_id), own.set(day, (own.get(day) ?? 0) + 1));
    }
    // Wednesdays beside the Wednesday before: growth and seasons hardly differ.
    const changes = [...days.values()].flatMap((own) =>
      [...own].flatMap(([day, count]) => {
        const before = own.get(day - 7);
        const isWednesday = new Date(day * 86.4e6).getUTCDay() === 3;
        return isWednesday && before !== undefined && before > 40 ? [Math.log(count / before)] : [];
      }),
    );
    expect(changes.length).toBeGreaterThan(80);
    const spread = Math.sqrt(changes.reduce((sum, change) => sum + change ** 2, 0) / changes.length);
    expect(spread).toBeGreaterThan(0.25);
    expect(spread).toBeLessThan(0.7);
  });
});
