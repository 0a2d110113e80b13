import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { SeedBulkError } from "../../../src/errors.js";
import { directoryOf, load } from "./support.js";

const VALID = `# a comment
name: it
description: "text"
model: shop
extends: base
seed: 42
window: { from: 2024-12-01, to: 2025-01-01 }
sizes:
  customers: &n 10
  recipients: *n
features: { calls: true }
shares:
  mailed: 0.9
  delivered: 0.8
weights:
  status: { open: 1, closed: 2 }
settings: { sigma: 0.5, days: 3 }
`;
const BASE = "model: shop\nwindow: { months: 1, to: 2024-01-01 }\n";

const hostile = fc.constantFrom(
  ...[
    "null",
    "-0",
    ".nan",
    "1e999",
    "[]",
    "{}",
    "&a",
    "*n",
    "*zz",
    "!!set",
    "!x",
    "<<: *n",
    "__proto__: 1",
    "\0",
    "\t",
    "\n",
  ],
  ...[
    "---",
    "...",
    "%YAML 1.1\n---\n",
    "\uFEFF",
    "'",
    '"',
    "{",
    "[",
    "? ",
    ": ",
    "- ",
    "| ",
    "> ",
    "#",
    "extends: it\n",
    "2024-02-30",
  ],
);

const edit = fc.record({
  at: fc.nat(VALID.length),
  cut: fc.oneof(fc.constant(0), fc.nat(12)),
  insert: fc.oneof(hostile, fc.string({ maxLength: 6 }), fc.string({ unit: "binary", maxLength: 3 }), fc.constant("")),
});

it("refuses whatever becomes of a file with an error of ours that exits with 2, and otherwise gives plain data", async () => {
  const directory = directoryOf({ "shop/it.yaml": VALID, "shop/base.yaml": BASE });
  await load(directory, "it");
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
      const text = edits.reduce((old, { at, cut, insert }) => old.slice(0, at) + insert + old.slice(at + cut), VALID);
      writeFileSync(join(directory, "shop/it.yaml"), text);
      try {
        const { scenario } = await load(directory, "it");
        expect(JSON.parse(JSON.stringify(scenario))).toEqual(scenario);
      } catch (error) {
        if (!(error instanceof SeedBulkError)) throw error;
        refused++;
        expect(error.exitCode).toBe(2);
        // No stack, no zod, no control code reaches the person's terminal.
        expect(error.message).not.toMatch(/ZodError|\n\s+at |[^\P{Cc}\n]/u);
      }
    }),
    { numRuns: 600 },
  );
  expect(refused).toBeGreaterThan(200);
});
