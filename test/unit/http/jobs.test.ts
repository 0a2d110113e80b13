import { afterEach, describe, expect, it } from "vitest";
import { SeedBulkError } from "../../../src/errors.js";
import { EventLog } from "../../../src/http/jobs/event-log.js";
import type { Job, JobSpec } from "../../../src/http/jobs/job.js";
import { JobBoard, WAITING_MAX } from "../../../src/http/jobs/job-board.js";
import { ledgerError, statusNameOf } from "../../../src/http/jobs/ledger-jobs.js";
import { JobStatus } from "../../../src/http/schemas.js";
import type { LedgerRun } from "../../../src/ledger/runs.js";
import { smallUniverse } from "../../support/safety-run.js";

const { plan } = smallUniverse("small");
const spec = (jobId: string): JobSpec => ({ jobId, kind: "generate", dryRun: false, verifies: true, plan });

/** Work that ends when the test says so, or when the job is asked to stop. */
function heldWork(): { work: (job: Job) => Promise<void>; finish: () => void; fail: (error: unknown) => void } {
  let finish = (): void => {};
  let fail: (error: unknown) => void = () => {};
  const done = new Promise<void>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  const work = (job: Job): Promise<void> => {
    job.abort.signal.addEventListener("abort", () => fail(new SeedBulkError("SB_INTERRUPTED", "stopped")));
    return done;
  };
  return { work, finish, fail };
}

let board = new JobBoard();
afterEach(async () => {
  await board.close();
  board = new JobBoard();
});

describe("the board", () => {
  it("works on one job at a time, in their order", async () => {
    const [first, second] = [heldWork(), heldWork()];
    const a = board.add(spec("aaaa"), first.work);
    const b = board.add(spec("bbbb"), second.work);
    expect([a.status, b.status]).toEqual(["started", "queued"]);
    expect([board.positionOf(a), board.positionOf(b), board.waiting]).toEqual([null, 1, 1]);
    first.finish();
    await a.ended;
    await new Promise(setImmediate);
    expect(a.status).toBe("completed");
    expect(b.status).toBe("started");
    second.finish();
    await b.ended;
  });

  it("keeps no events of jobs that have ended, and says so to whoever asks for those behind one", async () => {
    for (let i = 0; i < 20; i++) {
      const heard: string[] = [];
      const job = board.add(spec(`${1000 + i}`), async (at) => {
        at.events.listen(({ event }) => heard.push(event));
        for (let n = 0; n < 600; n++) at.stepEnded(`step ${n}`, 0);
        expect(at.events.since(at.events.lastId - 500)).toHaveLength(500);
      });
      await job.ended;
      expect(job.error).toBeNull();
      expect(heard.at(-1)).toBe("end");
      expect(job.events.lastId).toBeGreaterThan(600);
      expect(job.events.since(job.events.lastId - 1)).toBeUndefined();
      expect(job.events.since(job.events.lastId)).toEqual([]);
      await new Promise(setImmediate);
    }
    expect(board.all().reduce((sum, { events }) => sum + events.size, 0)).toBe(0);
  });

  it("lets eight wait, and no more", async () => {
    const held = heldWork();
    board.add(spec("0000"), held.work);
    for (let i = 1; i <= WAITING_MAX; i++) board.add(spec(`000${i}`), async () => {});
    expect(() => board.add(spec("9999"), async () => {})).toThrow(
      expect.objectContaining({ code: "SB_QUEUE_FULL", retryAfterSeconds: expect.any(Number) }),
    );
    held.finish();
  });

  it("never begins a job that was cancelled while it waited", async () => {
    const held = heldWork();
    board.add(spec("aaaa"), held.work);
    let began = false;
    const waiting = board.add(spec("bbbb"), async () => {
      began = true;
    });
    board.stop(waiting);
    await waiting.ended;
    expect(waiting.status).toBe("cancelled");
    expect(waiting.error).toMatchObject({ code: "SB_INTERRUPTED" });
    held.finish();
    await board.close();
    expect(began).toBe(false);
  });

  it("tells a cancelled job from one that failed, and goes on after either", async () => {
    const [first, second] = [heldWork(), heldWork()];
    const a = board.add(spec("aaaa"), first.work);
    board.stop(a);
    expect(a.abort.signal.aborted).toBe(true);
    first.fail(new SeedBulkError("SB_INTERRUPTED", "stopped while loading"));
    await a.ended;
    expect(a.status).toBe("cancelled");
    const b = board.add(spec("bbbb"), second.work);
    second.fail(new SeedBulkError("SB_DISK_FULL", "no room", { hint: "Free some." }));
    await b.ended;
    expect(b.status).toBe("failed");
    expect(b.error).toEqual({ code: "SB_DISK_FULL", detail: "no room", hint: "Free some." });
    const c = board.add(spec("cccc"), async () => {});
    await c.ended;
    expect(c.status).toBe("completed");
  });

  it("does not take on a job twice, nor any while it stops", async () => {
    const held = heldWork();
    board.add(spec("aaaa"), held.work);
    expect(() => board.add(spec("aaaa"), held.work)).toThrow(expect.objectContaining({ code: "SB_JOB_STATE" }));
    const closing = board.close();
    expect(() => board.add(spec("bbbb"), held.work)).toThrow(expect.objectContaining({ code: "SB_INTERRUPTED" }));
    held.fail(new SeedBulkError("SB_INTERRUPTED", "stopped"));
    expect((await closing)?.status).toBe("interrupted");
  });

  it("finds a job by its ID's beginning, unless two begin so", () => {
    const held = heldWork();
    board.add(spec("abcd-1"), held.work);
    board.add(spec("abcd-2"), held.work);
    expect(board.find("ABCD-1")?.spec.jobId).toBe("abcd-1");
    expect(board.find("abcd")).toBeUndefined();
    held.finish();
  });
});

describe("a job's status", () => {
  it("has the document's shape, and follows the phases", async () => {
    const held = heldWork();
    const job = board.add(spec("aaaa"), held.work);
    job.phaseStarted("schema");
    job.phaseEnded("schema", 0.1);
    job.phaseStarted("load");
    job.progress([30, 500]);
    const status = JobStatus.parse(job.view(null));
    expect(status).toMatchObject({
      jobId: "aaaa",
      status: "generating",
      progress: {
        currentEntity: "sales",
        // Of the whole run: 1 for its tables, 38 for the rows, of which a quarter is there.
        progressPercent: 10.9,
        recordsGenerated: { shops: 30, sales: 500 },
        rows: 530,
        rowsTotal: 2030,
      },
      phases: [
        { phase: "schema", state: "done", seconds: 0.1 },
        { phase: "load", state: "running", seconds: null },
      ],
      canCancel: true,
      canResume: false,
    });
    for (const [phase, name] of [
      ["indexes", "finishing"],
      ["verify", "verifying"],
    ]) {
      job.phaseStarted(phase);
      expect(job.status).toBe(name);
    }
    held.finish();
    await job.ended;
    expect(job.view(null)).toMatchObject({ status: "completed", canCancel: false, canResume: false });
  });

  it("of another process goes by the ledger and by who holds the schema", () => {
    const run = (state: LedgerRun["state"], lastError: string | null = null) => ({ state, lastError }) as LedgerRun;
    expect(statusNameOf(run("loading"), true)).toBe("generating");
    expect(statusNameOf(run("finishing"), true)).toBe("finishing");
    expect(statusNameOf(run("loading"), false)).toBe("interrupted");
    expect(statusNameOf(run("loading", "SB_INTERRUPTED: stopped"), false)).toBe("interrupted");
    expect(statusNameOf(run("finishing", "SB_DISK_FULL: no room"), false)).toBe("failed");
    expect(statusNameOf(run("done"), false)).toBe("completed");
    expect(statusNameOf(run("cleaned up"), true)).toBe("cleaned_up");
    expect(ledgerError("SB_DISK_FULL: no\nroom")).toEqual({ code: "SB_DISK_FULL", detail: "no\nroom", hint: null });
    expect(ledgerError("Error: odd")).toMatchObject({ code: "SB_INTERNAL", detail: "Error: odd" });
  });
});

describe("a job's events", () => {
  it("are numbered without gaps, and given again from any of the last", () => {
    const log = new EventLog();
    const heard: number[] = [];
    const stop = log.listen(({ id }) => heard.push(id));
    for (let i = 0; i < 600; i++) log.add("notice", { message: String(i) });
    stop();
    log.add("notice", { message: "unheard" });
    expect(heard).toEqual(Array.from({ length: 600 }, (_, i) => i + 1));
    expect(log.since(601)).toEqual([]);
    expect(log.since(599)?.map(({ id }) => id)).toEqual([600, 601]);
    expect(log.since(601 - 512)).toHaveLength(512);
    // Too old, of another log, no number.
    for (const id of [601 - 513, 602, -1, 1.5, Number.NaN]) expect(log.since(id), String(id)).toBeUndefined();
  });
});
