import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Arrow, BOX, layOut, withoutImplied } from "../../../src/web/diagram/layout.js";

const NAMES = ["a", "b", "c", "d", "e", "f", "g"];
const arrow = fc.record({ from: fc.constantFrom(...NAMES), to: fc.constantFrom(...NAMES) });
/** From later names to earlier ones only: no circles. */
const tree = fc.array(arrow.map(({ from, to }) => (from > to ? { from, to } : { from: to, to: from })));

describe("layOut", () => {
  it("stands what is referred to above what refers to it", () => {
    fc.assert(
      fc.property(tree, (arrows) => {
        const { places } = layOut(NAMES, arrows);
        for (const { from, to } of arrows) if (from !== to) expect(places.get(to)!.y).toBeLessThan(places.get(from)!.y);
      }),
    );
  });

  it("places every table within the drawing and none on another, circles or not", () => {
    fc.assert(
      fc.property(fc.array(arrow), (arrows) => {
        const { places, width, height } = layOut(NAMES, arrows);
        const all = [...places.values()];
        expect(all).toHaveLength(NAMES.length);
        for (const { name, x, y } of all) {
          expect(x >= 0 && x + BOX.width <= width && y >= 0 && y + BOX.height <= height).toBe(true);
          const onIt = all.filter((other) => other.y === y && Math.abs(other.x - x) < BOX.width);
          expect(onIt.map((other) => other.name)).toEqual([name]);
        }
      }),
    );
  });
});

describe("withoutImplied", () => {
  it("leaves out what follows from others", () => {
    const arrows = [
      { from: "events", to: "recipients" },
      { from: "recipients", to: "campaigns" },
      { from: "events", to: "campaigns" },
      { from: "visits", to: "visits" },
    ];
    expect(withoutImplied(arrows)).toEqual([arrows[0], arrows[1], arrows[3]]);
  });

  it("keeps everything in reach of what reached it before", () => {
    const reached = (arrows: readonly Arrow[], start: string): string[] => {
      const seen = new Set([start]);
      for (const name of seen) for (const { from, to } of arrows) if (from === name) seen.add(to);
      return [...seen].sort();
    };
    fc.assert(
      fc.property(tree, (arrows) => {
        const plain = withoutImplied(arrows);
        for (const name of NAMES) expect(reached(plain, name)).toEqual(reached(arrows, name));
      }),
    );
  });
});
