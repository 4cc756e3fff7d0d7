/**
 * The report of a run as one HTML file that needs nothing else: verdict, the four figures that matter and one chart first, then
 * what stands behind them. For many seeds the figures are means with their intervals and the charts show the first seed.
 */
import { describeLocalTime } from '#protocol/scenario-file-start.ts';
import { describeSeeds, describeVerdict, isSeedsSummary, listOutcomes } from '#testbed/reporters/outcome-text.ts';
import type { Summary } from '#testbed/summary.ts';
import { renderAgents } from './agents-section.ts';
import { renderGlance, renderTiles } from './glance-section.ts';
import { describeDuration } from './figure-text.ts';
import { renderFunnel } from './funnel-section.ts';
import { renderInputs } from './inputs-section.ts';
import { renderLive } from './live-section.ts';
import { renderLines } from './lines-section.ts';
import { html, type Markup } from './markup.ts';
import { renderPacing } from './pacing-section.ts';
import { renderReactive } from './reactive-section.ts';
import { createReportContext, type ReportContext, type ReportInput } from './report-context.ts';
import { PATTERNS, REPORT_STYLE } from './report-style.ts';
import { renderRules } from './rules-section.ts';
import { renderStatistics } from './statistics-section.ts';
import { renderThresholds } from './thresholds-section.ts';
import { renderTraffic } from './traffic-section.ts';
import { renderWaits } from './waits-section.ts';

/** The whole file. */
export function renderReport(input: ReportInput): string {
  const context = createReportContext(input);
  const { scenario } = context.run;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="generator" content="Web Engagement Testbed ${input.version}" />
        <title>${scenario.name}: ${input.summary.verdict}</title>
        <style>
          ${REPORT_STYLE}
        </style>
      </head>
      <body>
        ${PATTERNS}
        <main>
          ${renderHead(context)} ${renderVerdict(input.summary)} ${renderTiles(context)} ${renderGlance(context)}
          ${renderThresholds(context)} ${renderTraffic(context)} ${renderFunnel(context)} ${renderPacing(context)}
          ${renderReactive(context)} ${renderAgents(context)} ${renderWaits(context)} ${renderLines(context)}
          ${renderRules(context)} ${renderStatistics(context)} ${renderLive(context)} ${renderInputs(context)}
        </main>
      </body>
    </html> `;
  return page.text;
}

function renderHead({ input, run }: ReportContext): Markup {
  const { scenario } = run;
  const starts = describeLocalTime(scenario.startsAt, scenario.timeZone).replace('T', ' ').slice(0, 16);
  const seeds = isSeedsSummary(input.summary) ? `Seeds ${describeSeeds(input.summary)}` : `Seed ${run.seed}`;
  const warmup = scenario.warmupMs > 0 ? ` after ${describeDuration(scenario.warmupMs)} of warm-up` : '';
  const window = `${describeDuration(run.windowSeconds * 1000)} counted${warmup}`;
  const mode = run.mode === 'sim' ? 'simulated' : 'live';
  return html`<header>
    <div class="product"><span>Web Engagement Testbed</span><span>Run report</span></div>
    <h1>${scenario.name}</h1>
    <p class="lead">${scenario.about}</p>
    <p class="meta">${seeds} · ${mode} · from ${starts} (${scenario.timeZone}) · ${window}</p>
  </header>`;
}

function renderVerdict(summary: Summary): Markup {
  const passed = summary.verdict === 'pass';
  const outcomes = listOutcomes(summary);
  const failed = outcomes.filter((outcome) => !outcome.pass).map((outcome) => outcome.expression);
  const outcome = `${describeVerdict(outcomes)}${failed.length > 0 ? `: ${failed.join(', ')}` : ''}`;
  const sign = passed ? 'M7 13.5l4.2 4.2L19 9.5' : 'M8.5 8.5l9 9m0-9l-9 9';
  const color = passed ? 'var(--chats)' : 'var(--failure)';
  return html`<div class="verdict ${summary.verdict}">
    <svg viewBox="0 0 26 26" aria-hidden="true">
      <circle cx="13" cy="13" r="12" style="fill:${color}" />
      <path
        d="${sign}"
        style="fill:none;stroke:var(--card);stroke-width:2.4;stroke-linecap:round;stroke-linejoin:round"
      />
    </svg>
    <div>
      <strong>${passed ? 'Passed' : 'Failed'}</strong><span>${outcome.charAt(0).toUpperCase() + outcome.slice(1)}</span>
    </div>
  </div>`;
}
