/**
 * The Pacing screen: all that pacing decided and what came of it, in small charts on one time axis, and beside them the whole
 * decision at the moment pointed at.
 */
import { useMemo, useState, type ReactNode } from 'react';
import type { PacingPoint, RunStatus, WhatIfMark } from '#protocol/run-feed.ts';
import { useRunLine, useRunView } from '#renderer/feed/run-context.tsx';
import { createTimeCursor, TimeCursorProvider } from '#renderer/charts/time-cursor.ts';
import { TimeMarksProvider } from '#renderer/charts/time-marks.tsx';
import type { ZoomActions } from '#renderer/charts/zoom-actions.ts';
import { useStage } from '#renderer/shared/use-stage.ts';
import { COUNTERPART_NAMES } from '#renderer/view/counterpart-words.ts';
import { rememberLast } from '#renderer/view/chart-points.ts';
import { goalsOf, type ChartsContext, type GoalFrom } from '#renderer/view/pacing-chart.ts';
import { pacingCharts } from '#renderer/view/pacing-charts.ts';
import { describeSilence } from '#renderer/view/pacing-words.ts';
import { spanOfChoice, zoomAround, zoomTo, type SpanChoice } from '#renderer/view/span-choice.ts';
import { PacingNotices } from '#renderer/run/pacing-notices.tsx';
import { RunAbsent } from '#renderer/run/run-absent.tsx';
import { RunHeader } from '#renderer/run/run-header.tsx';
import { RunNotice } from '#renderer/run/run-notice.tsx';
import { useSuitedWindow } from '#renderer/run/use-suited-window.ts';
import { useTimeMarks } from '#renderer/run/use-time-marks.ts';
import { ComparisonPanel } from '#renderer/pacing/comparison-panel.tsx';
import { DecisionPanel } from '#renderer/pacing/decision-panel.tsx';
import { PacingBar, type Groups } from '#renderer/pacing/pacing-bar.tsx';
import { PacingStrip } from '#renderer/pacing/pacing-strip.tsx';
import classes from '#renderer/pacing/pacing.module.css';

interface PacingScreenProps {
  readonly onPickScenario: () => void;
}

export function PacingScreen({ onPickScenario }: PacingScreenProps): ReactNode {
  const { status, totals, known, pacing } = useRunView('header');
  return (
    <div className={classes['screen']}>
      <RunHeader onPickScenario={onPickScenario} />
      <RunNotice onPickScenario={onPickScenario} />
      <PacingNotices />
      {totals === null || status === null ? (
        <RunAbsent status={status} known={known} onPickScenario={onPickScenario} />
      ) : pacing.length === 0 ? (
        <p className={classes['silent']} role="status">
          {describeSilence(status)}
        </p>
      ) : (
        <PacingBody key={status.runId} />
      )}
    </div>
  );
}

/** All of one run; another run begins with none of its state. */
function PacingBody(): ReactNode {
  const [cursor] = useState(createTimeCursor);
  const [pinnedMs, pin] = useState<number | null>(null);
  const { choice, setChoice, zoom } = useSpan();
  const groups = useGroups();
  const marks = useTimeMarks();
  const shownMarks = useMemo(
    () =>
      pinnedMs === null
        ? marks
        : [
            ...marks,
            { key: 'pin', label: '', fromMs: pinnedMs, untilMs: pinnedMs, isOpen: false, tone: 'pin' as const },
          ],
    [marks, pinnedMs],
  );
  const charts = useCharts(groups.chosen);
  const stage = useStage(charts.length);
  return (
    <TimeCursorProvider value={cursor}>
      <TimeMarksProvider value={shownMarks}>
        <PacingBar choice={choice} onChoice={setChoice} groups={groups} />
        <div className={classes['body']}>
          <div className={classes['strips']} tabIndex={-1}>
            {charts.slice(0, stage).map((chart, index) => (
              <PacingStrip
                key={chart.name}
                chart={chart}
                choice={choice}
                group={groups.chosen}
                showTimes={index === charts.length - 1}
                namesMarks={index === 0}
                zoom={zoom}
                onPick={pin}
              />
            ))}
          </div>
          <div className={classes['side']}>
            <ComparisonPanel />
            <DecisionPanel group={groups.chosen} pinnedMs={pinnedMs} onUnpin={() => pin(null)} />
          </div>
        </div>
      </TimeMarksProvider>
    </TimeCursorProvider>
  );
}

/** The span that is shown, and what changes it; the same actions from redraw to redraw. */
function useSpan(): {
  readonly choice: SpanChoice;
  readonly setChoice: (choice: SpanChoice | null) => void;
  readonly zoom: ZoomActions;
} {
  const { store } = useRunLine();
  const window = useSuitedWindow();
  const [zoomed, setZoomed] = useState<SpanChoice | null>(null);
  const choice = zoomed ?? window.name;
  const zoom = useMemo((): ZoomActions => {
    const total = (): number => store.view().status?.totalMs ?? 0;
    return {
      to: (firstMs, secondMs) => setZoomed(zoomTo(firstMs, secondMs, total())),
      around: (atMs, factor) => {
        const { status } = store.view();
        if (status === null) return;
        const span = spanOfChoice(choice, status.virtualMs, status.totalMs, false);
        setZoomed(zoomAround(span, atMs, factor, status.totalMs));
      },
      reset: () => setZoomed(null),
    };
  }, [store, choice]);
  return { choice, setChoice: setZoomed, zoom };
}

const namesOf = rememberLast((pacing: readonly PacingPoint[]): readonly string[] => [
  ...new Set(pacing.slice(-40).map(({ group }) => group)),
]);

function useGroups(): Groups {
  const { pacing } = useRunView('header');
  const [chosen, choose] = useState<string | null>(null);
  const names = namesOf(pacing);
  return { names, chosen: chosen !== null && names.includes(chosen) ? chosen : (names[0] ?? ''), choose };
}

/** Which charts there are changes with the goal and the algorithm alone. */
function useCharts(group: string): ReturnType<typeof pacingCharts> {
  const { status, pacing, counterpart } = useRunView('header');
  const last = pacing.findLast((point) => point.group === group);
  const goals = goalsAt(status?.whatIfs ?? NO_WHAT_IFS, status?.goal ?? NO_GOAL);
  const isDual = last !== undefined && last.reactive !== null;
  const isPlain = last?.binding === 'rule';
  const isVoice = last?.channel === 'webcallback';
  const slotIsAgent = last?.slotIsAgent ?? false;
  const besideName = counterpart === null ? null : COUNTERPART_NAMES[counterpart.state.pacedBy];
  return useMemo(() => {
    const context: ChartsContext = {
      goal: goals.now,
      goals: goals.course,
      isDual,
      isPlain,
      isVoice,
      slotIsAgent,
      besideName,
    };
    return pacingCharts(context);
  }, [goals, isDual, isPlain, isVoice, slotIsAgent, besideName]);
}

interface Goals {
  readonly now: RunStatus['goal'];
  readonly course: readonly GoalFrom[];
}

/** The same object until pacing is told something: every status brings new ones of the same words. */
function goalsAt(whatIfs: readonly WhatIfMark[], goal: RunStatus['goal']): Goals {
  return goalsOfWords(JSON.stringify([goal, whatIfs]));
}

const goalsOfWords = rememberLast((words: string): Goals => {
  const [goal, whatIfs] = JSON.parse(words) as [RunStatus['goal'], readonly WhatIfMark[]];
  return { now: goal, course: goalsOf({ goal, whatIfs }) };
});

const NO_WHAT_IFS: readonly WhatIfMark[] = [];
const NO_GOAL = { target: 'ABANDONMENT_RATE', share: 0 } as const;
