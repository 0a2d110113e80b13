import { fstatSync, write } from "node:fs";
import { Socket } from "node:net";
import { SeedBulkError } from "../errors.js";
import { fileError } from "./file-errors.js";

/** Where a stream of bytes goes. */
export interface StreamOutput {
  /**
   * Resolves once the bytes are on their way and may be overwritten.
   * @throws what the system says, EPIPE as it is; SB_INTERRUPTED after an abort
   */
  write(bytes: Uint8Array): Promise<void>;
}

/**
 * Opens a file descriptor for writing. A pipe is written to as a socket is: a call that waits until somebody reads,
 * as process.stdout makes, would hold the process up, and so would a thread that waits in one when the process exits.
 */
export function openOutput(descriptor: number, signal: AbortSignal | undefined): StreamOutput {
  const found = fstatSync(descriptor);
  return found.isFIFO() || found.isSocket() ? pipeOutput(descriptor, signal) : fileOutput(descriptor, signal);
}

function pipeOutput(descriptor: number, signal: AbortSignal | undefined): StreamOutput {
  const socket = new Socket({ fd: descriptor, readable: false, writable: true });
  // Each write hears of its own error.
  socket.on("error", () => {});
  signal?.addEventListener("abort", () => socket.destroy(stopped()), { once: true });
  if (signal?.aborted) socket.destroy(stopped());
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
  };
}

/** A file or a terminal. */
function fileOutput(descriptor: number, signal: AbortSignal | undefined): StreamOutput {
  return {
    async write(bytes) {
      for (let done = 0; done < bytes.length; ) {
        if (signal?.aborted) throw stopped();
        done += await writeSome(descriptor, bytes.subarray(done));
      }
    },
  };
}

function writeSome(descriptor: number, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    write(descriptor, bytes, 0, bytes.length, null, (error, written) => {
      if (error) reject(fileError("standard output", error));
      else resolve(written);
    });
  });
}

function stopped(): SeedBulkError {
  return new SeedBulkError("SB_INTERRUPTED", "stopped while writing");
}
