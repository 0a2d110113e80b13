import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { fileError, onFile } from "./file-errors.js";

/** The name that a file has until it is whole. */
export function partName(path: string): string {
  return `${path}.part`;
}

/** Gives a whole and synced file its name, and makes the name last. */
export async function publish(path: string): Promise<void> {
  await onFile(path, async () => {
    await rename(partName(path), path);
    await syncDir(dirname(path));
  });
}

/** A rename is lost in a power cut unless its directory is synced; Windows syncs none. */
export async function syncDir(dir: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(dir, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A file that grows under another name and gets its own once it is whole. */
export class OutputFile {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #hash: Hash;
  #bytes: number;

  private constructor(path: string, handle: FileHandle, hash: Hash, bytes: number) {
    this.path = path;
    this.#handle = handle;
    this.#hash = hash;
    this.#bytes = bytes;
  }

  /** Starts a file anew. */
  static async create(path: string): Promise<OutputFile> {
    const handle = await onFile(path, () => open(partName(path), "w"));
    return new OutputFile(path, handle, createHash("sha256"), 0);
  }

  /**
   * Goes on with what an earlier process left, behind its first `bytes` bytes.
   * @returns undefined where so much is not there
   */
  static async reopen(path: string, bytes: number): Promise<OutputFile | undefined> {
    const part = partName(path);
    let handle: FileHandle;
    try {
      handle = await open(part, "r+");
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw fileError(path, cause);
    }
    try {
      if ((await handle.stat()).size < bytes) {
        await handle.close();
        return undefined;
      }
      await handle.truncate(bytes);
      const hash = createHash("sha256");
      if (bytes > 0) for await (const chunk of createReadStream(part, { end: bytes - 1 })) hash.update(chunk as Buffer);
      return new OutputFile(path, handle, hash, bytes);
    } catch (cause) {
      await handle.close().catch(() => {});
      throw fileError(path, cause);
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  async append(bytes: Uint8Array): Promise<void> {
    const written = this.#write(bytes);
    // Hashed while the operating system takes the bytes.
    this.#hash.update(bytes);
    await written;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    await onFile(this.path, async () => {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, this.#bytes + done);
        done += bytesWritten;
      }
    });
    this.#bytes += bytes.length;
  }

  /** Makes what is written so far last. */
  async sync(): Promise<void> {
    await onFile(this.path, () => this.#handle.datasync());
  }

  /** Syncs the file and gives it its name. */
  async finish(): Promise<{ readonly bytes: number; readonly sha256: string }> {
    await onFile(this.path, async () => {
      await this.#handle.sync();
      await this.#handle.close();
    });
    await publish(this.path);
    return { bytes: this.#bytes, sha256: this.#hash.digest("hex") };
  }

  /** Lets go of an unfinished file; what was written stays. */
  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => {});
  }
}
