import { theme, turnTheme } from "../state/theme.js";

const LABELS = { system: "System", light: "Light", dark: "Dark" } as const;

/** Turns system, light, dark. */
export function ThemeButton() {
  return (
    <button type="button" class="quiet" onClick={turnTheme} aria-label={`Theme: ${LABELS[theme.value]}. Change it`}>
      <span aria-hidden="true">
        ◐ <span class="word">{LABELS[theme.value]}</span>
      </span>
    </button>
  );
}
