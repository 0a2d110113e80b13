import { describe, expect, it } from "vitest";
import { type Part, partOf } from "../../../src/fleet/parts.js";

const auto = (env: NodeJS.ProcessEnv, parts?: number): Part => partOf("auto", parts, env);

describe("the part that a worker makes", () => {
  it("is said by two numbers", () => {
    expect(partOf("3/16", undefined, {})).toEqual({ index: 3, of: 16 });
    expect(partOf("16/16", 16, {})).toEqual({ index: 16, of: 16 });
    for (const wrong of ["0/4", "5/4", "3", "3/", "a/b", "-1/4", "1.5/4", "1/4/2", ""]) {
      expect(() => partOf(wrong, undefined, {}), wrong).toThrow(/no part/);
    }
    expect(() => partOf("3/16", 8, {})).toThrow(/different numbers/);
  });

  it("is what an array scheduler says in the environment, which counts from 0 or from where it likes", () => {
    expect(auto({ JOB_COMPLETION_INDEX: "0" }, 4)).toEqual({ index: 1, of: 4 });
    const slurm = { SLURM_ARRAY_TASK_ID: "16", SLURM_ARRAY_TASK_COUNT: "16", SLURM_ARRAY_TASK_MIN: "1" };
    expect(auto(slurm)).toEqual({ index: 16, of: 16 });
    expect(auto({ ...slurm, SLURM_ARRAY_TASK_ID: "0", SLURM_ARRAY_TASK_MIN: "0" })).toEqual({ index: 1, of: 16 });
    expect(auto({ AWS_BATCH_JOB_ARRAY_INDEX: "2", AWS_BATCH_JOB_ARRAY_SIZE: "8" })).toEqual({ index: 3, of: 8 });
    expect(auto({ CLOUD_RUN_TASK_INDEX: "7", CLOUD_RUN_TASK_COUNT: "8" })).toEqual({ index: 8, of: 8 });
    // What is said on the command line goes before.
    expect(auto({ CLOUD_RUN_TASK_INDEX: "7", CLOUD_RUN_TASK_COUNT: "8" }, 16)).toEqual({ index: 8, of: 16 });
  });

  it("is an error of usage where the scheduler does not say it", () => {
    expect(() => auto({})).toThrow(/no array scheduler/);
    expect(() => auto({ JOB_COMPLETION_INDEX: "3" })).toThrow(/does not say how many/);
    expect(() => auto({ JOB_COMPLETION_INDEX: "4" }, 4)).toThrow(/task 4, and there are 4/);
    expect(() => auto({ JOB_COMPLETION_INDEX: "first" }, 4)).toThrow(/not a number/);
  });
});
