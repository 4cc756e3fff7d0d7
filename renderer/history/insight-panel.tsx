/** How recently and how often somebody has come, what he looked at, what he reached, and what came of attempts to engage him. */
import type { ReactNode } from 'react';
import type { Insight } from '#protocol/wire-history.ts';
import { Panel } from '#renderer/shared/panel.tsx';
import { FigureList } from '#renderer/shared/side-panel.tsx';
import { formatCount } from '#renderer/view/format.ts';
import { describeInsight } from '#renderer/view/history-insight.ts';
import type { ScenarioClock } from '#renderer/view/scenario-clock.ts';
import classes from '#renderer/history/history.module.css';

export function InsightPanel({
  insight,
  clock,
}: {
  readonly insight: Insight;
  readonly clock: ScenarioClock;
}): ReactNode {
  const { sentences, figures } = describeInsight(insight);
  return (
    <Panel name="insight" title="Insight" className={classes['insight']}>
      <div className={classes['insightBody']} tabIndex={0} role="group" aria-label="Insight in words">
        {sentences.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        <FigureList figures={figures} />
        {insight.categories.length > 0 && (
          <table className={classes['reached']}>
            <caption>Pages reached, by category</caption>
            <thead>
              <tr>
                <th scope="col">category</th>
                <th scope="col">pages</th>
                <th scope="col">visits</th>
                <th scope="col">last</th>
              </tr>
            </thead>
            <tbody>
              {insight.categories.map(({ name, as, pages, visits, lastReached }) => (
                <tr key={name}>
                  <th scope="row">
                    {name}
                    {as !== null && <span className={classes['as']}>{as}</span>}
                  </th>
                  <td>{formatCount(pages)}</td>
                  <td>{formatCount(visits)}</td>
                  <td title={`${clock.day(lastReached)} ${clock.time(lastReached)}`}>{clock.minute(lastReached)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </Panel>
  );
}
