import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fileError } from "../../../src/export/file-errors.js";
import { inOrder } from "../../../src/export/in-order.js";
import { piecesOf, plannedFiles } from "../../../src/export/layout.js";
import { planned } from "../../support/planned.js";

describe("the files of an export", () => {
  it("cover every row of every entity once, in ID order", async () => {
    const { plan } = await planned("demo");
    fc.assert(
      fc.property(
        fc.option(fc.integer({ min: 1, max: 5000 })),
        fc.constantFrom("csv", "jsonl", "parquet"),
        (rowsPerFile, format) => {
          const files = plannedFiles(plan, { format: format as "csv", compression: null, rowsPerFile });
          expect(new Set(files.map(({ file }) => file)).size).toBe(files.length);
          for (const { entity, rows } of plan.entities) {
            const own = files.filter((file) => file.entity === entity);
            expect(own[0].start).toBe(0);
            expect(own.at(-1)!.end).toBe(rows);
            for (let i = 1; i < own.length; i++) expect(own[i].start).toBe(own[i - 1].end);
          }
        },
      ),
    );
  });

  it("are made of pieces that cover them", () => {
    fc.assert(
      fc.property(fc.nat(50_000), fc.nat(50_000), fc.integer({ min: 1, max: 5000 }), (start, length, rowBytes) => {
        const pieces = [...piecesOf({ entity: "e", start, end: start + length }, rowBytes)];
        expect(pieces.reduce((sum, piece) => sum + piece.end - piece.start, 0)).toBe(length);
        for (const [i, piece] of pieces.entries()) expect(piece.start).toBe(i === 0 ? start : pieces[i - 1].end);
      }),
    );
  });

  it("have names that file systems take", async () => {
    const { plan } = await planned("demo");
    const [first] = plan.entities;
    const odd = { ...plan, entities: [{ ...first, entity: "../a b/é.x" }] };
    const [{ file }] = plannedFiles(odd, { format: "csv", compression: "zstd", rowsPerFile: null });
    expect(file).toBe("%2E.%2Fa%20b%2F%C3%A9.x.csv.zst");
  });
});

describe("inOrder", () => {
  it("hands results over in the order of their jobs, few at a time", async () => {
    const taken: number[] = [];
    let underWay = 0;
    let most = 0;
    await inOrder(
      Array.from({ length: 40 }, (_, i) => i),
      5,
      async (job) => {
        most = Math.max(most, ++underWay);
        await delay((job * 7) % 5);
        return job * 2;
      },
      async (job, result) => {
        expect(result).toBe(job * 2);
        underWay--;
        taken.push(job);
      },
    );
    expect(taken).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(most).toBe(5);
  });

  it("starts nothing more after a failure", async () => {
    let made = 0;
    const run = inOrder(
      Array.from({ length: 100 }, (_, i) => i),
      3,
      async (job) => {
        made++;
        if (job === 4) throw new Error("broken");
      },
      async () => {},
    );
    await expect(run).rejects.toThrow("broken");
    expect(made).toBeLessThanOrEqual(8);
  });
});

it("a full disk is told as that, and any other failure of a file as another", () => {
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  expect(fileError("/x", full)).toMatchObject({ code: "SB_DISK_FULL", exitCode: 1 });
  const denied = Object.assign(new Error("EACCES"), { code: "EACCES" });
  expect(fileError("/x", denied)).toMatchObject({ code: "SB_EXPORT_FAILED", exitCode: 1 });
});
