import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Where distributions put a Chromium; SEED_BULK_CHROMIUM names another, and then none of these counts. */
const USUAL_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

const found = [process.env["SEED_BULK_CHROMIUM"] ?? USUAL_PLACES].flat().find((path) => existsSync(path));

/** The machine's Chromium, or the one that npm brings for Linux; undefined where neither runs. */
export const CHROMIUM = found ?? (await bundled());

/** What a test that needs a browser says where it is skipped. */
export const WITHOUT_CHROMIUM =
  "skipped: no Chromium on this machine (apt-get install chromium, or SEED_BULK_CHROMIUM=/path/to/chromium)";

/** It is packed, and unpacked into the system's temporary folder once; libraries that it needs may be missing. */
async function bundled(): Promise<string | undefined> {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  try {
    const { default: packed } = await import("@sparticuz/chromium");
    const path = await packed.executablePath();
    execFileSync(path, ["--version", "--no-sandbox"], { stdio: "ignore" });
    return path;
  } catch {
    return undefined;
  }
}

/** Starts the browser without a window. */
export async function openBrowser(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error(WITHOUT_CHROMIUM);
  // Root, as in a container, may not use Chromium's sandbox; containers also have a small /dev/shm.
  const args = ["--disable-dev-shm-usage", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])];
  // A machine without a locale gives it one that its own Intl refuses.
  const env = { ...process.env, LC_ALL: "en_US.UTF-8", LANGUAGE: "en_US" };
  return chromium.launch({ executablePath: CHROMIUM, args, env });
}
