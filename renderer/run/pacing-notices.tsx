/** What must be known of the pacing in force: in red and for as long as it is so where nothing holds invites back, else until read. */
import { memo, useState, type ReactNode } from 'react';
import { CloseButton } from '@mantine/core';
import { useRunView } from '#renderer/feed/run-context.tsx';
import { Notice } from '#renderer/run/notice.tsx';
import { linesOfNotices } from '#renderer/view/pacing-words.ts';

export const PacingNotices = memo(function PacingNotices(): ReactNode {
  const { status } = useRunView('header');
  const [read, setRead] = useState('');
  const { alarm, note } = linesOfNotices(status);
  /** Read in one run is not read in the next, nor when there is something new. */
  const key = `${status?.runId ?? ''} ${note}`;
  return (
    <>
      {alarm !== '' && <Notice tone="bad">{alarm}</Notice>}
      {note !== '' && read !== key && (
        <Notice
          tone="plain"
          action={<CloseButton size="sm" aria-label="Dismiss the note on pacing" onClick={() => setRead(key)} />}
        >
          {note}
        </Notice>
      )}
    </>
  );
});
