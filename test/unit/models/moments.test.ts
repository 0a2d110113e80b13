import { describe, expect, it } from "vitest";
import { previewRows } from "../../../src/engine/inspect/preview.js";
import { planned } from "../../support/planned.js";

const ROWS = 1024;

/** A moment's part of a second, as it is printed. */
const fraction = (moment: string | null): string => /\d(\.\d+)[+-]\d\d/.exec(moment ?? "")?.[1] ?? "";

describe("moments of a row", () => {
  it.each([
    ["marketing/development", 1],
    ["gaming/full_game", 0.005],
    ["tapflow/tapflow", 1],
    ["erp/normal-ops", 1],
  ])("are the same, or have nothing to do with each other to the microsecond: %s", async (scenario, scale) => {
    const { universe } = await planned(scenario, { scale });
    const found: string[] = [];
    // Labels say when a burst began and ended, which may be the window's ends.
    for (const { name, columns } of universe.entities.filter(({ name }) => name !== "injected_anomalies")) {
      const count = Math.min(ROWS, universe.rowCount(name));
      const { columns: names, rows } = previewRows(universe, name, universe.rowCount(name) - count, count);
      const moments = names.filter((column) => columns[column].type.name === "timestamptz");
      for (const [at, first] of moments.entries()) {
        for (const second of moments.slice(at + 1)) {
          const [i, j] = [names.indexOf(first), names.indexOf(second)];
          const apart = rows.filter((row) => row[i] !== row[j] && fraction(row[i]) !== "" && fraction(row[j]) !== "");
          const alike = apart.filter((row) => fraction(row[i]) === fraction(row[j]));
          if (apart.length > 20 && alike.length > apart.length / 20) {
            found.push(`${name}: ${first} and ${second} in ${alike.length} of ${apart.length} rows`);
          }
        }
      }
    }
    expect(found).toEqual([]);
  });
});
