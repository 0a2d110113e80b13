import { describe, expect, it } from "vitest";
import { hidden } from "../../../src/columns/column.js";
import { either, latest, missingWhere, onlyWhere } from "../../../src/columns/conditions.js";
import { id } from "../../../src/columns/keys.js";
import { labelFor, oneOf } from "../../../src/columns/lists.js";
import { format } from "../../../src/columns/text.js";
import { chance, constant, copied, integer, sometimes, textChoice } from "../../../src/columns/values.js";
import { INT4, TEXT, TIMESTAMPTZ } from "../../../src/core/sql-type.js";
import { entity, rows } from "../../../src/model/entity.js";
import { columnsOf, universeWith } from "../../support/small-model.js";

const ROWS = 3_000;

const things = entity("things", {
  comment: "things",
  rows: rows(() => ROWS),
  columns: {
    id: id(),
    flag: hidden(chance(0.3)),
    never: hidden(constant(INT4, 0)),
    number: integer(1, 100),
    word: textChoice({ a: 1, bb: 2 }),
    text: format("thing {id}"),
    maybe: sometimes(0.5, integer(1, 9)),
    number_or: either("flag", constant(INT4, -1), integer(1, 100)),
    word_or: either("flag", oneOf(["x", "yy", "zzz"]), textChoice({ a: 1, bb: 2 })),
    text_or: either("flag", format("struck {id}"), format("thing {id}")),
    mixed: either("flag", format("struck {id}"), textChoice({ a: 1, bb: 2 })),
    maybe_or: either("flag", sometimes(0.5, integer(1, 9)), sometimes(0.5, integer(1, 9))),
    unstruck: either("never", format("struck"), format("thing {id}")),
    present: onlyWhere("flag", copied("text", TEXT)),
    missing: missingWhere("flag", copied("maybe", INT4)),
    label_missing: missingWhere("flag", labelFor("word", { type: TEXT, labels: ["p", "q"], codeOf: [0, 1] })),
    early: constant(TIMESTAMPTZ, 5),
    late: latest("early", "maybe"),
  },
});

describe("either", () => {
  const universe = universeWith([things]);
  const all = columnsOf(universe, "things", [
    "flag",
    "number_or",
    "word_or",
    "text_or",
    "mixed",
    "maybe_or",
    "unstruck",
    "text",
    "present",
    "missing",
    "maybe",
    "label_missing",
    "word",
    "late",
  ]);
  const alone = columnsOf(
    universeWith([
      entity("things", {
        comment: "without",
        rows: rows(() => ROWS),
        columns: {
          id: id(),
          number_or: integer(1, 100),
          word_or: textChoice({ a: 1, bb: 2 }),
          maybe_or: sometimes(0.5, integer(1, 9)),
        },
      }),
    ]),
    "things",
    ["number_or", "word_or", "maybe_or"],
  );

  it("takes the one where the flag is set and the other, as it would be alone, where it is not", () => {
    const flagged = all.flag.filter((flag) => flag === 1).length;
    expect(flagged).toBeGreaterThan(ROWS * 0.2);
    all.flag.forEach((flag, i) => {
      if (flag === 1) {
        expect(all.number_or[i]).toBe(-1);
        expect(["x", "yy", "zzz"]).toContain(all.word_or[i]);
        expect(all.text_or[i]).toBe(`struck ${i + 1}`);
        expect(all.mixed[i]).toBe(`struck ${i + 1}`);
      } else {
        expect(all.number_or[i]).toBe(alone.number_or[i]);
        expect(all.word_or[i]).toBe(alone.word_or[i]);
        expect(all.maybe_or[i]).toBe(alone.maybe_or[i]);
        expect(all.text_or[i]).toBe(`thing ${i + 1}`);
        expect(["a", "bb"]).toContain(all.mixed[i]);
      }
    });
    const nulls = (set: number): number => all.maybe_or.filter((v, i) => v === null && all.flag[i] === set).length;
    expect(nulls(1)).toBeGreaterThan(flagged * 0.4);
    expect(nulls(1)).toBeLessThan(flagged * 0.6);
  });

  it("is the other column where no flag is set", () => {
    expect(all.unstruck).toEqual(all.text);
  });

  it("lays NULLs over columns without touching what they are copied from", () => {
    all.flag.forEach((flag, i) => {
      expect(all.present[i]).toBe(flag === 1 ? `thing ${i + 1}` : null);
      expect(all.missing[i]).toBe(flag === 1 ? null : all.maybe[i]);
      expect(all.label_missing[i]).toBe(flag === 1 ? null : all.word[i] === "a" ? "p" : "q");
    });
    expect(all.text).not.toContain(null);
    expect(all.maybe.filter((value) => value === null).length).toBeLessThan(ROWS * 0.6);
  });

  it("finds the latest of moments, NULLs aside", () => {
    all.late.forEach((value, i) => {
      expect(value).toBe(Math.max(5, (all.maybe[i] as number | null) ?? 0));
    });
  });
});
