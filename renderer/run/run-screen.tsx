/** The Run screen: header, tiles, time bar and six panels on one time axis, with the why panel beside them when something is asked. */
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { useRunLine, useRunView } from '#renderer/feed/run-context.tsx';
import { createTimeCursor, TimeCursorProvider } from '#renderer/charts/time-cursor.ts';
import { focusPanel } from '#renderer/shared/panel.tsx';
import { NO_FILTER, type StreamFilter } from '#renderer/view/stream-filter.ts';
import { windowForSpeed, type WindowName } from '#renderer/view/time-window.ts';
import { streamSubject, type WhySubject } from '#renderer/view/why-subject.ts';
import { AgentsPanel } from '#renderer/run/agents-panel.tsx';
import { FunnelPanel } from '#renderer/run/funnel-panel.tsx';
import { PacingPanel } from '#renderer/run/pacing-panel.tsx';
import { RulesPanel } from '#renderer/run/rules-panel.tsx';
import { RunAbsent } from '#renderer/run/run-absent.tsx';
import { RunHeader } from '#renderer/run/run-header.tsx';
import { RunNotice } from '#renderer/run/run-notice.tsx';
import { StreamPanel } from '#renderer/run/stream-panel.tsx';
import { Tiles } from '#renderer/run/tiles.tsx';
import { TimeBar } from '#renderer/run/time-bar.tsx';
import { TrafficPanel } from '#renderer/run/traffic-panel.tsx';
import { WhyPanel } from '#renderer/run/why-panel.tsx';
import classes from '#renderer/run/run.module.css';

interface RunScreenProps {
  readonly onPickScenario: () => void;
}

export function RunScreen({ onPickScenario }: RunScreenProps): ReactNode {
  const { status, totals, known } = useRunView('header');
  const [filter, setFilter] = useState<StreamFilter>(NO_FILTER);
  return (
    <div className={classes['screen']}>
      <RunHeader onPickScenario={onPickScenario} />
      <RunNotice onPickScenario={onPickScenario} />
      {totals === null ? (
        <RunAbsent status={status} known={known} onPickScenario={onPickScenario} />
      ) : (
        <RunBody key={status?.runId} filter={filter} onFilter={setFilter} />
      )}
    </div>
  );
}

interface RunBodyProps {
  readonly filter: StreamFilter;
  readonly onFilter: (filter: StreamFilter) => void;
}

/** All of one run; another run begins with none of its state. */
function RunBody({ filter, onFilter }: RunBodyProps): ReactNode {
  const { store } = useRunLine();
  const [cursor] = useState(createTimeCursor);
  const window = useWindow();
  const stage = useStage(6);
  const [subject, setSubject] = useState<WhySubject | null>(null);
  const onRule = useCallback(
    (rule: string) => {
      onFilter({ kinds: new Set(['rule']), text: `rule:"${rule}"` });
      const latest = store.view().stream.findLast((item) => item.kind === 'rule' && item.name === rule);
      if (latest) setSubject(streamSubject(latest));
      focusPanel('stream');
    },
    [store, onFilter],
  );
  const onVisit = useCallback(
    (visitID: string) => onFilter({ kinds: new Set(), text: `visit:${visitID}` }),
    [onFilter],
  );
  return (
    <TimeCursorProvider value={cursor}>
      <div className={classes['body']}>
        <div className={classes['main']}>
          <Tiles window={window.name} />
          <TimeBar window={window.name} onWindow={window.choose} />
          <div className={classes['grid']}>
            {stage > 0 && <TrafficPanel window={window.name} />}
            {stage > 1 && <RulesPanel window={window.name} onRule={onRule} />}
            {stage > 2 && <PacingPanel window={window.name} onWhy={setSubject} />}
            {stage > 3 && <AgentsPanel window={window.name} />}
            {stage > 4 && <FunnelPanel />}
            {stage > 5 && (
              <StreamPanel filter={filter} onFilter={onFilter} selectedKey={subject?.key ?? null} onWhy={setSubject} />
            )}
          </div>
        </div>
        {subject !== null && <WhyPanel subject={subject} onClose={() => setSubject(null)} onVisit={onVisit} />}
      </div>
    </TimeCursorProvider>
  );
}

/** Counts up to `last`, one an animation frame: panels are built one by one, and no frame has to build all. */
function useStage(last: number): number {
  const [stage, setStage] = useState(0);
  useEffect(() => {
    if (stage >= last) return undefined;
    const frame = requestAnimationFrame(() => setStage(stage + 1));
    return () => cancelAnimationFrame(frame);
  }, [stage, last]);
  return stage;
}

/** The window that was chosen, or the one that suits the run's speed. */
function useWindow(): { readonly name: WindowName; readonly choose: (name: WindowName) => void } {
  const { status } = useRunView('header');
  const [chosen, choose] = useState<WindowName | null>(null);
  const suited = status === null || status.state === 'finished' ? 'all' : windowForSpeed(status.speed);
  return { name: chosen ?? suited, choose };
}
