import { describe, expect, it } from "vitest";
import { formatExplanation } from "../../../../src/cli/screen/explanation.js";
import { textWidth } from "../../../../src/cli/screen/text.js";
import { cellBits, deriveKey } from "../../../../src/core/random.js";
import { type ExplainedColumn, explain } from "../../../../src/engine/inspect/explain.js";
import { previewRows } from "../../../../src/engine/inspect/preview.js";
import { exactUniverse } from "../../../support/exact-model.js";
import { planned } from "../../../support/planned.js";

const { universe } = exactUniverse();

function cell(columns: readonly ExplainedColumn[], name: string): ExplainedColumn {
  return columns.find(({ column }) => column === name)!;
}

describe("explain", () => {
  const explained = explain(universe, { entity: "orders", row: 1234 });
  const row = Object.fromEntries(
    previewRows(universe, "orders", 1234, 1).columns.map((column, i) => [
      column,
      previewRows(universe, "orders", 1234, 1).rows[0][i],
    ]),
  );

  it("gives each column the value that a preview gives", () => {
    expect(explained).toMatchObject({ entity: "orders", id: 2234, row: 1234, rows: 5000, seed: 7 });
    for (const { column, value } of explained.columns) expect(value, column).toBe(row[column]);
    expect(explained.columns.map(({ column }) => column)).toEqual(Object.keys(row));
  });

  it("names the owner, and which of its children the row is", () => {
    const [owner, ...further] = explained.owners;
    expect(further).toEqual([]);
    expect(owner).toMatchObject({ entity: "Shops & co", of: { entity: "orders", id: 2234 }, via: "shop_id" });
    expect(String(owner.id)).toBe(row["shop_id"]);
    expect(String(owner.ordinal + 1)).toBe(row["number"]);
    expect(owner.children).toBeGreaterThan(owner.ordinal);
  });

  it("tells what a column reads, through parents too, with the cells it comes from", () => {
    const shop = Number(row["shop_id"]);
    const opened = cell(explain(universe, { entity: "Shops & co", row: shop - 1 }).columns, "opened_at").value;
    expect(cell(explained.columns, "ordered_at").reads).toEqual([
      { path: "shop_id.opened_at", value: opened, cell: { entity: "Shops & co", id: shop, column: "opened_at" } },
    ]);
    expect(cell(explained.columns, "shop_id").reads).toEqual([{ path: "$parent", value: String(shop - 1) }]);
    expect(cell(explained.columns, "label").reads.map(({ path, value }) => [path, value])).toEqual([
      ["status", row["status"]],
      ["number", row["number"]],
      ["shop_id.name", row["label"]?.split(" of ")[1]],
    ]);
  });

  it("gives the keys that a column draws by, and the cell's bits", () => {
    const key = deriveKey({ seed: 7, model: "exact", entity: "orders", column: "status" });
    const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, "0");
    expect(cell(explained.columns, "status").draws).toEqual([
      { label: null, key: hex(key.k0) + hex(key.k1), bits: hex(cellBits(key, 1234, 0)) },
    ]);
    expect(cell(explained.columns, "label").draws).toEqual([]);
    const [shop] = explain(universe, { entity: "Shops & co", row: 0 }).columns.filter((c) => c.column === "slogan");
    expect(shop.draws.map(({ label }) => label)).toEqual([null, "present"]);
  });

  it("shows hidden columns and their values", () => {
    const shop = explain(universe, { entity: "Shops & co", row: 3 });
    expect(cell(shop.columns, "size")).toMatchObject({ hidden: true, type: "int4" });
    expect(Number(cell(shop.columns, "size").value)).toBeGreaterThanOrEqual(1);
  });

  it("follows one column down to what nothing else decides, each cell once", () => {
    const [label] = explain(universe, { entity: "orders", row: 1234, column: "label" }).columns;
    const [status, number, name] = label.reads;
    expect(status.from).toMatchObject({ column: "status", value: row["status"], reads: [] });
    expect(number.from?.reads).toEqual([{ path: "$ordinal", value: String(Number(row["number"]) - 1) }]);
    expect(name.from).toMatchObject({ entity: "Shops & co", column: "name", value: name.value });
  });

  it("leaves nobody's child without an owner", () => {
    expect(explain(universe, { entity: "Shops & co", row: 0 })).toMatchObject({ owners: [], references: [] });
  });

  it("is plain data", () => {
    expect(JSON.parse(JSON.stringify(explained))).toEqual(explained);
  });
});

describe("an explanation on a screen", () => {
  it("fits 80 columns and shows every part", () => {
    const text = formatExplanation(explain(universe, { entity: "orders", row: 1234 }), { columns: 80, color: false });
    expect(text).toMatch(
      /^orders 2234, row 1,234 of 5,000; exact\/exact, seed 7\n {2}orders 2234 belongs to Shops & co/,
    );
    expect(text).toMatch(
      /\nstatus order status\n {2}= \w+.*\n {2}one of the labels, by weight\n {2}draws [0-9a-f]{8} by key [0-9a-f]{16}\n/,
    );
    expect(text).toMatch(/\n {2}reads shop_id\.opened_at = 20\d\d-/);
  });

  it("sets the cells of one column's ancestry in", () => {
    const explanation = explain(universe, { entity: "orders", row: 1234, column: "ordered_at" });
    const text = formatExplanation(explanation, { columns: 80, color: false });
    expect(text).toMatch(
      /\n\nordered_at timestamptz\n[\s\S]*\n {2}Shops & co \d+ opened_at timestamptz\n {4}= 20\d\d-/,
    );
  });

  it("fits every cell of the marketing model, too, at 80 columns and at 40", async () => {
    const { universe } = await planned("demo");
    for (const { name, columns } of universe.entities) {
      const row = universe.rowCount(name) - 1;
      if (row < 0) continue;
      const deepest = Object.keys(columns).at(-1)!;
      const explanations = [
        explain(universe, { entity: name, row }),
        explain(universe, { entity: name, row, column: deepest }),
      ];
      for (const explanation of explanations) {
        for (const width of [80, 40]) {
          const lines = formatExplanation(explanation, { columns: width, color: false }).split("\n");
          expect(
            lines.filter((line) => textWidth(line) > width),
            name,
          ).toEqual([]);
        }
      }
      const { columns: stored, rows } = previewRows(universe, name, row, 1);
      const values = new Map(explanations[0].columns.map(({ column, value }) => [column, value]));
      expect(
        stored.map((column) => values.get(column)),
        name,
      ).toEqual(rows[0]);
    }
  });
});
