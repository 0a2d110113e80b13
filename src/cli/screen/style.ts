/** Dresses texts up, or leaves them as they are. Widths are counted before. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  green(text: string): string;
  cyan(text: string): string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @param color false: a paint that changes nothing */
export function createPaint(color: boolean): Paint {
  const wrap = (on: number, off: number) => (text: string) =>
    color && text !== "" ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return { bold: wrap(1, 22), dim: wrap(2, 22), green: wrap(32, 39), cyan: wrap(36, 39) };
}

/**
 * Whether a stream gets colours: NO_COLOR (https://no-color.org), then FORCE_COLOR, then TERM, then whether it is a
 * terminal. A variable that is set but empty counts as not set.
 */
export function wantsColor(out: { readonly isTTY?: boolean | undefined }, env: Environment): boolean {
  if (env["NO_COLOR"]) return false;
  if (env["FORCE_COLOR"]) return env["FORCE_COLOR"] !== "0" && env["FORCE_COLOR"] !== "false";
  return out.isTTY === true && env["TERM"] !== "dumb";
}

/** Whether bars may be drawn in block characters; not where the locale is plainly an ASCII one. */
export function wantsUnicode(env: Environment): boolean {
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "";
  return locale !== "C" && locale !== "POSIX" && env["TERM"] !== "linux";
}
