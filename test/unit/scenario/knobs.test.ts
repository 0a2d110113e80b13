import { describe, expect, it } from "vitest";
import * as z from "zod";
import { ANOMALY_KINDS } from "../../../src/model/anomalies.js";
import { KNOB_SECTIONS } from "../../../src/model/scenario/types.js";
import { MODELS } from "../../../src/models/index.js";

const SECTIONS = KNOB_SECTIONS.filter((section) => section !== "anomalies");

describe.each([...MODELS.values()])("what a scenario of $name may set", (model) => {
  it.each(SECTIONS)("has a default and a description each: %s", (section) => {
    const schema = model.knobs[section];
    expect(schema.safeParse({}).success).toBe(true);
    expect(schema).toBeInstanceOf(z.ZodObject);
    for (const [name, knob] of Object.entries((schema as unknown as z.ZodObject).shape)) {
      expect((knob as z.ZodType).description, `${section}.${name}`).toMatch(/\w{3}/);
    }
  });

  it("names anomalies once, of entities and columns that there are", () => {
    const anomalies = model.anomalies ?? [];
    expect(new Set(anomalies.map(({ name }) => name)).size).toBe(anomalies.length);
    for (const { name, kind, entity, among, since, until, detail, appended, shows } of anomalies) {
      expect(ANOMALY_KINDS).toContain(kind);
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      const found = model.entities.find((candidate) => candidate.name === entity);
      expect(found, `${name}: ${entity}`).toBeDefined();
      for (const path of [among, since, until, detail].filter((path) => path !== undefined)) {
        expect(Object.keys(found!.columns), `${name}: ${path}`).toContain(path.split(".")[0]);
      }
      expect(shows !== undefined || appended === "copy", `${name} says how it shows`).toBe(true);
    }
  });
});
