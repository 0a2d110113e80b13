/** The database made for seed-bulk in the embedded server. */
export const EMBEDDED_DATABASE = "seed_bulk";

/** The role that owns everything in the embedded server. */
export const EMBEDDED_ROLE = "postgres";

/**
 * The address that psql and node-postgres both take for a server on a Unix socket.
 * The port is always said: it names the socket file, and PGPORT in the environment would otherwise change it.
 */
export function socketUrl(server: { socketDir: string; port: number }, database = EMBEDDED_DATABASE): string {
  const host = encodeURIComponent(server.socketDir).replaceAll("%2F", "/");
  return `postgresql://${EMBEDDED_ROLE}@/${encodeURIComponent(database)}?host=${host}&port=${server.port}`;
}

/** The address over TCP, for programs that do not speak Unix sockets. */
export function tcpUrl(port: number, password: string): string {
  return `postgresql://${EMBEDDED_ROLE}:${encodeURIComponent(password)}@127.0.0.1:${port}/${EMBEDDED_DATABASE}`;
}
