/**
 * Runs in the browser, where TypeScript's build for Node knows of no document: evaluated as a text by web-page.ts.
 * What it defines is called as `pageChecks.…`.
 */
globalThis.pageChecks = {
  /** Texts whose contrast to their ground is below what WCAG 2 AA asks for (4.5), controls that are off left out. */
  faintTexts() {
    return [...document.querySelectorAll("body *:not(svg *)")].flatMap((element) => {
      const isOff = element.closest(":disabled, .stale, .uplot, noscript") !== null;
      if (isOff || !hasText(element) || element.getClientRects().length === 0) return [];
      const [a, b] = [luminance(getComputedStyle(element).color), luminance(groundOf(element))];
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      return contrast < 4.5 ? [`${element.tagName} "${element.textContent.slice(0, 40)}": ${contrast.toFixed(2)}`] : [];
    });
  },

  /** Controls that a screen reader has no name for. */
  namelessControls() {
    return [...document.querySelectorAll("button, a[href], input, select, [role=button]")].flatMap((control) => {
      const labels = [...(control.labels ?? [])].map(({ textContent }) => textContent).join(" ");
      const name = control.getAttribute("aria-label") ?? (labels || control.textContent);
      return name.trim() === "" ? [control.outerHTML.slice(0, 120)] : [];
    });
  },

  /** Pixels by which the page is wider than its window. */
  overflow() {
    return document.documentElement.scrollWidth - window.innerWidth;
  },
};

function channels(colour) {
  return (colour.match(/[\d.]+/g) ?? []).map(Number);
}

/** Relative luminance, as WCAG 2 defines it. */
function luminance(colour) {
  const [r, g, b] = channels(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function groundOf(element) {
  if (element === null) return "rgb(255, 255, 255)";
  const { backgroundColor } = getComputedStyle(element);
  return channels(backgroundColor)[3] === 0 ? groundOf(element.parentElement) : backgroundColor;
}

function hasText(element) {
  return [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== "");
}
