import { signal } from "@preact/signals";

const KEY = "seed-bulk token";

/** The server's token, for this tab only; null where none was needed yet. */
export const token = signal<string | null>(sessionStorage.getItem(KEY));

/** Whether the server refused a call for want of the token. */
export const isTokenWanted = signal(false);

/** Keeps the token until the tab is closed. */
export function keepToken(text: string): void {
  sessionStorage.setItem(KEY, text);
  token.value = text;
  isTokenWanted.value = false;
}

/** Header of every call; empty where no token is known. */
export function authorization(): Record<string, string> {
  return token.value === null ? {} : { authorization: `Bearer ${token.value}` };
}
