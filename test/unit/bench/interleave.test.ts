import { describe, expect, it } from "vitest";
import { interleave } from "../../../bench/interleave.js";

describe("interleave", () => {
  it("runs contenders in turns and keeps each one's results in order", async () => {
    const order: string[] = [];
    let count = 0;
    const contender = (name: string) => ({
      name,
      run: async () => {
        order.push(name);
        return ++count;
      },
    });
    const told: string[] = [];
    const results = await interleave([contender("a"), contender("b"), contender("c")], 2, (name, run) => {
      told.push(`${name}${run}`);
    });
    expect(order.join("")).toBe("abcabc");
    expect([...results]).toEqual([
      ["a", [1, 4]],
      ["b", [2, 5]],
      ["c", [3, 6]],
    ]);
    expect(told).toEqual(["a1", "b1", "c1", "a2", "b2", "c2"]);
  });
});
