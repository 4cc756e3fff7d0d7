/** The run's figures beside those of its counterpart at the same moment, how far they lie apart, and how far the counterpart has come. */
import type { ReactNode } from 'react';
import { Button, CloseButton, Progress } from '@mantine/core';
import type { CounterpartState } from '#protocol/run-feed-counterpart.ts';
import { useRunLine, useRunView } from '#renderer/feed/run-context.tsx';
import {
  COUNTERPART_NAMES,
  describeCounterpart,
  FIGURE_NAMES,
  formatDifference,
  formatFigure,
} from '#renderer/view/counterpart-words.ts';
import classes from '#renderer/pacing/comparison.module.css';

export function ComparisonPanel(): ReactNode {
  const { counterpart } = useRunView('decision');
  const { send } = useRunLine();
  if (counterpart === null) return null;
  const { state } = counterpart;
  const isBehind = state.state === 'loading' || (state.state === 'running' && state.figuresAtMs === null);
  return (
    <section className={classes['comparison']} aria-label="Comparison">
      <header>
        <h2>Beside it: {COUNTERPART_NAMES[state.pacedBy]}</h2>
        <CloseButton
          size="sm"
          aria-label={isBehind ? 'Cancel the comparison' : 'Take the comparison away'}
          onClick={() => send({ type: 'compare', pacedBy: null })}
        />
      </header>
      {isBehind && (
        <Progress
          size="sm"
          value={(100 * state.virtualMs) / Math.max(1, state.targetMs)}
          aria-label="Progress of the comparison"
        />
      )}
      {state.figures.length > 0 && <Figures state={state} />}
      <p data-failed={state.state === 'failed' || undefined} role={state.state === 'failed' ? 'alert' : undefined}>
        {describeCounterpart(state)}
      </p>
      {state.state === 'failed' && (
        <Button size="compact-xs" variant="default" onClick={() => send({ type: 'compare', pacedBy: state.pacedBy })}>
          Try again
        </Button>
      )}
    </section>
  );
}

function Figures({ state }: { readonly state: CounterpartState }): ReactNode {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">
            <span className={classes['hidden']}>Figure</span>
          </th>
          <th scope="col">this run</th>
          <th scope="col">{COUNTERPART_NAMES[state.pacedBy]}</th>
          <th scope="col" title="This run less the other; pt: points of a share">
            differs by
          </th>
        </tr>
      </thead>
      <tbody>
        {state.figures.map((figure) => (
          <tr key={figure.name}>
            <th scope="row">{FIGURE_NAMES[figure.name]}</th>
            <td>{formatFigure(figure.own, figure)}</td>
            <td>{formatFigure(figure.counterpart, figure)}</td>
            <td>{formatDifference(figure)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
