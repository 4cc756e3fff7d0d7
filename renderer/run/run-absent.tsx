/** In place of the charts while there is nothing to show: nothing runs, a run is being read, or the host has not answered yet. */
import type { ReactNode } from 'react';
import { Button, Loader } from '@mantine/core';
import type { RunStatus } from '#protocol/run-feed.ts';
import { Icon } from '#renderer/shared/icons.tsx';
import classes from '#renderer/run/notice.module.css';

interface RunAbsentProps {
  readonly status: RunStatus | null;
  /** The host has said whether something runs. */
  readonly known: boolean;
  readonly onPickScenario: () => void;
}

export function RunAbsent({ status, known, onPickScenario }: RunAbsentProps): ReactNode {
  /** The notice above says why. */
  if (status?.state === 'failed') return null;
  if (status?.state === 'stopped') {
    return (
      <div className={classes['nothing']}>
        <p>Stopped before its nodes were up.</p>
        <Button leftSection={<Icon name="play" />} onClick={onPickScenario}>
          Start a run
        </Button>
      </div>
    );
  }
  if (!known || status !== null) {
    return (
      <div className={classes['nothing']} role="status">
        <Loader size="sm" color="gray" />
        <p>
          {status === null
            ? 'Asking the host what runs.'
            : (status.live?.doing ?? `Reading ${status.scenarioFile} and filling the site with visitors.`)}
        </p>
      </div>
    );
  }
  return (
    <div className={classes['nothing']}>
      <p>Nothing runs. A scenario brings visitors, rules and agents, and this screen shows how they get on.</p>
      <Button leftSection={<Icon name="play" />} onClick={onPickScenario}>
        Start a run
      </Button>
    </div>
  );
}
