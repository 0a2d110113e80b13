import { resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { type IPty, spawn } from "@lydell/node-pty";

const BIN = resolve(import.meta.dirname, "../../bin/seed-bulk.js");

/** How long a test waits for a word on the terminal, milliseconds. */
const WAIT_MS_MAX = 60_000;

/** Keys as a terminal sends them. */
export const KEYS = {
  enter: "\r",
  down: "\x1b[B",
  up: "\x1b[A",
  space: " ",
  escape: "\x1b",
  interrupt: "\x03",
} as const;

/** A command on a terminal of its own. */
export class PseudoTerminal {
  /** The exit code and the signal, once it has ended. */
  readonly ended: Promise<{ readonly code: number; readonly signal: number }>;
  readonly #pty: IPty;
  #output = "";
  #seen = 0;
  #hasEnded = false;
  #watchers: (() => void)[] = [];

  constructor(pty: IPty) {
    this.#pty = pty;
    pty.onData((text) => {
      this.#output += text;
      this.#tell();
    });
    this.ended = new Promise((resolveEnded) => {
      pty.onExit(({ exitCode, signal }) => {
        this.#hasEnded = true;
        resolveEnded({ code: exitCode, signal: signal ?? 0 });
        this.#tell();
      });
    });
  }

  /** Everything that was ever written to the terminal, control sequences and all. */
  get raw(): string {
    return this.#output;
  }

  /** The same without control sequences. */
  get text(): string {
    return stripVTControlCharacters(this.#output).replaceAll("\r", "");
  }

  /** Waits until what was written since the last wait matches, so that a question asked twice is waited for twice. */
  async until(pattern: RegExp): Promise<void> {
    const deadline = performance.now() + WAIT_MS_MAX;
    for (;;) {
      const fresh = this.text.slice(this.#seen);
      const match = pattern.exec(fresh);
      if (match) {
        this.#seen += match.index + match[0].length;
        return;
      }
      const left = deadline - performance.now();
      if (this.#hasEnded || left <= 0) {
        throw new Error(`${this.#hasEnded ? "it ended" : "it waits"} before ${pattern}:\n${this.text}`);
      }
      await this.#change(left);
    }
  }

  /** Waits for a question, then types the answer. */
  async answer(question: RegExp, ...keys: readonly string[]): Promise<void> {
    await this.until(question);
    for (const key of keys) this.#pty.write(key);
  }

  /** Ends a process that still runs. */
  kill(): void {
    if (!this.#hasEnded) this.#pty.kill("SIGKILL");
  }

  #change(msMax: number): Promise<void> {
    return new Promise((goOn) => {
      const timer = setTimeout(goOn, msMax);
      this.#watchers.push(() => {
        clearTimeout(timer);
        goOn();
      });
    });
  }

  #tell(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const watcher of watchers) watcher();
  }
}

/** Starts `seed-bulk` on a terminal of 80 columns, with the environment's own settings for it taken away. */
export function startOnTerminal(
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly cwd: string; readonly columns?: number },
): PseudoTerminal {
  const { NODE_ENV: _node, DATABASE_URL: _url, SEED_BULK_HOME: _home, ...surroundings } = process.env;
  const { NO_COLOR: _plain, FORCE_COLOR: _colour, CI: _ci, ACCESSIBLE: _accessible, ...inherited } = surroundings;
  const env = { ...inherited, TERM: "xterm-256color", LANG: "C.UTF-8", ...options.env };
  const { cwd, columns = 80 } = options;
  return new PseudoTerminal(spawn(process.execPath, [BIN, ...args], { cols: columns, rows: 40, cwd, env }));
}
