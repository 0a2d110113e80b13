import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { SeedBulkError } from "../errors.js";

/** How the server is reached, and by whom. */
export interface Access {
  /** The address that the server binds to. */
  readonly host: string;
  /** What every call of the API must show; undefined on loopback only. */
  readonly token?: string;
}

/** Names of this machine's loopback, as a Host header has them. */
const LOOPBACK_NAMES: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]", "::1"]);

/** Paths that a token guards; the page itself and the description of the API hold no data. */
const GUARDED = /^\/(?:api|metrics)(?:[/?]|$)/;

/** By the route that was found, since `/%61pi` finds the same one as `/api`; and by the path where none was. */
function isGuarded({ routeOptions, url }: FastifyRequest): boolean {
  return GUARDED.test(routeOptions.url ?? "") || GUARDED.test(url);
}

/** Whether an address is reached from this machine only. */
export function isLoopback(host: string): boolean {
  return LOOPBACK_NAMES.has(host) || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** Refuses requests that another site's page made, or that lack the token, before anything of them is read. */
export function addSecurity(app: FastifyInstance, access: Access): void {
  const digest = access.token === undefined ? undefined : sha256(access.token);
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-content-type-options", "nosniff").header("referrer-policy", "no-referrer");
    requireOwnHost(request, access);
    requireOwnOrigin(request);
    if (digest !== undefined && isGuarded(request)) requireToken(request, digest);
  });
}

/**
 * A name that resolves to 127.0.0.1 only for an attacker's page (DNS rebinding) makes that page same-origin; what it
 * cannot change is the Host that its requests bear. Where the server is not on loopback, the token stands for this.
 */
function requireOwnHost({ headers }: FastifyRequest, { host }: Access): void {
  if (!isLoopback(host)) return;
  const name = (headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
  if (LOOPBACK_NAMES.has(name) || isLoopback(name)) return;
  throw new SeedBulkError("SB_ORIGIN_REFUSED", "the request's Host is not a name of this machine's loopback", {
    hint: "Use http://127.0.0.1 or http://localhost; for another name start the server with --host and --token.",
  });
}

/** Only this server's own page, or a program; browsers say of each request which it is. */
function requireOwnOrigin(request: FastifyRequest): void {
  const { origin, host = "", "sec-fetch-site": site } = request.headers;
  const isOwn = origin === undefined || origin.toLowerCase().replace(/^https?:\/\//, "") === host.toLowerCase();
  // A plain GET from elsewhere (an image, a link) bears no Origin; following a link to the page itself is fine.
  const isElsewhere = (site === "cross-site" || site === "same-site") && isGuarded(request);
  if (isOwn && !isElsewhere) return;
  throw new SeedBulkError("SB_ORIGIN_REFUSED", "the request comes from another site's page", {
    hint: "Open the server's own page, or call the API from a program.",
  });
}

/** Digests are of one length, and comparing them says nothing about the token by its time. */
function requireToken({ headers }: FastifyRequest, digest: Buffer): void {
  const [, given = ""] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "") ?? [];
  if (timingSafeEqual(sha256(given), digest)) return;
  throw new SeedBulkError("SB_UNAUTHORIZED", "the request does not bear the server's token", {
    hint: "Send the header Authorization: Bearer TOKEN, with the token that `serve` was started with.",
  });
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
