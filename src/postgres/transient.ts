/** Whether a failure may pass by itself, by its code or, where node-postgres gives none, its message. */
export { mayPass as isTransient } from "./sqlstate.js";
