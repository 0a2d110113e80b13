/** Quotes an identifier, whatever it holds. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Quotes a text as an SQL literal; with a backslash, as an escape string. */
export function quoteLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes("\\") ? `E${quoted.replaceAll("\\", "\\\\")}` : quoted;
}

/** A table's name with its schema, quoted. */
export function qualified(schema: string, name: string): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

/** Postgres keeps this much of a name and cuts the rest off without an error. */
export const NAME_BYTES_MAX = 63;

/** A name of parts, bounded: Postgres would cut the rest off, two long names into one. */
export function boundedName(...parts: readonly string[]): string {
  const full = parts.join("_");
  if (Buffer.byteLength(full) <= NAME_BYTES_MAX) return full;
  let sum = 0;
  for (const byte of Buffer.from(full)) sum = (Math.imul(sum, 31) + byte) >>> 0;
  let kept = full;
  while (Buffer.byteLength(kept) > 54) kept = kept.slice(0, -1);
  return `${kept}_${sum.toString(16).padStart(8, "0")}`;
}
