import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { looksOf } from "../../support/looks.js";
import { planned } from "../../support/planned.js";

/** Set, it rewrites the pages instead of comparing them. */
const isUpdate = process.env["SEED_BULK_UPDATE_DOCS"] !== undefined;

const FEATURES = {
  itemCategories: true,
  characterStats: true,
  guilds: true,
  inventory: true,
  chat: true,
  market: true,
};

/** A scenario of each model in which every table has rows, small enough to be looked at. */
const LOOKED_AT = [
  ["marketing", "marketing/development", {}],
  ["gaming", "gaming/ctf", { features: FEATURES, sizes: { users: 500, logins: 4_000, sessions: 2_400 } }],
  ["tapflow", "tapflow/tapflow", {}],
  ["erp", "erp/normal-ops", {}],
] as const;

describe.each(LOOKED_AT)("the looks of %s", (model, scenario, overrides) => {
  it("are those on its page", async () => {
    const { universe } = await planned(scenario, overrides);
    const head = [
      `# What ${model} looks like`,
      "",
      `Rows of \`${scenario.split("/")[1]}\` from all over each table, and how the values of some 2,000 of them are distributed: made by`,
      "`npm run docs:models`, for somebody who knows the trade to read. Moments are in UTC, long values are cut, `-` is NULL.",
      "",
      "",
    ].join("\n");
    const page = `${head}${looksOf(universe).trimEnd()}\n`;
    const file = resolve(import.meta.dirname, `../../../docs/looks/${model}.md`);
    if (isUpdate) {
      mkdirSync(resolve(file, ".."), { recursive: true });
      writeFileSync(file, page);
    } else expect(readFileSync(file, "utf8"), "npm run docs:models rewrites it").toBe(page);
  });
});
