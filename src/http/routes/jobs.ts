import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { SeedBulkError } from "../../errors.js";
import { findRun, GONE_STATES } from "../../ledger/runs.js";
import { choiceOfBody } from "../choice.js";
import type { Job } from "../jobs/job.js";
import { ledgerReport } from "../jobs/ledger-report.js";
import type { Rooms } from "../rooms.js";
import {
  CancelBody,
  ExportBody,
  GenerateBody,
  JobAccepted,
  JobQuery,
  JobStatus,
  Jobs,
  JobsQuery,
  ReportAnswer,
  ResumeBody,
  VerifyAnswer,
  VerifyQuery,
} from "../schemas.js";
import { API, answers } from "./schema.js";

/** Jobs of a list that asks for no number. */
const JOBS_LISTED = 50;
/** Starting work is dearer than asking how it goes. */
const STARTING = { rateLimit: { max: 120, timeWindow: "1 minute" } };

/** Jobs: starting, watching, stopping, resuming, checking them. */
export function addJobRoutes(app: FastifyInstance, rooms: Rooms): void {
  addStarting(app, rooms);
  addWatching(app, rooms);
}

function addStarting(app: FastifyInstance, { jobs, services, universes }: Rooms): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  const accepted = (job: Job) => {
    const { jobId, scenario, dryRun, position } = jobs.viewOf(job);
    return {
      jobId,
      status: position === null ? ("started" as const) : ("queued" as const),
      scenario,
      dryRun,
      position,
    };
  };
  api.post(
    `${API}/generate`,
    {
      config: STARTING,
      schema: {
        summary: "start a job; a dry run by default",
        body: GenerateBody,
        response: answers({ 202: JobAccepted }),
      },
    },
    async ({ body }, reply) => {
      const { only, workers = services.workers, replace, unlogged, onFailure, verify } = body;
      const planned = await universes.open(choiceOfBody(body));
      const request = { ...planned, only, workers, replace, unlogged, onFailure, verify };
      return reply.code(202).send(accepted(await jobs.generate(request, body.config.dryRun)));
    },
  );
  api.post(
    `${API}/resume`,
    {
      config: STARTING,
      schema: {
        summary: "load what an unfinished run lacks",
        body: ResumeBody,
        response: answers({ 202: JobAccepted }),
      },
    },
    async ({ body: { jobId, workers = services.workers, verify } }, reply) =>
      reply.code(202).send(accepted(await jobs.resume(jobId, { workers, verify }))),
  );
  api.post(
    `${API}/export`,
    {
      config: STARTING,
      schema: {
        summary: "write files in the server's home",
        body: ExportBody,
        response: answers({ 202: JobAccepted }),
      },
    },
    async ({ body }, reply) => {
      const { format, compress = null, rowsPerFile = null, workers = services.workers } = body;
      const planned = await universes.open(choiceOfBody(body));
      const request = { ...planned, format, compression: compress, rowsPerFile, workers };
      return reply.code(202).send(accepted(jobs.export(request)));
    },
  );
  api.post(
    `${API}/cancel`,
    { schema: { summary: "stop a job", body: CancelBody, response: answers({ 202: JobAccepted }) } },
    async ({ body }, reply) => {
      const { jobId, status, scenario, dryRun, position } = jobs.viewOf(await jobs.cancel(body.jobId));
      return reply.code(202).send({ jobId, status, scenario, dryRun, position });
    },
  );
}

function addWatching(app: FastifyInstance, { jobs, services, connections }: Rooms): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  api.get(
    `${API}/status`,
    { schema: { summary: "how far a job is", querystring: JobQuery, response: answers({ 200: JobStatus }) } },
    ({ query }) => jobs.status(query.jobId),
  );
  api.get(
    `${API}/jobs`,
    { schema: { summary: "all jobs, the newest first", querystring: JobsQuery, response: answers({ 200: Jobs }) } },
    async ({ query: { limit = JOBS_LISTED } }) => ({ jobs: await jobs.list(limit) }),
  );
  api.get(
    `${API}/verify`,
    {
      schema: {
        summary: "the checks of a finished run, started where they are not made yet",
        querystring: VerifyQuery,
        response: answers({ 200: VerifyAnswer, 202: VerifyAnswer }),
      },
    },
    async ({ query }, reply) => {
      const options = { exact: query.exact === "true", again: query.again === "true", workers: services.workers };
      const { jobId, verification } = await jobs.verify(query.jobId, options);
      const { status, checksDone, error, report } = verification;
      const answer = { jobId, status, checksDone, error, report: report as never };
      return reply.code(status === "running" ? 202 : 200).send(answer);
    },
  );
  api.get(
    `${API}/report`,
    {
      schema: { summary: "what a job came to", querystring: JobQuery, response: answers({ 200: ReportAnswer }) },
    },
    async ({ query: { jobId } }) => {
      const job = jobs.board.find(jobId);
      if (job?.report) {
        const { database: _, ...report } = job.report;
        return { source: "run" as const, ...report, entities: [...report.entities] };
      }
      if (job && (job.spec.dryRun || job.spec.kind === "export" || !job.isOver)) {
        throw new SeedBulkError("SB_JOB_STATE", `job ${job.spec.jobId} is ${job.status}: it has no report`);
      }
      return connections.use(async (client) => {
        const run = await findRun(client, jobId);
        if (!GONE_STATES.has(run.state)) return ledgerReport(client, run);
        throw new SeedBulkError("SB_JOB_STATE", `job ${run.runId} is ${run.state}: what it came to is known no more`);
      });
    },
  );
}
