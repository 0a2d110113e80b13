import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shapeOf } from "../../../src/columns/shapes.js";

/** Texts of a shape: of each place the first letter, the last, and one between. */
function textsOf(regex: string, lengths?: { least?: number; most?: number }): string[] {
  const places = shapeOf(regex, lengths)!;
  return [0, 0.5, 0.999].map((share) =>
    places.map(({ letters }) => letters[Math.floor(share * letters.length)]).join(""),
  );
}

describe("shapes of regular expressions", () => {
  it.each([
    "^[A-Z]{2}-[0-9]{3,6}$",
    "^[a-z][a-z0-9-]*$",
    "^(red|green)(-[0-9]+)?$",
    "^\\+?[1-9]\\d{1,14}$",
    "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$",
    "^[a-f0-9]{32}$",
    "^\\w+(\\.\\w+)*$",
    "^https?:\\/\\/.+$",
    "^#[0-9a-fA-F]{6}$",
    "^(?:a|b)c{2}d?$",
    "^.{3,}$",
    "^[-+]?[0-9]+$",
  ])("match what they are made of: %s", (regex) => {
    for (const text of textsOf(regex)) expect(text).toMatch(new RegExp(regex));
  });

  it("know the classes that have names", () => {
    const [first] = shapeOf("^[[:upper:]]$")!;
    expect(first.letters).toHaveLength(26);
    expect(shapeOf("^[^[:digit:]a-z]$")![0].letters.join("")).toBe("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  });

  it("are as long as they are asked to be, or there is none", () => {
    expect(shapeOf("^[a-z]+$", { least: 20, most: 40 })).toHaveLength(32);
    expect(shapeOf("^[a-z]+$", { most: 3 })).toHaveLength(3);
    expect(shapeOf("^[a-z]{5}$", { most: 3 })).toBeUndefined();
  });

  it.each(["^(?=a)b$", "^(a)\\1$", "^[a-$", "^(a$", "*a", "\\"])("leave alone what they do not read: %s", (regex) => {
    expect(shapeOf(regex)).toBeUndefined();
  });

  it("end, whatever they are given", () => {
    fc.assert(fc.property(fc.stringMatching(/^[ab[\](){}|*+?^$.\\0-9,-]{0,12}$/), (regex) => void shapeOf(regex)));
  });
});
