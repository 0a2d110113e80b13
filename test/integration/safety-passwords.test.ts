import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLEANUP_TOKEN } from "../../src/cli/commands/cleanup.js";
import { destroyEmbedded, startEmbedded } from "../../src/postgres/embedded/index.js";
import { redactUrl } from "../../src/postgres/redact.js";
import { type CommandResult, runCommand } from "../support/cli.js";
import { fakeServer } from "../support/fake-server.js";

/** Letters that no digest, ID or word has; one piece is enough to have leaked. */
const PIECES = ["Kq7", "vW9", "zX3", "jB5", "hG8", "tN2", "yL6"];
const PASSWORD = `Kq7@vW9:zX3/jB5%hG8?tN2#yL6`;
const ENCODED = encodeURIComponent(PASSWORD);
const enabled = { SEED_BULK_ENABLED: "true" };

let home: string;
let port: number;
let admin: pg.Client;
const url = (options: { password?: string; database?: string; at?: number } = {}): string =>
  `postgres://keeper:${options.password ?? ENCODED}@127.0.0.1:${options.at ?? port}/${options.database ?? "seed_bulk"}`;

// A server of its own: only TCP asks for a password, and the tests' server may have none.
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "seed-bulk-password-"));
  chmodSync(home, 0o755);
  port = await freePort();
  const server = await startEmbedded(home, { port });
  admin = new pg.Client(server.url);
  await admin.connect();
  await admin.query(
    `CREATE ROLE keeper LOGIN PASSWORD ${admin.escapeLiteral(PASSWORD)}; GRANT CREATE ON DATABASE seed_bulk TO keeper`,
  );
});
afterAll(async () => {
  await admin.end();
  await destroyEmbedded(home);
  rmSync(home, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function expectNoPassword(text: string): void {
  for (const piece of PIECES) expect(text.includes(piece), `${piece} in:\n${text}`).toBe(false);
}

/** Runs a command and looks through all it prints. */
async function quiet(args: readonly string[], env: Record<string, string> = {}): Promise<CommandResult> {
  const result = await runCommand(args, { ...enabled, ...env }, home);
  expectNoPassword(result.stdout);
  expectNoPassword(result.stderr);
  return result;
}

describe("a password of a database URL", { timeout: 180_000 }, () => {
  it("is in no output of commands that succeed", async () => {
    const small = ["--scenario", "demo", "--workers", "1"];
    for (const [args, env] of [
      [[...small, "--database-url", url()], {}],
      [[...small, "--replace", "--yes", "--json", "--debug"], { DATABASE_URL: url() }],
      [
        [...small, "--replace", "--yes"],
        { DATABASE_URL: `${url({ password: "" }).replace(":@", "@")}?password=${ENCODED}` },
      ],
      [[...small, "--dry-run"], { DATABASE_URL: url() }],
      [["status"], { DATABASE_URL: url() }],
      [["status", "--json"], { DATABASE_URL: url() }],
      [["toggle"], { DATABASE_URL: url() }],
      [["toggle", "--enable", "--json"], { DATABASE_URL: url() }],
      [["cleanup", "--confirm", CLEANUP_TOKEN], { DATABASE_URL: url() }],
    ] as const) {
      const { code, stderr } = await quiet(args, env);
      expect(code, `${args.join(" ")}\n${stderr}`).toBe(0);
    }
  });

  it("is in no output of commands that fail, under --debug, which prints the most", async () => {
    const load = ["--scenario", "demo", "--workers", "1"];
    const closed = await freePort();
    for (const [args, expected] of [
      [[...load, "--database-url", url({ password: `${ENCODED}x` })], /SB_DATABASE_AUTH/],
      [[...load, "--database-url", url({ password: PASSWORD })], /SB_DATABASE_URL_INVALID/],
      [[...load, "--database-url", url({ password: "Kq7'vW9\"zX3 jB5" })], /SB_DATABASE_/],
      [[...load, "--database-url", url().replace("postgres://", "")], /SB_DATABASE_URL_INVALID/],
      [[...load, "--database-url", url().replace("://", ":/")], /SB_DATABASE_URL_INVALID/],
      [[...load, "--database-url", `host=127.0.0.1 user=keeper password='${PASSWORD}'`], /SB_DATABASE_URL_INVALID/],
      [[...load, "--database-url", url({ at: closed })], /SB_DATABASE_UNREACHABLE/],
      [[...load, "--database-url", url({ database: "nowhere" })], /SB_DATABASE_UNREACHABLE/],
      [[...load, "--database-url", `${url({ at: closed })}?password=${ENCODED}&x=1`], /SB_DATABASE_UNREACHABLE/],
      [[...load, "--schema", "public", "--database-url", url()], /SB_REFUSED/],
      [[...load, `--databse-url=${url()}`], /SB_USAGE: unknown option '--databse-url'/],
      [[...load, `--databse-url=${url({ password: "Kq7 vW9'zX3" })}`], /SB_USAGE: unknown option '--databse-url'/],
      [[...load, "--seed", url()], /SB_USAGE/],
      [[...load, "--sink", url({ password: PASSWORD })], /SB_USAGE/],
      [[url()], /SB_USAGE/],
      [["resume", "--database-url", url()], /SB_RUN_NOT_FOUND/],
      [["resume", url()], /SB_/],
      [["--scenario", url()], /SB_SCENARIO_NOT_FOUND/],
    ] as const) {
      const { code, stderr } = await quiet([...args, "--debug"], args[0] === "resume" ? { DATABASE_URL: url() } : {});
      expect(stderr, args.join(" ")).toMatch(expected);
      expect(code).not.toBe(0);
    }
  });

  it("is not in the ledger, also where a run fails at connecting, nor in what the server shows and logs", async () => {
    const refused = { sqlstate: "28P01", message: "password authentication failed" };
    const fake = await fakeServer(url(), ({ name }) => (name === "seed-bulk worker" ? refused : "pass"));
    try {
      const failed = await quiet(["--scenario", "demo", "--workers", "2", "--database-url", fake.url, "--debug"]);
      expect(failed.stderr).toContain("SB_DATABASE_AUTH");
    } finally {
      await fake.close();
    }
    const { rows: tables } = await admin.query<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relnamespace = 'seed_bulk'::regnamespace AND relkind = 'r'",
    );
    expect(tables.length).toBeGreaterThan(4);
    for (const { name } of tables) {
      const { rows } = await admin.query<{ row: string }>(`SELECT t::text AS row FROM seed_bulk.${name} t`);
      expectNoPassword(rows.map(({ row }) => row).join("\n"));
    }
    const { rows: runs } = await admin.query("SELECT last_error FROM seed_bulk.runs WHERE last_error IS NOT NULL");
    expect(runs).toHaveLength(1);
    expect((await quiet(["status", "--database-url", url()])).stdout).toContain("last error: SB_");
    expectNoPassword(readFileSync(join(home, "embedded/server.log"), "utf8"));
  });

  it("is printed for the embedded server by `db url --tcp` alone", async () => {
    const own = readFileSync(join(home, "embedded/password"), "utf8");
    for (const args of [["start"], ["start", "--json"], ["status"], ["status", "--json"], ["url"]]) {
      const { stdout, stderr, code } = await runCommand(["db", ...args], { SEED_BULK_HOME: home });
      expect(code).toBe(0);
      expect(`${stdout}${stderr}`.includes(own), args.join(" ")).toBe(false);
    }
    expect((await runCommand(["db", "url", "--tcp"], { SEED_BULK_HOME: home })).stdout).toContain(own);
  });
});

describe("redaction", () => {
  for (const [before, after] of [
    [`postgres://u:${PASSWORD}@h:5432/db`, "postgres://u:***@h:5432/db"],
    [`postgresql://u:${ENCODED}@h/db?sslmode=require`, "postgresql://u:***@h/db?sslmode=require"],
    [`postgres://u:${PASSWORD}@/db?host=/run/pg`, "postgres://u:***@/db?host=/run/pg"],
    [`postgres://:${PASSWORD}@h/db`, "postgres://:***@h/db"],
    [`postgres://u@h/db?password=${ENCODED}&port=1`, "postgres://u@h/db?password=***&port=1"],
    [`u:${PASSWORD}@h/db`, "u:***@h/db"],
    [`postgres:u:${PASSWORD}@h/db`, "postgres:u:***@h/db"],
    [`host=h password=Kq7@vW9:zX3 user=u`, "host=h password=*** user=u"],
    [`host=h password = 'Kq7 vW9\\'zX3' user=u`, "host=h password = *** user=u"],
  ] as const) {
    it(`hides the password and nothing else: ${after}`, () => expect(redactUrl(before)).toBe(after));
  }

  for (const plain of [
    "postgresql://postgres@/seed_bulk?host=/tmp/x&port=5432",
    "postgres://h:5432/db",
    "postgres://u@h:5432/db",
    "postgres://u@[::1]:5432/db",
    "postgres://",
    "",
  ]) {
    it(`leaves a URL without one as it is: ${plain}`, () => expect(redactUrl(plain)).toBe(plain));
  }
});
