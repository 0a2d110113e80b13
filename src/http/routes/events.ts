import type { ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Job } from "../jobs/job.js";
import { TryLaterError } from "../problems.js";
import type { Rooms } from "../rooms.js";
import { JobQuery } from "../schemas.js";
import { API, answers } from "./schema.js";

/** Streams that are open at once, at the most. */
const STREAMS_MAX = 64;
/** What a client may leave unread before it is let go. */
const UNREAD_BYTES_MAX = 4 * 2 ** 20;

/** GET events: a job's events as they happen. */
export function addEventRoutes(app: FastifyInstance, { jobs }: Rooms, heartbeatSeconds: number): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  const streams = new Set<ServerResponse>();
  app.addHook("preClose", async () => {
    for (const stream of streams) stream.end();
  });
  api.get(
    `${API}/events`,
    { schema: { summary: "a job's events (text/event-stream)", querystring: JobQuery, response: answers({}) } },
    async (request, reply) => {
      if (streams.size >= STREAMS_MAX) {
        throw new TryLaterError("SB_QUEUE_FULL", `${STREAMS_MAX} event streams are open already`, {
          retryAfterSeconds: 30,
        });
      }
      const { jobId } = request.query;
      const job = jobs.board.find(jobId);
      const stream = reply.raw;
      // Listened to before anything is waited for: a reader who leaves meanwhile closes it once and not again.
      streams.add(stream);
      stream.on("close", () => streams.delete(stream));
      const status = await jobs.status(jobId);
      reply.hijack();
      if (stream.destroyed) return;
      stream.writeHead(200, {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        // Proxies that gather answers would hold events back.
        "x-accel-buffering": "no",
      });
      const heartbeat = setInterval(() => stream.write(": still here\n\n"), heartbeatSeconds * 1000);
      stream.on("error", () => {});
      const stop = job && !job.isOver ? follow(stream, job, jobs.viewOf(job), lastIdOf(request.headers)) : undefined;
      stream.on("close", () => {
        clearInterval(heartbeat);
        stop?.();
      });
      if (stop === undefined) {
        send(stream, "snapshot", status, job?.events.lastId);
        send(stream, "end", status);
        stream.end();
      }
    },
  );
}

/** Sends what a client missed, or else how it all stands, and then each event; ends with the job. */
function follow(stream: ServerResponse, job: Job, status: object, lastId: number | undefined): () => void {
  const missed = lastId === undefined ? undefined : job.events.since(lastId);
  if (missed === undefined) send(stream, "snapshot", status, job.events.lastId);
  else for (const { id, event, data } of missed) send(stream, event, data, id);
  return job.events.listen(({ id, event, data }) => {
    send(stream, event, data, id);
    if (stream.writableLength > UNREAD_BYTES_MAX) stream.destroy();
    else if (event === "end") stream.end();
  });
}

function send(stream: ServerResponse, event: string, data: unknown, id?: number): void {
  stream.write(`${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

function lastIdOf(headers: { readonly [name: string]: string | string[] | undefined }): number | undefined {
  const text = headers["last-event-id"];
  return typeof text === "string" && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
