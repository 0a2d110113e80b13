/** The report's looks, by day and by night as the reader's system asks. */
export const STYLE_SHEET = `
:root { color-scheme: light dark; --ink: #1c2024; --dim: #60646c; --paper: #fcfcfd; --rule: #d9dce1;
  --c0: #0b68cb; --c1: #c2410c; --c2: #15803d; --c3: #7e22ce; --other: #a8b0bb; }
@media (prefers-color-scheme: dark) { :root { --ink: #edeef0; --dim: #a6abb4; --paper: #15171a; --rule: #34383f;
  --c0: #6cb6ff; --c1: #fb923c; --c2: #4ade80; --c3: #c084fc; --other: #5b636e; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; } dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .9rem .2rem 0; text-align: right; border-bottom: 1px solid var(--rule); white-space: nowrap; }
th { color: var(--dim); font-weight: 500; } th:first-child, td:first-child { text-align: left; white-space: normal; }
svg { width: 100%; height: auto; overflow: visible; } svg text { fill: var(--ink); font-size: 12px; } svg .label { fill: var(--dim); }
.grid { stroke: var(--rule); } .whisker { stroke: var(--ink); stroke-width: 1.5; } .own { fill: var(--c0); } .other { fill: var(--other); }
polyline { fill: none; stroke-width: 2; } .line0 { stroke: var(--c0); } .line1 { stroke: var(--c1); } .line2 { stroke: var(--c2); } .line3 { stroke: var(--c3); }
.dot0, .key0 { fill: var(--c0); background: var(--c0); } .dot1, .key1 { fill: var(--c1); background: var(--c1); }
.dot2, .key2 { fill: var(--c2); background: var(--c2); } .dot3, .key3 { fill: var(--c3); background: var(--c3); }
.key { margin-right: 1.5rem; } .key i { display: inline-block; width: .8rem; height: .8rem; border-radius: 2px; margin-right: .4rem; }
`.trim();
