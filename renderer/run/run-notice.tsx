/** What stands above the charts when something is amiss, or nothing runs: in words, with what can be done about it. */
import { memo, type ReactNode } from 'react';
import { Button, CloseButton } from '@mantine/core';
import type { RunMode } from '#protocol/run-feed.ts';
import { useRunLine, useRunView } from '#renderer/feed/run-context.tsx';
import { Notice } from '#renderer/run/notice.tsx';
import classes from '#renderer/run/notice.module.css';

export const RunNotice = memo(function RunNotice({
  onPickScenario,
}: {
  readonly onPickScenario: () => void;
}): ReactNode {
  const { connection, status, totals, error } = useRunView('header');
  const { reconnect, store, send } = useRunLine();
  if (connection === 'refused') {
    return (
      <Notice tone="bad">
        The testbed was started anew and doesn&apos;t know this window. Open the link that it printed: listening
        http://127.0.0.1:…
      </Notice>
    );
  }
  if (connection === 'lost') {
    return (
      <Notice
        tone="bad"
        action={
          <Button size="compact-xs" variant="default" onClick={reconnect}>
            Try now
          </Button>
        }
      >
        The connection to the host is lost; trying again. What you see is as it was then.
      </Notice>
    );
  }
  if (error !== null) {
    return (
      <Notice tone="bad" action={<CloseButton size="sm" aria-label="Dismiss" onClick={store.dismissError} />}>
        {error}
      </Notice>
    );
  }
  if (status?.state === 'failed') {
    const { mode, scenario, scenarioFile, seed, traffic, failure } = status;
    return (
      <Notice
        tone="bad"
        action={
          <div className={classes['actions']}>
            {mode === 'live' && (
              <Button
                size="compact-xs"
                onClick={() => send({ type: 'start', mode: 'sim', scenario: scenarioFile, seed, speed: 1, traffic })}
              >
                Run it simulated
              </Button>
            )}
            <Button size="compact-xs" variant="default" onClick={onPickScenario}>
              Pick another scenario
            </Button>
          </div>
        }
      >
        {`${describeFailed(scenario, mode, totals !== null)}\n${failure ?? ''}`}
      </Notice>
    );
  }
  return null;
});

function describeFailed(scenario: string, mode: RunMode, hadBegun: boolean): string {
  if (hadBegun) return `${scenario} ended before its time. What was counted so far stays.`;
  return mode === 'live' ? `${scenario} could not be started live.` : `${scenario} did not run.`;
}
