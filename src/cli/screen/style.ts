/** Dresses texts up, or leaves them as they are. Widths are counted before. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  green(text: string): string;
  cyan(text: string): string;
  red(text: string): string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @param color false: a paint that changes nothing */
export function createPaint(color: boolean): Paint {
  const wrap = (on: number, off: number) => (text: string) =>
    color && text !== "" ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return { bold: wrap(1, 22), dim: wrap(2, 22), green: wrap(32, 39), cyan: wrap(36, 39), red: wrap(31, 39) };
}

/**
 * Whether a stream gets colours: NO_COLOR (https://no-color.org), then FORCE_COLOR, then TERM, then whether it is a
 * terminal. A variable that is set but empty counts as not set.
 */
export function wantsColor(out: { readonly isTTY?: boolean | undefined }, env: Environment): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  return out.isTTY === true && TERM !== "dumb";
}

/** Whether bars may be drawn in block characters; not where the locale is plainly an ASCII one. */
export function wantsUnicode({ LC_ALL, LC_CTYPE, LANG, TERM }: Environment): boolean {
  const locale = LC_ALL || LC_CTYPE || LANG || "";
  return locale !== "C" && locale !== "POSIX" && TERM !== "linux";
}
