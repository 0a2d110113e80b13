import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { workerData } from "node:worker_threads";
import { from as copyFrom } from "pg-copy-streams";
import { CHUNK_BYTES_TARGET } from "../../src/engine/threads/entity-writer.js";
import { close, connect } from "../../src/postgres/connection.js";
import type { CopyThreadData } from "./copy-file.js";
import { whenAllAreReady } from "./threads.js";

const { url, files, next } = workerData as CopyThreadData;
const taken = new Int32Array(next);
const client = await connect(url, "bench copy-file");
await whenAllAreReady(async () => {
  for (let at = Atomics.add(taken, 0, 1); at < files.length; at = Atomics.add(taken, 0, 1)) {
    const { file, statement } = files[at];
    await pipeline(createReadStream(file, { highWaterMark: CHUNK_BYTES_TARGET }), client.query(copyFrom(statement)));
  }
});
await close(client);
