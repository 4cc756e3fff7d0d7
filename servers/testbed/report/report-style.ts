/** How a report looks: one sheet, light and dark, on the screen and on A4. Colours mean the same everywhere in the product. */
import { Markup } from '#testbed/report/markup.ts';

const LIGHT = `
  --page: #f6f7f9; --card: #ffffff; --ink: #16191d; --muted: #5b6470; --faint: #8a929c; --rule: #dfe3e8; --shade: #eef0f3;
  --traffic: #2563c4; --rules: #7345c9; --pacing: #b26a00; --chats: #0f7c72; --failure: #c42b35;`;
const DARK = `
  --page: #14171b; --card: #1b1f25; --ink: #e9ecf0; --muted: #a2abb7; --faint: #7c8591; --rule: #313842; --shade: #232830;
  --traffic: #6ea0f2; --rules: #ab8bf0; --pacing: #e5a03c; --chats: #3fb8aa; --failure: #f2747c;`;

/** The whole style sheet, for a `style` element. */
export const REPORT_STYLE = new Markup(`
:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 1040px; margin: 0 auto; padding: 28px 20px 48px; }
h1, h2, h3, p, ul, ol, dl, dd, figure, table { margin: 0; padding: 0; }
h1 { font-size: 26px; line-height: 1.2; font-weight: 650; letter-spacing: -0.01em; }
h2 { font-size: 18px; font-weight: 650; margin-bottom: 4px; }
h3 { font-size: 14px; font-weight: 650; }
a { color: inherit; }
.product { display: flex; justify-content: space-between; gap: 16px; color: var(--muted); font-size: 13px; margin-bottom: 20px; }
.lead { color: var(--muted); max-width: 92ch; }
.meta { color: var(--muted); font-size: 13px; margin-top: 4px; }
.verdict { display: flex; align-items: center; gap: 14px; margin: 20px 0 16px; padding: 14px 18px; background: var(--card); border: 1px solid var(--rule); border-left: 6px solid var(--chats); border-radius: 8px; }
.verdict.fail { border-left-color: var(--failure); }
.verdict svg { width: 34px; height: 34px; flex: none; }
.verdict strong { font-size: 20px; font-weight: 650; display: block; line-height: 1.25; }
.verdict span { color: var(--muted); }
.tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: 12px; margin-bottom: 16px; }
.tile { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: 12px 14px; }
.tile dt { color: var(--muted); font-size: 13px; }
.tile dd { font-size: 28px; line-height: 1.25; font-weight: 650; letter-spacing: -0.01em; }
.tile dd + dd { font-size: 13px; font-weight: 400; color: var(--muted); letter-spacing: 0; }
section { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: 18px 20px; margin-bottom: 16px; }
section > .lead { margin-bottom: 12px; }
.chart { display: block; width: 100%; height: auto; overflow: visible; }
.chart text, .chart-text { font: 12px system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif; font-variant-numeric: tabular-nums; fill: var(--ink); }
.chart text.tick { fill: var(--muted); font-size: 11.5px; }
.chart text.pane { fill: var(--ink); font-weight: 600; }
.grid { stroke: var(--rule); stroke-width: 1; shape-rendering: crispEdges; }
.base { stroke: var(--faint); stroke-width: 1; shape-rendering: crispEdges; }
.line { fill: none; stroke-width: 1.6; stroke-linejoin: round; }
.dashed { stroke-dasharray: 5 4; }
.fill { opacity: 0.22; }
.band { opacity: 0.18; }
.limit { stroke: var(--ink); stroke-width: 1.3; stroke-dasharray: 7 3; fill: none; }
.warmup { fill: var(--shade); }
.caption { stroke: var(--muted); stroke-width: 1; stroke-dasharray: 2 3; }
circle.mark { fill: var(--ink); }
.chart text.mark { fill: var(--card); font-size: 11px; font-weight: 650; }
.tip { fill: var(--ink); opacity: 0; }
.tip:hover { opacity: 0.1; }
.bound { width: 210px; max-width: 100%; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 18px; color: var(--muted); font-size: 13px; margin: 4px 0 6px; }
.legend li { display: flex; align-items: center; gap: 6px; }
.swatch { width: 18px; height: 11px; flex: none; }
table { width: 100%; border-collapse: collapse; font-size: 14px; }
table + table, figure + table { margin-top: 14px; }
caption { text-align: left; color: var(--muted); font-size: 13px; padding-bottom: 4px; }
th { text-align: left; font-weight: 600; color: var(--muted); font-size: 13px; padding: 6px 12px 6px 0; border-bottom: 1px solid var(--rule); vertical-align: bottom; }
td { padding: 7px 12px 7px 0; border-bottom: 1px solid var(--rule); vertical-align: middle; }
tr:last-child > td { border-bottom: 0; }
th.number, td.number { text-align: right; white-space: nowrap; }
td.words { color: var(--muted); }
td code { overflow-wrap: anywhere; }
code, pre { font: 13px/1.5 ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'Liberation Mono', monospace; }
pre { background: var(--shade); border-radius: 6px; padding: 10px 12px; margin: 8px 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.holds, .fails { font-weight: 600; white-space: nowrap; }
.fails { color: var(--failure); }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 20px 28px; }
.pair.uneven { grid-template-columns: 2fr 1fr; }
.pair > * { min-width: 0; }
.small-multiples { display: grid; grid-template-columns: 1fr 1fr; gap: 4px 28px; margin-top: 8px; }
.inputs { display: grid; grid-template-columns: max-content 1fr; gap: 4px 24px; font-size: 14px; margin-top: 8px; }
.inputs dt { color: var(--muted); }
.inputs dd { overflow-wrap: anywhere; }
.story { list-style: none; font-size: 14px; margin-top: 10px; }
.story li { display: grid; grid-template-columns: 20px 44px 1fr; gap: 8px; padding: 2px 0; }
.story b { background: var(--ink); color: var(--card); border-radius: 50%; width: 17px; height: 17px; font-size: 11px; line-height: 17px; text-align: center; margin-top: 3px; }
.story time { color: var(--muted); }
.notes { margin: 8px 0 0 18px; color: var(--muted); font-size: 14px; }
.patterns { position: absolute; width: 0; height: 0; }
@media (max-width: 720px) { .tiles { grid-template-columns: 1fr 1fr; } .pair, .pair.uneven, .small-multiples { grid-template-columns: 1fr; } section { overflow-x: auto; } .inputs { grid-template-columns: 1fr; } .inputs dt { margin-top: 6px; } }
@media print {
  :root { ${LIGHT} --page: #ffffff; }
  @page { size: A4; margin: 14mm 12mm; }
  body { font-size: 10.5pt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  main { max-width: none; padding: 0; }
  .tiles { grid-template-columns: repeat(4, 1fr); }
  .tile dd { font-size: 18pt; }
  .pair, .small-multiples { grid-template-columns: 1fr 1fr; }
  .pair.uneven { grid-template-columns: 2fr 1fr; }
  section, .verdict, .tile { break-inside: avoid; }
  section.long { break-inside: auto; }
  section.long figure, section.long tr, section.long svg { break-inside: avoid; }
  h2 { break-after: avoid; }
  .chart text, .chart text.tick { font-size: 13.5px; }
  .bound { width: 130px; }
  td, th { padding-right: 8px; }
  .tip { display: none; }
}
`);

/** Fills for what must be told apart without colour; once a document. */
export const PATTERNS = new Markup(
  `<svg class="patterns" aria-hidden="true"><defs>${['pacing', 'chats', 'muted']
    .map(
      (name) =>
        `<pattern id="hatch-${name}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" style="fill:var(--${name})" opacity="0.2"/><rect width="2" height="5" style="fill:var(--${name})"/></pattern>`,
    )
    .join('')}</defs></svg>`,
);
