import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { isTokenWanted } from "./api/token.js";
import { ComparePage } from "./pages/compare-page.js";
import { RunPage } from "./pages/run-page.js";
import { RunsPage } from "./pages/runs-page.js";
import { ScenarioPage } from "./pages/scenario-page.js";
import { ScenariosPage } from "./pages/scenarios-page.js";
import { ThemeButton } from "./parts/theme-button.js";
import { TokenForm } from "./parts/token-form.js";
import { loadCatalogue } from "./state/catalogue.js";
import { database, loadDatabase } from "./state/database.js";
import { href, type Route, route } from "./state/route.js";

/** The whole page: header, navigation and what the URL's hash names. */
export function App() {
  const here = route.value;
  const main = useFocusOnArrival(here);
  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: a skip link, whose target is named by the page and not by the hash */}
      <a class="skip-link" href="#main" onClick={(event) => skipTo(event, main.current)}>
        Skip to the content
      </a>
      <header class="page-header">
        <a class="brand" href={href.scenarios}>
          seed-bulk
        </a>
        <nav aria-label="Main">
          <a href={href.scenarios} aria-current={here.page.startsWith("scenario") ? "page" : undefined}>
            Scenarios
          </a>
          <a
            href={href.runs}
            aria-current={here.page.startsWith("run") || here.page === "compare" ? "page" : undefined}
          >
            Runs
          </a>
          <a href="/docs">API</a>
        </nav>
        {database.value && (
          <span class="database" title={database.value.url}>
            <span class="word">Fills </span>
            {database.value.name}
          </span>
        )}
        <ThemeButton />
      </header>
      <main id="main" tabIndex={-1} ref={main}>
        {isTokenWanted.value ? (
          <TokenForm onKept={() => void Promise.all([loadCatalogue(), loadDatabase()])} />
        ) : (
          <Page route={here} />
        )}
      </main>
    </>
  );
}

function Page({ route: here }: { route: Route }) {
  switch (here.page) {
    case "scenarios":
      return <ScenariosPage />;
    case "scenario":
      return <ScenarioPage key={here.scenario} name={here.scenario} />;
    case "run":
      return <RunPage key={here.jobId} jobId={here.jobId} />;
    case "runs":
      return <RunsPage />;
    case "compare":
      return <ComparePage key={here.jobIds.join()} jobIds={here.jobIds} />;
    case "unknown":
      return (
        <>
          <h1>No such page</h1>
          <p>
            <a href={href.scenarios}>Scenarios</a> and <a href={href.runs}>runs</a> are what there is.
          </p>
        </>
      );
  }
}

/** A screen reader is told of a new page by the focus, which a full load would have moved too. */
function useFocusOnArrival(here: Route) {
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  const key = JSON.stringify(here);
  useEffect(() => {
    if (!isFirst.current) {
      window.scrollTo(0, 0);
      main.current?.focus({ preventScroll: true });
    }
    isFirst.current = false;
  }, [key]);
  useSignalEffect(() => {
    document.title = titleOf(route.value);
  });
  return main;
}

function titleOf(here: Route): string {
  if (here.page === "scenario") return `${here.scenario} · seed-bulk`;
  if (here.page === "run") return `Run ${here.jobId.slice(0, 8)} · seed-bulk`;
  if (here.page === "runs") return "Runs · seed-bulk";
  if (here.page === "compare") return "Two runs · seed-bulk";
  return "seed-bulk";
}

/** The hash names the page here, so the link moves the focus itself. */
function skipTo(event: Event, main: HTMLElement | null): void {
  event.preventDefault();
  main?.focus();
}
