import { parse } from "yaml";
import { KINDS } from "../../src/columns/kinds/vocabulary.js";
import { modelOf } from "../../src/model/file/define.js";
import type { Model } from "../../src/model/model.js";

/** A kind's example as a column: its name and its declaration, as YAML reads it. */
export function exampleOf(kind: string): { readonly column: string; readonly declaration: unknown } {
  const [[column, declaration]] = Object.entries(parse(KINDS.get(kind)!.example) as Record<string, unknown>);
  return { column, declaration };
}

/** A model whose table `rows` has a column of its own, between an owner and children that examples may name. */
export function modelWith(column: string, declaration: unknown, rows = 3000): Model {
  const declared = {
    model: "kinds",
    window: { from: "2024-01-01", to: "2025-01-01" },
    sizes: { some: 3 },
    shares: { members: 0.3 },
    weights: { status: { open: 1, paid: 3 } },
    settings: { middle: 40 },
    lists: {
      places: {
        weight: "people",
        rows: [
          { city: "Cairo", code: "02", people: 9, far: true, rate: 0.5, note: null },
          { city: "Aswan", code: "97", people: 1, far: null, rate: 1.25, note: "dry" },
        ],
      },
      colors: ["red", "green", "blue"],
    },
    tables: {
      customers: {
        rows: 50,
        columns: { id: "id", city: { word: "city" }, created_at: { moment: "window" } },
      },
      rows: {
        rows: { owner: "customers", total: rows },
        links: { customer: { owner: "customers" } },
        columns: {
          key: "ordinal",
          customer_id: "customer.id",
          created_at: { between: ["customer.created_at", "window.to"] },
          placed_at: { between: ["customer.created_at", "window.to"] },
          first_name: { word: "first_name" },
          city: { word: "city" },
          quantity: { integer: [1, 20] },
          price: { decimal: [1, 99], type: "numeric(8,2)" },
          note: { text: '{first_name} "{quantity}" \\ {{}}', nulls: 0.3 },
          status: { choice: "weights.status", type: "enum" },
          nickname: { word: "color", nulls: 0.4 },
          _place: { pick: "places", nulls: 0.2 },
          _turn: { row_of: "places" },
          flag: { chance: 0.4 },
          ...{ [column]: declaration },
          ...(column === "id" ? {} : { id: "id" }),
        },
        key: column === "key" ? ["id"] : ["customer_id", "key"],
      },
      orders: { rows: { owner: "rows", total: 2 * rows }, columns: { id: "id", amount: { integer: [1, 9] } } },
      visits: {
        rows: { owner: "rows", total: 3 * rows },
        columns: { id: "id", minutes: { integer: [1, 9], nulls: 0.5 } },
      },
      lines: {
        rows: { owner: "rows", total: 2 * rows, by: "quantity" },
        columns: { id: "id", amount: { decimal: [1, 9], type: "numeric(10,2)" } },
      },
    },
  };
  const { model, problems } = modelOf(declared, () => "");
  if (model === undefined)
    throw new Error(problems.map(({ path, message }) => `${path.join(".")}: ${message}`).join("\n"));
  return model;
}
