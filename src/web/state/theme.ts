import { effect, signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";

const KEY = "seed-bulk theme";
const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** Light, dark, or as the system has it. */
export const theme = signal<Theme>(THEMES.find((name) => name === localStorage.getItem(KEY)) ?? "system");

/** Sets the root's theme whenever it changes. */
export function applyTheme(): void {
  effect(() => {
    document.documentElement.dataset["theme"] = theme.value;
    localStorage.setItem(KEY, theme.value);
  });
}

/** The next of system, light, dark. */
export function turnTheme(): void {
  theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length];
}
