import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { openBrowser } from "./browser.js";

// `npm run docs:screenshot`: the README's pictures of the web page, from a server and a database of their own.

const BIN = "bin/seed-bulk.js";
const IMAGES = "docs/images";
const SIZE = { width: 1280, height: 940 };
/** A load of a few seconds, so that its throughput is a curve. */
const MULTIPLIER = "16";

/** A `seed-bulk` command, with the pictures' database. */
function start(args: readonly string[], home: string) {
  const env = { ...process.env, SEED_BULK_HOME: home };
  return spawn(process.execPath, [BIN, ...args], { env, stdio: ["ignore", "pipe", "inherit"] });
}

async function takePictures(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/#/scenario/marketing/development`);
  await page.getByLabel("Size", { exact: true }).fill(MULTIPLIER);
  await page.locator(".estimate:not(.stale) .change").first().waitFor();
  await page.locator("table.data tbody tr").first().waitFor();
  await page.screenshot({
    path: join(IMAGES, "web-page.png"),
    fullPage: true,
    clip: { x: 0, y: 0, ...SIZE, height: 1560 },
  });
  await page.getByRole("button", { name: "Load…" }).click();
  await page.getByRole("button", { name: "Load", exact: true }).click();
  await page.locator("h1 .badge", { hasText: "completed" }).waitFor({ timeout: 120_000 });
  await page.getByText("Observed and configured", { exact: true }).waitFor();
  await page.screenshot({ path: join(IMAGES, "web-run.png") });
}

async function main(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "seed-bulk-pictures-"));
  mkdirSync(IMAGES, { recursive: true });
  const server = start(["serve", "--port", "0", "--workers", "2"], home);
  const ended = new Promise((resolve) => server.once("close", resolve));
  try {
    const origin = await new Promise<string>((resolve, reject) => {
      let text = "";
      server.stdout.setEncoding("utf8").on("data", (part: string) => {
        text += part;
        const [, address] = /serves at (\S+);/.exec(text) ?? [];
        if (address !== undefined) resolve(address);
      });
      void ended.then(() => reject(new Error(`the server ended: ${text}`)));
    });
    const browser = await openBrowser();
    try {
      await takePictures(await browser.newPage({ viewport: SIZE, colorScheme: "light" }), origin);
    } finally {
      await browser.close();
    }
  } finally {
    server.kill("SIGTERM");
    await ended;
    const destroyed = start(["db", "destroy", "--yes"], home);
    await new Promise((resolve) => destroyed.once("close", resolve));
    rmSync(home, { recursive: true, force: true });
  }
}

await main();
