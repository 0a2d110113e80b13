import { join } from "node:path";
import type { Plan } from "../model/plan.js";
import type { Universe } from "../model/universe.js";
import { type Encoded, type Encoders, interrupted } from "./encoders.js";
import { inOrder } from "./in-order.js";
import { filePieces, type Piece } from "./jobs.js";
import type { Journal } from "./journal.js";
import type { PlannedFile } from "./layout.js";
import { OutputFile } from "./output-file.js";
import type { ExportFormat } from "./protocol.js";

export interface TextFilesOptions {
  readonly universe: Universe;
  readonly plan: Plan;
  readonly format: ExportFormat;
  /** Those that are not done yet. */
  readonly files: readonly PlannedFile[];
  readonly journal: Journal;
  readonly encoders: Encoders;
  readonly signal?: AbortSignal | undefined;
}

/** A step of the writer: what to write, or where a file begins and ends. */
type Step =
  | {
      readonly kind: "open";
      readonly file: PlannedFile;
      readonly pieces: number;
      readonly output: OutputFile | undefined;
    }
  | { readonly kind: "piece"; readonly piece: Piece }
  | { readonly kind: "close" };

/**
 * Writes files of text: threads encode pieces side by side, and they are appended in their order. A file under way is
 * synced and noted in the journal now and then, so that an export that is killed loses little of it.
 * @throws SeedBulkError what encoding and writing throw
 */
export async function writeTextFiles(options: TextFilesOptions): Promise<void> {
  const { journal, encoders, files, signal } = options;
  const writer = new FileWriter(journal);
  // Only the first file can be one that an earlier process left: files are made one after another.
  const resumed = await reopen(options);
  const make = (step: Step): Promise<Encoded | undefined> => {
    if (step.kind !== "piece") return Promise.resolve(undefined);
    return step.piece.kind === "text" ? encoders.text(step.piece.text) : encoders.rows(step.piece);
  };
  try {
    await inOrder(steps(options, files, resumed), encoders.window, make, async (step, encoded) => {
      if (signal?.aborted) throw interrupted();
      if (step.kind === "open") await writer.open(step.file, step.pieces, step.output);
      else if (step.kind === "close") await writer.close();
      else {
        await writer.append(encoded!.bytes);
        encoded!.release();
      }
    });
  } catch (error) {
    // What is written so far is worth keeping, if the disk still takes a word.
    await writer.note().catch(() => {});
    throw error;
  } finally {
    await writer.abandon();
  }
}

interface Resumed {
  readonly file: string;
  readonly pieces: number;
  readonly output: OutputFile;
}

async function reopen({ files, journal }: TextFilesOptions): Promise<Resumed | undefined> {
  for (const { file } of files) {
    const left = journal.unfinished(file);
    if (left === undefined) continue;
    const output = await OutputFile.reopen(join(journal.dir, file), left.bytes);
    return output && { file, pieces: left.pieces, output };
  }
  return undefined;
}

function* steps(
  options: TextFilesOptions,
  files: readonly PlannedFile[],
  resumed: Resumed | undefined,
): Generator<Step> {
  for (const file of files) {
    const known = resumed?.file === file.file ? resumed : undefined;
    yield { kind: "open", file, pieces: known?.pieces ?? 0, output: known?.output };
    let place = 0;
    for (const piece of filePieces(file, options)) {
      if (place++ >= (known?.pieces ?? 0)) yield { kind: "piece", piece };
      else if (piece.kind === "rows") options.encoders.skip(piece);
    }
    yield { kind: "close" };
  }
}

/** The file that is being written. */
class FileWriter {
  readonly #journal: Journal;
  #file = "";
  #pieces = 0;
  #output: OutputFile | undefined;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  async open({ file }: PlannedFile, pieces: number, output: OutputFile | undefined): Promise<void> {
    this.#file = file;
    this.#pieces = pieces;
    this.#output = output ?? (await OutputFile.create(join(this.#journal.dir, file)));
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#output!.append(bytes);
    this.#pieces++;
    if (this.#journal.isDue) await this.note();
  }

  /** Makes what is written of the file last, and notes it. */
  async note(): Promise<void> {
    if (this.#output === undefined) return this.#journal.save();
    await this.#output.sync();
    await this.#journal.reached({ file: this.#file, pieces: this.#pieces, bytes: this.#output.bytes });
  }

  async close(): Promise<void> {
    const made = await this.#output!.finish();
    this.#output = undefined;
    await this.#journal.finished(this.#file, made);
  }

  async abandon(): Promise<void> {
    await this.#output?.abandon();
  }
}
