import { SeedBulkError } from "../../errors.js";
import { guarded } from "./guard.js";
import { findHome } from "./home.js";
import { isKeptUp } from "./keep.js";
import { findData } from "./location.js";
import { findPostmaster } from "./postmaster.js";
import { tcpUrlOf } from "./server.js";
import { socketUrl } from "./url.js";
import { liveUsers } from "./users.js";

/** What is known of a home's server, without touching it. */
export interface EmbeddedStatus {
  home: string;
  /** Null where there is no data yet. */
  dataDir: string | null;
  isRunning: boolean;
  /** Whether `db start` keeps it up. */
  isKeptUp: boolean;
  /** Null unless it runs, as the next three. */
  pid: number | null;
  url: string | null;
  tcpUrl: string | null;
  socketDir: string | null;
  /** The live commands that use it. */
  userPids: number[];
  logFile: string | null;
}

/** Looks at the home's server. Makes and changes nothing. */
export function embeddedStatus(home: string): Promise<EmbeddedStatus> {
  return guarded(home, async () => {
    const paths = findHome(home);
    const location = paths && findData(paths);
    const postmaster = location && findPostmaster(location);
    return {
      home,
      dataDir: location?.dataDir ?? null,
      isRunning: postmaster !== undefined,
      isKeptUp: paths !== undefined && postmaster !== undefined && isKeptUp(paths, postmaster),
      pid: postmaster?.pid ?? null,
      url: postmaster ? socketUrl(postmaster) : null,
      tcpUrl: paths && postmaster ? tcpUrlOf(paths, postmaster) : null,
      socketDir: postmaster?.socketDir ?? null,
      userPids: paths ? liveUsers(paths.users) : [],
      logFile: paths?.log ?? null,
    };
  });
}

/**
 * The status of a server that must be running.
 * @throws SB_DATABASE_UNREACHABLE when it is not
 */
export async function runningStatus(home: string): Promise<EmbeddedStatus & { url: string }> {
  const status = await embeddedStatus(home);
  if (status.url !== null) return { ...status, url: status.url };
  throw new SeedBulkError("SB_DATABASE_UNREACHABLE", `the embedded Postgres of ${home} is not running`, {
    hint: "seed-bulk db start",
  });
}
