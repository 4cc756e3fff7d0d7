/** In place of a history while there is none to be asked: nothing runs, the run is simulated, or its nodes are not up, or no more. */
import type { ReactNode } from 'react';
import { Button, Loader } from '@mantine/core';
import type { RunCommand, RunStatus } from '#protocol/run-feed.ts';
import { Icon } from '#renderer/shared/icons.tsx';
import { speedFor } from '#renderer/view/run-mode.ts';
import classes from '#renderer/run/notice.module.css';

interface HistoryAbsentProps {
  readonly status: RunStatus | null;
  /** The host has said whether something runs. */
  readonly known: boolean;
  readonly onPickScenario: () => void;
  readonly onStart: (command: RunCommand) => void;
}

export function HistoryAbsent({ status, known, onPickScenario, onStart }: HistoryAbsentProps): ReactNode {
  if (!known) return <Waiting>Asking the host what runs.</Waiting>;
  if (status === null) {
    return (
      <Absent
        words="Nothing runs. A live run keeps what each visitor does, and here it is found again: visits, people, pages, events."
        action="Start a run"
        onAction={onPickScenario}
      />
    );
  }
  if (status.mode === 'sim') {
    return (
      <Absent
        words={`${status.scenario} is simulated, and simulated visitors leave no history: live runs keep one, in the store of their Backends.`}
        action={`Start ${status.scenario} live`}
        onAction={() => onStart(startLive(status))}
      />
    );
  }
  if (status.state === 'loading') return <Waiting>{status.live?.doing ?? 'The nodes are being started.'}</Waiting>;
  return (
    <Absent
      words={`${status.scenario} has ended, and its Backends with it: a history is read from a Backend that runs.`}
      action={`Start ${status.scenario} again`}
      onAction={() => onStart(startLive(status))}
    />
  );
}

function startLive({ scenarioFile, seed, speed, traffic }: RunStatus): RunCommand {
  return { type: 'start', mode: 'live', scenario: scenarioFile, seed, speed: speedFor('live', speed), traffic };
}

interface AbsentProps {
  readonly words: string;
  readonly action: string;
  readonly onAction: () => void;
}

function Absent({ words, action, onAction }: AbsentProps): ReactNode {
  return (
    <div className={classes['nothing']}>
      <p>{words}</p>
      <Button leftSection={<Icon name="play" />} onClick={onAction}>
        {action}
      </Button>
    </div>
  );
}

function Waiting({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <div className={classes['nothing']} role="status">
      <Loader size="sm" color="gray" />
      <p>{children}</p>
    </div>
  );
}
