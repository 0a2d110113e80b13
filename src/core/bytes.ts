/**
 * Appends `length` bytes of a dictionary's word at `to`, four at a time: words start at multiples of four,
 * and a store of four bytes costs what a store of one does.
 */
export function copyWord(quads: Int32Array, start: number, length: number, target: DataView, to: number): void {
  let quad = start >>> 2;
  const whole = to + (length & ~3);
  let at = to;
  for (; at < whole; at += 4) target.setInt32(at, quads[quad++], true);
  const rest = length & 3;
  if (rest === 0) return;
  const last = quads[quad];
  target.setUint8(at, last);
  if (rest > 1) target.setUint8(at + 1, last >>> 8);
  if (rest > 2) target.setUint8(at + 2, last >>> 16);
}

/** Appends bytes `[start, end)` of a text vector at `to`, four at a time, wherever they start. */
export function copyText(source: DataView, start: number, end: number, target: DataView, to: number): void {
  const shift = to - start;
  let at = start;
  for (const whole = end - 3; at < whole; at += 4) target.setInt32(at + shift, source.getInt32(at, true), true);
  for (; at < end; at++) target.setUint8(at + shift, source.getUint8(at));
}

/** The same memory as a view, as long as nothing else takes its place. */
export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Writes a whole number's decimal digits at `to`, padded with zeros to `width`. */
export function writeDigits(value: number, width: number, target: Uint8Array, to: number): void {
  let rest = value;
  for (let at = to + width - 1; at >= to; at--) {
    const tenth = Math.floor(rest / 10);
    target[at] = 48 + (rest - tenth * 10);
    rest = tenth;
  }
}

/** How many decimal digits a whole number >= 0 has. */
export function digitCount(value: number): number {
  let count = 1;
  for (let bound = 10; value >= bound; bound *= 10) count++;
  return count;
}
