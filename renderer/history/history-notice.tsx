/** What stands in place of a story, or above it, when the history can't be read: in words, with what can be done. */
import type { ReactNode } from 'react';
import { Button, Loader } from '@mantine/core';
import type { HistoryRefusal } from '#renderer/history/history-client.ts';
import { Icon } from '#renderer/shared/icons.tsx';
import classes from '#renderer/run/notice.module.css';

interface HistoryNoticeProps {
  readonly refusal: HistoryRefusal;
  readonly onRetry: () => void;
  /** What is shown below is as it was. */
  readonly isStale?: boolean;
  /** In place of the Backend's own words. */
  readonly children?: ReactNode;
}

export function HistoryNotice({ refusal, onRetry, isStale = false, children }: HistoryNoticeProps): ReactNode {
  const words =
    children ?? (refusal.kind === 'unreachable' ? refusal.message : `The Backend says: ${refusal.message}.`);
  return (
    <div className={classes['notice']} data-tone={refusal.kind === 'unknown' ? 'plain' : 'bad'} role="alert">
      <Icon name={refusal.kind === 'unknown' ? 'search' : 'warning'} />
      <p>
        {words}
        {isStale && ' What you see is as it was read last.'}
      </p>
      <Button size="compact-xs" variant="default" onClick={onRetry}>
        Ask again
      </Button>
    </div>
  );
}

export function HistoryWaiting({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <div className={classes['nothing']} role="status">
      <Loader size="sm" color="gray" />
      <p>{children}</p>
    </div>
  );
}
