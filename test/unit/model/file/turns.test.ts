import { describe, expect, it } from "vitest";
import { defineModel } from "../../../../src/model/file/read.js";
import { rowsOf, testUniverses } from "../../../support/model-rows.js";

const WINDOW = { from: "2024-01-01", to: "2025-01-01" };

type Tables = Parameters<typeof defineModel>[0]["tables"];

const TABLES: Tables = {
  catalogs: { rows: "sizes.catalogs", columns: { id: { id: null, type: "int4" } } },
  hosts: {
    rows: { per: "catalogs", times: 3 },
    links: { catalog: { nth: "catalogs" } },
    columns: { id: "id", catalog_id: "catalog.id" },
    unique: [["catalog_id", "id"]],
  },
  sets: {
    rows: { per: "catalogs", times: 2 },
    links: { catalog: { nth: "catalogs" } },
    columns: { id: "id", catalog_id: "catalog.id" },
    unique: [["catalog_id", "id"]],
  },
  members: {
    rows: { per: "hosts", times: 4 },
    links: { host: { nth: "hosts" }, set: { nth: "sets" } },
    columns: { id: "id", catalog_id: "host.catalog_id", host_id: "host.id", set_id: "set.id" },
  },
};

function universeOf(tables: Tables = TABLES, catalogs = 7) {
  const model = defineModel({ model: "m", window: WINDOW, sizes: { catalogs }, tables });
  return testUniverses(model, WINDOW).universeOf();
}

describe("links in turn", () => {
  it("lead to the same row by all ways, at any size", () => {
    for (const catalogs of [1, 7, 12]) {
      const universe = universeOf(TABLES, catalogs);
      const setCatalogs = new Map(
        rowsOf(universe, "sets", ["id", "catalog_id"]).map(({ id, catalog_id }) => [id, catalog_id]),
      );
      const members = rowsOf(universe, "members", ["catalog_id", "set_id"]);
      expect(members).toHaveLength(catalogs * 12);
      for (const { catalog_id, set_id } of members) expect(setCatalogs.get(set_id)).toBe(catalog_id);
    }
  });

  it("are foreign keys that share columns, and not where the numbers of rows are no multiples", () => {
    const keysOf = (tables: Tables): unknown[] =>
      universeOf(tables)
        .entity("members")
        .foreignKeys.map((key) => key.columns);
    expect(keysOf(TABLES)).toEqual([["host_id"], ["set_id"]].map((columns) => expect.arrayContaining(columns)));
    const byPair = { ...TABLES, sets: { ...TABLES["sets"], key: ["catalog_id", "id"], unique: [] } } as Tables;
    expect(keysOf(byPair)).toContainEqual(["catalog_id", "set_id"]);
    // A host's set is that of its turn, and a member's set is another one's where hosts are no multiple of sets.
    const setsOfHosts = (times: number): Tables => ({
      catalogs: TABLES["catalogs"],
      sets: { rows: { per: "catalogs", times: 2 }, columns: { id: "id" } },
      hosts: {
        rows: { per: "catalogs", times },
        links: { set: { nth: "sets" } },
        columns: { id: "id", set_id: "set.id" },
        key: ["set_id", "id"],
      },
      members: {
        rows: { per: "catalogs", times: 12 },
        links: { host: { nth: "hosts" }, set: { nth: "sets" } },
        columns: { id: "id", host_id: "host.id", set_id: "set.id" },
      },
    });
    expect(keysOf(setsOfHosts(4))).toContainEqual(["set_id", "host_id"]);
    expect(keysOf(setsOfHosts(3))).not.toContainEqual(["set_id", "host_id"]);
    const uneven = { ...byPair, sets: { ...byPair["sets"], rows: 5 } } as Tables;
    expect(keysOf(uneven)).not.toContainEqual(["catalog_id", "set_id"]);
  });

  it("may not go around in a circle of sizes", () => {
    const around = { ...TABLES, catalogs: { ...TABLES["catalogs"], rows: { per: "members" } } } as Tables;
    expect(() => universeOf(around)).toThrow(/what needs itself cannot be made/);
  });
});

describe("links that leave rows out or must lead somewhere", () => {
  it("skip the first rows, alone and in combinations", () => {
    const universe = universeOf({
      scopes: { rows: 5, columns: { id: "id" } },
      users: { rows: 200, links: { scope: { any: "scopes", skip: 2 } }, columns: { id: "id", scope_id: "scope.id" } },
      grants: {
        rows: { up_to: 100 },
        links: { scope: { any: "scopes", skip: 1 }, other: { any: "scopes" } },
        columns: { scope_id: "scope.id", other_id: "other.id" },
        key: ["scope_id", "other_id"],
        combinations: [["scope", "other"]],
      },
    });
    const found = (table: string) => new Set(rowsOf(universe, table, ["scope_id"]).map(({ scope_id }) => scope_id));
    expect([...found("users")].sort()).toEqual([3, 4, 5]);
    expect([...found("grants")].sort()).toEqual([2, 3, 4, 5]);
    expect(universe.rowCount("grants")).toBe(20);
  });

  it("say where an owner owns none of what each row must have", () => {
    const tables = (required: boolean): Tables => ({
      owners: { rows: 40, columns: { id: "id" } },
      things: { rows: { owner: "owners", total: 8 }, columns: { id: "id", owner_id: "owners.id" } },
      orders: {
        rows: 100,
        links: {
          owner: { any: "owners" },
          thing: { any: "things", within: "owner", ...(required && { required: true }) },
        },
        columns: { id: "id", owner_id: "owner.id", thing_id: "thing.id" },
      },
    });
    const lost = rowsOf(universeOf(tables(false)), "orders", ["thing_id"]).filter(({ thing_id }) => thing_id === null);
    expect(lost.length).toBeGreaterThan(0);
    expect(() => rowsOf(universeOf(tables(true)), "orders", ["thing_id"])).toThrow(/needs one of the things rows/);
  });
});
