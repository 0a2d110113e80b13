import type { LoadedScenario } from "../model/scenario/index.js";
import { openUniverse } from "./open-universe.js";

/** How near the rows come to what was asked for, and how often that is tried. */
const NEAR = 0.005;
const TRIES_MAX = 24;

/**
 * A scenario under the scale at which all its tables together have about as many rows as are asked for; keys that cap a
 * table may leave them fewer. The same for the same scenario and number.
 */
export async function scaledToRows(
  load: (scale: number) => Promise<LoadedScenario>,
  rows: number,
): Promise<LoadedScenario> {
  const rowsAt = async (loaded: LoadedScenario): Promise<number> => {
    const universe = await openUniverse(loaded.scenario, loaded.modelOrigin);
    return universe.entities.reduce((sum, { name, kept }) => sum + (kept ? 0 : universe.rowCount(name)), 0);
  };
  let scale = 1;
  let loaded = await load(scale);
  let found = await rowsAt(loaded);
  for (let tries = 1; tries < TRIES_MAX && found > 0 && Math.abs(found / rows - 1) > NEAR; tries++) {
    const before = found;
    // Six digits are enough to come near, and are what a plan shows.
    scale = Number((scale * (rows / found)).toPrecision(6));
    loaded = await load(scale);
    found = await rowsAt(loaded);
    if (found === before) break;
  }
  return loaded;
}
