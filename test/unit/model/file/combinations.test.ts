import { describe, expect, it } from "vitest";
import { defineModel } from "../../../../src/model/file/read.js";
import { buildPlan } from "../../../../src/model/plan.js";
import { rowsOf, testUniverses } from "../../../support/model-rows.js";

const WINDOW = { from: "2024-01-01", to: "2025-01-01" };

function membersOf(table: Record<string, unknown>, sizes = { users: 40, roles: 7 }) {
  const model = defineModel({
    model: "m",
    window: WINDOW,
    sizes: { asked: 200 },
    tables: {
      users: { rows: sizes.users, columns: { id: "id" } },
      roles: { rows: sizes.roles, columns: { id: "id" } },
      members: {
        rows: 200,
        links: { user: { any: "users" }, role: { any: "roles" } },
        columns: { user_id: "user.id", role_id: "role.id" },
        key: ["user_id", "role_id"],
        combinations: [["user", "role"]],
        ...table,
      },
    },
  } as Parameters<typeof defineModel>[0]);
  return testUniverses(model, WINDOW);
}

const pairs = (found: readonly Record<string, unknown>[], names: readonly string[]): number =>
  new Set(found.map((row) => JSON.stringify(names.map((name) => row[name])))).size;

describe("combinations", () => {
  it("of links are different in all rows, in another order under another seed, and as many as there are", () => {
    const { universeOf } = membersOf({ rows: 280 });
    const [one, other] = [1, 2].map((seed) => rowsOf(universeOf({ seed }), "members", ["user_id", "role_id"]));
    expect(pairs(one, ["user_id", "role_id"])).toBe(280);
    expect(other).not.toEqual(one);
    // All of them: each user with each role.
    expect(new Set(one.map(({ user_id }) => user_id)).size).toBe(40);
    for (let role = 1; role <= 7; role++) expect(one.filter(({ role_id }) => role_id === role)).toHaveLength(40);
  });

  it("hold columns with few values too, and leave those free that are not in them", () => {
    const { universeOf } = membersOf({
      rows: 300,
      columns: {
        user_id: "user.id",
        role_id: "role.id",
        day: { integer: [-1, 8] },
        kind: { choice: ["a", "b"] },
        flag: { chance: 0.5 },
      },
      key: ["user_id", "day", "kind"],
      combinations: [["user", "day", "kind"]],
    });
    const found = rowsOf(universeOf(), "members", ["user_id", "day", "kind", "flag"]);
    expect(pairs(found, ["user_id", "day", "kind"])).toBe(300);
    expect([...new Set(found.map(({ day }) => day))].sort((a, b) => Number(a) - Number(b))).toEqual([
      -1, 0, 1, 2, 3, 4, 5, 6, 7, 8,
    ]);
  });

  it("refuse more rows than there are of them, and up_to has as many as there are", () => {
    expect(() => buildPlan(membersOf({ rows: 281 }).universeOf())).toThrow(/281 rows, and its keys allow 280/);
    const rowsUpTo = (rows: unknown): number =>
      buildPlan(membersOf({ rows }).universeOf({ sizes: { asked: 1000 } })).rows - 47;
    expect(rowsUpTo({ up_to: "sizes.asked" })).toBe(280);
    expect(rowsUpTo({ up_to: 100 })).toBe(100);
    expect(rowsUpTo({ up_to: "sizes.asked", most: 33 })).toBe(33);
  });

  it("of more places than a number tells apart draw the rest", () => {
    const { universeOf } = membersOf({
      rows: 500,
      columns: {
        user_id: "user.id",
        role_id: "role.id",
        a: { integer: [1, 1e9], type: "int8" },
        b: { integer: [1, 1e9], type: "int8" },
      },
      key: ["a", "b"],
      combinations: [["a", "b"]],
    });
    const found = rowsOf(universeOf(), "members", ["a", "b"]);
    expect(new Set(found.map(({ a }) => a)).size).toBe(500);
    expect(new Set(found.map(({ b }) => b)).size).toBeGreaterThan(490);
  });

  it("are told where they name what cannot be of one", () => {
    for (const [table, message] of [
      [{ combinations: [["user", "nobody"]] }, "there is no link or column nobody"],
      [
        { links: { user: { any: "users", zipf: 1.1 }, role: { any: "roles" } } },
        "expected a link { any: … } and no more",
      ],
    ] as const) {
      expect(() => membersOf(table)).toThrow(message);
    }
  });
});
