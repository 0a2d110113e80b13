import { createReadStream, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { type ExportOptions, type ExportReport, exportFiles } from "../../src/export/export-files.js";
import type { Manifest } from "../../src/export/manifest.js";
import type { planned } from "./planned.js";

/** A directory of the test's own under the system's for temporary files. */
export function exportDir(): string {
  return mkdtempSync(join(tmpdir(), "seed-bulk-export-"));
}

/** Exports a scenario on threads. */
export function exported(
  { universe, plan }: Awaited<ReturnType<typeof planned>>,
  options: Partial<ExportOptions> & Pick<ExportOptions, "format" | "dir">,
): Promise<ExportReport> {
  return exportFiles({ universe, plan, workers: 2, compression: null, rowsPerFile: null, ...options });
}

export function manifestOf(dir: string): Manifest {
  return JSON.parse(readFileSync(join(dir, "manifest.json"), "utf8")) as Manifest;
}

/** Every file of a directory with its bytes, save the manifest. */
export function contentOf(dir: string): Record<string, string> {
  const names = readdirSync(dir).filter((name) => name !== "manifest.json");
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(dir, name)).toString("base64")]));
}

/** Copies a CSV file into a table, as COPY … CSV HEADER reads it. */
export async function copyCsv(client: pg.Client, table: string, path: string): Promise<void> {
  await pipeline(
    createReadStream(path),
    client.query(copyFrom(`COPY ${table} FROM STDIN WITH (FORMAT csv, HEADER match)`)),
  );
}

/** Runs a script as psql does: statements one after another, and the lines behind COPY … FROM stdin as its data. */
export async function runScript(client: pg.Client, path: string): Promise<void> {
  let statement = "";
  let copy: ReturnType<typeof copyFrom> | undefined;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (copy !== undefined) {
      const stream = copy;
      if (line !== "\\.") {
        if (!stream.write(`${line}\n`)) await new Promise((resolve) => stream.once("drain", resolve));
        continue;
      }
      await new Promise<void>((resolve, reject) => stream.on("finish", resolve).on("error", reject).end());
      copy = undefined;
    } else if (statement === "" && /^(--|\\set )/.test(line)) {
    } else if (/^COPY .* FROM stdin;$/.test(line)) {
      copy = client.query(copyFrom(line.replace(/;$/, "")));
    } else {
      statement += `${line}\n`;
      if (!line.endsWith(";")) continue;
      await client.query(statement);
      statement = "";
    }
  }
  if (statement !== "" || copy !== undefined) throw new Error(`the script ends in the middle: ${statement}`);
}
