import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SeedBulkError } from "../../../../src/errors.js";
import { defineModel, modelOfDocument, readModel } from "../../../../src/model/file/read.js";
import { nodeAt, plainOf } from "../../../../src/model/scenario/nodes.js";

const shipped = (name: string): string =>
  readFileSync(resolve(import.meta.dirname, `../../../../scenarios/${name}.model.yaml`), "utf8");
const EXAMPLE = shipped("example");

function problemOf(text: string): string {
  try {
    readModel(text, "/somewhere/shop.model.yaml");
  } catch (error) {
    expect(error).toBeInstanceOf(SeedBulkError);
    expect((error as SeedBulkError).code).toBe("SB_MODEL_INVALID");
    return (error as SeedBulkError).message;
  }
  return "";
}

/** A table `a` of one line that is in question, with tables beside it that are in order. */
const withLine = (line: string): string => `model: m
sizes: { some: 5 }
weights: { status: { open: 1 } }
tables:
  owners: { rows: 2, columns: { id: id, name: { word: city } } }
  a:
    rows: { owner: owners, total: 10 }
    links: { other: { any: owners } }
    columns:
      id: id
      at: { moment: window }
${line}
`;

describe("a model's file", () => {
  it("is a model: tables in the order of their owners, knobs, keys and foreign keys", () => {
    const { entities, name, origin, scenarios, defaults } = readModel(EXAMPLE, "/somewhere/shop.model.yaml");
    expect(name).toBe("shop");
    expect(entities.map((entity) => entity.name)).toEqual(["customers", "categories", "products", "orders", "lines"]);
    const keys = entities.flatMap((entity) =>
      entity.foreignKeys.map(
        ({ columns, target, targetColumns }) => `${entity.name} ${columns} -> ${target} ${targetColumns}`,
      ),
    );
    expect(keys).toEqual([
      "categories parent_id -> categories id",
      "products category_id -> categories id",
      "orders previous_id -> orders id",
      "orders customer_id -> customers id",
      "lines product_id -> products id",
      "lines order_id -> orders id",
    ]);
    expect(origin).toMatchObject({ kind: "document", file: "/somewhere/shop.model.yaml" });
    expect([...scenarios!.keys()]).toEqual(["big"]);
    expect(plainOf(nodeAt(defaults!, ["window"])!)).toEqual({ from: "2025-01-01", to: "2026-01-01" });
  });

  it("is made again of the document that a run keeps, which names a file's own text as another version's", () => {
    const yaml = "model: m\nseed: 7\ntables:\n  rows:\n    rows: 3\n    columns: { id: id, word: { word: noun } }\n";
    const { origin, entities, defaults } = readModel(yaml, "/somewhere/m.model.yaml");
    if (origin?.kind !== "document") throw new Error("a file's model is a document");
    const again = modelOfDocument(origin);
    expect(again.origin).toBe(origin);
    expect(again.entities.map(({ name }) => name)).toEqual(entities.map(({ name }) => name));
    expect(plainOf(again.defaults!)).toEqual(plainOf(defaults!));
    expect(() => modelOfDocument({ ...origin, text: yaml })).toThrow(/keeps .*m\.model\.yaml as another version/);
  });

  it("makes a foreign key of columns that two keys share", () => {
    const { entities } = defineModel({
      model: "m",
      tables: {
        tenants: { rows: 2, columns: { id: "uuid" } },
        users: {
          rows: { owner: "tenants", total: 9 },
          columns: { tenant_id: "tenants.id", n: "ordinal" },
          key: ["tenant_id", "n"],
        },
        notes: {
          rows: { owner: "tenants", total: 20 },
          links: { author: { any: "users", within: "tenants" } },
          columns: { id: "id", tenant_id: "tenants.id", author_n: "author.n" },
        },
      },
    });
    expect(entities.at(-1)!.foreignKeys.map(({ columns, target }) => [columns, target])).toEqual([
      [["tenant_id", "author_n"], "users"],
      [["tenant_id"], "tenants"],
    ]);
  });

  it.each([
    ["      x: { wrod: city }", /:12:\d+ tables\.a\.columns\.x: there is no kind "wrod", did you mean word\?/],
    ["      x: { choice: { open: 0 } }", /:12:\d+ tables\.a\.columns\.x\.choice: .*one of them above 0/],
    ["      x: { choice: weights.stats }", /:12:.*the model has no weights stats/],
    ["      x: { chance: shares.nothing }", /:12:.*the model has no knob shares\.nothing/],
    ["      x: { text: 'a{id' }", /:12:.*the \{ at 1/],
    ["      x: { text: '{idd}' }", /:12:.*a has no column idd, did you mean id\?/],
    ["      x: othr.name", /:12:.*a has no link othr, did you mean other\?/],
    ["      x: other.nam", /:12:.*owners has no column nam, did you mean name\?/],
    ["      x: y", /:12:.*there is no kind "y"/],
    ["      x: { copy: x }", /:12:.*needs itself: a\.x -> a\.x/],
    ["      x: { after: id, days: [1, 2] }", /:12:.*id is no moment but of the type int8/],
    ["      x: { after: at, days: [2, 1] }", /:12:.*expected two numbers of days, the smaller first/],
    ["      x: { after: at }", /:12:.*expected days or hours/],
    ["      x: { integer: [1, 5], type: monney }", /:12:.*expected a type: int2/],
    ["      x: { integer: [1, 5], type: money }", /:12:.*expected a type among int2, int4, int8, got money/],
    ["      x: { integer: [1, 5], type: text }", /:12:.*expected a type among int2, int4, int8, got text/],
    ["      x: { integer: [1, 5], nulls: 2 }", /:12:.*expected a share from 0 to 1/],
    ["      x: { integer: [1, 5], uniq: true }", /:12:.*unknown key uniq/],
    ["      x: { integer: [1, 5], chance: 1 }", /:12:.*expected one kind, got integer and chance/],
    ["      x: { slug: at }", /:12:.*at is no word of a list/],
    ["      x: 5", /:12:.*expected a column/],
    ["      x: { generated: id * 2 }", /:12:.*type: expected a type beside it/],
    ["      x: { default: now(), type: timestamptz }\n      y: { copy: x }", /:13:.*a\.x is made by Postgres/],
    ["      x: { expr: id + }", /:12:.*x: expected a value, got the end/],
    ["      x: { expr: 'idd + 1' }", /:12:.*a has no column idd, did you mean id\?/],
    ["      x: { expr: id + 1, type: text }", /:12:.*it makes a number, not a text/],
    ["      x: { expr: x + 1 }", /:12:.*needs itself: a\.x -> a\.x/],
    ["      x: { pick: towns }", /:12:.*the model has no list towns/],
    ["      x: { chance: 0.5, unique: true }", /:12:.*unique: chance makes no values that are all different/],
    ["      x: { json: { a: nope } }", /:12:.*a has no column nope/],
    ["      x: { sum_of: owners.name }", /:12:.*owners\.name is of text, not of numbers/],
    ["      x: { histogram: [[5, 1, 1]] }", /:12:.*expected bins that begin before they end/],
    ["      x: { pattern: '################' }", /:12:.*expected a pattern of at most 15 digits/],
    ["    anomalies: { late: { rate: 2, set: {} } }", /:12:.*late\.rate: expected a share from 0 to 1/],
    ["    anomalies: { late: { rate: 0.1, set: { nope: null } } }", /:12:.*a has no stored column nope/],
    ["    anomalies: { late: { rate: 0.1, set: { at: { aftr: at } } } }", /:12:.*there is no kind "aftr"/],
    [
      "    anomalies: { late: { rate: 0.1, set: { at: { chance: 1 } } } }",
      /:11:.*anomalies\.late\.set\.at.*expected a type among bool/,
    ],
    ["    anomalies: { late: { rate: 0.1, since: nope, set: {} } }", /:12:.*late\.since: a has no column nope/],
    [
      "    anomalies: { late: { rate: 0.1, until: id, set: {} } }",
      /:12:.*late\.until: expected the path of a moment, got one of the type int8/,
    ],
    ["    anomalies: { late: { rate: 0.1, detail: 'x {nope}', set: {} } }", /:12:.*late\.detail: a has no column nope/],
    [
      "    anomalies: { late: { rate: 0.1, set: {} } }\n  b: { rows: 5, columns: { id: id, at: { moment: window } }, anomalies: { late: { rate: 0.1, set: {} } } }",
      /:13:.*tables\.b\.anomalies\.late: a has an anomaly late already/,
    ],
    ["lists: { towns: [] }", /:12:.*lists\.towns/],
    ["lists: { towns: { rows: [{ a: 1 }, { b: 2 }] } }", /:12:.*row 2 has the columns b, and the first one a/],
    ["lists: { towns: { weight: w, rows: [{ a: 1 }] } }", /:12:.*the list has no column w/],
    ["    key: [x]", /tables\.a\.key.*a has no stored column x/],
    ["    indexes: [[nope]]", /tables\.a\.indexes\.0.*a has no stored column nope/],
    ["    feature: extras", /tables\.a\.feature: the model has no feature extras/],
    ["    colums: {}", /unknown key colums/],
    ["  b: { rows: sizes.none, columns: { id: id } }", /tables\.b\.rows: the model has no size none/],
    [
      "  b: { rows: { owner: nobody, total: 1 }, columns: { id: id } }",
      /tables\.b\.rows\.owner: there is no table nobody/,
    ],
    ["  b: { rows: { owner: a }, columns: { id: id } }", /tables\.b\.rows: expected total, up_to, or by/],
    [
      "  b: { rows: 3, links: { l: { owner: a } }, columns: { id: id } }",
      /tables\.b\.links\.l\.owner: a is not the owner of b: nobody/,
    ],
    [
      "  b: { rows: 3, links: { l: { any: a, within: a } }, columns: { id: id } }",
      /tables\.b\.links\.l.*b has no link a/,
    ],
    [
      "  b: { rows: 3, links: { l: { any: a, zipf: 1, by: id } }, columns: { id: id } }",
      /tables\.b\.links\.l.*expected one of zipf and by/,
    ],
    ["  b: { rows: 3, links: { l: { earlier: b } }, columns: { id: id } }", /tables\.b\.links\.l.*say levels/],
    [
      "  b: { rows: 3, columns: { x: { integer: [1, 2] } } }",
      /tables\.b: expected key: the columns of b's primary key/,
    ],
    [
      "  b: { rows: 3, links: { l: { any: a, nulls: 1 } }, columns: { id: l.id } }",
      /tables\.b\.columns\.id: is of the primary key and may be NULL/,
    ],
    ["  b: { rows: { owner: b, total: 3 }, columns: { id: id } }", /tables\.b\.rows: rows that own each other: b -> b/],
  ])("says where it is wrong, and what was expected: %s", (line, expected) => {
    expect(problemOf(withLine(line))).toMatch(expected);
  });

  it("tells all that is wrong at once, in the order of the lines", () => {
    const lines = problemOf(withLine("      x: { wrod: city }\n      y: { chance: 2000 }\n      z: nope.id")).split(
      "\n",
    );
    expect(lines[0]).toBe("the model /somewhere/shop.model.yaml has 3 problems:");
    expect(lines.slice(1).map((line) => /:(\d+):/.exec(line)?.[1])).toEqual(["12", "13", "14"]);
  });

  it.each(["example", "shop"])("never ends in anything but a message, whatever is changed in it: %s", (name) => {
    const words = shipped(name).split(/(\s+|[{}[\],:])/);
    const others = [
      "id",
      "customers",
      "0",
      "-1",
      "1e9",
      "null",
      "{",
      "}",
      "[",
      "]",
      "'",
      '"',
      "*a",
      "&a",
      "!!x",
      "_",
      "a.b.c",
      "sizes.x",
      "",
    ];
    const change = fc.record({
      at: fc.nat(words.length - 1),
      word: fc.oneof(fc.constantFrom(...others), fc.constantFrom(...words)),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const changed = [...words];
        for (const { at, word } of changes) changed[at] = word;
        try {
          readModel(changed.join(""), "/somewhere/shop.model.yaml");
        } catch (error) {
          expect((error as SeedBulkError).code, String((error as Error).stack)).toBe("SB_MODEL_INVALID");
        }
      }),
      { numRuns: 400 },
    );
  });
});
