import fc from "fast-check";
import { expect, it } from "vitest";
import { buildMarks, openMarks } from "../../../src/core/marks.js";

it("marks know each marked row's place, and each place's row", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 2_000 }), (flags) => {
      const shared = buildMarks(flags.length, (start, count, out) => {
        for (let i = 0; i < count; i++) out[i] = flags[start + i] ? 1 : 0;
      });
      const { size, rankOf, rowOf } = openMarks(shared);
      const marked = flags.flatMap((flag, row) => (flag ? [row] : []));
      expect(size).toBe(marked.length);
      expect(flags.map((_, row) => rankOf(row))).toEqual(flags.map((flag, row) => (flag ? marked.indexOf(row) : -1)));
      expect(marked.map((_, rank) => rowOf(rank))).toEqual(marked);
      expect(rankOf(flags.length)).toBe(-1);
    }),
  );
});
