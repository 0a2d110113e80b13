import { expect } from "vitest";
import { type CommandResult, type RunningCommand, runCommand, startCommand } from "./cli.js";
import type { TestDatabase } from "./database.js";

/** Lets commands write to a database that is not the embedded one. */
export const ENABLED = { SEED_BULK_ENABLED: "true" };

/** Loads that something happens to, by the command line, and the proof of what is there afterwards. */
export class FaultRun {
  readonly schema: string;
  readonly #database: TestDatabase;
  readonly #scenario: readonly string[];

  /** @param scenario flags that say what is loaded */
  constructor(database: TestDatabase, schema: string, scenario: readonly string[]) {
    this.#database = database;
    this.schema = schema;
    this.#scenario = scenario;
  }

  /** Starts a load. @param url where it is not the database's own address */
  start(flags: readonly string[] = [], url: string = this.#database.url): RunningCommand {
    const args = [...this.#scenario, "--schema", this.schema, "--no-verify", ...flags];
    return startCommand([...args, "--database-url", url], ENABLED);
  }

  /** Starts to go on with the newest unfinished run. */
  resume(url: string = this.#database.url): RunningCommand {
    return startCommand(["resume", "--no-verify", "--database-url", url], ENABLED);
  }

  /** The newest run of the schema, as the ledger has it. */
  async newest(): Promise<{ readonly runId: string; readonly state: string } | undefined> {
    const client = await this.#database.client();
    try {
      const { rows: ledger } = await client.query("SELECT to_regclass('seed_bulk.runs') AS found");
      if (ledger[0].found === null) return undefined;
      const { rows } = await client.query(
        'SELECT run_id AS "runId", state FROM seed_bulk.runs WHERE schema_name = $1 ORDER BY started_at DESC LIMIT 1',
        [this.schema],
      );
      return rows[0];
    } finally {
      await client.end();
    }
  }

  /** Resumes the newest run until it is done, and proves every byte of it. */
  async expectWhole(): Promise<void> {
    const { runId, state } = (await this.newest())!;
    if (state !== "done") await this.succeed(["resume", runId]);
    await this.succeed(["verify", "--run", runId, "--exact"]);
  }

  /** Runs a command on the database that has to succeed. */
  async succeed(args: readonly string[]): Promise<CommandResult> {
    const result = await runCommand([...args, "--database-url", this.#database.url], ENABLED);
    expect(result.code, `${args.join(" ")}\n${result.stdout}${result.stderr}`).toBe(0);
    return result;
  }

  /** Waits until a query gives true. */
  async untilTrue(sql: string): Promise<void> {
    const client = await this.#database.client();
    try {
      for (let i = 0; i < 2000; i++) {
        if ((await client.query(`SELECT (${sql}) AS yes`)).rows[0].yes) return;
        await client.query("SELECT pg_sleep(0.005)");
      }
      throw new Error(`never became true: ${sql}`);
    } finally {
      await client.end();
    }
  }
}
