import { problemFrom, unreachable } from "./problem.js";
import { authorization, isTokenWanted } from "./token.js";
import type {
  Cleanup,
  Database,
  ExportedFiles,
  ExportRequest,
  GenerateRequest,
  Introspection,
  JobAccepted,
  JobStatus,
  JobSummary,
  Plan,
  Preview,
  Report,
  Scenarios,
  Toggle,
  Verification,
} from "./types.js";

/** Where the API is. */
export const API = "/api/mock-data";

/** What a cleanup has to be confirmed with; the page asks whoever uses it first. */
const CLEANUP_TOKEN = "DELETE_ALL_MOCK_DATA";

/** A query's values; what is undefined is left out. */
export type Query = Readonly<Record<string, string | number | undefined>>;

/**
 * Calls the API.
 * @throws ProblemError whatever goes wrong, but for a call that the caller gave up
 */
async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
  const headers = { ...authorization(), ...(init.body ? { "content-type": "application/json" } : {}) };
  const response = await fetch(`${API}/${path}`, { ...init, headers }).catch((error: unknown) => {
    if (init.signal?.aborted) throw error;
    throw unreachable();
  });
  if (response.ok) return response.json() as Promise<T>;
  if (response.status === 401) isTokenWanted.value = true;
  throw await problemFrom(response);
}

function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return call<T>(path + queryText(query), signal ? { signal } : {});
}

function post<T>(path: string, body: unknown): Promise<T> {
  return call<T>(path, { method: "POST", body: JSON.stringify(body) });
}

/** `?a=1&b=2` of what is defined. */
export function queryText(query: Query): string {
  const entries = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, `${value}`]]));
  return entries.length === 0 ? "" : `?${new URLSearchParams(entries)}`;
}

/** Where a file of an export is. */
export function fileAddress(jobId: string, file: string): string {
  return `${API}/file${queryText({ jobId, file })}`;
}

/** Keeps a file of an export as the browser keeps downloads; for a server with a token, whom a link alone tells nothing. */
export async function keepFile(jobId: string, file: string): Promise<void> {
  const response = await fetch(fileAddress(jobId, file), { headers: authorization() });
  if (!response.ok) throw await problemFrom(response);
  const address = URL.createObjectURL(await response.blob());
  const link = Object.assign(document.createElement("a"), { href: address, download: file });
  link.click();
  URL.revokeObjectURL(address);
}

/** The API's routes, one function each. */
export const api = {
  scenarios: () => get<Scenarios>("scenarios"),
  plan: (query: Query, signal?: AbortSignal) => get<Plan>("plan", query, signal),
  preview: (query: Query, signal?: AbortSignal) => get<Preview>("preview", query, signal),
  generate: (body: GenerateRequest) => post<JobAccepted>("generate", body),
  cancel: (jobId: string) => post<JobAccepted>("cancel", { jobId }),
  resume: (jobId: string) => post<JobAccepted>("resume", { jobId }),
  status: (jobId: string) => get<JobStatus>("status", { jobId }),
  jobs: async () => (await get<{ jobs: JobSummary[] }>("jobs")).jobs,
  report: (jobId: string) => get<Report>("report", { jobId }),
  verify: (jobId: string, query: Query = {}) => get<Verification>("verify", { jobId, ...query }),
  introspect: (rows: number) => post<Introspection>("introspection", { rows }),
  export: (body: ExportRequest) => post<JobAccepted>("export", body),
  files: (jobId: string) => get<ExportedFiles>("files", { jobId }),
  database: () => get<Database>("database"),
  cleanupPlan: (jobId?: string) => get<Cleanup>("cleanup", { jobId }),
  cleanUp: (jobId: string) =>
    call<Cleanup>(`cleanup${queryText({ jobId, confirm: CLEANUP_TOKEN })}`, { method: "DELETE" }),
  toggle: () => get<Toggle>("toggle"),
  setToggle: (enabled: boolean) => post<Toggle>("toggle", { enabled }),
};
