import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { SeedBulkError } from "../../errors.js";
import { MANIFEST_NAME, type Manifest, readManifest } from "../../export/manifest.js";
import type { Rooms } from "../rooms.js";
import { ExportedFileQuery, ExportedFiles, WholeJobQuery } from "../schemas.js";
import { API, answers } from "./schema.js";

/** What exports have written, for whoever has only the page: a list, and each file. */
export function addFileRoutes(app: FastifyInstance, { services }: Rooms): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  const manifestOf = async (jobId: string): Promise<Manifest> => {
    const manifest = await readManifest(join(services.exportsDir, jobId));
    if (manifest?.complete) return manifest;
    throw new SeedBulkError("SB_JOB_STATE", `there is no finished export ${jobId} in this server's home`);
  };
  api.get(
    `${API}/files`,
    {
      schema: {
        summary: "the files of an export",
        querystring: WholeJobQuery,
        response: answers({ 200: ExportedFiles }),
      },
    },
    async ({ query: { jobId } }) => {
      const { files, rows, bytes, sha256 } = await manifestOf(jobId);
      return {
        rows,
        bytes,
        sha256,
        files: files.map(({ file, entity, rows, bytes, sha256 }) => ({ file, entity, rows, bytes, sha256 })),
      };
    },
  );
  api.get(
    `${API}/file`,
    { schema: { summary: "one file of an export, to be kept", querystring: ExportedFileQuery, response: answers({}) } },
    async ({ query: { jobId, file } }, reply) => {
      const { files } = await manifestOf(jobId);
      // What the manifest does not name is nobody's to ask for, whatever lies there.
      const found = file === MANIFEST_NAME ? { bytes: null } : files.find((one) => one.file === file);
      if (found === undefined) throw new SeedBulkError("SB_JOB_STATE", `the export ${jobId} has no file "${file}"`);
      if (found.bytes !== null) reply.header("content-length", found.bytes);
      return reply
        .header("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(file)}`)
        .type("application/octet-stream")
        .send(createReadStream(join(services.exportsDir, jobId, file)) as never);
    },
  );
}
