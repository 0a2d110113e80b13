import { join, resolve } from "node:path";
import type { RunObserver } from "../engine/observer.js";
import { SeedBulkError } from "../errors.js";
import type { Plan } from "../model/plan.js";
import type { Universe } from "../model/universe.js";
import { withLock } from "../platform/file-lock.js";
import { makeDirectory } from "../platform/files.js";
import { Encoders } from "./encoders.js";
import { onFile } from "./file-errors.js";
import { inOrder } from "./in-order.js";
import { Journal } from "./journal.js";
import { directoryFiles, groupRowsOf, type LayoutOptions, type PlannedFile, refuseLayout } from "./layout.js";
import { MANIFEST_NAME, type Manifest, newManifest } from "./manifest.js";
import { OutputFile, partName, publish } from "./output-file.js";
import { SCRIPTS, scriptBeside } from "./script.js";
import { writeTextFiles } from "./text-files.js";

/** Held by the one process that writes into a directory. */
const LOCK_NAME = ".seed-bulk-export.lock";

export interface ExportOptions extends LayoutOptions {
  readonly universe: Universe;
  readonly plan: Plan;
  readonly dir: string;
  readonly workers: number;
  /** Delete the files of the export that the directory holds first. */
  readonly replace?: boolean;
  readonly signal?: AbortSignal;
  /** Told of the phase "load": rows are made as for a load. */
  readonly observer?: RunObserver;
}

/** What an export did. */
export interface ExportReport {
  readonly dir: string;
  readonly manifest: Manifest;
  readonly workers: number;
  /** Of this process; files that were there already took none of it. */
  readonly seconds: number;
  readonly filesMade: number;
  readonly filesKept: number;
  /** Of the files made. */
  readonly bytesMade: number;
  readonly peakMemoryBytes: number;
}

/**
 * Writes a plan's rows into files, or what is missing of them, with a manifest beside them. No database is needed.
 * @throws SeedBulkError SB_EXPORT_CHANGED, SB_FILE_EXISTS, SB_RUN_BUSY, SB_INTERRUPTED, SB_DISK_FULL, SB_EXPORT_FAILED
 */
export async function exportFiles(options: ExportOptions): Promise<ExportReport> {
  refuseLayout(options);
  const dir = resolve(options.dir);
  await onFile(dir, async () => makeDirectory(dir));
  try {
    return await withLock(join(dir, LOCK_NAME), { msMax: 0 }, () => exportInto(dir, options));
  } catch (error) {
    if (!(error instanceof SeedBulkError) || error.code !== "SB_EMBEDDED_BUSY") {
      throw isErrno(error) ? await onFile(dir, () => Promise.reject(error)) : error;
    }
    throw new SeedBulkError("SB_RUN_BUSY", `another seed-bulk command is exporting into ${dir}`, {
      hint: "Wait for it or end it, or choose another directory.",
    });
  }
}

function isErrno(error: unknown): boolean {
  return typeof (error as NodeJS.ErrnoException).errno === "number";
}

async function exportInto(dir: string, options: ExportOptions): Promise<ExportReport> {
  const { plan, observer, workers, replace = false } = options;
  const began = performance.now();
  const files = directoryFiles(plan, options);
  const fresh = newManifest(plan, options, files);
  const journal = await Journal.open(dir, fresh, { replace, onNotice: (text) => observer?.notice?.(text) });
  const missing = files.filter(({ file }) => !journal.isDone(file));
  const bytesBefore = journal.manifest.bytes;
  if (missing.length > 0) {
    observer?.planned?.(plan, { workers, sink: `${options.format} in ${dir}` });
    observer?.phaseStarted?.("load");
    const encoders = new Encoders(options);
    try {
      countKept(files, journal, plan, encoders);
      await writeScripts(journal, options);
      const common = { ...options, files: missing.filter(({ file }) => !isScript(file)), journal, encoders };
      if (options.format === "parquet") await writeParquetFiles(common);
      else await writeTextFiles(common);
      await journal.save();
    } finally {
      await encoders.close();
    }
    observer?.phaseEnded?.("load", (performance.now() - began) / 1000);
  } else if (!journal.manifest.complete) await journal.save();
  return {
    dir,
    manifest: journal.manifest,
    workers,
    seconds: (performance.now() - began) / 1000,
    filesMade: missing.length,
    filesKept: files.length - missing.length,
    bytesMade: journal.manifest.bytes - bytesBefore,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}

/** Rows of files that are there already count as made. */
function countKept(files: readonly PlannedFile[], journal: Journal, plan: Plan, encoders: Encoders): void {
  for (const { file, entity, start, end } of files) {
    if (!journal.isDone(file) || isScript(file)) continue;
    if (entity !== null) encoders.skip({ entity, start, end });
    else for (const planned of plan.entities) encoders.skip({ entity: planned.entity, start: 0, end: planned.rows });
  }
}

function isScript(file: string): file is (typeof SCRIPTS)[number] {
  return (SCRIPTS as readonly string[]).includes(file);
}

/** They are small, and written anew where one of them is missing. */
async function writeScripts(journal: Journal, { plan, universe }: ExportOptions): Promise<void> {
  const entities = plan.entities.map(({ entity }) => universe.entity(entity));
  for (const { file } of journal.manifest.files.filter(({ bytes }) => bytes === null)) {
    if (!isScript(file)) continue;
    const output = await OutputFile.create(join(journal.dir, file));
    const text = Buffer.from(scriptBeside(file, plan, entities));
    await output.append(text);
    await journal.finished(file, await output.finish());
  }
}

/** Each Parquet file is made by one thread; its index stands at its end and speaks of all of it. */
async function writeParquetFiles({
  plan,
  files,
  journal,
  encoders,
}: ExportOptions & {
  readonly files: readonly PlannedFile[];
  readonly journal: Journal;
  readonly encoders: Encoders;
}): Promise<void> {
  const groupRows = new Map(plan.entities.map((planned) => [planned.entity, groupRowsOf(planned)]));
  const pathOf = ({ file }: PlannedFile): string => join(journal.dir, file);
  try {
    await inOrder(
      files,
      encoders.window,
      (file) => {
        const entity = file.entity!;
        const to = { path: partName(pathOf(file)), groupRows: groupRows.get(entity)! };
        return encoders.parquet({ entity, start: file.start, end: file.end }, to);
      },
      async (file, { bytes, sha256 }) => {
        await publish(pathOf(file));
        await journal.finished(file.file, { bytes, sha256 });
      },
    );
  } catch (error) {
    await journal.save().catch(() => {});
    throw error;
  }
}

export { MANIFEST_NAME };
