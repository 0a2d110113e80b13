import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inRestoreOrder, nextItem, type RestoreItem } from "../../../bench/baselines/restore-items.js";

const item = (kind: RestoreItem["kind"], table: string, other: string | null = null, bytes = 0): RestoreItem => ({
  name: `${kind} ${table} ${other ?? ""}`,
  kind,
  table,
  other,
  sql: "",
  file: null,
  bytes,
});

/** Parents and children: rows, keys, two indexes, a foreign key. */
const ITEMS = [
  item("reference", "children", "parents"),
  item("index", "children"),
  item("index", "children"),
  item("key", "children"),
  item("key", "parents"),
  item("data", "parents", null, 10),
  item("data", "children", null, 500),
];

describe("a restore by hand", () => {
  it("begins with the largest table's rows", () => {
    const ordered = inRestoreOrder(ITEMS);
    expect(ordered.map(({ kind }) => kind)).toEqual(["data", "data", "key", "key", "index", "index", "reference"]);
    expect(nextItem({ waiting: ordered, running: [] })).toMatchObject({ kind: "data", table: "children" });
  });

  it("builds a table's keys while another's rows still come in, but not before its own are there", () => {
    const [children] = ITEMS.filter(({ kind, table }) => kind === "data" && table === "children");
    const rest = ITEMS.filter(({ kind }) => kind !== "data");
    expect(nextItem({ waiting: rest, running: [children] })).toMatchObject({ kind: "key", table: "parents" });
    const own = rest.filter(({ table }) => table === "children");
    expect(nextItem({ waiting: own, running: [children] })).toBeUndefined();
  });

  it("builds two indexes of a table side by side, and a key beside neither", () => {
    const index = item("index", "a");
    expect(nextItem({ waiting: [index], running: [item("index", "a")] })).toBe(index);
    expect(nextItem({ waiting: [item("key", "a")], running: [index] })).toBeUndefined();
    expect(nextItem({ waiting: [index], running: [item("key", "a")] })).toBeUndefined();
  });

  it("ends with everything done once, no two at once that lock each other out, references last of their tables", () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.infiniteStream(fc.nat(10)), (lanes, ends) => {
        const waiting = inRestoreOrder(ITEMS);
        const running: RestoreItem[] = [];
        const done: RestoreItem[] = [];
        while (waiting.length + running.length > 0) {
          const next = running.length < lanes ? nextItem({ waiting, running }) : undefined;
          if (next !== undefined) {
            waiting.splice(waiting.indexOf(next), 1);
            running.push(next);
            continue;
          }
          expect(running.length).toBeGreaterThan(0);
          done.push(...running.splice(ends.next().value % running.length, 1));
        }
        expect(done).toHaveLength(ITEMS.length);
        const at = (kind: RestoreItem["kind"], table: string) =>
          done.findIndex((each) => each.kind === kind && each.table === table);
        for (const table of ["parents", "children"]) {
          expect(at("data", table)).toBeLessThan(at("key", table));
          expect(at("key", table)).toBeLessThan(at("reference", "children"));
        }
      }),
    ));
});
