import { readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** What tells machines apart, and containers that share one: process IDs mean something within it alone. */
export function machineIdentity(): string {
  try {
    return `${hostname()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}
