import type pg from "pg";

/** What a server says of itself, as far as it tells kinds apart. */
export interface ServerTraits {
  /** `version()`. */
  readonly version: string;
  readonly extensions: readonly string[];
  readonly hasNeonSettings: boolean;
  readonly hasAuroraVersion: boolean;
  /** The host in the URL. */
  readonly host: string;
}

/** A server that speaks Postgres and is not plain Postgres, and what of ours does not hold there. */
interface ServerKind {
  readonly name: string;
  readonly isIt: (traits: ServerTraits) => boolean;
  /** Why nothing is loaded there at all. */
  readonly refused?: string;
  /** Why nothing unlogged is. */
  readonly unloggedRefused?: string;
  readonly notices?: (traits: ServerTraits) => readonly string[];
}

/**
 * Sources: CockroachDB's issues 85887, 117895 and 160764 (COPY in pieces, rows lost, 40001 to the client) and its page on
 * advisory locks, which do nothing; YugabyteDB's issue 21833 (DDL is not transactional) and its COPY, which commits every
 * 20,000 rows by itself; AWS, "Loading data into Aurora DSQL" (3,000 rows a transaction, no foreign keys); Neon's issues 1222
 * (unlogged tables are gone when the compute stops) and 10281 (back-pressure); Citus' and TimescaleDB's documentation, the
 * latter's issues 4800 and 7429 (loaders that deadlock while chunks are made).
 */
const SERVER_KINDS: readonly ServerKind[] = [
  {
    name: "CockroachDB",
    isIt: ({ version }) => /CockroachDB/i.test(version),
    refused:
      "its COPY and its locks do not give what exactly-once rests on; load by `seed-bulk export` and IMPORT INTO",
  },
  {
    name: "YugabyteDB",
    isIt: ({ version }) => /-YB-/.test(version),
    refused: "its DDL is not transactional, which making and replacing tables rests on; load by `seed-bulk export`",
  },
  {
    name: "Aurora DSQL",
    isIt: ({ host }) => /\.dsql\.[a-z0-9-]+\.on\.aws$/.test(host),
    refused: "it takes 3,000 rows a transaction and has no foreign keys; load by `seed-bulk export` and its own loader",
  },
  {
    name: "Neon",
    isIt: ({ hasNeonSettings, host }) => hasNeonSettings || /\.neon\.tech$/.test(host),
    unloggedRefused: "an unlogged table is gone there when the compute stops; leave --unlogged out",
    notices: ({ host }) => [
      ...(/-pooler\./.test(host) ? ["this is Neon's pooled host: the direct one, without -pooler, loads faster"] : []),
      "Neon slows down whoever writes faster than its storage takes: one or two --workers are often fastest",
    ],
  },
  {
    name: "Aurora",
    isIt: ({ hasAuroraVersion }) => hasAuroraVersion,
    unloggedRefused: "Aurora's readers never see unlogged tables, and a failover empties them; leave --unlogged out",
  },
  {
    name: "Citus",
    isIt: ({ extensions }) => extensions.includes("citus"),
    notices: () => ["Citus: tables that seed-bulk makes stand on the coordinator; it does not distribute them"],
  },
  {
    name: "TimescaleDB",
    isIt: ({ extensions }) => extensions.includes("timescaledb"),
    notices: () => [
      "TimescaleDB: workers that make the same chunk of a hypertable may deadlock, and try again; fewer --workers meet less",
    ],
  },
];

/** What a database is, besides plain Postgres, and what follows for a load. */
export interface ServerFindings {
  /** Why a load is refused, each in a sentence that begins with the server's kind. */
  readonly reasons: readonly string[];
  readonly notices: readonly string[];
}

/** Reads what a server says of itself; asked outside a transaction. */
export async function serverTraits(client: pg.Client): Promise<ServerTraits> {
  const { rows } = await client.query<Omit<ServerTraits, "host">>(
    "SELECT version() AS version, (SELECT coalesce(array_agg(extname::text), '{}') FROM pg_extension) AS extensions, " +
      "current_setting('neon.timeline_id', true) IS NOT NULL AS \"hasNeonSettings\", " +
      "EXISTS (SELECT FROM pg_proc WHERE proname = 'aurora_version') AS \"hasAuroraVersion\"",
  );
  return { ...rows[0], host: client.host };
}

/** What a server's kind means for a load. @param unlogged whether its tables are to be unlogged */
export function findingsOf(traits: ServerTraits, unlogged: boolean): ServerFindings {
  const kinds = SERVER_KINDS.filter(({ isIt }) => isIt(traits));
  return {
    reasons: kinds.flatMap(({ name, refused, unloggedRefused }) => [
      ...(refused === undefined ? [] : [`the server is ${name}: ${refused}`]),
      ...(unlogged && unloggedRefused !== undefined ? [`the server is ${name}: ${unloggedRefused}`] : []),
    ]),
    notices: kinds.flatMap(({ notices }) => notices?.(traits) ?? []),
  };
}
