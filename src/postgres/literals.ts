import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { COPY_HEADER } from "../encode/copy-binary.js";
import type { LiteralForms } from "../encode/literals.js";
import { SeedBulkError } from "../errors.js";
import type { Entity } from "../model/entity.js";
import { quoteLiteral } from "./identifiers.js";

/**
 * Asks the server for the binary forms of all literals that entities have of types without an encoder here.
 * @param client in a transaction of ours
 * @throws SeedBulkError SB_VALUE_INVALID where the server does not take one of them, or does not know the type
 */
export async function literalForms(client: pg.Client, entities: readonly Entity[]): Promise<LiteralForms | undefined> {
  const wanted = new Map<string, Set<string>>();
  for (const { columns } of entities) {
    for (const { type, literals } of Object.values(columns)) {
      if (type.name !== "other") continue;
      const known = wanted.get(type.sql) ?? new Set();
      for (const literal of literals ?? []) known.add(literal);
      wanted.set(type.sql, known);
    }
  }
  if (wanted.size === 0) return undefined;
  const forms: Record<string, Record<string, Uint8Array>> = {};
  for (const [sql, literals] of wanted) if (literals.size > 0) forms[sql] = await formsOf(client, sql, [...literals]);
  return forms;
}

async function formsOf(
  client: pg.Client,
  sql: string,
  literals: readonly string[],
): Promise<Record<string, Uint8Array>> {
  const rows = literals.map((literal, at) => `(${at}, ${quoteLiteral(literal)}::${sql})`);
  const query = `COPY (SELECT v FROM (VALUES ${rows.join(", ")}) AS t(i, v) ORDER BY i) TO STDOUT (FORMAT binary)`;
  const chunks: Buffer[] = [];
  try {
    await pipeline(client.query(copyTo(query)), async (source: AsyncIterable<Buffer>) => {
      for await (const chunk of source) chunks.push(chunk);
    });
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    // 22: data exception; 42: no such type.
    if (!/^(22|42)/.test(code ?? "")) throw cause;
    throw new SeedBulkError("SB_VALUE_INVALID", `the server does not take a value of the type ${sql}: ${message}`, {
      cause,
      hint: "Write values as Postgres reads them, and types of extensions or of your own with their schema: public.citext.",
    });
  }
  const bytes = Buffer.concat(chunks);
  const forms: Record<string, Uint8Array> = {};
  let at = COPY_HEADER.length;
  for (const literal of literals) {
    // One field a row: its count, its length, its bytes.
    const length = bytes.readInt32BE(at + 2);
    forms[literal] = Uint8Array.from(bytes.subarray(at + 6, at + 6 + length));
    at += 6 + length;
  }
  return forms;
}
