import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { estimateOf, rememberLoad } from "../../../src/engine/estimate.js";

const LARGE = { rows: 3_700_000, bytesEstimated: 535e6 };
const SMALL = { rows: 6000, bytesEstimated: 1e6 };

let folder: string;
let env: NodeJS.ProcessEnv;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seed-bulk-estimate-"));
  env = { XDG_CACHE_HOME: join(folder, "cache") };
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("how long a load takes", () => {
  it("is assumed until one was measured, and is what somebody asks for at a rate", () => {
    expect(estimateOf(LARGE, env).from).toBe("assumption");
    expect(estimateOf(LARGE, env).seconds).toBeGreaterThan(10);
    expect(estimateOf(LARGE, env, 1_000_000)).toEqual({ seconds: 3.7, from: "request" });
  });

  it("is by what the last one took in all, the start counted once and not as a rate", () => {
    rememberLoad({ bytes: 535e6, seconds: 23 }, env);
    const large = estimateOf(LARGE, env);
    expect(large.from).toBe("last load");
    expect(large.seconds).toBeCloseTo(23, 5);
    expect(estimateOf(SMALL, env).seconds).toBeLessThan(1.2);
    expect(estimateOf({ rows: 2 * LARGE.rows, bytesEstimated: 2 * 535e6 }, env).seconds).toBeCloseTo(45, 5);
  });

  it("learns nothing from tiny loads, which are all start", () => {
    rememberLoad({ bytes: 1e6, seconds: 5 }, env);
    expect(estimateOf(LARGE, env).seconds).toBeCloseTo(23, 5);
  });

  it("is assumed where nothing can be kept, or what was kept cannot be read", () => {
    writeFileSync(join(folder, "file"), "");
    const nowhere = { XDG_CACHE_HOME: join(folder, "file") };
    rememberLoad({ bytes: 535e6, seconds: 23 }, nowhere);
    expect(estimateOf(LARGE, nowhere).from).toBe("assumption");
    writeFileSync(join(folder, "cache/seed-bulk/last-load.json"), "{");
    expect(estimateOf(LARGE, env).from).toBe("assumption");
  });
});
