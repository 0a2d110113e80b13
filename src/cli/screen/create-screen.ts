import type { ScreenStream } from "./live-area.js";
import { PlainScreen } from "./plain-screen.js";
import type { Screen } from "./screen.js";
import { createPaint, wantsColor, wantsUnicode } from "./style.js";
import { TerminalScreen } from "./terminal-screen.js";

export interface ScreenOptions {
  /** Standard error, usually. Its size is looked at anew for every frame. */
  readonly out: ScreenStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What `env` and `out` say, where absent. */
  readonly color?: boolean | undefined;
  /** Whether only what goes wrong is told. */
  readonly quiet?: boolean | undefined;
  /** Whether checks follow the load. */
  readonly verifies?: boolean;
  /** A monotonic clock, milliseconds. */
  readonly nowMs?: () => number;
}

/** Makes a screen that suits its stream: bars on a terminal; lines without control codes in a pipe or with TERM=dumb. */
export function createScreen({
  out,
  env,
  color,
  quiet,
  verifies = false,
  nowMs = () => performance.now(),
}: ScreenOptions): Screen {
  if (quiet) return SILENT;
  const { TERM } = env;
  if (out.isTTY !== true || TERM === "dumb") return new PlainScreen(out, nowMs);
  const paint = createPaint(color ?? wantsColor(out, env));
  return new TerminalScreen({ out, nowMs, paint, unicode: wantsUnicode(env), verifies });
}

const SILENT: Screen = { close() {} };

/**
 * The screen of this process, on standard error; none with --quiet.
 * @param verifies whether checks follow the load: its bar is full after them
 */
export function screenHere(verifies = false): Screen {
  return createScreen({ out: process.stderr, env: process.env, quiet: process.argv.includes("--quiet"), verifies });
}

/** Whether the words that only whoever knows the program needs are wanted: --verbose. */
export function isVerbose(): boolean {
  return process.argv.includes("--verbose");
}
