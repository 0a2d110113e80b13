import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { build } from "vite";

const ROOT = resolve(import.meta.dirname, "../..");

/** Builds the web page from its sources into a directory of its own, so that no older build is tested. */
export async function buildWebPage(): Promise<{ readonly dir: string; remove(): void }> {
  const dir = mkdtempSync(join(tmpdir(), "seed-bulk-web-"));
  await build({ configFile: join(ROOT, "vite.config.ts"), logLevel: "error", build: { outDir: dir } });
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** What a page asked for elsewhere, and what went wrong in it. */
export interface PageLog {
  readonly outside: string[];
  readonly faults: string[];
}

/** Notes what a page should never do. @param origin the server's */
export function watchPage(page: Page, origin: string): PageLog {
  const log: PageLog = { outside: [], faults: [] };
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith("data:")) log.outside.push(url);
  });
  page.on("pageerror", (error) => log.faults.push(error.message));
  page.on("console", (message) => {
    // Chromium writes down each answer of 400 and more, which the page shows by itself.
    const isRefusal = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !isRefusal) log.faults.push(message.text());
  });
  return log;
}

const CHECKS = readFileSync(join(import.meta.dirname, "page-checks.js"), "utf8");

/** What is wrong with a page as it stands, for those who see it badly or not at all, and on a narrow screen. */
export async function pageFaults(page: Page): Promise<string[]> {
  await page.evaluate(CHECKS);
  const faint = await page.evaluate<string[]>("pageChecks.faintTexts()");
  const nameless = await page.evaluate<string[]>("pageChecks.namelessControls()");
  const overflow = await page.evaluate<number>("pageChecks.overflow()");
  return [
    ...faint.map((text) => `faint: ${text}`),
    ...nameless.map((control) => `without a name: ${control}`),
    ...(overflow > 0 ? [`wider than the window by ${overflow} pixels`] : []),
  ];
}
