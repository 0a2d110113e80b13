import { signal } from "@preact/signals";
import { followJob } from "../api/event-stream.js";
import type { ServerEvent } from "../api/server-event.js";
import type { JobPhase, JobProgress, JobStatus, Latencies, Problem } from "../api/types.js";

/** A point of the throughput's curve. */
export interface RatePoint {
  /** Seconds since this page began to follow. */
  readonly at: number;
  readonly rowsPerSecond: number;
  readonly rows: number;
}

/** A finishing step or a check that is done. */
export interface Step {
  readonly step: string;
  readonly seconds: number;
}

/** Points kept: ten minutes at five a second; then every other one goes. */
const POINTS_MAX = 3000;
/** Milliseconds between two looks at a run of another process. */
const ELSEWHERE_MS = 2000;
const UNDER_WAY: readonly JobStatus["status"][] = ["queued", "started", "generating", "finishing", "verifying"];
/** Steps shown. */
const STEPS_MAX = 12;

/** A job as its events tell it. */
export class JobFeed {
  readonly status = signal<JobStatus | null>(null);
  readonly problem = signal<Problem | null>(null);
  readonly isConnected = signal(true);
  readonly points = signal<readonly RatePoint[]>([]);
  readonly steps = signal<readonly Step[]>([]);
  readonly stepCount = signal(0);
  readonly jobId: string;
  readonly #startedAt = performance.now();
  #stop: () => void = () => {};

  constructor(jobId: string) {
    this.jobId = jobId;
  }

  /** Begins to follow, or does so anew: a job that was resumed has new events. */
  follow(): void {
    this.#stop();
    this.problem.value = null;
    this.#stop = followJob(this.jobId, {
      onEvent: (event) => this.#take(event),
      onConnected: (isConnected) => {
        this.isConnected.value = isConnected;
      },
      onRefused: ({ problem }) => {
        this.problem.value = problem;
      },
    });
  }

  end(): void {
    this.#stop();
  }

  /** A run of another process has no events here: it is asked after. */
  #lookAgain({ isHere, status }: JobStatus): void {
    if (isHere || !UNDER_WAY.includes(status)) return;
    const timer = setTimeout(() => this.follow(), ELSEWHERE_MS);
    this.#stop = () => clearTimeout(timer);
  }

  #take({ event, data }: ServerEvent): void {
    if (event === "snapshot" || event === "end") this.#whole(data as JobStatus);
    if (event === "end") this.#lookAgain(data as JobStatus);
    if (this.status.value !== null) this.#part(event, data);
  }

  #whole(status: JobStatus): void {
    this.status.value = status;
    this.isConnected.value = true;
    if (status.status === "generating") this.#point(status.progress);
  }

  #part(event: string, data: unknown): void {
    const status = this.status.value!;
    if (event === "status") this.status.value = { ...status, ...(data as Pick<JobStatus, "status">) };
    if (event === "latencies") this.status.value = { ...status, latencies: data as Latencies };
    if (event === "phase") this.status.value = { ...status, phases: withPhase(status.phases, data as JobPhase) };
    if (event === "notice") {
      this.status.value = { ...status, notices: [...status.notices, (data as { message: string }).message] };
    }
    if (event === "progress") {
      const progress = data as JobProgress;
      this.status.value = { ...status, progress };
      this.#point(progress);
    }
    if (event === "step") {
      this.stepCount.value++;
      this.steps.value = [...this.steps.value, data as Step].slice(-STEPS_MAX);
    }
  }

  #point({ throughput, rows }: JobProgress): void {
    const at = (performance.now() - this.#startedAt) / 1000;
    const points = [...this.points.value, { at, rowsPerSecond: throughput, rows }];
    this.points.value = points.length > POINTS_MAX ? points.filter((_, index) => index % 2 === 0) : points;
  }
}

function withPhase(phases: readonly JobPhase[], phase: JobPhase): JobPhase[] {
  const isKnown = phases.some((one) => one.phase === phase.phase && one.state === "running");
  return isKnown ? phases.map((one) => (one.phase === phase.phase ? phase : one)) : [...phases, phase];
}
