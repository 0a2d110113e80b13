import { describe, expect, it } from "vitest";
import { childOf, id, parent, reference } from "../../../src/columns/keys.js";
import { constant, integer, sometimes } from "../../../src/columns/values.js";
import { INT4 } from "../../../src/core/sql-type.js";
import { childrenOf, entity, rows } from "../../../src/model/entity.js";
import { columnsOf, universeWith } from "../../support/small-model.js";

describe("a child of the row's own parent", () => {
  const universe = universeWith([
    entity("clients", { comment: "", rows: rows(() => 20), columns: { id: id(), weight: integer(0, 3) } }),
    entity("templates", {
      comment: "",
      rows: childrenOf("clients", { by: "weight" }),
      columns: { id: id(), client_id: parent("clients") },
    }),
    entity("campaigns", {
      comment: "",
      rows: rows(() => 2000),
      columns: {
        id: id(),
        client_id: sometimes(0.7, reference("clients")),
        template_id: childOf("templates", "client_id", "clients"),
      },
    }),
  ]);

  it("is NULL where there is no parent, and where the parent owns none", () => {
    const owner = columnsOf(universe, "templates", ["client_id"]).client_id;
    const { weight } = columnsOf(universe, "clients", ["weight"]);
    const { client_id, template_id } = columnsOf(universe, "campaigns", ["client_id", "template_id"]);
    expect(client_id.filter((client) => client === null).length).toBeGreaterThan(400);
    for (const [at, client] of client_id.entries()) {
      const hasTemplates = client !== null && Number(weight[Number(client) - 1]) > 0;
      expect(template_id[at] === null, `campaign ${at} of client ${client}`).toBe(!hasTemplates);
      if (hasTemplates) expect(owner[Number(template_id[at]) - 1]).toBe(client);
    }
  });
});

describe("rows of a parent without rows", () => {
  it("are none, whether they are shared evenly, by a weight or counted", () => {
    const universe = universeWith([
      entity("owners", { comment: "", rows: rows(() => 0), columns: { id: id(), weight: constant(INT4, 3) } }),
      ...[{ total: () => 50 }, { total: () => 50, by: "weight" }, { by: "weight" }].map((options, at) =>
        entity(`children_${at}`, {
          comment: "",
          rows: childrenOf("owners", options),
          columns: { id: id(), owner_id: parent("owners") },
        }),
      ),
    ]);
    expect([0, 1, 2].map((at) => universe.rowCount(`children_${at}`))).toEqual([0, 0, 0]);
    expect(columnsOf(universe, "children_1", ["owner_id"]).owner_id).toEqual([]);
  });
});
