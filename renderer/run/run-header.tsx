/** The head of the Run screen, always in sight: what runs, when it is there, how fast it goes, and whether it holds what it promised. */
import { memo, type ReactNode } from 'react';
import { ActionIcon, Button, SegmentedControl, Tooltip } from '@mantine/core';
import type { RunMode, RunSpeed, RunState, RunStatus } from '#protocol/run-feed.ts';
import { useRunLine, useRunView } from '#renderer/feed/run-context.tsx';
import { Icon, type IconName } from '#renderer/shared/icons.tsx';
import { formatDuration, formatElapsed, formatReachedSpeed, formatSpeed } from '#renderer/view/format.ts';
import { MODE_BADGES, speedsOf } from '#renderer/view/run-mode.ts';
import { startAgain } from '#renderer/view/start-again.ts';
import { clockOf } from '#renderer/run/run-moment.ts';
import { ReportButton } from '#renderer/run/report-button.tsx';
import { StopButton } from '#renderer/run/stop-button.tsx';
import { VerdictButton } from '#renderer/run/verdict-button.tsx';
import classes from '#renderer/run/header.module.css';

interface RunHeaderProps {
  readonly onPickScenario: () => void;
}

export const RunHeader = memo(function RunHeader({ onPickScenario }: RunHeaderProps): ReactNode {
  const { status, totals } = useRunView('header');
  const hasBegun = totals !== null;
  return (
    <header className={classes['header']}>
      <Identity status={status} onPickScenario={onPickScenario} />
      {status !== null && status.state !== 'loading' && (
        <>
          {hasBegun && <Clock status={status} />}
          <Transport mode={status.mode} state={status.state} speed={status.speed} isEnding={isReadingBack(status)} />
          {hasBegun && (
            <>
              <div className={classes['ends']}>
                <VerdictButton status={status} />
                <ReportButton runId={status.runId} isOver={status.state === 'finished'} />
              </div>
              <Progress status={status} />
            </>
          )}
        </>
      )}
    </header>
  );
});

function Identity({
  status,
  onPickScenario,
}: {
  readonly status: RunStatus | null;
  readonly onPickScenario: () => void;
}): ReactNode {
  return (
    <div className={classes['identity']}>
      <h1 className={classes['title']}>
        <button
          type="button"
          className={classes['scenario']}
          onClick={onPickScenario}
          title="Pick a scenario, or type sizing inputs (Ctrl O)"
        >
          {status?.scenario ?? 'Start a run'}
          <Icon name="chevron" size={12} />
        </button>
      </h1>
      {status !== null && (
        <p className={classes['facts']}>
          <span className={classes['badge']} data-mode={status.mode} title={MODE_BADGES[status.mode].about}>
            {MODE_BADGES[status.mode].word}
          </span>
          <span>seed {status.seed}</span>
          {status.traffic !== null && (
            <span title="The traffic was typed, in place of the scenario's">typed traffic</span>
          )}
        </p>
      )}
    </div>
  );
}

function Clock({ status }: { readonly status: RunStatus }): ReactNode {
  const clock = clockOf(status.startsAt, status.timeZone);
  return (
    <div className={classes['clock']} role="timer" aria-label="Virtual time" title={`Virtual time, ${status.timeZone}`}>
      <span className={classes['time']}>{clock.time(status.virtualMs)}</span>
      <span className={classes['elapsed']}>
        {clock.day(status.virtualMs)} · {formatElapsed(status.virtualMs)} of {formatElapsed(status.totalMs)}
      </span>
    </div>
  );
}

interface TransportProps {
  readonly mode: RunMode;
  /** A live run that reads its store back: nothing can be asked of it just now. */
  readonly isEnding: boolean;
  readonly state: RunState;
  readonly speed: RunSpeed;
}

/** Redrawn when it changes, not with the clock. */
const Transport = memo(function Transport({ mode, state, speed, isEnding }: TransportProps): ReactNode {
  const { send, store } = useRunLine();
  const isRunning = state === 'running';
  if (state === 'finished' || state === 'stopped' || state === 'failed') {
    return (
      <div className={classes['transport']}>
        <Button
          size="xs"
          leftSection={<Icon name="again" size={14} />}
          onClick={() => {
            const { status } = store.view();
            if (status !== null) send(startAgain(status));
          }}
        >
          Run again
        </Button>
      </div>
    );
  }
  if (isEnding) return <p className={classes['ending']}>ending</p>;
  return (
    <div className={classes['transport']} role="group" aria-label="Run control">
      <Control
        name={isRunning ? 'pause' : 'play'}
        label={isRunning ? 'Pause' : 'Run'}
        keys="Space"
        filled
        onClick={() => send({ type: isRunning ? 'pause' : 'resume' })}
      />
      {mode === 'sim' && (
        <>
          <Control name="step" label="Step one second" keys="." onClick={() => send({ type: 'step', to: 'second' })} />
          <Control
            name="decision"
            label="Step to the next decision"
            keys="Shift ."
            onClick={() => send({ type: 'step', to: 'decision' })}
          />
        </>
      )}
      <SegmentedControl
        size="xs"
        aria-label="Speed"
        className={classes['speed'] ?? ''}
        data={SPEEDS[mode]}
        value={String(speed)}
        onChange={(value) => send({ type: 'speed', speed: parseSpeed(value) })}
      />
      <Reached />
      <StopButton />
    </div>
  );
});

const SPEEDS = { sim: speedChoices('sim'), live: speedChoices('live') } as const;

function speedChoices(mode: RunMode): { value: string; label: string }[] {
  return speedsOf(mode).map((speed) => ({ value: String(speed), label: formatSpeed(speed) }));
}

function isReadingBack({ state, live }: RunStatus): boolean {
  return (state === 'running' || state === 'paused') && live !== null && live.doing !== null;
}

function Reached(): ReactNode {
  const { status } = useRunView('header');
  return (
    <span className={classes['reached']} title="Virtual seconds a wall second, over the last second">
      {status?.state === 'running' ? formatReachedSpeed(status.reachedSpeed) : 'paused'}
    </span>
  );
}

interface ControlProps {
  readonly name: IconName;
  readonly label: string;
  readonly keys: string;
  readonly filled?: boolean;
  readonly onClick: () => void;
}

function Control({ name, label, keys, filled = false, onClick }: ControlProps): ReactNode {
  return (
    <Tooltip label={`${label} (${keys})`}>
      <ActionIcon size={30} variant={filled ? 'filled' : 'default'} aria-label={label} onClick={onClick}>
        <Icon name={name} />
      </ActionIcon>
    </Tooltip>
  );
}

function Progress({ status }: { readonly status: RunStatus }): ReactNode {
  const share = Math.min(1, status.virtualMs / status.totalMs);
  return (
    <div
      className={classes['progress']}
      role="progressbar"
      aria-label="Progress of the run"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(share * 100)}
      title={`Warm-up of ${formatDuration(status.warmupMs)}, then the window that figures count`}
    >
      <i className={classes['warmup']} style={{ width: `${(100 * status.warmupMs) / status.totalMs}%` }} />
      <i className={classes['done']} style={{ transform: `scaleX(${share})` }} />
    </div>
  );
}

export function parseSpeed(value: string): RunSpeed {
  return value === 'max' ? 'max' : Number(value);
}
