import { describe, expect, it } from "vitest";
import { adviceOf, type Waits } from "../../../src/fleet/pace.js";

const waits = (of: Readonly<Record<string, number>>): Waits => new Map(Object.entries(of));

describe("whether another machine would help", () => {
  it("is said only where rows are being loaded", () => {
    expect(adviceOf(waits({}), [])).toBeUndefined();
  });

  it("hangs on who waits for whom", () => {
    expect(adviceOf(waits({ "Client:ClientRead": 6, CPU: 2 }), [])).toMatch(/waits for rows \(75% .*would help/);
    const busy = adviceOf(waits({ "LWLock:WALWrite": 5, "Client:ClientRead": 2, CPU: 3 }), []);
    expect(busy).toMatch(/LWLock:WALWrite 50%, CPU 30%.*hardly help\.$/);
  });

  it("is also what the last ones have added", () => {
    const busy = waits({ CPU: 8 });
    const flat = [
      { workers: 2, rowsPerSecond: 1000 },
      { workers: 4, rowsPerSecond: 1050 },
    ];
    expect(adviceOf(busy, flat)).toMatch(/4 processes make no more rows a second than 2 did/);
    expect(adviceOf(busy, [flat[0], { workers: 4, rowsPerSecond: 1600 }])).not.toMatch(/no more rows/);
    // One that left says nothing of those that came.
    expect(adviceOf(busy, flat.toReversed())).not.toMatch(/no more rows/);
  });
});
