import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { storedColumns } from "../../../src/model/entity.js";
import { readModel } from "../../../src/model/file/read.js";
import type { Model } from "../../../src/model/model.js";
import { MODELS } from "../../../src/models/index.js";

const file = resolve(import.meta.dirname, "../../../scenarios/shop.model.yaml");
const shop = readModel(readFileSync(file, "utf8"), file);

/** Columns of a model whose values a check by SQL judges, beyond that they are of their type and not NULL. */
function judgedShare(model: Model): number {
  const outside = new Set(model.checks?.outsideWindow);
  const columns = model.entities.flatMap((entity) => {
    const keys = [entity.primaryKey, ...entity.uniqueKeys, ...entity.foreignKeys.map((key) => key.columns)].flat();
    return storedColumns(entity).map(([name, { law, check, type }]) => {
      const isMoment = /^timestamp/.test(type.name) && !outside.has(`${entity.name}.${name}`);
      return law !== undefined || check !== undefined || isMoment || keys.includes(name);
    });
  });
  return columns.filter(Boolean).length / columns.length;
}

it.each([...MODELS.values(), shop])(
  "at least half of the columns of $name are judged by a law that SQL can see",
  (model) => {
    expect(judgedShare(model)).toBeGreaterThan(0.5);
  },
);
