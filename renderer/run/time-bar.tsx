/** Under the tiles: the window that all charts show, the moment pointed at, and in one sentence what the run is about just now. */
import { memo, type ReactNode } from 'react';
import { Button, SegmentedControl } from '@mantine/core';
import type { RunStatus } from '#protocol/run-feed.ts';
import { useRunLine, useRunView } from '#renderer/feed/run-context.tsx';
import { useCursorMs } from '#renderer/charts/time-cursor.ts';
import { Icon } from '#renderer/shared/icons.tsx';
import { formatDuration, formatElapsed } from '#renderer/view/format.ts';
import type { ScenarioClock } from '#renderer/view/scenario-clock.ts';
import { describeVerdict } from '#renderer/view/threshold-words.ts';
import { WINDOW_LABELS, WINDOW_NAMES, type WindowName } from '#renderer/view/time-window.ts';
import { describeFindings } from '#renderer/view/live-words.ts';
import { clockOf } from '#renderer/run/run-moment.ts';
import classes from '#renderer/run/run.module.css';

interface TimeBarProps {
  readonly window: WindowName;
  readonly onWindow: (window: WindowName) => void;
}

export const TimeBar = memo(function TimeBar({ window, onWindow }: TimeBarProps): ReactNode {
  const { status } = useRunView('header');
  if (status === null) return <div className={classes['timeBar']} />;
  const clock = clockOf(status.startsAt, status.timeZone);
  return (
    <div className={classes['timeBar']}>
      <WindowChoice window={window} onWindow={onWindow} />
      <p
        className={classes['say']}
        data-state={status.state}
        data-caption={isCaptioned(status) || undefined}
        role="status"
      >
        {describeState(status, clock)}
      </p>
      {canSkipWarmup(status) && <SkipWarmup />}
      <CursorTime clock={clock} />
    </div>
  );
});

const WINDOWS = WINDOW_NAMES.map((name) => ({ value: name, label: WINDOW_LABELS[name] }));

const WindowChoice = memo(function WindowChoice({ window, onWindow }: TimeBarProps): ReactNode {
  return (
    <SegmentedControl
      size="xs"
      aria-label="Time shown in the charts"
      data={WINDOWS}
      value={window}
      onChange={onWindow}
    />
  );
});

/** A live run's visitors take their time: nothing of it can be skipped. */
function canSkipWarmup({ mode, state, virtualMs, warmupMs }: RunStatus): boolean {
  return mode === 'sim' && (state === 'running' || state === 'paused') && virtualMs < warmupMs;
}

const SkipWarmup = memo(function SkipWarmup(): ReactNode {
  const { send } = useRunLine();
  return (
    <Button
      size="compact-xs"
      variant="default"
      leftSection={<Icon name="skip" size={12} />}
      onClick={() => send({ type: 'skipWarmup' })}
    >
      Skip the warm-up
    </Button>
  );
});

function CursorTime({ clock }: { readonly clock: ScenarioClock }): ReactNode {
  const at = useCursorMs();
  return (
    <span className={classes['cursorTime']} data-shown={at !== null || undefined}>
      {at === null ? '' : `${clock.time(at)} · ${formatElapsed(at)}`}
    </span>
  );
}

/** The scenario tells its story just now. */
function isCaptioned({ state, caption, live }: RunStatus): boolean {
  return (state === 'running' || state === 'paused') && caption !== null && (live === null || live.doing === null);
}

/** Changes only when there is something new to say: it is read aloud. */
function describeState(status: RunStatus, clock: ScenarioClock): ReactNode {
  const { state, virtualMs, warmupMs, totalMs } = status;
  const verdict = describeVerdict(status.thresholds, state).text;
  switch (state) {
    case 'loading':
      return status.live?.doing ?? `Reading ${status.scenarioFile} and filling the site with visitors.`;
    case 'finished':
      return `Finished: ${formatDuration(totalMs)} of virtual time, ${verdict}.${describeFindings(status.live)}`;
    case 'stopped':
      return `Stopped at ${clock.time(virtualMs)}, ${formatDuration(totalMs - virtualMs)} before the end. What was counted so far stays.${describeFindings(status.live)}`;
    case 'failed':
      return status.failure ?? 'The run failed.';
    case 'paused':
    case 'running':
      if (status.live !== null && status.live.doing !== null) return status.live.doing;
      if (status.caption !== null) return status.caption;
      if (virtualMs < warmupMs) return `Warm-up: figures and thresholds count from ${clock.minute(warmupMs)} on.`;
      return status.about;
    default:
      return '';
  }
}
