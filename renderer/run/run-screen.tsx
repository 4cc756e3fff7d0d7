/** The Run screen: header, tiles, a live run's nodes, time bar and six panels on one time axis, with a panel beside them when something is asked. */
import { useCallback, useState, type ReactNode } from 'react';
import { useRunLine, useRunView } from '#renderer/feed/run-context.tsx';
import { createTimeCursor, TimeCursorProvider } from '#renderer/charts/time-cursor.ts';
import { TimeMarksProvider } from '#renderer/charts/time-marks.tsx';
import { focusPanel } from '#renderer/shared/panel.tsx';
import { useStage } from '#renderer/shared/use-stage.ts';
import { NO_FILTER, type StreamFilter } from '#renderer/view/stream-filter.ts';
import { streamSubject, type WhySubject } from '#renderer/view/why-subject.ts';
import { AgentsPanel } from '#renderer/run/agents-panel.tsx';
import { FunnelPanel } from '#renderer/run/funnel-panel.tsx';
import { LogPanel } from '#renderer/run/log-panel.tsx';
import { NodesStrip } from '#renderer/run/nodes-strip.tsx';
import { PacingNotices } from '#renderer/run/pacing-notices.tsx';
import { PacingPanel } from '#renderer/run/pacing-panel.tsx';
import { RulesPanel } from '#renderer/run/rules-panel.tsx';
import { RunAbsent } from '#renderer/run/run-absent.tsx';
import { RunHeader } from '#renderer/run/run-header.tsx';
import { RunNotice } from '#renderer/run/run-notice.tsx';
import { StreamPanel } from '#renderer/run/stream-panel.tsx';
import { Tiles } from '#renderer/run/tiles.tsx';
import { TimeBar } from '#renderer/run/time-bar.tsx';
import { TrafficPanel } from '#renderer/run/traffic-panel.tsx';
import { useSuitedWindow } from '#renderer/run/use-suited-window.ts';
import { useTimeMarks } from '#renderer/run/use-time-marks.ts';
import { WhyPanel } from '#renderer/run/why-panel.tsx';
import classes from '#renderer/run/run.module.css';

interface RunScreenProps {
  readonly onPickScenario: () => void;
}

export function RunScreen({ onPickScenario }: RunScreenProps): ReactNode {
  const { status, totals, known } = useRunView('header');
  const [filter, setFilter] = useState<StreamFilter>(NO_FILTER);
  const [openLog, setOpenLog] = useState<string | null>(null);
  /** A simulated run has no nodes that could write one. */
  const logNode = status?.live?.nodes.some(({ name }) => name === openLog) === true ? openLog : null;
  return (
    <div className={classes['screen']}>
      <RunHeader onPickScenario={onPickScenario} />
      <RunNotice onPickScenario={onPickScenario} />
      <PacingNotices />
      {totals === null ? (
        <div className={classes['body']}>
          <div className={classes['main']}>
            <NodesStrip logNode={logNode} onLog={setOpenLog} />
            <RunAbsent status={status} known={known} onPickScenario={onPickScenario} />
          </div>
          {logNode !== null && <LogPanel node={logNode} onClose={() => setOpenLog(null)} />}
        </div>
      ) : (
        <RunBody key={status?.runId} filter={filter} onFilter={setFilter} logNode={logNode} onLog={setOpenLog} />
      )}
    </div>
  );
}

interface RunBodyProps {
  readonly filter: StreamFilter;
  readonly onFilter: (filter: StreamFilter) => void;
  readonly logNode: string | null;
  readonly onLog: (node: string | null) => void;
}

/** All of one run; another run begins with none of its state. */
function RunBody({ filter, onFilter, logNode, onLog }: RunBodyProps): ReactNode {
  const { store } = useRunLine();
  const [cursor] = useState(createTimeCursor);
  const window = useSuitedWindow();
  const stage = useStage(6);
  const marks = useTimeMarks();
  const [subject, setSubject] = useState<WhySubject | null>(null);
  /** One panel at the side is enough: asked why, the log gives way, and comes back after it. */
  const openLog = useCallback(
    (node: string | null) => {
      setSubject(null);
      onLog(node);
    },
    [onLog],
  );
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
      <TimeMarksProvider value={marks}>
        <div className={classes['body']}>
          <div className={classes['main']}>
            <Tiles window={window.name} />
            <NodesStrip logNode={subject === null ? logNode : null} onLog={openLog} />
            <TimeBar window={window.name} onWindow={window.choose} />
            <div className={classes['grid']}>
              {stage > 0 && <TrafficPanel window={window.name} />}
              {stage > 1 && <RulesPanel window={window.name} onRule={onRule} />}
              {stage > 2 && <PacingPanel window={window.name} onWhy={setSubject} />}
              {stage > 3 && <AgentsPanel window={window.name} />}
              {stage > 4 && <FunnelPanel />}
              {stage > 5 && (
                <StreamPanel
                  filter={filter}
                  onFilter={onFilter}
                  selectedKey={subject?.key ?? null}
                  onWhy={setSubject}
                />
              )}
            </div>
          </div>
          {subject !== null && <WhyPanel subject={subject} onClose={() => setSubject(null)} onVisit={onVisit} />}
          {subject === null && logNode !== null && (
            <LogPanel key={logNode} node={logNode} onClose={() => onLog(null)} />
          )}
        </div>
      </TimeMarksProvider>
    </TimeCursorProvider>
  );
}
