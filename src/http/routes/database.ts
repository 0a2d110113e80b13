import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type pg from "pg";
import { plural } from "../../core/thousands.js";
import { type CleanupPlan, type CleanupResult, cleanup, NOTHING_CLEANED, planCleanup } from "../../engine/cleanup.js";
import { SeedBulkError } from "../../errors.js";
import { close, connect, toldDatabase } from "../../postgres/connection.js";
import { redactUrl } from "../../postgres/redact.js";
import { readSwitch, type Switch, writeSwitch } from "../../postgres/switch.js";
import type { Rooms } from "../rooms.js";
import {
  CleanupAnswer,
  CleanupPlanQuery,
  CleanupQuery,
  DatabaseAnswer,
  IntrospectionAnswer,
  IntrospectionBody,
  ToggleAnswer,
  ToggleBody,
} from "../schemas.js";
import { API, answers } from "./schema.js";

/** The database itself: its switch, and getting rid of what runs made. */
export function addDatabaseRoutes(
  app: FastifyInstance,
  { services, introspected, connections, verifications }: Rooms,
): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  const { url } = services.target;
  api.get(
    `${API}/toggle`,
    { schema: { summary: "whether the database may be filled", response: answers({ 200: ToggleAnswer }) } },
    async () => switchAnswer(await connections.use(readSwitch)),
  );
  api.post(
    `${API}/toggle`,
    { schema: { summary: "turn the database's switch", body: ToggleBody, response: answers({ 200: ToggleAnswer }) } },
    async ({ body }) => switchAnswer(await withClient(url, (client) => writeSwitch(client, body.enabled))),
  );
  api.post(
    `${API}/introspection`,
    {
      schema: {
        summary: "work out how the tables of the server's own database are filled: a scenario as long as it runs",
        body: IntrospectionBody,
        response: answers({ 200: IntrospectionAnswer }),
      },
    },
    ({ body }) => introspected.introspect(body),
  );
  api.get(
    `${API}/database`,
    { schema: { summary: "which database this server reads and fills", response: answers({ 200: DatabaseAnswer }) } },
    async () => ({
      name: toldDatabase(services.target),
      url: redactUrl(url),
      isEmbedded: services.target.embedded,
      lookAt: [...services.lookAt],
    }),
  );
  api.get(
    `${API}/cleanup`,
    {
      schema: {
        summary: "what a cleanup would drop",
        querystring: CleanupPlanQuery,
        response: answers({ 200: CleanupAnswer }),
      },
    },
    async ({ query: { jobId } }) => cleanupAnswer(await connections.use((client) => planCleanup(client, jobId)), null),
  );
  api.delete(
    `${API}/cleanup`,
    {
      schema: { summary: "drop what runs made", querystring: CleanupQuery, response: answers({ 200: CleanupAnswer }) },
    },
    async ({ query: { confirm, jobId } }) => {
      const done = await withClient(url, (client) => cleanUp(client, { confirm, jobId, token: services.cleanupToken }));
      for (const { runId } of done.runs) verifications.forget(runId);
      return done;
    },
  );
}

/** As `seed-bulk cleanup` does: looks, claims what it found, looks again, and drops that. */
async function cleanUp(
  client: pg.Client,
  options: { confirm: string | undefined; jobId: string | undefined; token: string },
) {
  const { confirm, jobId, token } = options;
  const found = await planCleanup(client, jobId);
  if (confirm !== token) {
    const named = found.tables.slice(0, 5).map(({ schema, table }) => `${schema}.${table}`);
    const list =
      found.tables.length > 0 ? `: ${named.join(", ")}${found.tables.length > named.length ? ", …" : ""}` : "";
    throw new SeedBulkError(
      "SB_CONFIRMATION_NEEDED",
      `${plural(found.tables.length, "table")} would be dropped${list}`,
      {
        hint: `Nothing was dropped. To drop them: ?confirm=${token}`,
      },
    );
  }
  return cleanupAnswer(found, found.runs.length > 0 ? await cleanup(client, found) : NOTHING_CLEANED);
}

/** @param result null where nothing was done yet */
function cleanupAnswer({ runs, tables, emptied, types }: CleanupPlan, result: CleanupResult | null) {
  const { schemasDropped, schemasKept, othersRows } = result ?? NOTHING_CLEANED;
  return {
    dropped: result !== null && runs.length > 0,
    runs: [...runs],
    tables: [...tables],
    emptied: [...emptied],
    types: [...types],
    schemasDropped: [...schemasDropped],
    schemasKept: [...schemasKept],
    othersRows: [...othersRows],
  };
}

/** A connection of its own: claims hold as long as it does. */
async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(url, "server");
  try {
    return await work(client);
  } finally {
    await close(client);
  }
}

function switchAnswer(state: Switch | null) {
  if (state === null) return { enabled: true, changedAt: null, changedBy: null };
  const { enabled, changedAt, changedBy } = state;
  return { enabled, changedAt: changedAt.toISOString(), changedBy };
}
