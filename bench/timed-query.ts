/** A query whose time is measured. */
export interface TimedQuery {
  readonly name: string;
  readonly sql: string;
}

/**
 * The queries of a file: each behind a line `-- name: top customers`, up to the next of these.
 * @returns none where no line names one
 */
export function readQueries(text: string): TimedQuery[] {
  const [, ...parts] = text.split(/^--\s*name:\s*(?=\S)/m);
  return parts.map((part) => {
    const [name, ...lines] = part.split("\n");
    return { name: name.trim(), sql: lines.join("\n").trim().replace(/;\s*$/, "") };
  });
}
