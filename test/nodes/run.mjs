// `npm run test:nodes`: the packed package in an empty folder, as npm installs it, on the Nodes that it says it runs on.
// They come from the npm package `node`; each takes about a minute.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");
const VERSIONS = (process.env["SEED_BULK_NODES"] ?? "20.19,22,24").split(",");

/** A strict stranger's program: Node 22.18 and newer run it as it stands, older ones once it is JavaScript. */
const PROGRAM = `import { type Loaded, withEmbedded, load, verify } from "seed-bulk";
await withEmbedded(async ({ url }: { url: string }): Promise<void> => {
  const loaded: Loaded = await load("demo", { url, workers: 2 });
  const { ok } = await verify({ url, exact: true });
  console.log(JSON.stringify({ rows: loaded.rows, ok }));
});
`;
const CONFIG = `import { defineConfig } from "seed-bulk";
export default defineConfig({ scenario: "demo", workers: 1 });
`;

const home = mkdtempSync(join(tmpdir(), "seed-bulk-nodes-"));
try {
  run(home, process.env, "npm", "pack", ROOT, "--silent");
  const tarball = join(
    home,
    readdirSync(home).find((name) => name.endsWith(".tgz")),
  );
  for (const version of VERSIONS) tryOn(version, tarball);
} finally {
  rmSync(home, { recursive: true, force: true });
}

function tryOn(version, tarball) {
  const folder = mkdtempSync(join(home, `node-${version}-`));
  const nodes = mkdtempSync(join(home, "bin-"));
  run(nodes, process.env, "npm", "install", `node@${version}`, "--no-audit", "--no-fund", "--silent");
  const node = join(nodes, "node_modules/node/bin/node");
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env["PATH"]}` };
  const is = run(folder, env, "node", "--version").trim();
  const installed = run(folder, env, "npm", "install", tarball, "--no-audit", "--no-fund");
  expect(is, "installs without a warning", !/EBADENGINE|deprecated/.test(installed));
  const told = run(folder, env, "npx", "seed-bulk", "--scenario", "demo", "--workers", "2");
  expect(is, "loads and verifies", /Verified: \d+ checks .* all hold/.test(told));
  run(folder, env, "npx", "seed-bulk", "init", "club");
  expect(is, "loads a model", /all hold/.test(run(folder, env, "npx", "seed-bulk", "--model", "club.model.yaml")));
  const [major, minor] = is.slice(1).split(".").map(Number);
  const runsTypes = major > 22 || (major === 22 && minor >= 18);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  const [program, config] = ["program", "seed-bulk.config"].map((name) => `${name}.${runsTypes ? "ts" : "js"}`);
  const asJavaScript = (text) => text.replace(/type Loaded, |: \{ url: string \}|: Promise<void>|: Loaded/g, "");
  writeFileSync(join(folder, program), runsTypes ? PROGRAM : asJavaScript(PROGRAM));
  expect(is, `runs ${program}`, run(folder, env, "node", program).includes('{"rows":6063,"ok":true}'));
  writeFileSync(join(folder, config), CONFIG);
  expect(is, `reads ${config}`, run(folder, env, "npx", "seed-bulk", "plan").startsWith("demo:"));
}

/** What a command printed, warnings included. */
function run(cwd, env, command, ...args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: "utf8" });
  if (status === 0) return stdout + stderr;
  process.stderr.write(`${command} ${args.join(" ")}\n${stdout}\n${stderr}\n`);
  process.exit(1);
}

function expect(node, what, holds) {
  process.stdout.write(`${node}  ${what}  ${holds ? "yes" : "NO"}\n`);
  if (!holds) process.exitCode = 1;
}
