import { readFileSync } from "node:fs";
import type pg from "pg";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { App } from "../../src/http/app.js";
import { CHROMIUM, openBrowser, WITHOUT_CHROMIUM } from "../support/browser.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { buildWebPage, type PageLog, pageFaults, watchPage } from "../support/web-page.js";
import { testApp, testServices } from "../unit/http/app.helper.js";

const TOKEN = "a-token-of-the-web-test";
/** 1.5 million rows by one worker: long enough a load to be cancelled, short enough to be waited for. */
const SIZE = "16";

const BOOL_OID = 16;
/** As `::text` shows it. */
const boolText = (text: string): string => (text === "t" ? "true" : "false");

if (CHROMIUM === undefined) process.stderr.write(`web.test.ts ${WITHOUT_CHROMIUM}\n`);

describe.skipIf(CHROMIUM === undefined)("the web page", () => {
  let web: Awaited<ReturnType<typeof buildWebPage>>;
  let database: TestDatabase;
  let client: pg.Client;
  let app: App;
  let origin: string;
  let browser: Browser;
  let page: Page;
  let log: PageLog;

  beforeAll(async () => {
    [web, database, browser] = await Promise.all([buildWebPage(), testDatabase(), openBrowser()]);
    client = await database.client();
    app = await testApp(testServices(database.url, { webDir: web.dir }));
    origin = await app.listen({ port: 0, host: "127.0.0.1" });
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(15_000);
    log = watchPage(page, origin);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
    await database?.drop();
    web?.remove();
  });

  const heading = (name: string) => page.getByRole("heading", { name, exact: true });
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const estimated = (name: string) => page.locator(".estimate .figures > div", { hasText: name });
  const status = (text: string) => page.locator("h1 .badge").getByText(text, { exact: true });
  const rowsOf = async (table: string): Promise<number> =>
    (await client.query(`SELECT count(*)::int4 AS n FROM ${table}`)).rows[0].n;

  it("lists the scenarios with what they come to", async () => {
    await page.goto(`${origin}/`);
    await heading("Scenarios").waitFor();
    const card = page.locator(".card", { hasText: "small enough to reload" });
    await card.getByText(/^\d\d\.\d k rows, \d+\.\d MB, about/).waitFor();
    await card.getByRole("link", { name: "development" }).click();
    await heading("development").waitFor();
    await page.getByText("Direct mail marketing").waitFor();
  });

  it("shows at once what a change of size, seed, window, switches and anomalies comes to", async () => {
    const rows = async (): Promise<number> => {
      await page.locator(".estimate:not(.stale)").waitFor();
      return Number((await estimated("Rows").locator(".value").textContent())!.replaceAll(",", ""));
    };
    const own = await rows();
    await page.getByLabel("Size", { exact: true }).fill(SIZE);
    await estimated("Rows").getByText(`×${SIZE}`).waitFor();
    expect(await rows()).toBeGreaterThan(own * 15);
    await page.getByLabel("Seed", { exact: true }).fill("7");
    await page.getByLabel("From", { exact: true }).fill("2024-11-01");
    await page.getByLabel("errorLogs", { exact: true }).uncheck();
    await estimated("Tables").getByText("22", { exact: true }).waitFor();
    await page.getByLabel("errorLogs", { exact: true }).check();
    await estimated("Tables").getByText("23", { exact: true }).waitFor();
    await page.getByLabel("error incident", { exact: true }).fill("10");
    await rows();
  });

  it("keeps the form in its address, with single sizes and tables, and says the command that does the same", async () => {
    await page.goto(`${origin}/#/scenario/marketing/demo`);
    await page.getByText("Single sizes", { exact: true }).click();
    await page.getByLabel("recipients ×", { exact: true }).fill("500");
    await page.getByText("All tables", { exact: true }).click();
    for (const table of ["events", "gift_cards"]) await page.getByLabel(table, { exact: true }).uncheck();
    await page.locator(".estimate:not(.stale)").waitFor();
    const command = page.locator(".copied-line").first();
    await expect
      .poll(() => command.locator("code").textContent())
      .toMatch(
        /^npx seed-bulk --scenario marketing\/demo --size recipients=500 --only organizations,\S+,sms_opt_ins\S* --database-url 'postgresql:\/\/.*' $/,
      );
    await page.waitForURL(({ hash }) => hash.includes("sizes=recipients%3D500") && hash.includes("only="));
    const address = page.url();
    await page.goto("about:blank");
    await page.goto(address);
    await page.getByText("Single sizes, 1 changed").waitFor();
    expect(await page.getByLabel("recipients ×", { exact: true }).inputValue()).toBe("500");
    expect(await page.getByLabel("events", { exact: true }).isChecked()).toBe(false);
    await button("Reset").click();
    await page.getByText("All tables", { exact: true }).waitFor();
    await page.waitForURL(({ hash }) => !hash.includes("?"));
    await page.goto(`${origin}/#/scenario/marketing/development?volumeMultiplier=16&seed=7&startDate=2024-11-01`);
    await page.locator(".estimate:not(.stale)").waitFor();
    await estimated("Rows").getByText(`×${SIZE}`).waitFor();
  });

  it("says what is wrong with a value, and shows a refusal with its code and what to do", async () => {
    const size = page.getByLabel("Size", { exact: true });
    await size.fill("none");
    await page.getByText("A number above 0, up to 1,000,000.").waitFor();
    expect(await size.getAttribute("aria-invalid")).toBe("true");
    expect(await button("Load…").isDisabled()).toBe(true);
    await size.fill("1000000");
    const problem = page.getByRole("alert");
    await problem.getByText("SB_SCENARIO_INVALID").waitFor();
    expect(await problem.textContent()).toContain("What to do: Lower the size");
    await size.fill(SIZE);
    await problem.waitFor({ state: "detached" });
  });

  it("shows the tables with their references, by keyboard too, and as a list", async () => {
    const box = page.getByRole("button", { name: /^contacts, / });
    await box.focus();
    await page.keyboard.press("Enter");
    await heading("Rows of contacts").waitFor();
    expect(await box.getAttribute("aria-pressed")).toBe("true");
    await page.getByText("The same as a list").click();
    const line = page.getByRole("row", { name: /^contacts / });
    expect(await line.textContent()).toContain("clients (client_id, its parent)");
  });

  let previewed: (string | null)[];
  it("previews real rows from any ID on", async () => {
    await page.getByLabel("From ID").fill("1234");
    await page.locator("table.data tbody tr:first-child td:first-child", { hasText: /^1234$/ }).waitFor();
    previewed = await page.locator("table.data tbody tr:first-child td").allTextContents();
    await page.getByLabel("From ID").fill("99999999");
    await page.getByText(/^From 1 to \d+\.$/).waitFor();
    await page.getByLabel("From ID").fill("1234");
  });

  it("makes a dry run that writes nothing", async () => {
    await button("Dry run").click();
    await heading("Dry run of marketing/development completed").waitFor({ timeout: 60_000 });
    await heading("What it came to").waitFor();
    expect((await client.query("SELECT 1 FROM pg_namespace WHERE nspname = 'marketing'")).rowCount).toBe(0);
    await page.goBack();
  });

  it("loads after a confirmation, and a reload in the middle shows the run", async () => {
    expect(await page.getByLabel("Seed", { exact: true }).inputValue()).toBe("7");
    await page.getByLabel("Workers", { exact: true }).fill("1");
    await page.locator(".estimate:not(.stale)").waitFor();
    await button("Load…").click();
    await page.getByText("No earlier run holds this schema").waitFor();
    await button("Load").click();
    await status("loading rows").waitFor();
    await page.reload();
    await heading("Load of marketing/development loading rows").waitFor();
    await page.getByRole("img", { name: /^Rows a second over time/ }).waitFor();
  });

  it("cancels and resumes", async () => {
    await button("Cancel").click();
    await status("cancelled").waitFor();
    await page.getByText("What is committed is kept and can be resumed.").waitFor();
    await button("Resume").click();
    await status("loading rows").waitFor();
    await status("completed").waitFor({ timeout: 90_000 });
    await heading("Verification all holds").waitFor();
  });

  it("loaded the rows that it previewed", async () => {
    await client.query("SET TimeZone = 'UTC'");
    const { rows } = await client.query({
      text: "SELECT * FROM marketing.contacts WHERE id = 1234",
      rowMode: "array",
      types: { getTypeParser: (oid: number) => (oid === BOOL_OID ? boolText : (text: string) => text) },
    });
    expect(previewed).toEqual(rows[0].map((value: string | null) => value ?? "NULL"));
  });

  it("shows observed beside configured distributions", async () => {
    for (const name of [/^Funnels/, /^Calendar/, /^Skew/, /^Statuses/])
      await page.getByRole("region", { name }).waitFor();
    const funnel = page.locator("figure.shares", { hasText: /^events/ });
    const [mailed] = (
      await funnel
        .getByRole("row", { name: /^mailed/ })
        .locator("td.number")
        .allTextContents()
    ).map((text) => Number(text.replaceAll(",", "")));
    expect(mailed).toBe(await rowsOf("marketing.events WHERE event_type = 'mailed'"));
  });

  it("shows at once what the command line has loaded and checked", async () => {
    const [{ run_id: runId }] = (await client.query("SELECT run_id FROM seed_bulk.runs WHERE state = 'done'")).rows;
    const kept = "SELECT checks FROM seed_bulk.verifications WHERE ok";
    const [{ checks }] = (await client.query(kept)).rows;
    // A server that was started later knows of it what the ledger does.
    const later = await testApp(testServices(database.url, { webDir: web.dir }));
    try {
      const elsewhere = await later.listen({ port: 0, host: "127.0.0.1" });
      await page.goto(`${elsewhere}/#/runs`);
      await page.getByRole("row", { name: new RegExp(`completed.*${checks} hold`) }).waitFor();
      await page.goto(`${elsewhere}/#/run/${runId}`);
      await page.getByText(`${checks} checks over`).waitFor();
      expect((await client.query(`${kept} AND made_at < now() - interval '1 ms'`)).rowCount).toBe(1);
      await heading("What now").waitFor();
      await page.goto(`${origin}/#/run/${runId}`);
    } finally {
      await later.close();
    }
  });

  it("asks before it replaces, and says where, what comes and what goes", async () => {
    await page.getByRole("link", { name: "To the scenario" }).click();
    await page.locator(".estimate:not(.stale)").waitFor();
    await button("Load…").focus();
    await page.keyboard.press("Enter");
    await page.getByText(/The schema holds run/).waitFor();
    const dialog = await page.getByRole("dialog").boundingBox();
    expect(Math.abs(dialog!.y + dialog!.height / 2 - 450), "it stands in the middle").toBeLessThan(20);
    await page
      .getByRole("dialog")
      .getByText(/^23 tables, about 1,\d{3},\d{3} rows$/)
      .waitFor();
    await page
      .getByRole("dialog")
      .getByText(/^"seed_bulk_test\w+" at /)
      .waitFor();
    expect(await button("Replace and load").isDisabled()).toBe(true);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await button("Load…").click();
    await page.getByLabel(/^Drop the tables/).check();
    await button("Replace and load").click();
    await status("completed").waitFor({ timeout: 90_000 });
    expect(await rowsOf("marketing.recipients")).toBe(15_000);
  });

  it("lists earlier runs and compares two", async () => {
    await page.getByRole("link", { name: "Runs", exact: true }).first().click();
    await page.getByRole("row", { name: /replaced/ }).waitFor();
    await page
      .getByRole("row", { name: /replaced/ })
      .getByRole("checkbox")
      .check();
    await page
      .getByRole("row", { name: /completed.*hold/ })
      .getByRole("checkbox")
      .check();
    await button("Compare the two").click();
    await heading("Two runs").waitFor();
    const seeds = await page.getByRole("row", { name: /^Seed/ }).textContent();
    expect(seeds).toBe("Seed742differs");
    await page.getByRole("row", { name: /^recipients 240,000 15,000/ }).waitFor();
  });

  it("exports files and lets them be kept", async () => {
    await page.goto(`${origin}/#/scenario/gaming/ctf`);
    await page.locator(".estimate:not(.stale)").waitFor();
    await page.getByLabel("Or write files:").selectOption("JSON Lines");
    await button("Export").click();
    await status("completed").waitFor();
    const [kept] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "users.jsonl", exact: true }).click(),
    ]);
    const rows = readFileSync(await kept.path(), "utf8")
      .trimEnd()
      .split("\n");
    expect(rows).toHaveLength(250);
    expect(JSON.parse(rows[0]).id).toBe(1);
    for (const name of ["schema.sql", "keys.sql"]) await page.getByRole("link", { name, exact: true }).waitFor();
  });

  it("drops what a run made, once that is agreed to", async () => {
    await page.goto(`${origin}/#/scenario/gaming/ctf`);
    await page.locator(".estimate:not(.stale)").waitFor();
    await button("Load…").click();
    await button("Load").click();
    await status("completed").waitFor({ timeout: 60_000 });
    await button("Drop its tables…").click();
    await page
      .getByRole("dialog")
      .getByText(/^gaming\.users about 250 rows/)
      .waitFor();
    await button("Drop them").click();
    await status("cleaned up").waitFor();
    expect((await client.query("SELECT 1 FROM pg_namespace WHERE nspname = 'gaming'")).rowCount).toBe(0);
  });

  it("says that the database is switched off, and switches it on", async () => {
    const body = JSON.stringify({ enabled: false });
    const init = { method: "POST", headers: { "content-type": "application/json" }, body };
    expect((await fetch(`${origin}/api/mock-data/toggle`, init)).status).toBe(200);
    await page.goto(`${origin}/#/scenario/marketing/demo`);
    await page.getByText("The database is switched off for loads").waitFor();
    await page.locator(".estimate:not(.stale)").waitFor();
    await page.getByLabel("Schema").fill("beside");
    await button("Load…").click();
    await button("Load").click();
    await page.getByRole("alert").getByText("SB_REFUSED").waitFor();
    await button("Switch it on").click();
    await page.getByText("The database is switched off for loads").waitFor({ state: "detached" });
  });

  it("says that the connection is lost, and comes back", async () => {
    const [{ run_id: runId }] = (await client.query("SELECT run_id FROM seed_bulk.runs WHERE state = 'done'")).rows;
    await page.route("**/events?*", (route) => route.abort());
    await page.goto(`${origin}/#/run/${runId}`);
    await page.getByText("The connection to the server is lost").waitFor();
    await page.unroute("**/events?*");
    await status("completed").waitFor();
    await page.getByText("The connection to the server is lost").waitFor({ state: "detached" });
  });

  it("can be read and used in both widths and themes", async () => {
    const [{ run_id: runId }] = (await client.query("SELECT run_id FROM seed_bulk.runs WHERE state = 'done'")).rows;
    const places = [
      "#/",
      "#/scenario/marketing/development",
      "#/runs",
      `#/run/${runId}`,
      `#/compare/${runId}/${runId}`,
    ];
    for (const width of [1280, 390]) {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        for (const place of places) {
          await page.goto(`${origin}/${place}`);
          await page.locator(":is(.cards, .data, .runs, .plots, .compare)").first().waitFor();
          await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })");
          expect(await pageFaults(page), `${place} at ${width}, ${colorScheme}`).toEqual([]);
        }
      }
    }
  });

  it("would be caught at what cannot be read or used", async () => {
    await page.goto("about:blank");
    await page.setContent('<p style="color: #999; width: 3000px">faint</p><button></button>');
    const faults = await pageFaults(page);
    expect(faults.map((fault) => fault.split(" ")[0])).toEqual(["faint:", "without", "wider"]);
  });

  it("has a skip link, a theme that stays, and moves the focus to a new page", async () => {
    await page.goto(`${origin}/#/runs`);
    await page.reload();
    await heading("Runs").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate("document.activeElement.id")).toBe("main");
    await page.getByRole("button", { name: "Theme: System. Change it" }).click();
    await page.getByRole("button", { name: "Theme: Light. Change it" }).click();
    await page.reload();
    expect(await page.evaluate("getComputedStyle(document.body).colorScheme")).toBe("dark");
    await page.getByRole("link", { name: "Scenarios" }).click();
    await heading("Scenarios").waitFor();
    await expect.poll(() => page.evaluate("document.activeElement.id")).toBe("main");
  });

  it("asks for the token where the server has one", async () => {
    const guarded = await testApp(testServices(database.url, { webDir: web.dir }), {
      access: { host: "127.0.0.1", token: TOKEN },
    });
    try {
      const elsewhere = await guarded.listen({ port: 0, host: "127.0.0.1" });
      await page.goto(`${elsewhere}/#/runs`);
      await page.getByLabel("The token that the server was started with").fill("another-token-than-that");
      await button("Go on").click();
      await page.getByText("the server does not take this token").waitFor();
      await page.getByLabel("The token that the server was started with").fill(TOKEN);
      await button("Go on").click();
      await page
        .getByRole("row", { name: /replaced/ })
        .getByRole("link")
        .click();
      await status("replaced").waitFor();
    } finally {
      await page.goto("about:blank");
      await guarded.close();
    }
  });

  it("asked nobody else for anything, and broke nowhere", () => {
    expect(log.outside.filter((url) => !url.startsWith("http://127.0.0.1:"))).toEqual([]);
    expect(log.faults).toEqual([]);
  });
});
