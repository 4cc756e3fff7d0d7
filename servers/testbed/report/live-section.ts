/** What only a live run can tell: whether anything was lost, how late the crowd was; and of any run its faults and what was felt of them. */
import { describeFelt, type FeltEffect } from '#testbed/felt-effects.ts';
import type { LiveFindings } from '#testbed/run-result.ts';
import { describeChats, describeIntake } from './fault-text.ts';
import { describeClock, describeCount, describeNumber } from './figure-text.ts';
import { html, type Markup } from './markup.ts';
import type { ReportContext } from './report-context.ts';

export function renderLive({ run }: ReportContext): Markup | null {
  const felt = describeFelt(run.series, run.faults);
  if (run.live === undefined && felt.length === 0) return null;
  return html`<section>
    <h2>${run.live === undefined ? 'Faults' : 'Live'}</h2>
    ${run.live === undefined ? null : renderFindings(run.live)} ${felt.length === 0 ? null : renderFaults(felt)}
  </section>`;
}

function renderFindings(live: LiveFindings): Markup {
  const rows: readonly (readonly [string, string])[] = [
    ['Events acknowledged to clients', describeCount(live.acknowledged)],
    [`Of them in the ${live.store} store, read back after the run`, describeCount(live.acknowledged - live.lost)],
    ['Lost: acknowledged and not stored', describeCount(live.lost)],
    ['Stored, the answer lost on its way', describeCount(live.unacknowledged)],
    ['Requests sent', describeCount(live.requests.sent)],
    ['Requests refused or given up', describeCount(live.requests.refused + live.requests.unsent)],
    ['Starts dropped because they could not be made in time', describeCount(live.startsDropped)],
    ['Lateness of starts, median', `${describeNumber(live.latenessMs.p50)} ms`],
    ['Lateness of starts, 99th percentile', `${describeNumber(live.latenessMs.p99)} ms`],
    ['Lateness of starts, largest', `${describeNumber(live.latenessMs.max)} ms`],
  ];
  return html`<p class="lead">
      Real nodes over sockets: every event that a client was told is stored was looked for in the store afterwards.
    </p>
    <table>
      <tbody>
        ${rows.map(
          ([name, value]) =>
            html`<tr>
              <td>${name}</td>
              <td class="number">${value}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}

function renderFaults(felt: readonly FeltEffect[]): Markup {
  return html`<table>
      <thead>
        <tr>
          <th>Fault</th>
          <th>From</th>
          <th>To</th>
          <th>Events taken in</th>
          <th>Chats</th>
        </tr>
      </thead>
      <tbody>
        ${felt.map(
          (effect) =>
            html`<tr>
              <td>${effect.kind} of ${effect.node}</td>
              <td>${describeClock(effect.beginsMs)}</td>
              <td>${effect.endsMs === null ? 'the end' : describeClock(effect.endsMs)}</td>
              <td class="words">${describeIntake(effect)}</td>
              <td class="words">${describeChats(effect)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <p class="meta">While each fault lasted and ten seconds more, beside the minute before it.</p>`;
}
