import { redactUrl } from "../../postgres/redact.js";

/** Which database the wizard was told to use. */
export type DatabaseChoice =
  | { readonly kind: "embedded" }
  | { readonly kind: "environment"; readonly url: string }
  | { readonly kind: "typed"; readonly url: string };

/** Sizes given one by one; they are kept in a scenario file, since no option of the command line has room for them. */
export interface CustomSizes {
  /** Those that are not the scenario's own. */
  readonly sizes: Readonly<Record<string, number>>;
  /** What the new scenario is called: its file in the working directory, without `.yaml`. */
  readonly name: string;
}

/** Which data the wizard was told to make; what is left out is the scenario's own. */
export interface DataChoices {
  /** As `--scenario` takes it. */
  readonly scenario: string;
  /** A scale or custom sizes, not both. */
  readonly scale?: number;
  readonly custom?: CustomSizes;
  readonly seed?: number;
  readonly features: Readonly<Record<string, boolean>>;
  /** Rates by the anomaly's name. */
  readonly anomalies: Readonly<Record<string, number>>;
}

/** The file that custom sizes are kept in, as `--scenario` takes it. */
export function customFile({ name }: CustomSizes): string {
  return `./${name}.yaml`;
}

/**
 * What `--database-url` is given, undefined where it is left out.
 * @returns an empty text for the embedded Postgres where DATABASE_URL would otherwise win
 */
export function databaseOption(choice: DatabaseChoice, env: NodeJS.ProcessEnv): string | undefined {
  if (choice.kind === "typed") return choice.url;
  return choice.kind === "embedded" && env["DATABASE_URL"] ? "" : undefined;
}

/**
 * The arguments of `seed-bulk generate` that do what was chosen; with custom sizes everything but the database is in
 * their file.
 * @param options.databaseUrl as `databaseOption` has it
 * @param options.replace whether what earlier runs loaded goes first
 */
export function generateArguments(
  data: DataChoices,
  options: { readonly databaseUrl: string | undefined; readonly replace: boolean },
): string[] {
  const { databaseUrl, replace } = options;
  const flags = data.custom === undefined ? flagsOf(data) : [];
  return [
    "--scenario",
    data.custom === undefined ? data.scenario : customFile(data.custom),
    ...flags,
    ...(databaseUrl === undefined ? [] : ["--database-url", databaseUrl]),
    ...(replace ? ["--replace"] : []),
  ];
}

function flagsOf({ scale, seed, features, anomalies }: DataChoices): string[] {
  return [
    ...(scale === undefined ? [] : ["--scale", String(scale)]),
    ...(seed === undefined ? [] : ["--seed", String(seed)]),
    ...Object.entries(features).flatMap(([name, on]) => ["--feature", `${name}=${on ? "on" : "off"}`]),
    ...Object.entries(anomalies).flatMap(([name, rate]) => ["--anomaly", `${name}=${rate}`]),
  ];
}

/**
 * The command to type for some arguments of `generate`, for a POSIX shell, without the password of a database URL.
 * @returns the command, and whether a password was left out of it
 */
export function commandToType(args: readonly string[]): { readonly command: string; readonly redacted: boolean } {
  const shown = args.map((arg, i) => (args[i - 1] === "--database-url" ? redactUrl(arg) : arg));
  return {
    command: ["npx", "seed-bulk", ...shown].map(shellQuoted).join(" "),
    redacted: shown.some((arg, i) => arg !== args[i]),
  };
}

/** A word as a POSIX shell reads it back. */
export function shellQuoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}
