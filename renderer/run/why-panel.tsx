/** Why something was decided: sentences first, figures second, the raw record last. */
import type { ReactNode } from 'react';
import { useRunView } from '#renderer/feed/run-context.tsx';
import { KindMark } from '#renderer/shared/kind-bar.tsx';
import { FigureList, RawRecord, Sentences, SidePanel } from '#renderer/shared/side-panel.tsx';
import { formatElapsed } from '#renderer/view/format.ts';
import { formatHistoryRoute } from '#renderer/view/history-route.ts';
import { KIND_LABELS } from '#renderer/view/stream-filter.ts';
import type { WhySubject } from '#renderer/view/why-subject.ts';
import { clockOf } from '#renderer/run/run-moment.ts';
import classes from '#renderer/run/why.module.css';

interface WhyPanelProps {
  readonly subject: WhySubject;
  readonly onClose: () => void;
  readonly onVisit: (visitID: string) => void;
}

export function WhyPanel({ subject, onClose, onVisit }: WhyPanelProps): ReactNode {
  const { status } = useRunView('stream');
  if (status === null) return null;
  const clock = clockOf(status.startsAt, status.timeZone);
  return (
    <SidePanel
      label="Why"
      bodyLabel="Explanation"
      kind={
        <>
          <KindMark kind={subject.kind} />
          {KIND_LABELS[subject.kind]}
          <time>
            {clock.time(subject.atMs)} · {formatElapsed(subject.atMs)}
          </time>
        </>
      }
      title={subject.title}
      closeLabel="Close the why panel"
      onClose={onClose}
    >
      <Sentences sentences={subject.sentences} />
      <FigureList figures={subject.figures} />
      {subject.visitID !== null && (
        <button type="button" className={classes['visit']} onClick={() => onVisit(subject.visitID ?? '')}>
          Show visit {subject.visitID} alone in the stream
        </button>
      )}
      {subject.visitID !== null && status.mode === 'live' && (
        <a className={classes['visit']} href={formatHistoryRoute({ kind: 'visit', id: subject.visitID, mark: null })}>
          Open the history of visit {subject.visitID}
        </a>
      )}
      <RawRecord record={subject.record} />
    </SidePanel>
  );
}
