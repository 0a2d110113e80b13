export { type DestroyResult, destroyEmbedded } from "./destroy.js";
export { embeddedHome } from "./home.js";
export {
  type AcquireOptions,
  acquireEmbeddedServer,
  type EmbeddedServer,
  type StartedServer,
  type StopResult,
  startEmbedded,
  stopEmbedded,
} from "./server.js";
export { type EmbeddedStatus, embeddedStatus, runningStatus } from "./status.js";
