import rateLimit from "@fastify/rate-limit";
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import Fastify, { type FastifyError, type FastifyInstance } from "fastify";
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from "fastify-type-provider-zod";
import { SeedBulkError } from "../errors.js";
import { toldError } from "../postgres/sqlstate.js";
import { Connections } from "./connections.js";
import { IntrospectedModels } from "./introspected.js";
import { JobBoard } from "./jobs/job-board.js";
import { Jobs } from "./jobs/jobs.js";
import { Verifications } from "./jobs/verifications.js";
import { Metrics } from "./metrics.js";
import { addPages } from "./pages.js";
import {
  faultProblem,
  invalidRequestProblem,
  type ProblemDocument,
  problemOf,
  refusedRequestProblem,
  TryLaterError,
} from "./problems.js";
import type { Rooms } from "./rooms.js";
import { addDataRoutes } from "./routes/data.js";
import { addDatabaseRoutes } from "./routes/database.js";
import { addEventRoutes } from "./routes/events.js";
import { addFileRoutes } from "./routes/files.js";
import { addHealthRoutes } from "./routes/health.js";
import { addJobRoutes } from "./routes/jobs.js";
import { API } from "./routes/schema.js";
import { type Access, addSecurity } from "./security.js";
import type { Services } from "./services.js";
import { Universes } from "./universes.js";

/** An app whose routes are checked by zod schemas. */
export type App = ReturnType<typeof newApp>;

export interface AppOptions {
  readonly services: Services;
  readonly access: Access;
  /** Requests that one address may make in a minute. */
  readonly requestsPerMinuteMax?: number;
  /** Seconds between two signs of life of an event stream. */
  readonly heartbeatSeconds?: number;
}

/** A body is a scenario's name and some numbers. */
const BODY_BYTES_MAX = 64 * 1024;
/** How long a request may take to arrive whole. */
const REQUEST_SECONDS_MAX = 20;
/** A page that polls and streams makes a few a second. */
const REQUESTS_PER_MINUTE_MAX = 6_000;

/** The app, ready to listen or to be injected into; closing it stops its jobs. */
export async function buildApp(options: AppOptions): Promise<App> {
  const { services, access, requestsPerMinuteMax = REQUESTS_PER_MINUTE_MAX, heartbeatSeconds = 15 } = options;
  const app = newApp();
  const rooms = openRooms(services);
  rooms.metrics.watch(app);
  addSecurity(app, access);
  addProblems(app, services);
  await app.register(rateLimit, {
    max: requestsPerMinuteMax,
    timeWindow: "1 minute",
    allowList: (request) => request.url === "/healthz",
    errorResponseBuilder: (_request, { ttl }) =>
      new TryLaterError("SB_RATE_LIMITED", `more than ${requestsPerMinuteMax} requests in a minute`, {
        retryAfterSeconds: Math.ceil(ttl / 1000),
      }),
  });
  await addDescription(app, services.version);
  await app.register(async (routes) => {
    const api = routes.withTypeProvider<ZodTypeProvider>();
    addDataRoutes(api, rooms);
    addJobRoutes(api, rooms);
    addDatabaseRoutes(api, rooms);
    addEventRoutes(api, rooms, heartbeatSeconds);
    addFileRoutes(api, rooms);
    addHealthRoutes(api, rooms);
  });
  await addPages(app, services.webDir);
  app.addHook("onClose", async () => {
    await Promise.all([rooms.jobs.board.close(), rooms.verifications.close(), rooms.universes.close()]);
    await rooms.connections.close();
  });
  return Object.assign(app, { jobs: rooms.jobs });
}

function newApp(): FastifyInstance & { jobs?: Jobs } {
  const app = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_SECONDS_MAX * 1000,
    connectionTimeout: 0,
    keepAliveTimeout: 10_000,
    // Connections that only keep alive would hold a server that stops.
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    logger: false,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  // A form of another site may post text/plain without asking.
  app.removeContentTypeParser("text/plain");
  return app;
}

function openRooms(given: Services): Rooms {
  const introspected = new IntrospectedModels(given);
  const { services } = introspected;
  const universes = new Universes(services);
  const verifications = new Verifications(services.target.url);
  const connections = new Connections(services.target.url);
  const metrics = new Metrics();
  const board = new JobBoard((job) => metrics.jobEnded(job));
  metrics.watchJobs(board);
  const jobs = new Jobs(board, { services, universes, verifications }, connections);
  return { services, introspected, universes, verifications, connections, jobs, metrics };
}

/** Whatever goes wrong is told as a problem document. */
function addProblems(app: FastifyInstance, services: Services): void {
  app.setErrorHandler((error: FastifyError | SeedBulkError, request, reply) => {
    const problem = toProblem(error);
    if (problem.status >= 500) services.log(`${request.method} ${request.url.split("?")[0]}: ${error.message}`);
    if (problem.code === "SB_INTERNAL") services.log(error.stack ?? "");
    if (error instanceof TryLaterError) reply.header("retry-after", error.retryAfterSeconds);
    if (problem.status === 401) reply.header("www-authenticate", 'Bearer realm="seed-bulk"');
    return reply.code(problem.status).type("application/problem+json").serializer(JSON.stringify).send(problem);
  });
  app.setNotFoundHandler((request) => {
    throw new SeedBulkError("SB_ROUTE_NOT_FOUND", `there is no ${request.method} ${request.url.split("?")[0]}`, {
      hint: "GET /docs lists the routes.",
    });
  });
}

function toProblem(thrown: FastifyError | SeedBulkError): ProblemDocument {
  const error = toldError(thrown) as FastifyError | SeedBulkError;
  if (error instanceof SeedBulkError) return problemOf(error);
  if (error.validation) return invalidRequestProblem(error);
  return refusedRequestProblem(error) ?? faultProblem();
}

/** OpenAPI from the schemas that check requests and answers, and a page that shows it. */
async function addDescription(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "seed-bulk API",
        version,
        description: "Jobs that fill Postgres with related, reproducible rows. [The page](/) is made of these calls.",
      },
      tags: GROUPS.map(({ name, about }) => ({ name, description: about })),
      components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
    },
    transform: (route) => grouped(jsonSchemaTransform(route)),
    transformObject: jsonSchemaTransformObject,
  });
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    staticCSP: true,
    theme: { title: "seed-bulk API" },
    logo: { type: "image/svg+xml", content: LOGO, href: "/", target: "_self" },
    // Forms with their examples at once, and no list of schemas that each call shows anyway.
    uiConfig: { docExpansion: "list", tryItOutEnabled: true, defaultModelsExpandDepth: -1 },
  });
}

/** In the place of Fastify's. */
const LOGO = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="32"><text x="0" y="22" font-family="sans-serif" ' +
    'font-size="19" font-weight="600" fill="#fff">seed-bulk</text></svg>',
);

/** The groups that the description shows the routes in, in its order. */
const GROUPS = [
  {
    name: "data",
    about: "what there is to make: scenarios, plans, single rows",
    paths: ["scenarios", "plan", "preview"],
  },
  {
    name: "jobs",
    about: "loads and exports: start, watch, stop, resume, check",
    paths: [
      ...["generate", "status", "jobs", "events", "report", "verify"],
      ...["cancel", "resume", "export", "files", "file"],
    ],
  },
  {
    name: "database",
    about: "the database that the server fills",
    paths: ["database", "introspection", "toggle", "cleanup"],
  },
  { name: "server", about: "the server itself", paths: ["/healthz"] },
];

function grouped<T extends ReturnType<typeof jsonSchemaTransform>>(route: T): T {
  const path = route.url.replace(`${API}/`, "");
  const group = GROUPS.find(({ paths }) => paths.includes(path));
  if (group === undefined || route.schema.hide === true) return route;
  return { ...route, schema: { ...route.schema, tags: [group.name] } };
}
