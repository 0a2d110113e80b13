const encoder = new TextEncoder();

/** The OID of text, in every Postgres. */
const TEXT_OID = 25;

/**
 * An array of texts as Postgres receives text[]: one dimension, no NULLs, the element type's OID (25), then the
 * dimension's size and lower bound, then the elements. An empty array has no dimension.
 */
export function encodeTextArray(texts: readonly string[]): Uint8Array {
  const encoded = texts.map((text) => encoder.encode(text));
  const size = texts.length === 0 ? 12 : 20 + encoded.reduce((sum, element) => sum + 4 + element.length, 0);
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  view.setInt32(0, texts.length === 0 ? 0 : 1);
  view.setInt32(8, TEXT_OID);
  if (texts.length === 0) return out;
  view.setInt32(12, texts.length);
  view.setInt32(16, 1);
  let at = 20;
  for (const element of encoded) {
    view.setInt32(at, element.length);
    out.set(element, at + 4);
    at += 4 + element.length;
  }
  return out;
}
