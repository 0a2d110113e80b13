import type { FastifyInstance } from "fastify";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Job } from "./jobs/job.js";
import type { JobBoard } from "./jobs/job-board.js";

/** What Prometheus is told: requests, jobs, rows, and the process itself. */
export class Metrics {
  readonly #register = new Registry();
  readonly #requests = new Histogram({
    name: "seed_bulk_http_request_seconds",
    help: "Time to answer a request, by route and status",
    labelNames: ["method", "route", "status"],
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
    registers: [this.#register],
  });
  readonly #jobs = new Counter({
    name: "seed_bulk_jobs_total",
    help: "Jobs that have ended, by kind and how",
    labelNames: ["kind", "status"],
    registers: [this.#register],
  });
  readonly #rows = new Counter({
    name: "seed_bulk_rows_total",
    help: "Rows made by jobs that ended well",
    labelNames: ["sink"],
    registers: [this.#register],
  });
  readonly #bytes = new Counter({
    name: "seed_bulk_bytes_total",
    help: "Bytes of binary COPY made by jobs that ended well",
    labelNames: ["sink"],
    registers: [this.#register],
  });

  constructor() {
    collectDefaultMetrics({ register: this.#register });
  }

  get contentType(): string {
    return this.#register.contentType;
  }

  text(): Promise<string> {
    return this.#register.metrics();
  }

  /** Times every request, by the route's pattern: paths that callers make up must not become labels. */
  watch(app: FastifyInstance): void {
    app.addHook("onResponse", async (request, reply) => {
      const labels = { method: request.method, route: request.routeOptions.url ?? "none", status: reply.statusCode };
      this.#requests.observe(labels, reply.elapsedTime / 1000);
    });
  }

  watchJobs(board: JobBoard): void {
    const registers = [this.#register];
    new Gauge({
      name: "seed_bulk_jobs_waiting",
      help: "Jobs that wait for the one at work",
      registers,
      collect() {
        this.set(board.waiting);
      },
    });
    new Gauge({
      name: "seed_bulk_rows_per_second",
      help: "Rate of the job at work; 0 where none is",
      registers,
      collect() {
        this.set(board.active?.progressView().throughput ?? 0);
      },
    });
  }

  jobEnded({ spec, status, report }: Job): void {
    this.#jobs.inc({ kind: spec.kind, status });
    if (report === undefined) return;
    this.#rows.inc({ sink: report.sink }, report.rows);
    this.#bytes.inc({ sink: report.sink }, report.bytes);
  }
}
