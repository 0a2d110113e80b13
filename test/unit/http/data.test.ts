import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { previewRows } from "../../../src/engine/inspect/preview.js";
import type { App } from "../../../src/http/app.js";
import { PlanAnswer, PreviewAnswer, Scenarios } from "../../../src/http/schemas.js";
import { buildPlan } from "../../../src/model/plan.js";
import { planned } from "../../support/planned.js";
import { API, problemIn, testApp, testServices } from "./app.helper.js";

let app: App;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const get = (path: string) => app.inject({ url: `${API}/${path}` });

describe("GET scenarios", () => {
  it("lists each with its values, and each model with knobs that a form can be built from", async () => {
    const answer = await get("scenarios");
    expect(answer.statusCode).toBe(200);
    const { scenarios, models } = Scenarios.parse(answer.json());
    expect(scenarios.find(({ name }) => name === "demo")).toMatchObject({
      model: "marketing",
      problem: null,
      sizes: { recipients: 1000 },
      window: { from: "2024-12-01T00:00:00.000Z", to: "2025-01-01T00:00:00.000Z" },
    });
    const marketing = models.find(({ name }) => name === "marketing")!;
    const knob = (name: string) => marketing.knobs.find((found) => found.name === name);
    expect(knob("recipients")).toMatchObject({ section: "sizes", type: "integer", default: 15_000, min: 1, max: null });
    expect(knob("recipients")).toMatchObject({ isScaled: true, description: expect.stringContaining("letters") });
    expect(knob("usersPerClient")).toMatchObject({ isScaled: false });
    expect(knob("giftCards")).toMatchObject({ type: "boolean", default: true, needs: ["callCenter"] });
    expect(knob("delivered")).toMatchObject({ section: "shares", type: "number", default: 0.85, min: 0, max: 1 });
    expect(knob("campaignStatus.draft")).toMatchObject({ section: "weights", default: 10, min: 0 });
    expect(knob("q4Factor")).toMatchObject({ section: "settings", min: 0.01, max: 100 });
    expect(marketing.entities.map(({ entity }) => entity)).toContain("gift_cards");
  });

  it("says what each comes to without its plan, what a newcomer begins with first", async () => {
    const { scenarios } = Scenarios.parse((await get("scenarios")).json());
    expect(scenarios[0].name).toBe("demo");
    const { plan } = await planned("demo");
    expect(scenarios[0]).toMatchObject({ rows: plan.rows, bytes: plan.bytesEstimated, isIntrospected: false });
    expect(scenarios.every(({ rows, secondsEstimated }) => rows! > 0 && secondsEstimated! > 0)).toBe(true);
  });

  it("lists one that cannot be read with the reason, and the others all the same", async () => {
    const services = testServices();
    const broken = { name: "broken", model: "marketing", description: "", file: "/x/broken.yaml", problem: "line 3" };
    const other = await testApp({
      ...services,
      listScenarios: async () => [broken, ...(await services.listScenarios())],
    });
    const { scenarios } = Scenarios.parse((await other.inject({ url: `${API}/scenarios` })).json());
    expect(scenarios[0]).toMatchObject({ name: "broken", problem: "line 3" });
    expect(scenarios.find(({ name }) => name === "demo")?.problem).toBeNull();
    expect(JSON.stringify(scenarios)).not.toContain("/x/");
    await other.close();
  });
});

describe("single sizes", () => {
  it("stand in the place of the scenario's, before the multiplier", async () => {
    const rowsOf = async (query: string, entity: string): Promise<number> => {
      const { entities } = PlanAnswer.parse((await get(`plan?scenario=demo&${query}`)).json());
      return entities.find((one) => one.entity === entity)!.rows;
    };
    expect(await rowsOf("sizes=recipients=500,clients=4", "recipients")).toBe(500);
    expect(await rowsOf("sizes=recipients=500,clients=4", "clients")).toBe(4);
    expect(await rowsOf("sizes=recipients=500&volumeMultiplier=3", "recipients")).toBe(1500);
    problemIn(await get("plan?scenario=demo&sizes=recipents=500"), "SB_SCENARIO_INVALID");
    problemIn(await get("plan?scenario=demo&sizes=recipients=many"), "SB_USAGE");
  });
});

describe("GET plan", () => {
  it("is the command line's plan", async () => {
    const answer = PlanAnswer.parse((await get("plan?scenario=demo")).json());
    const { plan } = await planned("demo");
    expect(answer).toMatchObject({
      planHash: plan.hash,
      rows: plan.rows,
      bytes: plan.bytesEstimated,
      shards: plan.shardCount,
    });
    expect(answer.entities.map(({ entity, rows }) => [entity, rows])).toEqual(
      plan.entities.map(({ entity, rows }) => [entity, rows]),
    );
    expect(answer.secondsEstimated).toBeCloseTo(plan.rows / 500_000);
    expect(answer.rateFrom).toBe("assumption");
  });

  it("follows size, seed, window, features and entities", async () => {
    const query =
      "scenario=marketing/demo&seed=7&volumeMultiplier=2.5&startDate=2024-01-01&endDate=2024-02-01&features=callCenter=off";
    const answer = PlanAnswer.parse((await get(`plan?${query}&rate=1000`)).json());
    const { plan } = await planned("demo", {
      seed: 7,
      scale: 2.5,
      from: "2024-01-01",
      to: "2024-02-01",
      features: { callCenter: false },
    });
    expect(answer.planHash).toBe(plan.hash);
    expect(answer).toMatchObject({ rateFrom: "request", secondsEstimated: plan.rows / 1000 });
    const some = PlanAnswer.parse((await get("plan?scenario=demo&only=clients, organizations")).json());
    expect(some.entities.map(({ entity }) => entity).sort()).toEqual(["clients", "organizations"]);
    const { universe } = await planned("demo");
    expect(some.planHash).toBe(buildPlan(universe, ["organizations", "clients"]).hash);
  });

  it("names the references between its entities, parents apart", async () => {
    const { references } = PlanAnswer.parse((await get("plan?scenario=demo")).json());
    expect(references).toContainEqual({
      from: "recipients",
      column: "campaign_id",
      to: "campaigns",
      isForeignKey: true,
      isParent: true,
    });
    expect(references.find(({ from, column }) => from === "campaigns" && column === "audience_id")).toMatchObject({
      to: "audiences",
      isParent: false,
    });
  });

  it("takes rates of anomalies that the model has, and no others", async () => {
    const { models } = Scenarios.parse((await get("scenarios")).json());
    const [known] = models.find(({ name }) => name === "marketing")!.anomalies;
    problemIn(await get("plan?scenario=demo&anomalies=nonsense=0.1"), "SB_SCENARIO_INVALID");
    const before = PlanAnswer.parse((await get("plan?scenario=demo")).json());
    const after = PlanAnswer.parse((await get(`plan?scenario=demo&anomalies=${known.name}=0.123`)).json());
    expect(after.scenario.anomalies?.[known.name]).toMatchObject({ rate: 0.123 });
    expect(after.planHash).not.toBe(before.planHash);
  });

  it("refuses a size that would hold the server for hours, before it is worked out", async () => {
    const problem = problemIn(await get("plan?scenario=analytics&volumeMultiplier=1000000"), "SB_SCENARIO_INVALID");
    expect(problem.detail).toMatch(/more than 500000000 in all/);
  });
});

describe("GET preview", () => {
  it("makes the rows that a load would make, from any ID", async () => {
    const answer = PreviewAnswer.parse((await get("preview?scenario=demo&entity=recipients&id=500&count=3")).json());
    const { universe } = await planned("demo");
    const idStart = universe.entity("recipients").firstId;
    expect(answer.idStart).toBe(idStart);
    expect(answer.idEnd).toBe(idStart + 1000);
    const expected = previewRows(universe, "recipients", 500 - idStart, 3);
    expect(answer.rows).toEqual(expected.rows);
    expect(answer.columns.map(({ name }) => name)).toEqual(expected.columns);
    expect(answer.columns.find(({ name }) => name === "campaign_id")?.references).toBe("campaigns");
  });

  it("ends with the table, and refuses what lies beyond it", async () => {
    const near = PreviewAnswer.parse((await get("preview?scenario=demo&entity=campaigns&id=17&count=10")).json());
    expect(near.rows).toHaveLength(2);
    expect(problemIn(await get("preview?scenario=demo&entity=campaigns&id=19"), "SB_USAGE").status).toBe(400);
    problemIn(await get("preview?scenario=demo&entity=campaigns&count=1025"), "SB_USAGE");
    const problem = problemIn(await get("preview?scenario=demo&entity=campain"), "SB_ENTITY_NOT_FOUND");
    expect(problem.status).toBe(404);
    expect(problem.hint).toContain("campaigns");
  });
});

describe("a plan that takes a while", () => {
  it("is made beside, and others are answered meanwhile", async () => {
    let isOver = false;
    let last = performance.now();
    let longest = 0;
    const tick = (): void => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
      if (!isOver) setImmediate(tick);
    };
    tick();
    const began = last;
    const answers = await Promise.all(
      [1, 1, 2].map((seed) => get(`plan?scenario=analytics&volumeMultiplier=5&seed=${seed}`)),
    );
    tick();
    isOver = true;
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    expect(answers[0].json().planHash).toBe(answers[1].json().planHash);
    // Made on this thread, one plan alone would be most of the time in one piece.
    expect(longest / (performance.now() - began)).toBeLessThan(0.3);
  });

  it("tells what is wrong with it by its own code, from the thread too", async () => {
    const answer = await get("plan?scenario=normal-ops&volumeMultiplier=10000");
    expect(problemIn(answer, "SB_SCENARIO_INVALID").detail).toContain("register_digits");
  });

  it("waits for no more than a few before it", async () => {
    const seeds = Array.from({ length: 12 }, (_, seed) => 100 + seed);
    const answers = await Promise.all(
      seeds.map((seed) => get(`plan?scenario=analytics&volumeMultiplier=3&seed=${seed}`)),
    );
    const codes = answers.map(({ statusCode }) => statusCode);
    expect(codes.filter((code) => code === 200)).toHaveLength(8);
    expect(codes.filter((code) => code === 429)).toHaveLength(4);
  });
});
