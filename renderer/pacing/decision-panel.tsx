/**
 * The whole decision of pacing at the moment pointed at, pinned or newest: sentences first, figures second, the raw record last. All
 * of it is the host's; the sentence of the feed stands in until the exact decision has come.
 */
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { Button } from '@mantine/core';
import { askDecision } from '#renderer/feed/host-api.ts';
import { useRunLine, useRunView } from '#renderer/feed/run-context.tsx';
import { useAnswer, valueOf } from '#renderer/feed/use-answer.ts';
import { useCursorMs } from '#renderer/charts/time-cursor.ts';
import { clockOf } from '#renderer/run/run-moment.ts';
import { FigureList, RawRecord, Sentences } from '#renderer/shared/side-panel.tsx';
import { formatDuration, formatElapsed } from '#renderer/view/format.ts';
import { decisionPointAt } from '#renderer/view/pacing-rows.ts';
import classes from '#renderer/pacing/pacing.module.css';

interface DecisionPanelProps {
  readonly group: string;
  readonly pinnedMs: number | null;
  readonly onUnpin: () => void;
  readonly children?: ReactNode;
}

/** The cursor rests so long before the host is asked. */
const RESTS_MS = 90;
/** The newest decision is asked for so often. */
const NEWEST_EVERY_MS = 500;

export function DecisionPanel({ group, pinnedMs, onUnpin, children }: DecisionPanelProps): ReactNode {
  const { status } = useRunView('decision');
  const cursorMs = useCursorMs();
  const atMs = pinnedMs ?? cursorMs;
  const point = useDecisionPoint(group, atMs);
  const newest = useNewestSlowly(NEWEST_EVERY_MS);
  const asked = Math.round(atMs ?? newest);
  const runId = status?.runId ?? '';
  const ask = useCallback((signal: AbortSignal) => askDecision(runId, group, asked, signal), [runId, group, asked]);
  const answer = useAnswer(ask, RESTS_MS);
  if (status === null) return null;
  const decision = valueOf(answer);
  const isExact = answer.state === 'answered' && atMs !== null;
  const clock = clockOf(status.startsAt, status.timeZone);
  const shownMs = isExact ? answer.value.atMs : (atMs ?? point?.atMs ?? 0);
  const sentences = isExact ? answer.value.why.sentences : point === undefined ? [] : [inSentenceCase(point.sentence)];
  return (
    <aside className={classes['decision']} aria-label="Decision">
      <header className={classes['decisionHead']}>
        <div>
          <h2>{pinnedMs !== null ? 'Decision, pinned' : cursorMs !== null ? 'Decision' : 'Newest decision'}</h2>
          <p>
            <time>
              {clock.time(shownMs)} · {formatElapsed(shownMs)}
            </time>
          </p>
        </div>
        {pinnedMs !== null && (
          <Button size="compact-xs" variant="default" onClick={onUnpin}>
            Unpin
          </Button>
        )}
      </header>
      <div
        className={classes['decisionBody']}
        tabIndex={0}
        role="group"
        aria-label="Explanation of the decision"
        aria-busy={answer.state === 'waiting'}
      >
        <Sentences sentences={sentences} live={atMs === null ? 'off' : 'polite'} />
        {children}
        {answer.state === 'refused' ? (
          <p className={classes['refused']}>{answer.refusal.message}.</p>
        ) : (
          decision && (
            <>
              <FigureList figures={decision.why.figures} />
              <p className={classes['grain']}>
                The last decision of each {formatDuration(decision.bucketMs)} is kept; each hot lead&apos;s own is in
                the stream of the Run screen.
              </p>
              <RawRecord record={decision.why.record} />
            </>
          )
        )}
        {pinnedMs === null && (
          <p className={classes['hint']}>
            Point at a chart for the decision of that moment; click or Enter pins it. Drag to zoom, + and − at the
            cursor.
          </p>
        )}
      </div>
    </aside>
  );
}

/** The feed's point at a moment: at once, if perhaps of a neighbouring second. */
function useDecisionPoint(group: string, atMs: number | null): ReturnType<typeof decisionPointAt> {
  const { store } = useRunLine();
  return decisionPointAt(store.view().pacing, group, atMs);
}

/** The newest moment of a decision, looked at every `ms`. */
function useNewestSlowly(ms: number): number {
  const { store } = useRunLine();
  const newest = useCallback(() => store.view().pacing.at(-1)?.atMs ?? 0, [store]);
  const [held, setHeld] = useState(newest);
  useEffect(() => {
    const timer = setInterval(() => setHeld(newest()), ms);
    return () => clearInterval(timer);
  }, [newest, ms]);
  return held;
}

function inSentenceCase(sentence: string): string {
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}
