/** Schemas of all requests and answers: they check both, and OpenAPI is made from them. */
export * from "./schemas/data.js";
export * from "./schemas/database.js";
export * from "./schemas/jobs.js";
export * from "./schemas/problem.js";
export * from "./schemas/reports.js";
export * from "./schemas/requests.js";
