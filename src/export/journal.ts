import { join } from "node:path";
import { SeedBulkError } from "../errors.js";
import {
  deleteExport,
  digestOfAll,
  type Manifest,
  type ManifestFile,
  readManifest,
  refuseOtherExport,
  sizeOf,
  type Unfinished,
  writeManifest,
} from "./manifest.js";

/** Between two writings of the manifest: what a killed export may have to make again. */
const SAVE_INTERVAL_MS = 1000;

export interface JournalOptions {
  /** Delete what an export of something else, or of the same, left in the directory. */
  readonly replace: boolean;
  readonly onNotice?: ((message: string) => void) | undefined;
}

/** What of an export is done, in memory and, a little later, in its manifest. */
export class Journal {
  readonly dir: string;
  readonly #subject: Manifest;
  /** By name, in the manifest's order. */
  readonly #files: Map<string, ManifestFile>;
  #unfinished: Unfinished | null;
  #savedMs = performance.now();

  private constructor(dir: string, manifest: Manifest) {
    this.dir = dir;
    this.#subject = manifest;
    this.#files = new Map(manifest.files.map((file) => [file.file, file]));
    this.#unfinished = manifest.unfinished;
  }

  /**
   * Opens a directory for an export, or for going on with it.
   * @param fresh the manifest of the export, with nothing done
   * @throws SeedBulkError SB_EXPORT_CHANGED, SB_FILE_EXISTS
   */
  static async open(dir: string, fresh: Manifest, { replace, onNotice }: JournalOptions): Promise<Journal> {
    const before = await readManifest(dir);
    if (before !== undefined && !replace) {
      refuseOtherExport(dir, before, fresh);
      return new Journal(dir, await withoutLost(dir, { ...fresh, ...before }, onNotice));
    }
    if (before !== undefined) await deleteExport(dir, before);
    await refuseForeignFiles(dir, fresh);
    // Written first: whatever has one of these names from now on is this export's.
    await writeManifest(dir, fresh);
    return new Journal(dir, fresh);
  }

  /** The manifest as things stand. */
  get manifest(): Manifest {
    const files = [...this.#files.values()];
    return {
      ...this.#subject,
      complete: files.every(({ bytes }) => bytes !== null),
      bytes: files.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
      files,
      sha256: digestOfAll(files),
      unfinished: this.#unfinished,
    };
  }

  isDone(file: string): boolean {
    return this.#files.get(file)?.bytes !== null;
  }

  /** How much of a file an earlier process has left; undefined where it left none of it. */
  unfinished(file: string): Unfinished | undefined {
    return this.#unfinished?.file === file ? this.#unfinished : undefined;
  }

  /** Notes that a file is whole and has its name. */
  async finished(file: string, made: { readonly bytes: number; readonly sha256: string }): Promise<void> {
    this.#files.set(file, { ...this.#files.get(file)!, ...made });
    if (this.unfinished(file)) this.#unfinished = null;
    if (this.isDue) await this.save();
  }

  /** Notes how much of the file under way is on the disk. */
  async reached(unfinished: Unfinished): Promise<void> {
    this.#unfinished = unfinished;
    await this.save();
  }

  /** Whether the manifest has not been written for a while. */
  get isDue(): boolean {
    return performance.now() - this.#savedMs >= SAVE_INTERVAL_MS;
  }

  async save(): Promise<void> {
    await writeManifest(this.dir, this.manifest);
    this.#savedMs = performance.now();
  }
}

/** A manifest without the files that are gone or have another size than they had: they are made again. */
async function withoutLost(dir: string, manifest: Manifest, onNotice: JournalOptions["onNotice"]): Promise<Manifest> {
  const files: ManifestFile[] = [];
  for (const known of manifest.files) {
    const size = known.bytes === null ? null : await sizeOf(join(dir, known.file));
    if (size === known.bytes) files.push(known);
    else {
      const problem = size === undefined ? "is gone" : `has ${size} bytes where ${known.bytes} were written`;
      onNotice?.(`${known.file} ${problem}: it is made again`);
      files.push({ ...known, bytes: null, sha256: null });
    }
  }
  return { ...manifest, files };
}

/** @throws SeedBulkError SB_FILE_EXISTS */
async function refuseForeignFiles(dir: string, { files }: Manifest): Promise<void> {
  for (const { file } of files) {
    if ((await sizeOf(join(dir, file))) === undefined) continue;
    throw new SeedBulkError(
      "SB_FILE_EXISTS",
      `${join(dir, file)} is there already, and no export in that directory made it`,
      {
        hint: "Choose another directory, or move that file away.",
      },
    );
  }
}
