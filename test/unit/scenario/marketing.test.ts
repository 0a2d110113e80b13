import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listScenarios, loadScenario } from "../../../src/model/scenario/index.js";
import { marketingKnobs } from "../../../src/models/marketing/knobs.js";

const models = new Map([["marketing", { name: "marketing", schema: "marketing", knobs: marketingKnobs }]]);
const searchDirs = [join(import.meta.dirname, "../../../scenarios")];
const load = (name: string, overrides = {}) =>
  loadScenario({ name: `marketing/${name}`, models, searchDirs, overrides });

describe("the marketing scenarios", () => {
  it.each([
    ["demo", "2024-12-01", [2, 6, 6, 300, 18, 1_000, 0, 0, 0]],
    ["development", "2024-10-01", [5, 20, 6, 5_000, 100, 15_000, 5_000, 2_500, 100]],
    ["analytics", "2024-07-01", [12, 60, 6, 60_000, 480, 192_000, 50_000, 25_000, 1_000]],
    ["load_test", "2024-01-01", [15, 100, 6, 200_000, 1_000, 600_000, 100_000, 50_000, 2_000]],
  ])("%s is as large and as long as was asked", async (name, from, sizes) => {
    const { scenario } = await load(name);
    expect(scenario).toMatchObject({
      name,
      model: "marketing",
      schema: "marketing",
      seed: 42,
      window: { from: `${from}T00:00:00.000Z`, to: "2025-01-01T00:00:00.000Z" },
    });
    expect(Object.values(scenario.sizes)).toEqual(sizes);
    const withAnalytics = name !== "demo";
    expect(scenario.features).toEqual({
      analytics: withAnalytics,
      errorLogs: withAnalytics,
      callCenter: true,
      giftCards: true,
    });
    // Mailed, delivered, QR, PURL, form and lead are events: 2.5 a recipient.
    const { mailed, delivered, qrScanned, purlVisited, formSubmitted, lead } = scenario.shares;
    expect(mailed! + delivered! + qrScanned! + purlVisited! + formSubmitted! + lead!).toBeCloseTo(2.5, 12);
  });

  it("are listed with descriptions", async () => {
    const listed = (await listScenarios(searchDirs)).filter(({ model }) => model === "marketing");
    expect(listed.map(({ name }) => name)).toEqual(["analytics", "demo", "development", "load_test"]);
    for (const { description, problem } of listed) {
      expect(description.length).toBeGreaterThan(30);
      expect(problem).toBeUndefined();
    }
  });

  it("keep six users a client at any scale", async () => {
    const { scenario } = await load("load_test", { scale: 5 });
    expect(scenario.sizes).toMatchObject({ clients: 500, usersPerClient: 6, recipients: 3_000_000, errorLogs: 10_000 });
  });

  it("have no gift cards without a call center", async () => {
    const { scenario } = await load("demo", { features: { callCenter: false, giftCards: true } });
    expect(scenario.features).toMatchObject({ callCenter: false, giftCards: false });
  });
});

describe("the marketing knobs", () => {
  it.each([
    [{ mailed: 0.8 }, "0.85 is more than mailed, which is 0.8"],
    [{ qrScanned: 0.9 }, "0.9 is more than delivered, which is 0.85"],
    [{ purlVisited: 0.9 }, "0.9 is more than delivered, which is 0.85"],
    [{ called: 0.9 }, "0.9 is more than delivered, which is 0.85"],
    [{ formSubmitted: 0.3 }, "0.3 is more than purlVisited, which is 0.28"],
    [{ lead: 0.2 }, "0.2 is more than formSubmitted, which is 0.12"],
    [{ smsOptedIn: 0.9 }, "0.9 is more than answered, which is 0.85"],
  ])("refuse shares that contradict the journey: %j", (shares, message) => {
    const result = marketingKnobs.shares.safeParse(shares);
    expect(result.error?.issues.map((issue) => issue.message)).toEqual([message]);
  });
});
