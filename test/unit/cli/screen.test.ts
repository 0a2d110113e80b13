import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createScreen, type Screen, wantsColor } from "../../../src/cli/screen/index.js";
import { drawLoad } from "../../../src/cli/screen/load-frame.js";
import { createPaint } from "../../../src/cli/screen/style.js";
import { textWidth } from "../../../src/cli/screen/text.js";
import type { ProgressLine } from "../../../src/engine/run/load-progress.js";
import type { Plan } from "../../../src/model/plan.js";

const RUN = { workers: 2, sink: "postgres", database: "postgresql://postgres@localhost/demo" };

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("a terminal", () => {
  it("draws a load in place and leaves a line of it", () => {
    const { screen, out } = terminal({ columns: 80 });
    screen.planned?.(planOf({ recipients: 600_000, events: 1_500_000, users: 90 }), RUN);
    expect(visible(out.take())).toMatchInlineSnapshot(`
      "␛[?25lplan  load_test (marketing), seed 42, scale 1␛[K
      ␛[Jsize  2,100,090 rows, about 210 MB, 3 tables␛[K
      ␛[Jrun   2 workers -> schema marketing in␛[K
            postgresql://postgres@localhost/demo␛[K
      ␛[J"
    `);
    screen.phaseStarted?.("load");
    expect(out.take()).toEqual("");
    load(screen, { seconds: 1, to: [300_000, 500_000, 0] });
    expect(frames(out.take()).at(-1)).toMatchInlineSnapshot(`
      "recipients  █████░░░░░░      300,000 / 600,000     300,300 rows/s      1 s left
      events      ███░░░░░░░░    500,000 / 1,500,000     500,501 rows/s      2 s left
      users       ░░░░░░░░░░░                 0 / 90
      total       ████░░░░░░░    800,000 / 2,100,090     800,801 rows/s      2 s left
      whole run  █████░░░░░░░░░░░░░░░░░░░░░░░░░   19%  about 5 s left
      "
    `);
    load(screen, { seconds: 2, from: [300_000, 500_000, 0], to: [600_000, 1_400_000, 90] });
    expect(frames(out.take()).at(-1)).toMatchInlineSnapshot(`
      "recipients  ███████████      600,000 / 600,000     200,067 rows/s          done
      events      ██████████░  1,400,000 / 1,500,000     466,822 rows/s      1 s left
      users       ███████████                90 / 90          45 rows/s          done
      total       ██████████░  2,000,090 / 2,100,090     666,919 rows/s      1 s left
      whole run  ██████████████░░░░░░░░░░░░░░░░   48%  about 4 s left
      "
    `);
    screen.progress?.([600_000, 1_500_000, 90]);
    screen.phaseEnded?.("load", 3.2);
    expect(visible(out.take())).toMatchInlineSnapshot(`
      "␍␛[5Aload           3.20 s  2,100,090 rows, 656,278 rows/s␛[K
      ␛[J"
    `);
    screen.close();
    expect(out.take()).toEqual("\u001b[?25h");
  });

  it("shows the finishing phases as short lines", () => {
    const { screen, out } = terminal({ columns: 60 });
    screen.phaseStarted?.("indexes");
    vi.advanceTimersByTime(100);
    expect(visible(out.take())).toMatchInlineSnapshot(`
      "␛[?25lindexes        100 ms␛[K
      ␛[J"
    `);
    screen.stepEnded?.("index recipients_with_a_rather_long_name_for_an_index_pkey", 0.4);
    vi.advanceTimersByTime(1200);
    expect(frames(out.take()).at(-1)).toMatchInlineSnapshot(`
      "indexes        1.30 s  1 done, last: index recipients_with…
      "
    `);
    screen.phaseEnded?.("indexes", 1.3421);
    screen.phaseStarted?.("keys");
    screen.phaseEnded?.("keys", 0.0451);
    expect(visible(out.take())).toMatchInlineSnapshot(`
      "␍␛[1Aindexes        1.34 s␛[K
      ␛[Jkeys            45 ms␛[K
      ␛[J"
    `);
  });

  it("redraws ten times a second at most, however often it is told", () => {
    const { screen, out } = terminal({ columns: 80 });
    screen.planned?.(planOf({ events: 1_000_000 }), RUN);
    screen.phaseStarted?.("load");
    out.writes.length = 0;
    for (let ms = 0; ms < 1000; ms++) {
      screen.progress?.([ms * 1000]);
      vi.advanceTimersByTime(1);
    }
    expect(out.writes.length).toBe(10);
  });

  it("does not draw the same frame again, nor any while the terminal is behind", () => {
    const { screen, out } = terminal({ columns: 80 });
    screen.planned?.(planOf({ events: 1_000_000 }), RUN);
    screen.phaseStarted?.("load");
    vi.advanceTimersByTime(100);
    out.writes.length = 0;
    vi.advanceTimersByTime(1000);
    expect(out.writes).toEqual([]);
    out.writableNeedDrain = true;
    load(screen, { seconds: 1, to: [500_000] });
    expect(out.writes).toEqual([]);
  });

  it("prints a notice above the bars", () => {
    const { screen, out } = terminal({ columns: 40 });
    screen.planned?.(planOf({ events: 1_000_000 }), RUN);
    screen.phaseStarted?.("load");
    vi.advanceTimersByTime(100);
    out.take();
    screen.notice?.("events, rows [0, 86016) failed (the server\nclosed the connection); attempt 2 of 5 in 200 ms");
    load(screen, { seconds: 0.2, to: [200_000] });
    expect(visible(out.take())).toMatchInlineSnapshot(`
      "␍␛[3Aevents, rows [0, 86016) failed (the␛[K
        server\\nclosed the connection);␛[K
        attempt 2 of 5 in 200 ms␛[K
      ␛[Jevents  █░░░░░░░░░░░░░░░   10%      2 s␛[K
      total   █░░░░░░░░░░░░░░░   10%      2 s␛[K
      whole run  ░░    5%  about 4 s left␛[K
      ␛[J␍␛[3Aevents  ███░░░░░░░░░░░░░   20%      2 s␛[K
      total   ███░░░░░░░░░░░░░   20%      2 s␛[K
      whole run  ░░   10%  about 3 s left␛[K
      ␛[J"
    `);
  });

  it("leaves the bars of a load that was broken off, and draws no more", () => {
    const { screen, out } = terminal({ columns: 80 });
    screen.planned?.(planOf({ events: 1_000_000 }), RUN);
    screen.phaseStarted?.("load");
    load(screen, { seconds: 1, to: [400_000] });
    screen.progress?.([450_000]);
    out.take();
    screen.close();
    expect(out.take()).toContain("450,000 / 1,000,000");
    screen.close();
    screen.notice?.("late");
    screen.phaseStarted?.("keys");
    vi.advanceTimersByTime(1000);
    expect(out.take()).toEqual("");
  });

  it("goes back over lines that a narrower terminal has broken", () => {
    const { screen, out } = terminal({ columns: 80 });
    screen.planned?.(planOf({ events: 1_000_000 }), RUN);
    screen.phaseStarted?.("load");
    load(screen, { seconds: 0.5, to: [100_000] });
    out.take();
    out.columns = 50;
    load(screen, { seconds: 0.1, to: [200_000] });
    expect(out.take()).toContain("\r\u001b[6A");
  });

  it.each([40, 60, 80, 120, 200])("never writes more than %i columns, nor more lines than there are", (columns) => {
    const rows = 12;
    const { screen, out } = terminal({ columns, rows, env: {} });
    const counts = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`entity_${"x".repeat(i * 2)}`, 10 ** (i % 8)]),
    );
    const plan = planOf(counts);
    const address = `postgresql://host/${"d".repeat(150)}`;
    screen.planned?.(plan, { ...RUN, database: address });
    screen.phaseStarted?.("load");
    const totals = plan.entities.map((entity) => entity.rows);
    load(screen, { seconds: 3, to: totals.map((total) => Math.floor(total / 3)) });
    screen.notice?.("one two three ".repeat(20));
    load(screen, { seconds: 3, from: totals.map((total) => Math.floor(total / 3)), to: totals });
    screen.phaseEnded?.("load", 6);
    screen.phaseStarted?.("indexes");
    screen.stepEnded?.(`index ${"i".repeat(100)}`, 1);
    vi.advanceTimersByTime(500);
    screen.phaseEnded?.("indexes", 0.5);
    screen.close();
    const lines = frames(out.take()).flatMap((frame) => frame.split("\n"));
    // An address is copied whole, or it is of no use.
    expect(lines.filter((line) => line.includes("://")).map((line) => line.trim().split(" ").at(-1))).toEqual([
      address,
    ]);
    for (const line of lines.filter((one) => !one.includes("://"))) expect(textWidth(line)).toBeLessThan(columns);
    for (const write of out.writes) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control codes are what is looked for
      expect(Number(/\u001b\[(\d+)A/.exec(write)?.[1] ?? 0)).toBeLessThan(rows);
    }
  });

  it("has no colours with NO_COLOR, but still draws in place", () => {
    const { screen, out } = terminal({ columns: 80, env: { NO_COLOR: "1", TERM: "xterm", FORCE_COLOR: "1" } });
    screen.planned?.(planOf({ events: 10 }), RUN);
    screen.phaseStarted?.("load");
    load(screen, { seconds: 0.2, to: [5] });
    screen.phaseEnded?.("load", 0.2);
    const text = out.take();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control codes are what is looked for
    expect(text).not.toMatch(/\u001b\[\d+m/);
    expect(text).toContain("\u001b[3A");
  });

  it("has colours otherwise", () => {
    const { screen, out } = terminal({ columns: 80, env: { TERM: "xterm" } });
    screen.phaseEnded?.("keys", 1);
    expect(out.take()).toContain("\u001b[32mkeys      \u001b[39m");
  });
});

describe("a low terminal", () => {
  const line = (name: string, rows: number, rowsTotal: number): ProgressLine => {
    const state = rows === rowsTotal ? "done" : rows === 0 ? "waiting" : "active";
    return { name, rows, rowsTotal, state, rowsPerSecond: undefined, secondsLeft: undefined };
  };

  it("shows what is at work, then the largest unfinished, and how many more there are", () => {
    const entities = [
      line("done_large", 900, 900),
      line("waiting_small", 0, 10),
      line("active_small", 5, 20),
      line("waiting_large", 0, 800),
      line("done_small", 7, 7),
      line("active_large", 5, 700),
    ];
    const options = { width: 60, terminalRows: 7, paint: createPaint(false), unicode: false };
    expect(drawLoad({ entities, total: line("total", 917, 2437) }, options).join("\n")).toMatchInlineSnapshot(`
      "active_small   ##--------         5/20
      waiting_large  ----------        0/800
      active_large   ----------        5/700
      and 3 more, 2 of them done
      total          ###-------    917/2,437"
    `);
  });
});

describe("a pipe", () => {
  it("gets plain lines, and one of progress every two seconds", () => {
    const out = new FakeStream({});
    const screen = createScreen({ out, env: { FORCE_COLOR: "1" }, color: true, nowMs: () => Date.now() });
    tellWholeRun(screen);
    const text = out.take();
    expect(text).not.toContain("\u001b");
    expect(text).not.toContain("\r");
    expect(text).toMatchInlineSnapshot(`
      "plan  load_test (marketing), seed 42, scale 1
      size  2,100,000 rows, about 210 MB, 2 tables
      run   2 workers -> schema marketing in postgresql://postgres@localhost/demo
      schema  started
      schema  done in 45 ms
      load  started
      load  40%  840,000 of 2,100,000 rows  400,191 rows/s  4 s left
      a shard failed\\nand \\x1b[31mis tried again
      load  81%  1,704,000 of 2,100,000 rows  421,333 rows/s  1 s left
      load  done in 5.10 s  2,100,000 rows  411,765 rows/s
      keys  started
      keys  done in 200 ms
      "
    `);
  });

  it("is what a dumb terminal gets too", () => {
    const out = new FakeStream({ isTTY: true, columns: 80, rows: 24 });
    const screen = createScreen({ out, env: { TERM: "dumb" }, nowMs: () => Date.now() });
    tellWholeRun(screen);
    expect(out.take()).not.toContain("\u001b");
  });
});

describe("wantsColor", () => {
  it.each([
    [{ TERM: "xterm" }, true, true],
    [{ TERM: "xterm" }, false, false],
    [{ NO_COLOR: "1", FORCE_COLOR: "1" }, true, false],
    [{ NO_COLOR: "" }, true, true],
    [{ FORCE_COLOR: "1" }, false, true],
    [{ FORCE_COLOR: "0" }, true, false],
    [{ TERM: "dumb" }, true, false],
  ])("with %j, on a terminal: %s, is %s", (env, isTTY, wanted) => {
    expect(wantsColor({ isTTY }, env)).toBe(wanted);
  });
});

function tellWholeRun(screen: Screen): void {
  screen.planned?.(planOf({ recipients: 600_000, events: 1_500_000 }), RUN);
  screen.phaseStarted?.("schema");
  screen.phaseEnded?.("schema", 0.045);
  screen.phaseStarted?.("load");
  load(screen, { seconds: 2.5, to: [600_000, 400_000] });
  screen.notice?.("a shard failed\nand \u001b[31mis tried again");
  load(screen, { seconds: 2.5, from: [600_000, 400_000], to: [600_000, 1_500_000] });
  screen.phaseEnded?.("load", 5.1);
  screen.phaseStarted?.("keys");
  screen.stepEnded?.("keys of events", 0.1);
  screen.phaseEnded?.("keys", 0.2);
  screen.close();
  screen.notice?.("too late");
}

class FakeStream {
  readonly writes: string[] = [];
  readonly isTTY: boolean | undefined;
  readonly rows: number | undefined;
  columns: number | undefined;
  writableNeedDrain = false;
  #taken = 0;

  constructor(terminal: { isTTY?: boolean; columns?: number; rows?: number }) {
    this.isTTY = terminal.isTTY;
    this.columns = terminal.columns;
    this.rows = terminal.rows;
  }

  write(text: string): boolean {
    this.writes.push(text);
    return true;
  }

  /** What was written since the last call. */
  take(): string {
    const text = this.writes.slice(this.#taken).join("");
    this.#taken = this.writes.length;
    return text;
  }
}

function terminal(options: { columns: number; rows?: number; env?: Record<string, string> }): {
  screen: Screen;
  out: FakeStream;
} {
  const { columns, rows = 24, env = { NO_COLOR: "1" } } = options;
  const out = new FakeStream({ isTTY: true, columns, rows });
  return { screen: createScreen({ out, env, nowMs: () => Date.now() }), out };
}

/** Tells of a load that goes evenly, every 100 ms. */
function load(
  screen: Screen,
  { seconds, from = [], to }: { seconds: number; from?: readonly number[]; to: readonly number[] },
): void {
  const steps = Math.round(seconds * 10);
  for (let step = 1; step <= steps; step++) {
    vi.advanceTimersByTime(99);
    screen.progress?.(to.map((rows, i) => Math.floor((from[i] ?? 0) + ((rows - (from[i] ?? 0)) * step) / steps)));
    vi.advanceTimersByTime(1);
  }
}

/** Shows control codes as pictures, since a snapshot keeps neither escapes nor carriage returns. */
function visible(written: string): string {
  return written.replaceAll("\u001b", "␛").replaceAll("\r", "␍");
}

/** The texts between movements of the cursor, without codes. */
function frames(written: string): string[] {
  return (
    written
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control codes are what is taken apart
      .split(/\r\u001b\[\d+A/)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
      .map((frame) => frame.replace(/\u001b\[[?\d]*[A-Za-z]/g, ""))
  );
}

function planOf(rows: Readonly<Record<string, number>>): Plan {
  const entities = Object.entries(rows).map(([entity, count]) => ({
    entity,
    rows: count,
    idStart: 1,
    idEnd: 1 + count,
    rowBytes: 100,
    bytesEstimated: 100 * count,
    shardRows: 86_016,
    shardCount: Math.ceil(count / 86_016),
  }));
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    hash: "0123456789abcdef".repeat(4),
    generatorVersion: 1,
    scenario: {
      name: "load_test",
      description: "",
      model: "marketing",
      schema: "marketing",
      seed: 42,
      scale: 1,
      window: { from: "2024-01-01T00:00:00.000Z", to: "2025-01-01T00:00:00.000Z" },
      sizes: {},
      features: {},
      shares: {},
      weights: {},
      settings: {},
      anomalies: {},
    },
    rows: sum(entities.map((entity) => entity.rows)),
    bytesEstimated: sum(entities.map((entity) => entity.bytesEstimated)),
    shardCount: sum(entities.map((entity) => entity.shardCount)),
    notes: [],
    entities,
  };
}
