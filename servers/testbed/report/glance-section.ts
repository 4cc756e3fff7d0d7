/** The first screen below the verdict: four figures that matter, and the run on one chart. */
import type { RunResult } from '#testbed/run-result.ts';
import type { Estimate } from '#testbed/seeds.ts';
import {
  describeCount,
  describeFigure,
  describeGivenShare,
  describeNumber,
  describeShare,
  NO_DATA,
} from './figure-text.ts';
import { html, type Markup } from './markup.ts';
import type { ReportContext } from './report-context.ts';
import { describeBinLength, meanOf, sumOf, traceOf } from './series-bins.ts';
import { renderTimeChart, type Pane } from './time-chart.ts';
import { describeMoment } from './time-frame.ts';

export function renderTiles(context: ReportContext): Markup {
  const { estimate, goal, run } = context;
  const share = describeGivenShare(goal.share);
  const isAbandonment = goal.target === 'ABANDONMENT_RATE';
  const leads = estimate(({ figures }) => figures.hotLeads);
  const sent = estimate(({ figures }) => figures.invites.sent);
  const mean = estimate(({ figures }) => figures.waitSeconds?.mean ?? null);
  const slots = run.scenario.groups.reduce((sum, group) => sum + group.agents * group.capacity, 0);
  return html`<dl class="tiles">
    ${renderTile(
      'Chats abandoned',
      estimate(({ figures }) => figures.abandonmentShare),
      'share',
      isAbandonment ? `goal: at most ${share}` : 'of the chats asked for',
    )}
    ${renderTile(
      'Agents busy',
      estimate(({ figures }) => figures.busyShare),
      'share',
      isAbandonment ? `of ${describeCount(slots)} chat slots` : `goal: at least ${share}`,
    )}
    ${renderTile(
      'Wait, 95th percentile',
      estimate(({ figures }) => figures.waitSeconds?.p95 ?? null),
      'seconds',
      mean === null ? 'no chat was asked for' : `mean ${describeFigure(mean.mean, 'seconds')}`,
    )}
    ${renderTile('Hot leads invited', estimate(shareInvited), 'share', `${describeCount(sent?.mean ?? null)} of ${describeCount(leads?.mean ?? null)}`)}
  </dl>`;
}

function shareInvited({ figures }: RunResult): number | null {
  return figures.hotLeads === 0 ? null : figures.invites.sent / figures.hotLeads;
}

function renderTile(name: string, value: Estimate | null, unit: 'share' | 'seconds', below: string): Markup {
  const interval =
    value === null || value.low === null || value.high === null
      ? null
      : html`<dd>${describeFigure(Math.max(0, value.low), unit)} to ${describeFigure(value.high, unit)}</dd>`;
  return html`<div class="tile">
    <dt>${name}</dt>
    <dd>${value === null ? NO_DATA : describeFigure(value.mean, unit)}</dd>
    ${interval}
    <dd>${below}</dd>
  </div>`;
}

/** Demand and agents on one time axis. */
export function renderGlance(context: ReportContext): Markup {
  const { frame, run, hasSeeds } = context;
  const panes = [createSlotsPane(context), createLeadsPane(context)];
  const chart = renderTimeChart({
    frame,
    about: describeGlance(context),
    panes,
    tips: describeTips(context),
    hasCaptions: true,
  });
  return html`<section>
    <h2>The run at a glance</h2>
    <p class="lead">
      How busy the agents were, and what became of the hot leads${hasSeeds ? ` (seed ${run.seed})` : ''}. Point at a
      moment for its values.
    </p>
    <figure>${chart}</figure>
    ${renderStory(context)}
  </section>`;
}

function createSlotsPane({ bins }: ReportContext): Pane {
  const busy = traceOf(bins, (bin) => meanOf(bin, (point) => point.busySlots));
  const slots = traceOf(bins, (bin) => meanOf(bin, (point) => point.slots));
  const waiting = traceOf(bins, (bin) => Math.max(...bin.points.map((point) => point.waiting)));
  return {
    title: 'Chat slots and waiting chats',
    height: 150,
    layers: [
      { kind: 'area', name: 'busy, after-work included', color: 'chats', points: busy },
      { kind: 'line', name: 'slots of agents', color: 'ink', points: slots, isDashed: true },
      { kind: 'line', name: 'chats waiting', color: 'ink', points: waiting },
    ],
  };
}

function createLeadsPane({ bins }: ReportContext): Pane {
  const sent = bins.map((bin) => ({ fromMs: bin.fromMs, toMs: bin.toMs, value: sumOf(bin, (point) => point.sent) }));
  const refused = bins.map((bin, index) => ({
    fromMs: bin.fromMs,
    toMs: bin.toMs,
    value: sumOf(bin, (point) => point.refused),
    base: sent[index]?.value ?? 0,
  }));
  return {
    title: `Hot leads per ${describeBinLength(bins)}`,
    height: 76,
    layers: [
      { kind: 'bars', name: 'invited', color: 'pacing', bars: sent },
      { kind: 'bars', name: 'not invited', color: 'muted', bars: refused, isHatched: true },
    ],
  };
}

function describeTips({ bins, frame }: ReportContext) {
  return bins.map((bin) => {
    const busy = describeNumber(meanOf(bin, (point) => point.busySlots));
    const slots = describeNumber(meanOf(bin, (point) => point.slots));
    const waiting = Math.max(...bin.points.map((point) => point.waiting));
    const sent = sumOf(bin, (point) => point.sent);
    const refused = sumOf(bin, (point) => point.refused);
    const text = `${describeMoment(frame, bin.fromMs)}: ${busy} of ${slots} slots busy, ${waiting} waiting; ${sent} hot leads invited, ${refused} not`;
    return { fromMs: bin.fromMs, toMs: bin.toMs, text };
  });
}

function describeGlance({ run }: ReportContext): string {
  const { figures } = run;
  return (
    `Busy chat slots, waiting chats and hot leads over time. Agents were busy for ${describeShare(figures.busyShare)} of their time; ` +
    `${describeCount(figures.invites.sent)} of ${describeCount(figures.hotLeads)} hot leads were invited.`
  );
}

function renderStory({ frame }: ReportContext): Markup | null {
  if (frame.captions.length === 0) return null;
  return html`<ol class="story">
    ${frame.captions.map(
      ({ atMs, text }, index) =>
        html`<li><b>${index + 1}</b><time>${describeMoment(frame, atMs)}</time><span>${text}</span></li>`,
    )}
  </ol>`;
}
