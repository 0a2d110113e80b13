import { normalQuantile } from "./distributions.js";
import { type CellKey, cellBits, unitOf } from "./random.js";

/**
 * Noise whose neighbouring moments go together: normal values at the nodes of one or more grids, smoothly joined in
 * between (Perlin, "An Image Synthesizer", 1985: value noise), the grids added up. Mean 0.
 * @param key the same key gives the same noise
 * @param periodsUs distances of the grids' nodes, µs
 * @returns from a moment, µs since 1970, to a value; its deviation is between 0.8 and 1
 */
export function smoothNoise(key: CellKey, periodsUs: readonly number[]): (atUs: number) => number {
  // A node's values have a deviation of 1; the mean of several grids has one less by the root of their number.
  const scale = 1 / Math.sqrt(periodsUs.length);
  const node = (at: number, grid: number): number => normalQuantile(unitOf(cellBits(key, at, grid)));
  return (atUs) => {
    let sum = 0;
    for (let grid = 0; grid < periodsUs.length; grid++) {
      const at = atUs / periodsUs[grid];
      const before = Math.floor(at);
      const part = at - before;
      const smooth = part * part * (3 - 2 * part);
      sum += (1 - smooth) * node(before, grid) + smooth * node(before + 1, grid);
    }
    return sum * scale;
  };
}
