/** Where a row of binary COPY that begins at `at` ends. */
export function rowEnd(bytes: Buffer, at: number): number {
  const count = bytes.readInt16BE(at);
  let end = at + 2;
  for (let field = 0; field < count; field++) end += 4 + Math.max(0, bytes.readInt32BE(end));
  return end;
}

/** The payloads of a row's fields, null for NULL; views of the row's bytes. */
export function fieldsOf(bytes: Buffer, at = 0): (Buffer | null)[] {
  const count = bytes.readInt16BE(at);
  const fields: (Buffer | null)[] = [];
  let from = at + 2;
  for (let field = 0; field < count; field++) {
    const length = bytes.readInt32BE(from);
    from += 4;
    fields.push(length < 0 ? null : bytes.subarray(from, from + length));
    from += Math.max(0, length);
  }
  return fields;
}

/** The number in an ID's field; NaN for NULL or a payload of another size. Beyond 2^53 it is the nearest double. */
export function idOf(fields: readonly (Buffer | null)[], place: number): number {
  const field = fields[place];
  if (field?.length === 8) return Number(field.readBigInt64BE());
  if (field?.length === 4) return field.readInt32BE();
  return field?.length === 2 ? field.readInt16BE() : Number.NaN;
}

/** Whether two fields are the same bytes, or both NULL. */
export function sameField(a: Buffer | null, b: Buffer | null): boolean {
  return a === null || b === null ? a === b : a.equals(b);
}
