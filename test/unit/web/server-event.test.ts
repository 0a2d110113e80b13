import { describe, expect, it } from "vitest";
import { parseEvent } from "../../../src/web/api/server-event.js";

describe("parseEvent", () => {
  it("reads an event with its ID, whatever its text holds", () => {
    const data = { message: "a: b\ndata: c" };
    expect(parseEvent(`id: 7\nevent: notice\ndata: ${JSON.stringify(data)}`)).toEqual({
      id: "7",
      event: "notice",
      data,
    });
  });

  it("passes over the server's signs of life", () => {
    expect(parseEvent(": still here")).toBeUndefined();
  });
});
