import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import * as z from "zod";
import { SeedBulkError } from "../../../src/errors.js";
import {
  atMost,
  feature,
  type LoadedScenario,
  loadScenario,
  type ScenarioModel,
  type ScenarioOverrides,
  setting,
  share,
  size,
  weights,
} from "../../../src/model/scenario/index.js";

/** A small model that has one knob of each kind and of each rule. */
export const shop: ScenarioModel = {
  name: "shop",
  schema: "shop_data",
  knobs: {
    sizes: z.strictObject({
      customers: size(10, "people"),
      recipients: size(20, "letters"),
      perCustomer: size(6, "not scaled"),
      logs: size(5, "may be none", { min: 0 }),
    }),
    features: z.strictObject({
      calls: feature(true, "calls"),
      cards: feature(true, "needs calls"),
      prints: feature(true, "needs cards"),
    }),
    shares: z
      .strictObject({ mailed: share(0.9, "mailed"), delivered: share(0.8, "delivered") })
      .refine(...atMost("delivered", "mailed")),
    weights: z.strictObject({ status: weights({ open: 3, closed: 1 }, "states") }),
    settings: z.strictObject({
      sigma: setting(0.5, "spread", { min: 0, max: 3 }),
      days: setting(2, "days", { min: 0, max: 9, integer: true }),
    }),
    scaledSizes: ["customers", "recipients", "logs"],
    // Against the order of dependence, so that one round is not enough.
    dependentFeatures: { prints: ["cards"], cards: ["calls"] },
  },
};

/** A second model, to be confused with the first. */
export const shed: ScenarioModel = { ...shop, name: "shed", schema: "shed_data" };

export const models: ReadonlyMap<string, ScenarioModel> = new Map([
  [shop.name, shop],
  [shed.name, shed],
]);

const directories: string[] = [];

/** A new directory holding these files, removed after the test file's last test. Search directories lie below it. */
export function directoryOf(files: Readonly<Record<string, string | Buffer>>): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "seed-bulk-scenario-")));
  directories.push(directory);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
  return directory;
}

afterAll(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** Loads a scenario with the two models; the directory itself is the search directory. */
export function load(directory: string, name: string, overrides: ScenarioOverrides = {}): Promise<LoadedScenario> {
  return loadScenario({ name, models, searchDirs: [directory], overrides });
}

/** Loads one file's text as `shop/it.yaml`. */
export function loadText(text: string | Buffer, overrides: ScenarioOverrides = {}): Promise<LoadedScenario> {
  return load(directoryOf({ "shop/it.yaml": text }), "it", overrides);
}

/** What a promise is refused with: its code, its message with the directories taken out, its hint. */
export async function refusal(promise: Promise<unknown>): Promise<{ code: string; message: string; hint?: string }> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof SeedBulkError)) throw new Error(`expected a SeedBulkError, got ${String(error)}`);
  const message = directories.reduce((text, directory) => text.replaceAll(`${directory}/`, ""), error.message);
  return { code: error.code, message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
}
