import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Job } from "kubernetes-models/batch/v1";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { indexedJob } from "../../../src/fleet/kubernetes.js";

const ROOT = resolve(import.meta.dirname, "../../..");
const RUN = "3f2a51c0-0000-4000-8000-000000000000";
const JOB = { runId: RUN, parts: 64, image: "seed-bulk:1", workers: 4, secret: "url" };

interface Printed {
  readonly spec: {
    readonly completions: number;
    readonly parallelism: number;
    readonly podFailurePolicy: { readonly rules: readonly { action: string; onExitCodes?: { values: number[] } }[] };
    readonly template: { readonly spec: Readonly<Record<string, unknown>> };
  };
}

describe("a Kubernetes Job", () => {
  it("is one by the types of the API, which know what is spelled wrong", () => {
    const job = indexedJob(JOB);
    expect(() => new Job(job as ConstructorParameters<typeof Job>[0]).validate()).not.toThrow();
    const wrong = { ...job, spec: { ...(job as Printed).spec, completions: "many" } };
    expect(() => new Job(wrong as object as ConstructorParameters<typeof Job>[0]).validate()).toThrow(/completions/);
  });

  it("is printed by the command line: pods as parts, without a service account, that nobody retries in vain", () => {
    const args = ["bin/seed-bulk.js", "k8s", RUN, "--parts", "16", "--image", "seed-bulk:1"];
    const { spec } = parse(execFileSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" })) as Printed;
    expect([spec.completions, spec.parallelism]).toEqual([16, 16]);
    expect(spec.template.spec).toMatchObject({
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true },
      containers: [
        {
          args: ["work", RUN, "--part", "auto", "--parts", "16", "--steal", "--workers", "2"],
          securityContext: { readOnlyRootFilesystem: true },
        },
      ],
    });
    const final = spec.podFailurePolicy.rules.find(({ action }) => action === "FailJob");
    expect(final?.onExitCodes?.values).toContain(42);
  });

  it("of the folder is what the command prints", () => {
    expect(parse(readFileSync(join(ROOT, "deploy/kubernetes/job.yaml"), "utf8"))).toEqual(
      indexedJob({ ...JOB, workers: 2, secret: "seed-bulk-database", name: "seed-bulk" }),
    );
  });
});
