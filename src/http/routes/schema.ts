import type * as z from "zod";
import { Problem } from "../schemas.js";

/** Where the document has its routes. */
export const API = "/api/mock-data";

/** A route's answers: its own, and problem documents for everything else. */
export function answers<Answers extends Record<number, z.ZodType>>(own: Answers) {
  const problem = {
    description: "a problem document (RFC 9457)",
    content: { "application/problem+json": { schema: Problem } },
  };
  return { ...own, "4xx": problem, "5xx": problem };
}
