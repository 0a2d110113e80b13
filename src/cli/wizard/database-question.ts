import type pg from "pg";
import { ENABLING_VARIABLES, type GuardFacts, guardReasons } from "../../engine/guard/guard-reasons.js";
import { SeedBulkError } from "../../errors.js";
import { close, connect } from "../../postgres/connection.js";
import { redactText, redactUrl } from "../../postgres/redact.js";
import type { DatabaseChoice } from "./choices.js";
import type { Prompts } from "./prompts.js";

/**
 * Asks which database to fill, until one answers that may be filled at all.
 * @throws SeedBulkError SB_REFUSED where the surroundings allow not even the embedded one
 */
export async function askDatabase(prompts: Prompts, env: NodeJS.ProcessEnv): Promise<DatabaseChoice> {
  for (;;) {
    const choice = await askOnce(prompts, env);
    const problem = await problemOf(choice, env);
    if (problem === undefined) return choice;
    if (choice.kind === "embedded") throw new SeedBulkError("SB_REFUSED", problem);
    prompts.complain(problem);
  }
}

async function askOnce(prompts: Prompts, env: NodeJS.ProcessEnv): Promise<DatabaseChoice> {
  const fromEnvironment = env["DATABASE_URL"];
  const kind = await prompts.select<DatabaseChoice["kind"]>("Which database?", [
    { value: "embedded", label: "The embedded Postgres", hint: "made and started where there is none yet" },
    ...(fromEnvironment
      ? [{ value: "environment" as const, label: `DATABASE_URL: ${redactUrl(fromEnvironment)}` }]
      : []),
    { value: "typed", label: "Another: type its URL" },
  ]);
  if (kind === "embedded") return { kind };
  if (kind === "environment") return { kind, url: fromEnvironment as string };
  // Not shown, because it may hold a password, and what a terminal shows stays in its memory.
  const url = await prompts.secret("Its URL, postgres://user:password@host:5432/database (not shown)", (text) =>
    /^postgres(ql)?:\/\/./.test(text) ? undefined : "expected a URL that begins with postgres://",
  );
  prompts.say(redactUrl(url));
  return { kind, url };
}

/** Why a database cannot be filled whatever the data. The rest of the guard waits for a plan. */
async function problemOf(choice: DatabaseChoice, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (choice.kind === "embedded") return reasonsAsText({ embedded: true, env, names: [] });
  let client: pg.Client;
  try {
    client = await connect(choice.url, "wizard");
  } catch (error) {
    if (!(error instanceof SeedBulkError)) throw error;
    return redactText([error.message, error.hint].filter(Boolean).join("\n"));
  }
  const names = [
    { of: "host" as const, name: client.host },
    { of: "database" as const, name: client.database ?? "" },
  ];
  await close(client);
  return reasonsAsText({ embedded: false, env, names });
}

function reasonsAsText(known: {
  readonly embedded: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly names: GuardFacts["names"];
}): string | undefined {
  const { embedded, env, names } = known;
  const reasons = guardReasons({
    nodeEnv: env["NODE_ENV"],
    embedded,
    enabled: ENABLING_VARIABLES.some((name) => env[name]?.trim().toLowerCase() === "true"),
    names,
    // Not known yet, and told as what refuses nothing.
    toggled: null,
    schema: "",
    schemaMadeBy: "nobody yet",
    adoptSchema: false,
    rows: 0,
    rowsMax: 0,
    disk: null,
  });
  return reasons.length === 0 ? undefined : `This database must not be filled: ${reasons.join("; ")}.`;
}
