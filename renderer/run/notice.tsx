/** A strip above the charts that says what is amiss, in words, with what can be done about it. */
import type { ReactNode } from 'react';
import { Icon } from '#renderer/shared/icons.tsx';
import classes from '#renderer/run/notice.module.css';

interface NoticeProps {
  readonly tone: 'bad' | 'plain';
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** `bad` interrupts who listens to the screen, `plain` waits for a pause. */
export function Notice({ tone, action, children }: NoticeProps): ReactNode {
  return (
    <div className={classes['notice']} data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon name="warning" />
      <p>{children}</p>
      {action}
    </div>
  );
}
