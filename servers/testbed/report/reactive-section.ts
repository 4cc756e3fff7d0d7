/** Visitors who looked for help themselves: how many were let in, and what they and the invited ones cost each other. */
import { describeEstimate } from '#testbed/reporters/outcome-text.ts';
import type { ReactiveFigures } from '#testbed/run-result.ts';
import type { FigureUnit } from '#testbed/thresholds-figures.ts';
import { describeGivenShare } from './figure-text.ts';
import { html, type Markup } from './markup.ts';
import type { ReportContext } from './report-context.ts';

type Row = readonly [name: string, key: keyof ReactiveFigures, unit: FigureUnit];

const COUNTS: readonly Row[] = [
  ['looked for help', 'asked', 'count'],
  ['let in', 'letIn', 'count'],
  ['not let in', 'refused', 'count'],
  ['chats started', 'started', 'count'],
  ['given up while waiting', 'abandoned', 'count'],
  ['chats completed', 'completed', 'count'],
];

const SHARES: readonly (readonly [string, keyof ReactiveFigures, keyof ReactiveFigures])[] = [
  ['abandoned, of the chats let in or accepted', 'abandonmentShare', 'proactiveAbandonmentShare'],
  ["busy, of the slots' time", 'busyShare', 'proactiveBusyShare'],
];

/** Null where the scenario has no reactive visitors. */
export function renderReactive(context: ReportContext): Markup | null {
  const { reactive } = context.run.scenario.visitors;
  if (reactive === null) return null;
  const value = (key: keyof ReactiveFigures, unit: FigureUnit): string =>
    describeEstimate(
      context.estimate(({ figures }) => figures.reactive?.[key] ?? null),
      unit,
    );
  return html`<section>
    <h2>Visitors who look for help themselves</h2>
    <p class="lead">
      ${describeGivenShare(reactive.share)} of the visits look for help by themselves. Their page asks pacing which
      share of them is to be let in and draws; who is let in waits for an agent as invited visitors do, but takes no
      slot that proactiveRatio keeps for those. Counts are of the window, shares from the start of the run.
    </p>
    <table>
      ${COUNTS.map(
        ([name, key, unit]) =>
          html`<tr>
            <td>${name}</td>
            <td class="number">${value(key, unit)}</td>
          </tr>`,
      )}
    </table>
    <table>
      <tr>
        <th></th>
        <th class="number">reactive</th>
        <th class="number">invited</th>
      </tr>
      ${SHARES.map(
        ([name, own, invited]) =>
          html`<tr>
            <td>${name}</td>
            <td class="number">${value(own, 'share')}</td>
            <td class="number">${value(invited, 'share')}</td>
          </tr>`,
      )}
    </table>
  </section>`;
}
