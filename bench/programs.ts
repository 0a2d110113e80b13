import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

/** A program of Postgres that is there. */
export interface Program {
  readonly path: string;
  readonly version: string;
  readonly major: number;
}

/**
 * Looks for a program in PATH. The npm package of the embedded server holds none but the server's own.
 * @returns why it cannot be used, where it cannot
 */
export async function findProgram(name: string, env: NodeJS.ProcessEnv): Promise<Program | string> {
  const path = (env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
  if (path === undefined) return `no ${name} in PATH`;
  try {
    const { stdout } = await promisify(execFile)(path, ["--version"], { timeout: 10_000 });
    const version = /\d+(\.\d+)*/.exec(stdout)?.[0];
    if (version === undefined) return `${name} does not tell its version`;
    return { path, version, major: Number.parseInt(version, 10) };
  } catch (error) {
    return `${name} does not run: ${(error as Error).message.split("\n")[0]}`;
  }
}

/** Why a pg_dump cannot read a server; undefined where it can. It refuses servers newer than itself. */
export function dumpRefusal(program: Program, serverMajor: number): string | undefined {
  if (program.major >= serverMajor) return undefined;
  return `pg_dump ${program.version} does not read a server of version ${serverMajor}`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
