import { compare } from "bcryptjs";
import { describe, expect, it } from "vitest";
import { DAY_US } from "../../../src/core/calendar.js";
import { storedColumns } from "../../../src/model/entity.js";
import { REGIONS } from "../../../src/models/gaming/data/regions.js";
import { failedLogins } from "../../../src/models/gaming/outcomes.js";
import { PASSWORD_HASHES } from "../../../src/models/passwords/hashes.js";
import { type Facts, rowsOf, type Wanted } from "../../support/model-rows.js";
import { ALL_FEATURES, grouped, scenarioOf, universeOf } from "./gaming.helper.js";

const ATTACK = { credential_stuffing: { rate: 0.3, when: "burst", bursts: 3 } };
const MINUTE_US = 60_000_000;

/** What the documents' figures leave room for; the last ones are the smallest that there can be. */
const CASES: readonly (readonly [string, Wanted])[] = [
  ["ctf", { anomalies: ATTACK }],
  ["ctf with another seed", { seed: 7, anomalies: ATTACK, features: ALL_FEATURES }],
  [
    "a sample of the full game",
    {
      from: "2024-01-01",
      sizes: { users: 700, logins: 6_000, sessions: 3_300, items: 120, transactions: 700, guilds: 8 },
      features: ALL_FEATURES,
      anomalies: {
        ...ATTACK,
        session_out_of_order: { rate: 0.02 },
        session_address_missing: { rate: 0.02 },
        price_spike: { rate: 0.05 },
        duplicate_auth_event: { rate: 0.01 },
      },
    },
  ],
  ["an attack spread over a month", { from: "2024-12-04", anomalies: { credential_stuffing: { rate: 1 } } }],
  ["only sessions", { sizes: { users: 60, logins: 600, sessions: 600 }, features: ALL_FEATURES }],
  ["as few as can be", { sizes: { users: 2, logins: 1, sessions: 1, items: 1, transactions: 3, guilds: 0 } }],
];

const isAttack = ({ ip_address }: Facts): boolean => ip_address >= 0xc6_12_00_00 && ip_address < 0xc6_14_00_00;

describe.each(CASES)("gaming: %s", (_name, wanted) => {
  const universe = universeOf(wanted);
  const { from, to } = universe.windowUs;
  const tables = new Map<string, Facts[]>();
  const table = (name: string): Facts[] => {
    let rows = tables.get(name);
    if (rows === undefined) {
      rows = rowsOf(universe, name, Object.keys(universe.entity(name).columns));
      tables.set(name, rows);
    }
    return rows;
  };
  const byId = (name: string): Map<number, Facts> => new Map(table(name).map((row) => [row["id"], row]));
  const ofPlayers = (): Facts[] => table("login_history").filter((row) => !isAttack(row));
  const spiked = new Set(labelled(universe, "price_spike"));
  const disordered = new Set(labelled(universe, "session_out_of_order"));
  const unaddressed = new Set(labelled(universe, "session_address_missing"));

  it("has NULL only where a column may be NULL, keys that are unique, and references to rows that exist", () => {
    for (const { name, columns, uniqueKeys } of universe.entities) {
      for (const [column, { nullable }] of storedColumns(universe.entity(name))) {
        if (!nullable)
          expect(table(name).filter((row) => row[column] === null || Number.isNaN(row[column]))).toEqual([]);
      }
      for (const key of uniqueKeys) {
        const values = table(name).map((row) => key.map((column) => row[column]).join("|"));
        expect(new Set(values).size, `${name} (${key})`).toBe(values.length);
      }
      for (const [column, { references }] of Object.entries(columns)) {
        if (references === undefined) continue;
        const count = universe.rowCount(references.entity);
        const wrong = table(name).filter((row) => row[column] !== null && !(row[column] >= 1 && row[column] <= count));
        expect(wrong, `${name}.${column}`).toEqual([]);
      }
    }
  });

  it("has no moment outside the window, and none that is not whole", () => {
    for (const { name } of universe.entities) {
      for (const [column, { type }] of storedColumns(universe.entity(name))) {
        if (type.name !== "timestamptz") continue;
        const wrong = table(name).filter((row) => {
          const at = row[column];
          return at !== null && !(Number.isInteger(at) && at >= from && at < to);
        });
        expect(wrong, `${name}.${column}`).toEqual([]);
      }
    }
  });

  it("has exactly the logins, failures, sessions and trades asked for, and every channel", () => {
    const { sizes } = universe.scenario;
    expect(ofPlayers()).toHaveLength(sizes["logins"]);
    expect(ofPlayers().filter(({ success }) => success === 0)).toHaveLength(failedLogins(universe.scenario));
    expect(table("player_sessions")).toHaveLength(sizes["sessions"]);
    expect(table("transactions")).toHaveLength(sizes["transactions"]);
    expect(table("chat_channels").map(({ name }) => name)).toEqual(["Global", "Trade", "Guild"]);
  });

  it("gives each account 1 to 3 characters, whose gold is its value", () => {
    const owned = grouped(table("characters"), (row) => row["user_id"] as number);
    for (const user of table("users")) {
      const characters = owned.get(user["id"]) ?? [];
      expect(characters).toHaveLength(user["character_count"]);
      expect(characters.length).toBeGreaterThanOrEqual(1);
      expect(characters.length).toBeLessThanOrEqual(3);
      expect(characters.reduce((sum, { gold }) => sum + gold, 0)).toBe(user["account_value"]);
      expect(user["is_premium"]).toBe(user["user_type"] === "premium" ? 1 : 0);
    }
  });

  it("starts each session with a login of the player that succeeded, ends it within four hours and before the next", () => {
    const logins = byId("login_history");
    const characters = byId("characters");
    const ends = new Map<number, number>();
    for (const row of table("player_sessions")) {
      const login = logins.get(row["login_id"])!;
      expect([login["success"], login["user_id"], login["login_time"], login["user_agent"]]).toEqual([
        1,
        row["user_id"],
        row["login_time"],
        row["user_agent"],
      ]);
      expect(row["ip_address"]).toBe(unaddressed.has(row["id"]) ? null : login["ip_address"]);
      expect(characters.get(row["character_id"])).toMatchObject({ user_id: row["user_id"] });
      expect(characters.get(row["character_id"])!["created_at"]).toBeLessThanOrEqual(row["login_time"]);
      if (disordered.has(row["id"])) expect(row["logout_time"]).toBeLessThan(row["login_time"]);
      else expect(row["logout_time"]).toBe(row["ended_at"]);
      const length = row["ended_at"] - row["login_time"];
      expect(length).toBeGreaterThanOrEqual(5 * MINUTE_US);
      expect(length).toBeLessThanOrEqual(240 * MINUTE_US);
      expect(row["login_time"]).toBeGreaterThan(ends.get(row["user_id"]) ?? 0);
      ends.set(row["user_id"], row["ended_at"]);
    }
  });

  it("has times of an account's logins grow, and says which succeeded last", () => {
    const users = byId("users");
    const last = new Map<number, number>();
    const lastSuccess = new Map<number, number>();
    for (const row of ofPlayers()) {
      expect(row["login_time"]).toBeGreaterThan(
        last.get(row["user_id"]) ?? users.get(row["user_id"])!["created_at"] - 1,
      );
      last.set(row["user_id"], row["login_time"]);
      if (row["success"] === 1) lastSuccess.set(row["user_id"], row["login_time"]);
      expect(row["failure_reason"] === null).toBe(row["success"] === 1);
      expect(row["username"]).toBe(users.get(row["user_id"])!["username"]);
    }
    for (const user of table("users")) expect(user["last_login"]).toBe(lastSuccess.get(user["id"]) ?? null);
    const lastPlayed = new Map(table("player_sessions").map((row) => [row["character_id"], row["login_time"]]));
    for (const row of table("characters")) expect(row["last_played"]).toBe(lastPlayed.get(row["id"]) ?? null);
  });

  it("has auth events that are the logins of the game's own programs, fact by fact", () => {
    const copies = universe.rowCount("auth_events") - universe.ownRowCount("auth_events");
    const events = table("auth_events").slice(0, universe.ownRowCount("auth_events"));
    const facts = [
      "user_id",
      "username",
      "success",
      "failure_reason",
      "ip_address",
      "user_agent",
      "device_fingerprint",
    ];
    const fromClients = table("login_history").filter(({ user_agent }) => user_agent.startsWith("Emberfall"));
    expect(events.map(({ login_id }) => login_id)).toEqual(fromClients.map(({ id }) => id));
    events.forEach((event, at) => {
      for (const fact of facts) expect(event[fact], fact).toEqual(fromClients[at][fact]);
      expect(event["occurred_at"]).toBe(fromClients[at]["login_time"]);
    });
    const known = new Set(events.map((event) => JSON.stringify({ ...event, id: 0 })));
    for (const copy of table("auth_events").slice(-copies || Infinity)) {
      expect(known.has(JSON.stringify({ ...copy, id: 0 }))).toBe(true);
    }
  });

  it("trades between two players who are both there, of items that exist, near their value", () => {
    const users = new Map(table("users").map((row) => [row["username"], row]));
    const items = new Map(table("items").map((row) => [row["name"], row]));
    for (const row of table("transactions")) {
      expect(row["from_username"]).not.toBe(row["to_username"]);
      for (const side of ["from_username", "to_username"]) {
        expect(users.get(row[side])!["created_at"]).toBeLessThanOrEqual(row["timestamp"]);
      }
      expect(items.get(row["item_name"])!["gold_value"]).toBe(row["list_value"]);
      const times = row["gold_value"] / row["list_value"];
      if (spiked.has(row["id"])) expect(times).toBeGreaterThan(3);
      else expect(times).toBeLessThanOrEqual(1.25 + 1 / row["list_value"]);
    }
  });

  it("has players come from home: one block of addresses in their region, at most three devices", () => {
    const users = byId("users");
    const seen = grouped(ofPlayers(), (row) => row["user_id"] as number);
    for (const [userId, rows] of seen) {
      const region = REGIONS.findIndex(({ name }) => name === users.get(userId)!["home_region"]);
      for (const { ip_address, geo_location } of rows) {
        expect(Math.floor(ip_address / 2 ** 20)).toBe(0x0a0 + region);
        expect(geo_location).toBe(users.get(userId)!["home_location"]);
      }
      expect(new Set(rows.map(({ ip_address }) => Math.floor(ip_address / 256))).size).toBe(1);
      expect(new Set(rows.map(({ device_fingerprint }) => device_fingerprint)).size).toBeLessThanOrEqual(3);
    }
  });

  it("attacks accounts that there are, from few addresses, and gets into 2% at the most", () => {
    const users = byId("users");
    const attempts = table("login_history").filter(isAttack);
    const { rate } = universe.scenario.anomalies["credential_stuffing"];
    expect(attempts).toHaveLength(Math.round(rate * universe.scenario.sizes["logins"]));
    expect(attempts.map(({ id }) => id)).toEqual(labelled(universe, "credential_stuffing"));
    expect(attempts.filter(({ success }) => success === 1)).toHaveLength(Math.floor(attempts.length / 50));
    for (const row of attempts)
      expect(row["login_time"]).toBeGreaterThanOrEqual(users.get(row["user_id"])!["created_at"]);
    const times = attempts.map((row) => row["login_time"] as number);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it("dates what features add after what it belongs to", () => {
    const { features } = universe.scenario;
    const characters = byId("characters");
    if (features["guilds"]) {
      const guilds = byId("guilds");
      for (const row of table("guild_members")) {
        expect(row["joined_at"]).toBeGreaterThanOrEqual(guilds.get(row["guild_id"])!["created_at"]);
        expect(row["joined_at"]).toBeGreaterThanOrEqual(characters.get(row["character_id"])!["created_at"]);
      }
      const leaders = table("guild_members").filter(({ role }) => role === "leader");
      expect(leaders.map((row) => row["character_id"])).toEqual(
        table("guilds").map((row) => row["leader_character_id"]),
      );
    }
    if (features["inventory"]) {
      for (const row of table("inventory")) {
        expect(row["acquired_at"]).toBeGreaterThanOrEqual(characters.get(row["character_id"])!["created_at"]);
      }
    }
    if (features["characterStats"]) expect(table("character_stats")).toHaveLength(table("characters").length);
  });
});

/** The IDs of the rows that bear a label. */
function labelled(universe: ReturnType<typeof universeOf>, anomaly: string): number[] {
  const labels = rowsOf(universe, "injected_anomalies", ["name", "row_id"]) as Facts[];
  return labels.flatMap(({ name, row_id }) => (name === anomaly ? [row_id] : []));
}

describe("gaming at large", () => {
  const universe = universeOf({
    sizes: { users: 6_000, logins: 60_000, sessions: 33_000, items: 200, transactions: 20_000 },
    anomalies: { credential_stuffing: { rate: 0.02, when: "burst", bursts: 4 } },
  });
  const users = rowsOf(universe, "users") as Facts[];
  const typeOf = new Map(users.map((row) => [row["id"], row["user_type"]]));
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const byType = (rows: readonly Facts[], value: (row: Facts) => number): Record<string, number> =>
    Object.fromEntries(
      [...grouped(rows, (row) => row["user_type"] ?? typeOf.get(row["user_id"]))].map(([type, own]) => [
        type,
        mean(own.map(value)),
      ]),
    );

  it("has types decide ages, logins, levels and gold", () => {
    const { to } = universe.windowUs;
    const age = byType(users, (row) => (to - row["created_at"]) / DAY_US);
    expect(age["new"]).toBeLessThan(age["active"] / 3);
    const logins = grouped(rowsOf(universe, "login_history") as Facts[], (row) => row["user_id"]);
    const often = byType(users, (row) => logins.get(row["id"])?.length ?? 0);
    expect(often["premium"]).toBeGreaterThan(1.3 * often["active"]);
    expect(often["active"]).toBeGreaterThan(5 * often["dormant"]);
    const idle = byType(
      users.filter((row) => row["last_login"] !== null),
      (row) => (to - row["last_login"]) / DAY_US,
    );
    expect(idle["dormant"]).toBeGreaterThan(4 * idle["active"]);
    const level = byType(rowsOf(universe, "characters") as Facts[], (row) => row["level"]);
    expect(level["premium"]).toBeGreaterThan(level["active"]);
    expect(level["active"]).toBeGreaterThan(level["dormant"]);
    expect(level["active"]).toBeGreaterThan(level["new"]);
    const gold = byType(users, (row) => row["account_value"]);
    expect(gold["premium"]).toBeGreaterThan(2 * gold["active"]);
    expect(gold["active"]).toBeGreaterThan(3 * gold["new"]);
  });

  it("has characters learn by the hours they were played", () => {
    const hours = new Map<unknown, number>();
    for (const row of rowsOf(universe, "player_sessions", ["character_id", "login_time", "ended_at"]) as Facts[]) {
      const played = (row["ended_at"] - row["login_time"]) / (60 * MINUTE_US);
      hours.set(row["character_id"], (hours.get(row["character_id"]) ?? 0) + played);
    }
    const characters = rowsOf(universe, "characters") as Facts[];
    for (const { id, level, experience } of characters) {
      const played = hours.get(id) ?? 0;
      expect((level > 20 && played < 1.5) || (level < 10 && played > 15)).toBe(false);
      if (played === 0) expect(experience).toBe(0);
    }
    const pairs = characters.map(({ id, experience }) => [hours.get(id) ?? 0, experience] as const);
    const [x, y] = [0, 1].map((at) => mean(pairs.map((pair) => pair[at])));
    const product = (a: 0 | 1, b: 0 | 1): number =>
      pairs.reduce((sum, pair) => sum + (pair[a] - [x, y][a]) * (pair[b] - [x, y][b]), 0);
    expect(product(0, 1) / Math.sqrt(product(0, 0) * product(1, 1))).toBeGreaterThan(0.75);
  });

  it("has players talk and trade while they play", () => {
    const busy = universeOf({ features: { chat: true, market: true } });
    const sessions = new Map(
      (rowsOf(busy, "player_sessions", ["id", "login_time", "ended_at", "character_id"]) as Facts[]).map((row) => [
        row["id"],
        row,
      ]),
    );
    for (const [table, at, who] of [
      ["chat_messages", "sent_at", "character_id"],
      ["market_listings", "listed_at", "seller_id"],
    ]) {
      const rows = rowsOf(busy, table, ["session", at, who]) as Facts[];
      expect(rows.length).toBeGreaterThan(20);
      for (const row of rows) {
        const session = sessions.get(row["session"])!;
        expect(
          row[at] >= session["login_time"] && row[at] < session["ended_at"] && row[who] === session["character_id"],
        ).toBe(true);
      }
    }
    const statuses = grouped(rowsOf(busy, "market_listings") as Facts[], (row) => row["status"]);
    expect([...statuses.keys()].sort()).toEqual(
      ["cancelled", "expired", "sold"].concat(statuses.has("active") ? ["active"] : []).sort(),
    );
  });

  it("has sessions from 5 minutes to 4 hours, longer ones for premium players", () => {
    const sessions = rowsOf(universe, "player_sessions") as Facts[];
    const minutes = sessions.map((row) => (row["logout_time"] - row["login_time"]) / MINUTE_US);
    const within = (least: number, most: number): number =>
      minutes.filter((length) => length >= least && length <= most).length / minutes.length;
    expect(Math.min(...minutes)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...minutes)).toBeLessThanOrEqual(240);
    expect(within(5, 30)).toBeGreaterThan(0.25);
    expect(within(120, 240)).toBeGreaterThan(0.15);
    const length = byType(sessions, (row) => row["logout_time"] - row["login_time"]);
    expect(length["premium"]).toBeGreaterThan(1.5 * length["new"]);
  });

  it("has rare items traded rarely, though they are dear", () => {
    const items = rowsOf(universe, "items") as Facts[];
    const trades = grouped(rowsOf(universe, "transactions") as Facts[], (row) => row["item_name"]);
    const rarities = ["common", "uncommon", "rare", "epic", "legendary"];
    const own = rarities.map((rarity) => items.filter((item) => item["rarity"] === rarity));
    const traded = own.map((some) => mean(some.map(({ name }) => trades.get(name)?.length ?? 0)));
    const worth = own.map((some) => mean(some.map(({ gold_value }) => gold_value)));
    for (let at = 1; at < rarities.length; at++) {
      expect(traded[at], rarities[at]).toBeLessThan(0.6 * traded[at - 1]);
      expect(worth[at], rarities[at]).toBeGreaterThan(3 * worth[at - 1]);
    }
  });

  it("has attacks in bursts, each from few addresses over many accounts", () => {
    const attempts = (rowsOf(universe, "login_history") as Facts[]).filter(isAttack);
    const bursts = grouped(attempts, (row) => Math.floor(row["ip_address"] / 256));
    expect(bursts.size).toBe(4);
    for (const rows of bursts.values()) {
      expect(rows).toHaveLength(300);
      expect(new Set(rows.map(({ ip_address }) => ip_address)).size).toBeLessThanOrEqual(5);
      expect(new Set(rows.map(({ username }) => username)).size).toBeGreaterThan(200);
      const times = rows.map(({ login_time }) => login_time as number);
      expect((Math.max(...times) - Math.min(...times)) / MINUTE_US).toBeLessThanOrEqual(90);
    }
  });

  it("begins the first burst when it is told to, elsewhere for another seed", () => {
    const attack = { rate: 0.1, when: "burst", bursts: 2, from: "2024-10-03T12:00:00Z" };
    const firstOf = (seed: number, anomaly: Record<string, unknown>): number =>
      (rowsOf(universeOf({ seed, anomalies: { credential_stuffing: anomaly } }), "login_history") as Facts[]).find(
        isAttack,
      )!["login_time"];
    const wanted = Date.parse(attack.from) * 1000;
    expect(firstOf(1, attack) - wanted).toBeGreaterThanOrEqual(0);
    expect(firstOf(1, attack) - wanted).toBeLessThan(10 * MINUTE_US);
    const { from: _from, ...anywhere } = attack;
    expect(firstOf(1, anywhere)).not.toBe(firstOf(2, anywhere));
  });

  it("changes no other row by an attack, nor how many there are elsewhere", () => {
    const quiet = universeOf({ features: ALL_FEATURES });
    const attacked = universeOf({
      features: ALL_FEATURES,
      anomalies: { ...ATTACK, price_spike: { rate: 0.1 }, session_out_of_order: { rate: 0.1 } },
    });
    for (const { name } of quiet.entities) {
      if (["transactions", "player_sessions", "injected_anomalies"].includes(name)) continue;
      const rows = rowsOf(quiet, name);
      expect(rowsOf(attacked, name).slice(0, rows.length), name).toEqual(rows);
      if (name !== "login_history") expect(attacked.rowCount(name), name).toBe(rows.length);
    }
    const differing = (name: string, columns: readonly string[]): number => {
      const [before, after] = [rowsOf(quiet, name), rowsOf(attacked, name)];
      const without = (row: Facts) => ({ ...row, ...Object.fromEntries(columns.map((column) => [column, 0])) });
      expect(after.map(without)).toEqual(before.map(without));
      return before.filter((row, at) => columns.some((column) => row[column] !== after[at][column])).length;
    };
    expect(differing("transactions", ["gold_value"])).toBe(8);
    expect(differing("player_sessions", ["logout_time"])).toBe(40);
  });
});

describe("gaming's passwords", () => {
  it("belong to their hashes, as the account's ID says", async () => {
    const universe = universeOf({ sizes: { users: 300 } });
    const users = rowsOf(universe, "users", ["id", "password_hash"]) as Facts[];
    for (const id of [1, 77, 128, 129, 300]) {
      const { password_hash } = users[id - 1];
      expect(password_hash).toMatch(/^\$2b\$10\$/);
      const password = `quest-${String(((id - 1) % 128) + 1).padStart(4, "0")}`;
      expect(await compare(password, password_hash), password).toBe(true);
      expect(await compare("quest-0000", password_hash)).toBe(false);
    }
  });

  it("are all different", () => {
    expect(PASSWORD_HASHES).toHaveLength(128);
    expect(new Set(PASSWORD_HASHES).size).toBe(128);
  });
});

describe("gaming's scenarios", () => {
  it.each([
    [{ sizes: { sessions: 700, logins: 650 } }, "sessions"],
    [{ sizes: { users: 10, logins: 301, sessions: 1 } }, "at most 30 times users"],
  ])("are refused where %o", (wanted, message) => {
    expect(() => scenarioOf(wanted)).toThrow(message);
  });

  it("are refused with a window too short to come, play and stay away", () => {
    expect(() => rowsOf(universeOf({ from: "2024-12-10" }), "users")).toThrow("too short for gaming");
  });
});
