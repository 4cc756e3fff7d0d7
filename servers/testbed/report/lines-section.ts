/** How late visitors see what is said to them: lines are shown when their chat is refreshed, and refreshes may be late themselves. */
import { optionsOf } from '#node/read-settings.ts';
import { describeEstimate } from '#testbed/reporters/outcome-text.ts';
import type { LineSeconds } from '#testbed/run-result.ts';
import { html, type Markup } from './markup.ts';
import type { ReportContext } from './report-context.ts';

const KEYS: readonly { readonly key: keyof LineSeconds; readonly name: string }[] = [
  { key: 'p50', name: 'half were shown within' },
  { key: 'p95', name: '95 % within' },
  { key: 'max', name: 'the longest took' },
];

/** Null: nobody said anything, and no refresh was late. */
export function renderLines({ run, estimate, hasSeeds }: ReportContext): Markup | null {
  const { lines, lineSeconds } = run.figures;
  if (lineSeconds === null && lines.refreshTimeouts === 0) return null;
  const options = optionsOf(run.scenario);
  const period = options.get('service:wes/wes.connector.chatServer.refreshPeriod');
  const timeout = options.get('service:wes/wes.connector.chatServer.requestTimeout');
  const pool = options.get('service:wes/wes.connector.chatServer.requestPoolSize');
  return html`<section>
    <h2>Lines of chats</h2>
    <p class="lead">
      Visitors see what is said when their chat is refreshed: every ${period} s, later where ${pool} threads at each
      Backend are too few or a request takes up to ${timeout} s and is given up.
    </p>
    <table>
      <caption>
        Lines shown to visitors${hasSeeds ? ', over all seeds' : ''}
      </caption>
      <tbody>
        <tr>
          <td>lines</td>
          <td class="number">
            ${describeEstimate(
              estimate(({ figures }) => figures.lines.shown),
              'count',
            )}
          </td>
        </tr>
        ${KEYS.map(
          ({ key, name }) =>
            html`<tr>
              <td>${name}</td>
              <td class="number">
                ${describeEstimate(
                  estimate(({ figures }) => figures.lineSeconds?.[key] ?? null),
                  'seconds',
                )}
              </td>
            </tr>`,
        )}
        <tr>
          <td>refreshes of a chat given up</td>
          <td class="number">
            ${describeEstimate(
              estimate(({ figures }) => figures.lines.refreshTimeouts),
              'count',
            )}
          </td>
        </tr>
      </tbody>
    </table>
  </section>`;
}
