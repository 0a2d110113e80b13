import { createHash } from "node:crypto";
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { differencesOf } from "../engine/run/plan-changes.js";
import { SeedBulkError } from "../errors.js";
import type { Plan } from "../model/plan.js";
import type { Scenario } from "../model/scenario/types.js";
import { onFile } from "./file-errors.js";
import type { LayoutOptions, PlannedFile } from "./layout.js";
import { partName, syncDir } from "./output-file.js";
import type { Compression, ExportFormat } from "./protocol.js";

export const MANIFEST_NAME = "manifest.json";

/** Raised where the bytes of any format change: an export is then not gone on with. */
const LAYOUT_VERSION = 2;

/** One file as the manifest tells of it. */
export interface ManifestFile {
  readonly file: string;
  /** Null for scripts: the one that holds all entities, and those of tables and keys beside files of rows. */
  readonly entity: string | null;
  readonly rows: number;
  /** The IDs of its rows, half-open; null for a script. */
  readonly ids: readonly [number, number] | null;
  /** Null until the file is whole. */
  readonly bytes: number | null;
  readonly sha256: string | null;
}

/** What an export is of; two that agree in this make the same files. */
interface ManifestSubject {
  readonly layoutVersion: number;
  readonly format: ExportFormat;
  readonly compression: Compression | null;
  readonly rowsPerFile: number | null;
  readonly generatorVersion: number;
  readonly planHash: string;
  readonly seed: number;
  readonly entities: readonly string[];
  readonly scenario: Scenario;
}

/** `manifest.json`. */
export interface Manifest extends ManifestSubject {
  readonly complete: boolean;
  /** Of the whole export. */
  readonly rows: number;
  /** Of the files that are whole. */
  readonly bytes: number;
  readonly files: readonly ManifestFile[];
  /** Of the whole, as `sha256sum` of all files in this order makes it, given to `sha256sum` again; null until all are whole. */
  readonly sha256: string | null;
  /** The file that was being written: so much of it is on the disk. */
  readonly unfinished: Unfinished | null;
}

export interface Unfinished {
  readonly file: string;
  readonly pieces: number;
  readonly bytes: number;
}

/** The manifest of an export that has made nothing yet. */
export function newManifest(plan: Plan, layout: LayoutOptions, files: readonly PlannedFile[]): Manifest {
  const firstIds = new Map(plan.entities.map(({ entity, idStart }) => [entity, idStart]));
  return {
    layoutVersion: LAYOUT_VERSION,
    format: layout.format,
    compression: layout.compression,
    rowsPerFile: layout.rowsPerFile,
    generatorVersion: plan.generatorVersion,
    planHash: plan.hash,
    seed: plan.scenario.seed,
    entities: plan.entities.map(({ entity }) => entity),
    scenario: plan.scenario,
    complete: false,
    rows: plan.rows,
    bytes: 0,
    files: files.map(({ file, entity, start, end }) => ({
      file,
      entity,
      rows: end - start,
      ids: entity === null ? null : [firstIds.get(entity)! + start, firstIds.get(entity)! + end],
      bytes: null,
      sha256: null,
    })),
    sha256: null,
    unfinished: null,
  };
}

/** The digest of all files together: of the lines that `sha256sum` prints of them. */
export function digestOfAll(files: readonly Pick<ManifestFile, "file" | "sha256">[]): string | null {
  if (files.some(({ sha256 }) => sha256 === null)) return null;
  const hash = createHash("sha256");
  for (const { file, sha256 } of files) hash.update(`${sha256}  ${file}\n`);
  return hash.digest("hex");
}

/**
 * Reads a directory's manifest.
 * @returns undefined where there is none
 * @throws SeedBulkError SB_EXPORT_CHANGED where it is not one that an export wrote
 */
export async function readManifest(dir: string): Promise<Manifest | undefined> {
  const path = join(dir, MANIFEST_NAME);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new SeedBulkError("SB_EXPORT_FAILED", `cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
  try {
    const manifest = JSON.parse(text) as Manifest;
    // Its names are deleted and overwritten: none may lead out of the directory.
    const isOurs =
      typeof manifest.planHash === "string" &&
      manifest.files.every(({ file }) => file !== "" && basename(file) === file);
    if (isOurs) return manifest;
  } catch {
    // Told below.
  }
  throw new SeedBulkError("SB_EXPORT_CHANGED", `${path} is not the manifest of an export`, {
    hint: "Choose another directory, or move that file away.",
  });
}

/**
 * Refuses to go on with an export of something else.
 * @throws SeedBulkError SB_EXPORT_CHANGED
 */
export function refuseOtherExport(dir: string, before: Manifest, now: Manifest): void {
  const subjects = [before, now].map(
    ({ complete: _c, bytes: _b, files: _f, sha256: _s, unfinished: _u, ...subject }) => subject,
  );
  const differences = differencesOf(subjects[0], subjects[1], "");
  if (differences.length === 0) return;
  // A hash says nothing to anybody where something else differs too.
  const told = differences.filter((difference) => !difference.startsWith("planHash ")).slice(0, 10);
  throw new SeedBulkError(
    "SB_EXPORT_CHANGED",
    `${dir} holds an export of something else: ${(told.length > 0 ? told : differences).join("; ")}`,
    { hint: "Choose another directory, or --replace to delete that export's files first." },
  );
}

/** Deletes what an export made, and nothing else; the manifest goes last, so that a second try finds the rest. */
export async function deleteExport(dir: string, { files }: Manifest): Promise<void> {
  for (const { file } of files) {
    const path = join(dir, file);
    await onFile(path, async () => {
      await rm(path, { force: true });
      await rm(partName(path), { force: true });
    });
  }
  const path = join(dir, MANIFEST_NAME);
  await onFile(path, () => rm(path, { force: true }));
}

/** The size of a file; undefined where there is none. */
export async function sizeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.size;
}

/** Writes a manifest: the old one or the new one is there, whatever happens. */
export async function writeManifest(dir: string, manifest: Manifest): Promise<void> {
  const path = join(dir, MANIFEST_NAME);
  await onFile(path, async () => {
    const handle = await open(partName(path), "w");
    try {
      await handle.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partName(path), path);
    await syncDir(dir);
  });
}
