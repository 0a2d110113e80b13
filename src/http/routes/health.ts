import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Rooms } from "../rooms.js";
import { Health } from "../schemas.js";
import { answers } from "./schema.js";

/** /healthz and /metrics, for whoever keeps an eye on the server. */
export function addHealthRoutes(app: FastifyInstance, { services, connections, metrics }: Rooms): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  api.get(
    "/healthz",
    { schema: { summary: "whether the server and its database answer", response: answers({ 200: Health }) } },
    async () => {
      await connections.use((client) => client.query("SELECT 1"));
      return { status: "ok" as const, version: services.version };
    },
  );
  app.get("/metrics", { schema: { hide: true } as object }, async (_request, reply) => {
    reply.type(metrics.contentType);
    return metrics.text();
  });
}
