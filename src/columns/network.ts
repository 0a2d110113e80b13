import { fillBits } from "../core/random.js";
import { INET } from "../core/sql-type.js";
import { BATCH_ROWS_MAX } from "../core/vectors.js";
import type { Column } from "./column.js";
import { numbers } from "./values.js";

/** The three blocks set aside for documentation (RFC 5737), as the numbers of their first addresses. */
const DOCUMENTATION_BLOCKS = [0xc0_00_02_00, 0xc6_33_64_00, 0xcb_00_71_00];

/** An IPv4 address that belongs to nobody: 192.0.2.0/24, 198.51.100.0/24 or 203.0.113.0/24, hosts 1 to 254. */
export function documentationAddress(): Column {
  return numbers({ type: INET, about: "an address of the blocks for documentation (RFC 5737)" }, (context) => {
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        out[i] = addressOf(bits[i]);
      }
    };
  });
}

/** The address of blocks set aside for documentation that 32 random bits choose. */
export function addressOf(bits: number): number {
  return DOCUMENTATION_BLOCKS[(bits >>> 16) % 3] + 1 + ((bits & 0xffff) % 254);
}
