import { describe, expect, it } from "vitest";
import { samplesOf, shortType, typeOf } from "../../../src/introspect/types.js";
import { parseType } from "../../../src/model/file/types.js";

/** Types of Postgres that have no encoder of ours. */
const WRITTEN =
  "real money interval time timetz cidr macaddr macaddr8 bit varbit tsvector tsquery xml jsonpath point line lseg box path polygon " +
  "circle pg_lsn int4range int8range numrange daterange tsrange tstzrange xid xid8 tid integer[] text[][] numeric[]";

describe("samples of types that are written out", () => {
  it.each(WRITTEN.split(" "))("of %s are known, and none twice: keys are made of them", (type) => {
    const { literals, isKnown } = samplesOf(type);
    expect(isKnown).toBe(true);
    expect(literals.length).toBeGreaterThan(0);
    expect(new Set(literals).size).toBe(literals.length);
  });
});

describe("types of the catalog", () => {
  const column = (base: string) =>
    typeOf({ base, category: "base", length: null, precision: null, scale: null } as Parameters<typeof typeOf>[0]);

  it("that nobody here knows are named with their schema, and so can be written in a model file", () => {
    for (const base of ["xid", "pg_snapshot", "public.ltree", "interval day to second", "bit(8)", "inet"]) {
      expect(parseType(column(base).type)?.name, base).toBe("other");
    }
    expect(shortType("interval day to second(3)")).toBe("interval");
  });
});
