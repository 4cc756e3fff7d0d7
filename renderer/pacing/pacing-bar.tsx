/** Above the charts: which stretch of the run and which group they show, the promise in words, what is laid beside it, and what-if. */
import { memo, type ReactNode } from 'react';
import { Button, NativeSelect, SegmentedControl } from '@mantine/core';
import type { PacingPoint, RunStatus } from '#protocol/run-feed.ts';
import { useRunLine, useRunView } from '#renderer/feed/run-context.tsx';
import { Icon } from '#renderer/shared/icons.tsx';
import { COUNTERPART_CHOICES } from '#renderer/view/counterpart-words.ts';
import { formatShare } from '#renderer/view/format.ts';
import { formatRange } from '#renderer/view/pacing-charts-promise.ts';
import { isZoomed, type SpanChoice } from '#renderer/view/span-choice.ts';
import { WINDOW_LABELS, WINDOW_NAMES, type WindowName } from '#renderer/view/time-window.ts';
import { clockOf } from '#renderer/run/run-moment.ts';
import { WhatIfButton } from '#renderer/pacing/what-if-button.tsx';
import classes from '#renderer/pacing/pacing.module.css';

/** The agent groups that pacing decides for, and the one that is shown. */
export interface Groups {
  readonly names: readonly string[];
  readonly chosen: string;
  readonly choose: (group: string) => void;
}

interface PacingBarProps {
  readonly choice: SpanChoice;
  /** null: what suits the run's speed. */
  readonly onChoice: (choice: SpanChoice | null) => void;
  readonly groups: Groups;
}

export function PacingBar({ choice, onChoice, groups }: PacingBarProps): ReactNode {
  const { status, pacing } = useRunView('header');
  if (status === null) return <div className={classes['bar']} />;
  const clock = clockOf(status.startsAt, status.timeZone);
  const last = pacing.findLast((point) => point.group === groups.chosen);
  return (
    <div className={classes['bar']}>
      <WindowChoice choice={choice} onChoice={onChoice} />
      {isZoomed(choice) && (
        <Button
          size="compact-xs"
          variant="default"
          rightSection={<Icon name="close" size={10} />}
          onClick={() => onChoice(null)}
          aria-label="Zoom out"
          title="Show the window again (double click on a chart)"
        >
          {clock.time(choice.fromMs)}–{clock.time(choice.toMs)}
        </Button>
      )}
      {groups.names.length > 1 && (
        <NativeSelect
          size="xs"
          aria-label="Agent group"
          data={[...groups.names]}
          value={groups.chosen}
          onChange={(event) => groups.choose(event.currentTarget.value)}
        />
      )}
      <p className={classes['promise']}>{describePromise(status.goal, last)}</p>
      <CompareChoice />
      <WhatIfButton />
    </div>
  );
}

const WINDOWS = WINDOW_NAMES.map((name) => ({ value: name, label: WINDOW_LABELS[name] }));

const WindowChoice = memo(function WindowChoice({
  choice,
  onChoice,
}: Pick<PacingBarProps, 'choice' | 'onChoice'>): ReactNode {
  return (
    <SegmentedControl
      size="xs"
      aria-label="Time shown in the charts"
      data={WINDOWS}
      /** Of none of them while a stretch is zoomed into. */
      value={isZoomed(choice) ? '' : choice}
      onChange={(value) => onChoice(value as WindowName)}
    />
  );
});

/** Which counterpart is laid beside the run; of any run that has begun, also of one that is over. */
function CompareChoice(): ReactNode {
  const { counterpart } = useRunView('header');
  const { send } = useRunLine();
  const chosen = counterpart?.state.pacedBy ?? '';
  return (
    <NativeSelect
      size="xs"
      aria-label="Compare with"
      className={classes['compare'] ?? ''}
      data={[...COUNTERPART_CHOICES]}
      value={chosen}
      onChange={(event) => {
        const value = event.currentTarget.value as (typeof COUNTERPART_CHOICES)[number]['value'];
        send({ type: 'compare', pacedBy: value === '' ? null : value });
      }}
    />
  );
}

/** "At most 3.0 % of accepted chats abandoned: 1.4 % so far, 95 % interval 0.6–3.1 %". */
export function describePromise(goal: RunStatus['goal'], point: PacingPoint | undefined): string {
  const isAbandonment = goal.target === 'ABANDONMENT_RATE';
  const share = formatShare(goal.share);
  const promise = isAbandonment
    ? `At most ${share} of ${point?.channel === 'webcallback' ? 'promised callbacks late' : 'accepted chats abandoned'}`
    : `Agents busy at least ${share} of their time`;
  const reached = (isAbandonment ? point?.abandonmentShare : point?.busyShare) ?? null;
  const range = (isAbandonment ? point?.abandonmentRange : point?.busyRange) ?? null;
  if (reached === null) return `${promise}: nothing to count yet`;
  const interval = range === null ? 'too early for an interval' : `95 % interval ${formatRange(range)}`;
  return `${promise}: ${formatShare(reached)} so far, ${interval}`;
}
