import { Command } from "commander";
import { stringify } from "yaml";
import { SeedBulkError } from "../../errors.js";
import { indexedJob } from "../../fleet/kubernetes.js";
import { wholeNumber } from "../options.js";

interface Options {
  readonly parts: number;
  readonly image: string;
  readonly workers: number;
  readonly secret: string;
  readonly name?: string;
}

/** Indexes of one Job, by Kubernetes' own limit. */
const PARTS_MAX = 100_000;

/** `seed-bulk k8s`. */
export function k8sCommand(): Command {
  return new Command("k8s")
    .argument("<run>", "the run's ID")
    .requiredOption("--parts <n>", "how many pods share the run", wholeNumber(1, PARTS_MAX))
    .requiredOption("--image <name>", "the image, such as one built from the Dockerfile")
    .option("-w, --workers <n>", "threads a pod, and the CPUs that it asks for", wholeNumber(1, 256), 2)
    .option("--secret <name>", "the Secret whose key `url` is the database's URL", "seed-bulk-database")
    .option("--name <name>", "the Job's name")
    .action((runId: string, options: Options) => print(runId, options));
}

function print(runId: string, { name, ...options }: Options): void {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(runId)) {
    throw new SeedBulkError("SB_USAGE", `${runId} is not a run's ID`, {
      hint: "Pods name the run in full, as `seed-bulk status` shows it: other runs may begin the same by then.",
    });
  }
  process.stdout.write(stringify(indexedJob({ runId: runId.toLowerCase(), ...options, ...(name && { name }) })));
}
