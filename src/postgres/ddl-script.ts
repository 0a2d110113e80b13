import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { from as copyFrom } from "pg-copy-streams";
import { SeedBulkError } from "../errors.js";
import { close, connect } from "./connection.js";
import { quoteIdentifier } from "./identifiers.js";

/** What the embedded server's databases of scripts begin with. */
const PREFIX = "ddl_";
const NAME_LETTERS_MAX = 50;

/**
 * Makes a database of its own for a script of DDL on the embedded server, in the place of an earlier one of the name, and
 * runs the script in it. Commands of psql's are left out, and rows that a dump holds are loaded.
 * @param url of any database of the server
 * @returns its address
 * @throws SeedBulkError SB_DDL_FAILED with the line of the script
 */
export async function databaseOfDdl(
  url: string,
  { name, script }: { readonly name: string; readonly script: string },
): Promise<string> {
  const database = `${PREFIX}${name
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "_")
    .slice(0, NAME_LETTERS_MAX)}`;
  const server = await connect(url, "ddl");
  try {
    await server.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(database)} WITH (FORCE)`);
    await server.query(`CREATE DATABASE ${quoteIdentifier(database)} TEMPLATE template0 ENCODING 'UTF8'`);
  } finally {
    await close(server);
  }
  // An address of a socket has no host, which URL does not read.
  const own = url.replace(/^([a-z]+:\/\/[^/]*)\/[^?]*/, `$1/${database}`);
  await runScript(own, script);
  return own;
}

/** A piece of a script: statements, or the rows of a COPY. */
type Piece =
  | { readonly kind: "sql"; readonly text: string; readonly line: number }
  | { readonly kind: "copy"; readonly statement: string; readonly rows: string; readonly line: number };

async function runScript(url: string, script: string): Promise<void> {
  const client = await connect(url, "ddl");
  try {
    for (const piece of piecesOf(script)) {
      try {
        if (piece.kind === "sql") await client.query(piece.text);
        else await pipeline(Readable.from([piece.rows]), client.query(copyFrom(piece.statement)));
      } catch (cause) {
        throw ddlError(cause, piece);
      }
    }
  } finally {
    await close(client);
  }
}

function piecesOf(script: string): Piece[] {
  const pieces: Piece[] = [];
  let sql: string[] = [];
  let began = 1;
  const lines = script.split("\n");
  const end = (): void => {
    const text = sql.join("\n");
    if (text.trim() !== "") pieces.push({ kind: "sql", text, line: began });
    sql = [];
  };
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at];
    if (/^COPY .* FROM stdin;\s*$/i.test(line)) {
      end();
      const from = at + 1;
      while (at + 1 < lines.length && lines[at + 1].trimEnd() !== "\\.") at++;
      const rows = lines.slice(from, at + 1).map((row) => `${row}\n`);
      pieces.push({ kind: "copy", statement: line.replace(/;\s*$/, ""), rows: rows.join(""), line: from });
      at++;
      began = at + 2;
    } else {
      // Line for line, so that faults are told where they are.
      sql.push(/^\\/.test(line) ? "" : line);
    }
  }
  end();
  return pieces;
}

function ddlError(cause: unknown, piece: Piece): SeedBulkError {
  const { message, position } = cause as { message: string; position?: string };
  const before = piece.kind === "sql" && position !== undefined ? piece.text.slice(0, Number(position)) : "";
  const line = piece.line + before.split("\n").length - 1;
  // Not of every fault does the server say where it is.
  const where = piece.kind === "sql" && position === undefined ? "the script" : `line ${line} of the script`;
  return new SeedBulkError("SB_DDL_FAILED", `${where}: ${message}`, {
    cause,
    hint: "The script must make its tables on an empty database, as a dump by pg_dump --schema-only does.",
  });
}
