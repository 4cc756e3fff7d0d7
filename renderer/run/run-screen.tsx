/** The Run screen: header, tiles, a live run's nodes, time bar and six panels on one time axis, with a panel beside them when something is asked. */
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import type { LiveFault } from '#protocol/run-feed-live.ts';
import type { WhatIfMark } from '#protocol/run-feed.ts';
import { useRunLine, useRunView } from '#renderer/feed/run-context.tsx';
import { createTimeCursor, TimeCursorProvider } from '#renderer/charts/time-cursor.ts';
import { TimeMarksProvider, type TimeMark } from '#renderer/charts/time-marks.tsx';
import { focusPanel } from '#renderer/shared/panel.tsx';
import { faultMarks } from '#renderer/view/fault-marks.ts';
import { whatIfMarks } from '#renderer/view/what-if-marks.ts';
import { NO_FILTER, type StreamFilter } from '#renderer/view/stream-filter.ts';
import { windowForSpeed, type WindowName } from '#renderer/view/time-window.ts';
import { streamSubject, type WhySubject } from '#renderer/view/why-subject.ts';
import { AgentsPanel } from '#renderer/run/agents-panel.tsx';
import { FunnelPanel } from '#renderer/run/funnel-panel.tsx';
import { LogPanel } from '#renderer/run/log-panel.tsx';
import { NodesStrip } from '#renderer/run/nodes-strip.tsx';
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
  const [openLog, setOpenLog] = useState<string | null>(null);
  /** A simulated run has no nodes that could write one. */
  const logNode = status?.live?.nodes.some(({ name }) => name === openLog) === true ? openLog : null;
  return (
    <div className={classes['screen']}>
      <RunHeader onPickScenario={onPickScenario} />
      <RunNotice onPickScenario={onPickScenario} />
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
  const window = useWindow();
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

/** What was done to nodes, and pacing told, on purpose, for all charts; the same array until something is done or ends. */
function useTimeMarks(): readonly TimeMark[] {
  const { status } = useRunView('nodes');
  const next = [
    ...faultMarks(status?.live?.faults ?? NO_FAULTS, status?.virtualMs ?? 0),
    ...whatIfMarks(status?.whatIfs ?? NO_WHAT_IFS),
  ];
  const [marks, setMarks] = useState(next);
  const isSame =
    marks.length === next.length &&
    next.every(({ key, untilMs }, index) => marks[index]?.key === key && marks[index].untilMs === untilMs);
  if (isSame) return marks;
  setMarks(next);
  return next;
}

const NO_FAULTS: readonly LiveFault[] = [];
const NO_WHAT_IFS: readonly WhatIfMark[] = [];

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

/** A run as short as the shortest window is shown whole. */
const WHOLE_RUN_MS_MAX = 300_000;

/** The window that was chosen, or the one that suits the run's speed. */
function useWindow(): { readonly name: WindowName; readonly choose: (name: WindowName) => void } {
  const { status } = useRunView('header');
  const [chosen, choose] = useState<WindowName | null>(null);
  const isShort = status !== null && status.totalMs <= WHOLE_RUN_MS_MAX;
  const suited = status === null || isShort || status.state === 'finished' ? 'all' : windowForSpeed(status.speed);
  return { name: chosen ?? suited, choose };
}
