import type { ReadyFile } from "../tasks.js";

/** `\copy` of ready files, for psql's standard input. */
export function copyScript(files: readonly ReadyFile[]): string {
  return files
    .map(({ file, statement }) => `\\copy ${copyTarget(statement)} '${file}' WITH (FORMAT binary)\n`)
    .join("");
}

/** `schema.table (columns) FROM` of `COPY … FROM STDIN WITH (…)`. */
function copyTarget(statement: string): string {
  return statement.replace(/^COPY /, "").replace(/ STDIN WITH .*$/, "");
}

/**
 * Deals files out so that each connection gets about as many bytes: the largest first, each to whoever has least.
 * @param connections at least 1
 */
export function dealFiles(files: readonly ReadyFile[], connections: number): ReadyFile[][] {
  const hands = Array.from({ length: connections }, () => ({ files: [] as ReadyFile[], bytes: 0 }));
  for (const file of files.toSorted((a, b) => b.bytes - a.bytes)) {
    const hand = hands.reduce((least, next) => (next.bytes < least.bytes ? next : least));
    hand.files.push(file);
    hand.bytes += file.bytes;
  }
  return hands.map((hand) => hand.files);
}

/**
 * Contacts made by the server alone, IDs `[start, end)`: as full as the model's, though not as likely.
 * @param insert `INSERT INTO … (…)` with the columns of the contacts table
 * @param schema holds the enum types
 */
export function seriesStatement(
  insert: string,
  schema: string,
  { start, end }: { start: number; end: number },
): string {
  const pick = (...words: string[]): string =>
    `(ARRAY[${words.map((word) => `'${word}'`).join(", ")}])[1 + floor(random() * ${words.length})::int]`;
  const names = pick("Mary", "James", "Linda", "Robert", "Ana", "Wei", "Omar", "Ingrid");
  return (
    `${insert} SELECT i, 1 + i % 100, ${names}, ${pick("Smith", "Jones", "Garcia", "Chen", "Okafor", "Larsen")}, ` +
    `'person' || i || '@example.com', '+1212555' || lpad((i % 10000)::text, 4, '0'), ` +
    `(1 + floor(random() * 9899))::int || ' ' || ${pick("Oak Street", "Main Street", "Park Avenue", "Elm Drive")}, ` +
    `CASE WHEN random() < 0.22 THEN 'Apt ' || (1 + floor(random() * 420))::int END, ` +
    `lpad((floor(random() * 99999))::int::text, 5, '0'), ${pick("Springfield", "Riverside", "Franklin", "Clinton")}, ` +
    `${pick("CA", "TX", "NY", "FL")}, ` +
    `${pick("lead", "prospect", "customer", "loyal", "churned")}::"${schema}"."lifecycle_stage", ` +
    `${pick("list_import", "web_form", "referral", "event", "in_store")}::"${schema}"."contact_source", ` +
    `floor(random() * 101)::int2, CASE WHEN random() < 0.62 THEN date '1950-01-01' + floor(random() * 20000)::int END, ` +
    `ARRAY[${pick("vip", "newsletter", "promo")}], random() < 0.71, ` +
    `timestamptz '2024-01-01Z' + random() * interval '180 days', timestamptz '2024-07-01Z' + random() * interval '180 days' ` +
    `FROM generate_series(${start}, ${end - 1}) AS i`
  );
}
