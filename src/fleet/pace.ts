import type pg from "pg";

/** What the backends that take rows were at when they were looked at, by `type:event`; `CPU` where they did not wait. */
export type Waits = ReadonlyMap<string, number>;

/** A moment of a run: how many workers, and what they make together. */
export interface Pace {
  readonly workers: number;
  readonly rowsPerSecond: number;
}

/** Looks so many times, so far apart: a backend's wait lasts milliseconds. */
const LOOKS = 8;

/** What the server's backends that take our rows wait for. Looks several times on one connection. */
export async function lookAtWaits(client: pg.Client): Promise<Waits> {
  const waits = new Map<string, number>();
  for (let look = 0; look < LOOKS; look++) {
    const { rows } = await client.query<{ event: string; count: number }>(
      "SELECT coalesce(wait_event_type || ':' || wait_event, 'CPU') AS event, count(*)::int4 AS count " +
        "FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'seed-bulk worker%' " +
        "AND state = 'active' AND query LIKE 'COPY %' GROUP BY 1",
    );
    for (const { event, count } of rows) waits.set(event, (waits.get(event) ?? 0) + count);
    await client.query("SELECT pg_sleep(0.02)");
  }
  return waits;
}

/** The wait of a backend that has taken all rows that there are. */
const FOR_ROWS = "Client:ClientRead";
/** From this share on the server waits for rows rather than the other way round. */
const FOR_ROWS_SHARE = 0.5;
/** A worker that adds less than this share of what one made before adds nothing. */
const GAIN_MIN = 0.1;
/** Events that are named. */
const NAMED_MAX = 3;

/**
 * Says whether another machine would help, in a sentence; undefined where nothing is being loaded.
 * @param waits what the server's backends were at
 * @param paces moments of the run, oldest first; rates are those of workers' last seconds
 */
export function adviceOf(waits: Waits, paces: readonly Pace[]): string | undefined {
  const looks = [...waits.values()].reduce((sum, count) => sum + count, 0);
  if (looks === 0) return undefined;
  const forRows = (waits.get(FOR_ROWS) ?? 0) / looks;
  if (forRows >= FOR_ROWS_SHARE) {
    return `The server waits for rows (${percent(forRows)} of its time): another machine would help.`;
  }
  const events = [...waits]
    .filter(([event]) => event !== FOR_ROWS)
    .sort(([, a], [, b]) => b - a)
    .slice(0, NAMED_MAX)
    .map(([event, count]) => `${event} ${percent(count / looks)}`);
  return `The server is what is waited for (${events.join(", ")}): another machine would hardly help.${flatness(paces)}`;
}

/** What the workers that came last have added, where that is nothing. */
function flatness(paces: readonly Pace[]): string {
  const now = paces.at(-1);
  const before = paces.findLast(({ workers, rowsPerSecond }) => now && workers < now.workers && rowsPerSecond > 0);
  if (now === undefined || before === undefined) return "";
  const gain = now.rowsPerSecond / before.rowsPerSecond - 1;
  const expected = now.workers / before.workers - 1;
  if (gain >= GAIN_MIN * expected) return "";
  return ` ${now.workers} processes make no more rows a second than ${before.workers} did.`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}
