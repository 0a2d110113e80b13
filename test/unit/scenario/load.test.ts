import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { formatOrigin, listScenarios, loadScenario } from "../../../src/model/scenario/index.js";
import { directoryOf, load, loadText, models } from "./support.js";

const WINDOW = "window: { from: 2024-10-01, to: 2025-01-01 }";
const MINIMAL = `model: shop\n${WINDOW}\n`;

describe("loadScenario", () => {
  it("fills in the model's defaults", async () => {
    const { scenario } = await loadText(MINIMAL);
    expect(scenario).toEqual({
      name: "it",
      description: "",
      model: "shop",
      schema: "shop_data",
      seed: 42,
      scale: 1,
      window: { from: "2024-10-01T00:00:00.000Z", to: "2025-01-01T00:00:00.000Z" },
      sizes: { customers: 10, recipients: 20, perCustomer: 6, logs: 5 },
      features: { calls: true, cards: true, prints: true },
      shares: { mailed: 0.9, delivered: 0.8 },
      weights: { status: { open: 3, closed: 1 } },
      settings: { sigma: 0.5, days: 2 },
      anomalies: {},
    });
    expect(JSON.parse(JSON.stringify(scenario))).toEqual(scenario);
  });

  it("reads every key, after a byte order mark as well", async () => {
    const { scenario } = await loadText(`\uFEFFname: Winter sale
description: All of it
model: shop
schema: winter
seed: 7
window: { months: 2, to: 2024-03-31 }
sizes: { customers: 3, logs: 0 }
features: { prints: false }
shares: { delivered: 0.7 }
weights: { status: { open: 0 } }
settings: { days: 9 }
`);
    expect(scenario).toMatchObject({
      name: "Winter sale",
      description: "All of it",
      schema: "winter",
      seed: 7,
      window: { from: "2024-01-31T00:00:00.000Z", to: "2024-03-31T00:00:00.000Z" },
      sizes: { customers: 3, recipients: 20, logs: 0 },
      features: { calls: true, cards: true, prints: false },
      shares: { mailed: 0.9, delivered: 0.7 },
      weights: { status: { open: 0, closed: 1 } },
      settings: { sigma: 0.5, days: 9 },
    });
  });

  it("gives the same text whatever the order of the keys in YAML", async () => {
    const one = await loadText(`${MINIMAL}sizes: { logs: 1, customers: 2 }\nshares: { delivered: .5, mailed: .6 }\n`);
    const other = await loadText(`shares: { mailed: .6, delivered: .5 }\nsizes: { customers: 2, logs: 1 }\n${MINIMAL}`);
    expect(JSON.stringify(one.scenario)).toBe(JSON.stringify(other.scenario));
  });

  it("reads aliases as copies", async () => {
    const { scenario } = await loadText(`${MINIMAL}sizes: { customers: &n 77, recipients: *n }\n`);
    expect(scenario.sizes).toMatchObject({ customers: 77, recipients: 77 });
  });

  it("keeps no negative zero, which JSON would lose", async () => {
    const { scenario } = await loadText(`${MINIMAL}seed: -0\nsizes: { logs: -0.0 }\n`);
    expect(JSON.parse(JSON.stringify(scenario))).toEqual(scenario);
  });

  it("lets the command line win", async () => {
    const { scenario } = await loadText(MINIMAL, {
      seed: 9,
      from: "2024-11-01",
      to: "2024-12-01T12:00Z",
      schema: "mine",
      features: { prints: false },
    });
    expect(scenario).toMatchObject({
      seed: 9,
      schema: "mine",
      window: { from: "2024-11-01T00:00:00.000Z", to: "2024-12-01T12:00:00.000Z" },
      features: { calls: true, cards: true, prints: false },
    });
  });

  it("counts months back from the command line's end", async () => {
    const text = "model: shop\nwindow: { months: 3, to: 2025-01-01 }\n";
    expect((await loadText(text, { to: "2024-06-01" })).scenario.window.from).toBe("2024-03-01T00:00:00.000Z");
    expect((await loadText(text, { from: "2024-12-31" })).scenario.window.from).toBe("2024-12-31T00:00:00.000Z");
  });

  it("scales the sizes that scale, to no less than one where there were any", async () => {
    const text = `${MINIMAL}sizes: { customers: 3, recipients: 1000, logs: 0 }\n`;
    expect((await loadText(text, { scale: 2.5 })).scenario).toMatchObject({
      scale: 2.5,
      sizes: { customers: 8, recipients: 2500, perCustomer: 6, logs: 0 },
    });
    expect((await loadText(text, { scale: 0.001 })).scenario.sizes).toEqual({
      customers: 1,
      recipients: 1,
      perCustomer: 6,
      logs: 0,
    });
  });

  it("switches off what builds on a feature that is off, at any distance", async () => {
    const { scenario, origins } = await loadText(`${MINIMAL}features: { calls: false, cards: true }\n`);
    expect(scenario.features).toEqual({ calls: false, cards: false, prints: false });
    expect(formatOrigin(origins.get("features.cards")!)).toBe("off because calls is off");
    expect(formatOrigin(origins.get("features.prints")!)).toBe("off because cards is off");
  });
});

describe("extends", () => {
  it("merges key by key, the nearest file winning, and inherits neither name nor description", async () => {
    const directory = directoryOf({
      "shop/base.yaml": `name: Base\ndescription: The base\n${MINIMAL}seed: 1\nsizes: { customers: 100, recipients: 200 }\n`,
      "shop/middle.yaml": "extends: base\nsizes: { customers: 300 }\nweights: { status: { open: 9 } }\n",
      "mine/own.yml": "extends: ../shop/middle.yaml\nsizes: { logs: 1 }\nseed: 3\n",
    });
    const { scenario, files } = await load(directory, join(directory, "mine/own.yml"));
    expect(scenario).toMatchObject({
      name: "own",
      description: "",
      seed: 3,
      sizes: { customers: 300, recipients: 200, logs: 1 },
      weights: { status: { open: 9, closed: 1 } },
    });
    expect(files.map((file) => relative(directory, file))).toEqual([
      "mine/own.yml",
      "shop/middle.yaml",
      "shop/base.yaml",
    ]);
  });

  it("replaces from by months and months by from", async () => {
    const directory = directoryOf({
      "shop/from.yaml": MINIMAL,
      "shop/months.yaml": "extends: from\nwindow: { months: 1 }\n",
      "shop/again.yaml": "extends: months\nwindow: { from: 2024-05-01 }\n",
    });
    expect((await load(directory, "months")).scenario.window.from).toBe("2024-12-01T00:00:00.000Z");
    expect((await load(directory, "again")).scenario.window.from).toBe("2024-05-01T00:00:00.000Z");
  });

  it("prefers the extending file's own model where several have the name", async () => {
    const directory = directoryOf({
      "shop/base.yaml": `${MINIMAL}seed: 1\n`,
      "shed/base.yaml": `model: shed\n${WINDOW}\nseed: 2\n`,
      "shed/child.yaml": "extends: base\n",
    });
    expect((await load(directory, "child")).scenario).toMatchObject({ model: "shed", seed: 2 });
  });
});

describe("names", () => {
  const directory = directoryOf({
    "one/shop/demo.yaml": `${MINIMAL}seed: 1\n`,
    "one/shed/demo.yaml": `model: shed\n${WINDOW}\nseed: 2\n`,
    "two/shop/demo.yaml": `${MINIMAL}seed: 3\n`,
    "two/shop/only.yml": `${MINIMAL}seed: 4\n`,
    "two/shop/notes.txt": "no scenario",
  });
  const searchDirs = [join(directory, "one"), join(directory, "two"), join(directory, "none")];
  const seedOf = async (name: string) => (await loadScenario({ name, models, searchDirs })).scenario.seed;

  it("selects by model and name, by name alone, and by path", async () => {
    expect(await seedOf("shop/demo")).toBe(1);
    expect(await seedOf("shed/demo")).toBe(2);
    expect(await seedOf("only")).toBe(4);
    expect(await seedOf(join(directory, "two/shop/demo.yaml"))).toBe(3);
    expect(await seedOf(relative(process.cwd(), join(directory, "two/shop/demo.yaml")))).toBe(3);
  });

  it("lists by model and name, the first directory winning", async () => {
    const broken = directoryOf({
      "shop/broken.yaml": "a: [",
      "shop/child.yaml": "extends: base\ndescription: |\n  Two\n  lines\n",
    });
    const listed = await listScenarios([...searchDirs, broken]);
    expect(listed).toEqual([
      { model: "shed", name: "demo", description: "", file: join(directory, "one/shed/demo.yaml") },
      {
        model: "shop",
        name: "broken",
        description: "",
        file: join(broken, "shop/broken.yaml"),
        problem: expect.any(String),
      },
      {
        model: "shop",
        name: "child",
        description: "Two lines",
        file: join(broken, "shop/child.yaml"),
        extends: "base",
      },
      { model: "shop", name: "demo", description: "", file: join(directory, "one/shop/demo.yaml") },
      { model: "shop", name: "only", description: "", file: join(directory, "two/shop/only.yml") },
    ]);
  });
});

describe("origins", () => {
  it("say for every leaf where it came from", async () => {
    const directory = directoryOf({
      "shop/base.yaml": `${MINIMAL}sizes:\n  customers: 5\n  recipients: 6\n`,
      "shop/child.yaml": "extends: base\nwindow: { months: 1 }\nsizes:\n  recipients: 7\n",
    });
    const { scenario, origins } = await load(directory, "child", { seed: 5, scale: 2 });
    const shown = (path: string) => formatOrigin(origins.get(path)!).replace(`${directory}/`, "");
    expect(shown("sizes.customers")).toBe("shop/base.yaml:4:14");
    expect(shown("sizes.recipients")).toBe("shop/child.yaml:4:15");
    expect(shown("sizes.logs")).toBe("model default");
    expect(shown("window.from")).toBe("shop/child.yaml:2:19");
    expect(shown("window.to")).toBe("shop/base.yaml:2:33");
    expect(shown("model")).toBe("shop/base.yaml:1:8");
    expect(shown("seed")).toBe("--seed");
    expect(shown("scale")).toBe("--scale");
    expect(shown("weights.status.open")).toBe("model default");

    const leaves = (value: unknown, path: string[] = []): string[] =>
      typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, child]) => leaves(child, [...path, key]))
        : [path.join(".")];
    expect([...origins.keys()].sort()).toEqual(leaves(scenario).sort());
  });
});
