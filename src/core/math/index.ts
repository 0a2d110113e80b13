/**
 * Functions that ECMAScript leaves to the implementation, in plain IEEE arithmetic: `Math.exp` and its like may differ by an
 * ulp from one machine or Node to the next, and a stored byte with them. `Math.sqrt` is exact everywhere.
 */
export { exp } from "./exp.js";
export { log } from "./log.js";
export { floorOfProduct } from "./whole.js";
