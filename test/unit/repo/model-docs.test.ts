import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { documentationOf, withGenerated } from "../../../src/model/documentation.js";
import { MODELS } from "../../../src/models/index.js";

/** Set, it rewrites the pages instead of comparing them. */
const isUpdate = process.env["SEED_BULK_UPDATE_DOCS"] !== undefined;

describe.each([...MODELS.values()])("the page of $name", (model) => {
  const file = resolve(import.meta.dirname, `../../../docs/${model.name}.md`);
  const parts = documentationOf(model);

  it("has a marker for each part that is made from the declarations", () => {
    const page = readFileSync(file, "utf8");
    for (const name of Object.keys(parts)) expect(page).toContain(`<!-- generated: ${name} -->`);
  });

  it("says what the declarations say", () => {
    const page = readFileSync(file, "utf8");
    const now = withGenerated(page, parts);
    if (isUpdate) writeFileSync(file, now);
    else expect(page, "npm run docs:models rewrites it").toBe(now);
  });
});
