import { createServer, connect as dial, type Server, type Socket } from "node:net";

/** A message of Postgres's protocol on its way (Postgres manual, "Message Formats"). */
export interface WireMessage {
  readonly from: "client" | "server";
  /** What the connection calls itself, such as "seed-bulk worker". */
  readonly application: string;
  /** The type byte, such as "Q"; "startup" for the first message. */
  readonly type: string;
  /** The body, read as Latin-1. */
  readonly text: string;
}

/**
 * What becomes of a message: cut ends the connection instead, a promise holds all that follows until it resolves. A late
 * one ends the connection for its sender, and reaches the other side all the same, once its promise resolves.
 */
export type Verdict = "pass" | "cut" | Promise<unknown> | { readonly late: Promise<unknown> };

/** Stands between seed-bulk and a server, and decides of each message what becomes of it. */
export class WireProxy {
  /** Asked of every message; by default all pass. */
  decide: (message: WireMessage) => Verdict = () => "pass";
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  readonly #target: { readonly path: string } | { readonly port: number; readonly host: string };
  readonly #database: string;

  private constructor(databaseUrl: string) {
    const url = new URL(databaseUrl.replace("@/", "@localhost/"));
    const folder = url.searchParams.get("host");
    this.#target = folder?.startsWith("/")
      ? { path: `${folder}/.s.PGSQL.${url.searchParams.get("port") ?? 5432}` }
      : { port: Number(url.port || 5432), host: url.hostname };
    this.#database = url.pathname.slice(1);
    this.#server = createServer((client) => this.#accept(client));
  }

  /** @param databaseUrl of a server that trusts its clients */
  static async start(databaseUrl: string): Promise<WireProxy> {
    const proxy = new WireProxy(databaseUrl);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  /** The database's address by way of the proxy. */
  get url(): string {
    const { port } = this.#server.address() as { port: number };
    return `postgres://postgres@127.0.0.1:${port}/${this.#database}`;
  }

  /** Cuts all connections, and takes no more. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(client: Socket): void {
    const server = dial(this.#target);
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      // Each message goes on by itself: Nagle would let it wait for the last one's acknowledgement.
      socket.setNoDelay(true);
      socket.on("error", () => {}).on("close", () => this.#sockets.delete(socket));
    }
    const connection = { application: "", isSevered: false };
    client.on("close", () => !connection.isSevered && server.destroy());
    server.on("close", () => client.destroy());
    void this.#relay(client, server, "client", connection);
    void this.#relay(server, client, "server", connection);
  }

  async #relay(
    source: Socket,
    sink: Socket,
    from: WireMessage["from"],
    connection: { application: string; isSevered: boolean },
  ): Promise<void> {
    let isStartup = from === "client";
    let bytes: Buffer = Buffer.alloc(0);
    try {
      for await (const chunk of source) {
        bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
        for (;;) {
          const head = isStartup ? 0 : 1;
          if (bytes.length < head + 4) break;
          const length = head + bytes.readUInt32BE(head);
          if (bytes.length < length) break;
          const message = bytes.subarray(0, length);
          bytes = bytes.subarray(length);
          const text = message.toString("latin1", head + 4);
          if (isStartup) connection.application = /application_name\0([^\0]*)/.exec(text)?.[1] ?? "";
          const type = isStartup ? "startup" : String.fromCharCode(message[0]);
          isStartup = false;
          const verdict = this.decide({ from, application: connection.application, type, text });
          if (verdict === "cut") {
            source.destroy();
            sink.destroy();
            return;
          }
          if (typeof verdict === "object" && "late" in verdict) {
            connection.isSevered = true;
            source.destroy();
            await verdict.late;
            sink.end(message);
            return;
          }
          if (verdict !== "pass") await verdict;
          sink.write(message);
        }
      }
      sink.end();
    } catch {
      // A side that broke: the other is ended by its listener.
    }
  }
}
