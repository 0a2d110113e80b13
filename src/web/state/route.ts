import { computed, signal } from "@preact/signals";

/** Where in the page we are: kept in the URL's hash, so that a reload and a link show the same. */
export type Route =
  | { readonly page: "scenarios" }
  | { readonly page: "scenario"; readonly scenario: string }
  | { readonly page: "runs" }
  | { readonly page: "run"; readonly jobId: string }
  | { readonly page: "compare"; readonly jobIds: readonly [string, string] }
  | { readonly page: "unknown" };

const hash = signal(location.hash);
window.addEventListener("hashchange", () => {
  hash.value = location.hash;
});

/** The route that the hash names. */
export const route = computed(() => parseRoute(hash.value));

/** `#/run/0b5c…` and so on. */
export function parseRoute(text: string): Route {
  const [page = "", ...rest] = text
    .replace(/^#\/?/, "")
    .split("?")[0]
    .split("/")
    .map((part) => decodeURIComponent(part));
  if (page === "") return { page: "scenarios" };
  if (page === "scenario" && rest.length === 2) return { page, scenario: rest.join("/") };
  if (page === "runs" && rest.length === 0) return { page };
  if (page === "run" && rest.length === 1) return { page, jobId: rest[0] };
  if (page === "compare" && rest.length === 2) return { page, jobIds: [rest[0], rest[1]] };
  return { page: "unknown" };
}

/** Links' addresses. */
export const href = {
  scenarios: "#/",
  scenario: (name: string) => `#/scenario/${name}`,
  runs: "#/runs",
  run: (jobId: string) => `#/run/${jobId}`,
  compare: (first: string, second: string) => `#/compare/${first}/${second}`,
};

/** Goes there, as a link would. */
export function go(address: string): void {
  location.hash = address;
}

/** What the address says of a scenario's form, behind its name. */
export function addressOfForm(): URLSearchParams {
  return new URLSearchParams(location.hash.split("?")[1] ?? "");
}

/** Puts a form into the address, without a further step for the browser's Back. @param query `?seed=7`, or nothing */
export function keepInAddress(query: string): void {
  history.replaceState(history.state, "", location.hash.split("?")[0] + query);
}
