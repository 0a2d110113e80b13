import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { COPY_HEADER, COPY_TRAILER } from "../../src/encode/copy-binary.js";
import { ChunkBuffers, entityWriter } from "../../src/engine/threads/entity-writer.js";
import { type Plan, shardsOf } from "../../src/model/plan.js";
import type { Universe } from "../../src/model/universe.js";
import { copyStatement } from "../../src/postgres/copy-sink.js";
import type { ReadyFile } from "../tasks.js";

/**
 * Writes a plan's shards as files of binary COPY, in the order in which the engine would load them. They are in the
 * page cache afterwards, as far as memory allows: reading them costs no disk.
 * @param folder an empty directory; the caller removes it
 * @param schema the tables' schema
 */
export async function writeReadyFiles(
  universe: Universe,
  plan: Plan,
  { folder, schema }: { readonly folder: string; readonly schema: string },
): Promise<ReadyFile[]> {
  const buffers = new ChunkBuffers();
  const files: ReadyFile[] = [];
  for (const { entity, index, start, end } of shardsOf(plan)) {
    const file = join(folder, `${entity}.${index}.copy`);
    const descriptor = openSync(file, "w");
    try {
      writeSync(descriptor, COPY_HEADER);
      const bytes = await entityWriter(universe, entity, buffers).write(start, end, (chunk) => {
        for (let at = 0; at < chunk.length; ) at += writeSync(descriptor, chunk, at);
        return undefined;
      });
      writeSync(descriptor, COPY_TRAILER);
      files.push({ file, statement: copyStatement(schema, universe.entity(entity)), rows: end - start, bytes });
    } finally {
      closeSync(descriptor);
    }
  }
  return files;
}
