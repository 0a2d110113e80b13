import * as z from "zod";

/** RFC 9457, with our codes. */
export const Problem = z
  .object({
    type: z.string().describe("where the code is described; relative to the documentation"),
    title: z.string().describe("what the code means"),
    status: z.int(),
    code: z.string().describe("stable: SB_…"),
    detail: z.string().describe("what happened, and where"),
    hint: z.string().optional().describe("what to do next"),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe("each value of the request that is wrong"),
    reasons: z.array(z.string()).optional().describe("each reason that the guard refuses for"),
  })
  .meta({ id: "Problem" });
