import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../../..");

interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly from: string;
}

it("has deliberate faults that fit the source: `npm run test:mutants` runs seldom", async () => {
  const { MUTANTS } = (await import(resolve(ROOT, "test/mutants/mutants.mjs"))) as { MUTANTS: readonly Mutant[] };
  const gone = MUTANTS.filter(({ file, from }) => readFileSync(resolve(ROOT, file), "utf8").split(from).length !== 2);
  expect(gone.map(({ name, file }) => `${file}: ${name}`)).toEqual([]);
  expect(MUTANTS.length).toBeGreaterThan(70);
});
