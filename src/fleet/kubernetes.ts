/** What a Job for a run is made of. */
export interface JobOptions {
  readonly runId: string;
  readonly parts: number;
  readonly image: string;
  /** Threads a pod. */
  readonly workers: number;
  /** The Secret whose key `url` is the database's URL. */
  readonly secret: string;
  readonly name?: string;
}

/** Exit codes of ours after which another attempt would end the same: usage, refusals, a run that has stopped. */
const EXIT_CODES_FINAL = [2, 3, 42];
/** Attempts of one part besides the first; those that a disruption ended do not count. */
const ATTEMPTS_A_PART_MAX = 10;
/** Rolling back and leaving takes a second or two. */
const GRACE_SECONDS = 60;

/**
 * An Indexed Job whose pods each make a part of a run and then help the others: batch/v1, without anything to be
 * installed in the cluster. Nothing in it writes to a disk, and nothing speaks to the cluster.
 */
export function indexedJob(options: JobOptions): object {
  const { runId, parts, image, workers, secret, name = `seed-bulk-${runId.slice(0, 8)}` } = options;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, labels: { "app.kubernetes.io/name": "seed-bulk" } },
    spec: {
      completionMode: "Indexed",
      completions: parts,
      parallelism: parts,
      backoffLimitPerIndex: ATTEMPTS_A_PART_MAX,
      podFailurePolicy: {
        rules: [
          // A node that is drained or preempted: the ledger has what was committed, and the part goes on elsewhere.
          { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
          {
            action: "FailJob",
            onExitCodes: { containerName: "seed-bulk", operator: "In", values: EXIT_CODES_FINAL },
          },
        ],
      },
      template: {
        metadata: { labels: { "app.kubernetes.io/name": "seed-bulk" } },
        spec: {
          restartPolicy: "Never",
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: GRACE_SECONDS,
          securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
          containers: [
            {
              name: "seed-bulk",
              image,
              args: [
                "work",
                runId,
                "--part",
                "auto",
                "--parts",
                String(parts),
                "--steal",
                "--workers",
                String(workers),
              ],
              env: [
                { name: "DATABASE_URL", valueFrom: { secretKeyRef: { name: secret, key: "url" } } },
                { name: "SEED_BULK_ENABLED", value: "true" },
              ],
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
              },
              resources: {
                requests: { cpu: String(workers), memory: memoryOf(workers) },
                limits: { memory: memoryOf(2 * workers) },
              },
            },
          ],
        },
      },
    },
  };
}

/** A process takes 140 MB with one thread and 260 MB with two, loading load_test; twice as much is asked for. */
function memoryOf(workers: number): string {
  return `${256 + 128 * workers}Mi`;
}
