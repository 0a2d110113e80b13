import { api, fileAddress, keepFile } from "../api/client.js";
import { token } from "../api/token.js";
import { useLoaded } from "../state/loaded.js";
import { byteText, whole } from "../text/quantities.js";
import { Name } from "./name.js";
import { ProblemBox } from "./problem-box.js";
import { Scroll } from "./scroll.js";

/** The files of an export that is done, to be kept. */
export function ExportedFilesSection({ jobId, dir }: { jobId: string; dir: string | undefined }) {
  const { value, problem } = useLoaded(jobId, () => api.files(jobId));
  const files =
    value === undefined ? [] : [...value.files, { file: "manifest.json", rows: 0, bytes: null, entity: null }];
  return (
    <section class="panel" aria-labelledby="files-heading">
      <h2 id="files-heading">Files</h2>
      {problem && <ProblemBox problem={problem} />}
      {value && (
        <>
          <p class="note">
            {whole(value.rows)} rows, {byteText(value.bytes)}
            {dir && `; in the server's home, ${dir}`}.
            {value.files.some(({ file }) => file === "schema.sql") &&
              " schema.sql makes their tables, keys.sql the keys and indexes once the rows are in."}
          </p>
          <Scroll label="Files of the export">
            <table>
              <thead>
                <tr>
                  <th scope="col">File</th>
                  <th scope="col" class="number">
                    Rows
                  </th>
                  <th scope="col" class="number">
                    Bytes
                  </th>
                </tr>
              </thead>
              <tbody>
                {files.map(({ file, entity, rows, bytes }) => (
                  <tr key={file}>
                    <th scope="row" class="name">
                      <FileLink jobId={jobId} file={file} />
                    </th>
                    <td class="number">{entity === null ? "" : whole(rows)}</td>
                    <td class="number">{bytes === null ? "" : byteText(bytes)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        </>
      )}
    </section>
  );
}

/** A plain link where the server asks for no token: the browser then writes large files as they come. */
function FileLink({ jobId, file }: { jobId: string; file: string }) {
  if (token.value === null) {
    return (
      <a href={fileAddress(jobId, file)} download={file}>
        <Name of={file} />
      </a>
    );
  }
  return (
    <button type="button" class="link" onClick={() => void keepFile(jobId, file)}>
      <Name of={file} />
    </button>
  );
}
