import { SeedBulkError } from "../errors.js";

/** Which part of a run a worker makes by itself. */
export interface Part {
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

/** Variables of an array scheduler: which task this is, and how many there are. */
interface Scheduler {
  readonly name: string;
  readonly index: string;
  /** Not told by every scheduler. */
  readonly count?: string;
  /** The number of the first task, where the scheduler tells that; it counts from 0 without it. */
  readonly first?: string;
}

/** Each by its own documentation. Kubernetes does not tell a Job's completions. */
const SCHEDULERS: readonly Scheduler[] = [
  { name: "a Kubernetes Indexed Job", index: "JOB_COMPLETION_INDEX" },
  {
    name: "a SLURM array",
    index: "SLURM_ARRAY_TASK_ID",
    count: "SLURM_ARRAY_TASK_COUNT",
    first: "SLURM_ARRAY_TASK_MIN",
  },
  { name: "an AWS Batch array", index: "AWS_BATCH_JOB_ARRAY_INDEX", count: "AWS_BATCH_JOB_ARRAY_SIZE" },
  { name: "a Cloud Run job", index: "CLOUD_RUN_TASK_INDEX", count: "CLOUD_RUN_TASK_COUNT" },
];

/**
 * Reads which part a worker makes: `3/16`, or `auto` where an array scheduler says it in the environment.
 * @param parts how many there are, where the scheduler does not say
 * @throws SeedBulkError SB_USAGE
 */
export function partOf(text: string, parts: number | undefined, env: NodeJS.ProcessEnv): Part {
  return text === "auto" ? partOfScheduler(parts, env) : partOfText(text, parts);
}

function partOfText(text: string, parts: number | undefined): Part {
  const [, index, of] = /^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? [];
  const part = { index: Number(index), of: Number(of) };
  if (!(part.index >= 1 && part.index <= part.of)) {
    throw new SeedBulkError("SB_USAGE", `--part ${text} is no part`, {
      hint: "The third of sixteen is --part 3/16; under an array scheduler, --part auto.",
    });
  }
  if (parts !== undefined && parts !== part.of) {
    throw new SeedBulkError("SB_USAGE", `--part ${text} and --parts ${parts} say different numbers of parts`);
  }
  return part;
}

function partOfScheduler(parts: number | undefined, env: NodeJS.ProcessEnv): Part {
  const scheduler = SCHEDULERS.find(({ index }) => env[index] !== undefined);
  if (scheduler === undefined) {
    throw new SeedBulkError("SB_USAGE", "--part auto found no array scheduler in the environment", {
      hint: `Looked for ${SCHEDULERS.map(({ index }) => index).join(", ")}. Say which part this is: --part 3/16.`,
    });
  }
  const { name, index, count, first } = scheduler;
  const numbered = (variable: string | undefined): number | undefined => {
    const value = variable === undefined ? undefined : env[variable];
    if (value === undefined) return undefined;
    if (/^\d{1,9}$/.test(value)) return Number(value);
    throw new SeedBulkError("SB_USAGE", `${variable} is ${JSON.stringify(value)}, and not a number`);
  };
  const of = parts ?? numbered(count);
  if (of === undefined) {
    throw new SeedBulkError("SB_USAGE", `${name} does not say how many tasks it has`, {
      hint: `Add --parts with the number of tasks: --part auto --parts 16.`,
    });
  }
  const at = numbered(index)! - (numbered(first) ?? 0);
  if (at < 0 || at >= of) {
    throw new SeedBulkError("SB_USAGE", `${index} says task ${env[index]}, and there are ${of} parts`, {
      hint: "--parts is the number of tasks of the array, whose numbers follow each other.",
    });
  }
  return { index: at + 1, of };
}
