import { connect, createServer, type Socket } from "node:net";
import pg from "pg";

/** A listening socket in front of the test's server. */
export interface FakeServer {
  /** Like the real database's address, by way of the socket. */
  readonly url: string;
  /** Connections so far. */
  readonly count: () => number;
  close(): Promise<void>;
}

/** What becomes of a connection: an SQLSTATE refuses it, "reset" cuts it, "silence" never answers it, "pass" goes to the server. */
export type Fate = "pass" | "silence" | "reset" | { readonly sqlstate: string; readonly message: string };

/**
 * Stands between clients and a server.
 * @param fateOf what becomes of a connection, by how many came before it, how many of them are open still, and the
 *   name that it gives itself (`application_name`)
 */
export async function fakeServer(
  realUrl: string,
  fateOf: (connection: { readonly index: number; readonly passing: number; readonly name: string }) => Fate,
): Promise<FakeServer> {
  const { host, port, user, password, database } = new pg.Client(realUrl) as pg.Client & { password?: string };
  const sockets = new Set<Socket>();
  let count = 0;
  let passing = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    const index = count++;
    socket.once("data", (startup) => {
      const fate = fateOf({ index, passing, name: /application_name\0([^\0]*)/.exec(startup.toString())?.[1] ?? "" });
      if (fate === "reset") socket.destroy();
      else if (fate === "silence") socket.resume();
      else if (fate === "pass") {
        const real = host.startsWith("/") ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
        passing++;
        sockets.add(real);
        real.on("error", () => socket.destroy()).on("close", () => sockets.delete(real));
        socket.on("close", () => {
          passing--;
          real.destroy();
        });
        real.write(startup);
        socket.pipe(real).pipe(socket);
      } else socket.end(errorResponse(fate));
    });
  }).listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const { port: ownPort } = server.address() as { port: number };
  const credentials = [user, password].filter(Boolean).map((text) => encodeURIComponent(text!));
  return {
    url: `postgres://${credentials.join(":")}@127.0.0.1:${ownPort}/${database}`,
    count: () => count,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

/** ErrorResponse of the protocol, version 3: https://www.postgresql.org/docs/current/protocol-error-fields.html */
function errorResponse({ sqlstate, message }: { readonly sqlstate: string; readonly message: string }): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${sqlstate}\0M${message}\0\0`);
  const head = Buffer.from("E\0\0\0\0");
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}
