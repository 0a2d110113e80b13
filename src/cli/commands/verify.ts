import { Command } from "commander";
import { recordedRun } from "../../engine/run/recorded.js";
import { workersGiven } from "../../postgres/workers-given.js";
import { failOnFault } from "../../verify/fail-on-fault.js";
import { runToVerify } from "../../verify/run-to-verify.js";
import { runVerification } from "../../verify/run-verification.js";
import { openDatabase, type Target, withDatabaseOption } from "../database.js";
import { untilInterrupted } from "../interrupt.js";
import { withWorkersOption } from "../options.js";
import { printVerification } from "../reports.js";
import { screenHere } from "../screen/index.js";

interface Options {
  readonly run?: string;
  readonly exact?: boolean;
  readonly explain?: boolean;
  readonly workers: number;
  readonly databaseUrl?: string;
  readonly json?: boolean;
}

/** `seed-bulk verify`. */
export function verifyCommand(): Command {
  const command = new Command("verify")
    .option("--run <run>", "a run's ID or its beginning; the newest finished run without it")
    .option("--exact", "also read all tables back and compare each byte")
    .option("--explain", "also show how Postgres makes the model's queries");
  return withDatabaseOption(withWorkersOption(command))
    .option("--json", "print one JSON document on standard output")
    .action(run);
}

async function run(options: Options): Promise<void> {
  await untilInterrupted(async (signal) => {
    let database: Target | undefined;
    const screen = screenHere();
    try {
      database = await openDatabase(options.databaseUrl, {
        signal,
        onNotice: (text) => screen.notice?.(text),
        isReading: true,
      });
      const { url } = database;
      const found = await runToVerify(url, options.run);
      const { universe, whole: plan } = await recordedRun(found);
      const { exact = false, explain = false } = options;
      const onNotice = (text: string): void => screen.notice?.(text);
      const workers = await workersGiven(url, { workers: options.workers, signal, onNotice });
      const { schema, options: loaded } = found;
      const unlogged = loaded.unlogged;
      const { runId } = found;
      const verifyOptions = { url, schema, runId, universe, plan, unlogged, workers, exact, explainPlans: explain };
      const report = await runVerification({ ...verifyOptions, signal, observer: screen });
      screen.close();
      printVerification(report, options.json ? { runId, ...report } : undefined);
      failOnFault(report);
    } finally {
      screen.close();
      await database?.release();
    }
  });
}
