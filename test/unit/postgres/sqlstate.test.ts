import { describe, expect, it } from "vitest";
import { SeedBulkError } from "../../../src/errors.js";
import { type Failure, isTransient, serverError, toldError } from "../../../src/postgres/sqlstate.js";

/** Every class of PostgreSQL's errcodes.txt. */
const CLASSES = (
  "00 01 02 03 08 09 0A 0B 0F 0L 0P 0Z 10 20 21 22 23 24 25 26 27 28 2B 2D 2F 34 38 39 3B 3D 3F 40 42 44 53 54 55 57 58 " +
  "72 F0 HV P0 XX"
).split(" ");

/** As node-postgres throws them. */
function thrown(code: string | undefined, message = "no"): Error {
  return Object.assign(new Error(message), { code, ...(code?.length === 5 && { severity: "ERROR" }) });
}

function told(error: Error): SeedBulkError {
  const result = toldError(error);
  if (!(result instanceof SeedBulkError)) throw new Error(`would be told as a fault of seed-bulk: ${error.message}`);
  return result;
}

describe("what a server refuses", () => {
  it.each(CLASSES)("is no fault of seed-bulk, in class %s", (name) => {
    for (const code of [`${name}000`, `${name}001`, `${name}P01`, `${name}ZZZ`]) {
      const { code: own, message, hint } = told(thrown(code));
      expect(own).not.toBe("SB_INTERNAL");
      expect(message).toContain(`SQLSTATE ${code}`);
      expect(hint, code).toBeTruthy();
    }
  });

  it.each([
    ["25006", "SB_DATABASE_READ_ONLY"],
    ["28P01", "SB_DATABASE_AUTH"],
    ["42501", "SB_DATABASE_AUTH"],
    ["22P05", "SB_DATABASE_ENCODING"],
    ["53100", "SB_DISK_FULL"],
    ["53200", "SB_DATABASE_LIMIT"],
    ["53300", "SB_DATABASE_LIMIT"],
    ["54000", "SB_DATABASE_LIMIT"],
    ["55P03", "SB_DATABASE_LOCKED"],
    ["40P01", "SB_DATABASE_LOCKED"],
    ["57014", "SB_STATEMENT_CANCELLED"],
    ["57P01", "SB_CONNECTION_LOST"],
    ["25P03", "SB_CONNECTION_LOST"],
    ["08006", "SB_CONNECTION_LOST"],
    ["P0001", "SB_DATABASE_REFUSED"],
    ["XX001", "SB_DATABASE_FAILED"],
    ["58030", "SB_DATABASE_FAILED"],
  ])("has a code that says what is the matter: %s is %s", (state, code) => {
    expect(told(thrown(state)).code).toBe(code);
  });

  it("is told as rows or a key refused where a statement met it, and as itself where the server had it", () => {
    const ofCopy = (code: string): string | undefined =>
      serverError({ code, message: "no" }, { refusal: "SB_COPY_REJECTED" })?.code;
    expect(ofCopy("23505")).toBe("SB_COPY_REJECTED");
    expect(ofCopy("P0001")).toBe("SB_COPY_REJECTED");
    expect(ofCopy("53100")).toBe("SB_DISK_FULL");
    expect(ofCopy("25006")).toBe("SB_DATABASE_READ_ONLY");
    expect(ofCopy("57014")).toBe("SB_STATEMENT_CANCELLED");
  });

  it("advises fewer workers where connections are used up, and about certificates what the URL can say", () => {
    expect(told(thrown("53300")).hint).toContain("fewer --workers");
    for (const code of ["DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN", "ERR_TLS_CERT_ALTNAME_INVALID"]) {
      expect(serverError({ code, message: "self-signed certificate" })).toMatchObject({
        code: "SB_DATABASE_TLS",
        hint: expect.stringContaining("sslmode"),
      });
    }
    expect(serverError({ message: "The server does not support SSL connections" })?.code).toBe("SB_DATABASE_TLS");
  });

  it("says which function raised it, also under a state of the user's own making", () => {
    const failure: Failure = {
      code: "EPIPE",
      severity: "ERROR",
      message: "no DDL",
      where: "function no_ddl() line 1\nx",
    };
    expect(serverError(failure)).toMatchObject({
      code: "SB_DATABASE_REFUSED",
      message: "no DDL (SQLSTATE EPIPE; function no_ddl() line 1)",
    });
  });
});

describe("what is no server's", () => {
  it.each([
    new TypeError("Cannot read properties of null"),
    new Error("assertion failed: a bug"),
    Object.assign(new Error("no such file"), { code: "ENOENT", syscall: "open" }),
    Object.assign(new Error("write EPIPE"), { code: "EPIPE" }),
  ])("stays what it is: %s", (error) => {
    expect(toldError(error)).toBe(error);
  });

  it("is a connection that broke where node-postgres says so without a code", () => {
    expect(told(new Error("Connection terminated unexpectedly")).code).toBe("SB_CONNECTION_LOST");
  });
});

describe("what may pass by itself", () => {
  it.each(["08006", "40001", "40P01", "53300", "55P03", "57P01", "57P02", "57P03", "57P05", "25P03", "ECONNRESET"])(
    "is tried again: %s",
    (code) => expect(isTransient(code, "")).toBe(true),
  );
  it.each([
    "25006",
    "42501",
    "53100",
    "53200",
    "57014",
    "57P04",
    "23505",
    "P0001",
    "XX000",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
  ])("is not: %s", (code) => expect(isTransient(code, "")).toBe(false));
});
