import * as zlib from "node:zlib";
import type { Compression } from "./protocol.js";

/** Compresses a piece of a file by itself: pieces one after another are a file that every reader of the format takes. */
export type Compress = (bytes: Uint8Array) => Uint8Array;

type ZstdSync = (bytes: Uint8Array) => Buffer;

/** The compressor of a format. Zstandard comes from zlib where this Node has it (22.15 on), else from WebAssembly. */
export async function compressor(compression: Compression | null): Promise<Compress | undefined> {
  if (compression === null) return undefined;
  if (compression === "gzip") return (bytes) => zlib.gzipSync(bytes);
  const native = (zlib as { zstdCompressSync?: ZstdSync }).zstdCompressSync;
  if (native !== undefined) return (bytes) => native(bytes);
  const { Zstd } = await import("@hpcc-js/wasm-zstd");
  const zstd = await Zstd.load();
  return (bytes) => zstd.compress(bytes);
}
