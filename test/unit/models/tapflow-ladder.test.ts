import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ladder } from "../../../src/models/tapflow/ladder.js";

describe("a ladder", () => {
  it("keeps to its bounds and meets its total", () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3_000 }),
        fc.integer({ min: 0, max: 50 }),
        fc.integer({ min: 0, max: 400 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (parents, least, room, filled) => {
          const most = least + room;
          const total = parents * least + Math.round(filled * parents * room);
          const { before, count } = ladder({ parents, least, most, total });
          let sum = 0;
          const wrong: number[] = [];
          for (let rank = 0; rank < parents; rank++) {
            const own = count(rank);
            if (before(rank) !== sum || own < least || own > most) wrong.push(rank);
            sum += own;
          }
          expect({ sum, wrong }).toEqual({ sum: total, wrong: [] });
        },
      ),
    ));

  it.each([0, 1, 2, 999_999])("with all but %i places of a million parents taken", (free) => {
    const { count } = ladder({ parents: 1_000_000, least: 1, most: 3, total: 3_000_000 - free });
    let sum = 0;
    let isOutside = false;
    for (let rank = 0; rank < 1_000_000; rank++) {
      const own = count(rank);
      isOutside ||= own < 1 || own > 3;
      sum += own;
    }
    expect({ sum, isOutside }).toEqual({ sum: 3_000_000 - free, isOutside: false });
  });

  it("refuses a total that its bounds do not allow", () => {
    expect(() => ladder({ parents: 3, least: 1, most: 2, total: 7 })).toThrow(/3 parents with 1 to 2 children/);
  });
});
