/** Why something was decided: sentences first, figures second, the raw record last. */
import type { ReactNode } from 'react';
import { CloseButton, CopyButton } from '@mantine/core';
import { useRunView } from '#renderer/feed/run-context.tsx';
import { formatElapsed } from '#renderer/view/format.ts';
import { formatHistoryRoute } from '#renderer/view/history-route.ts';
import { KIND_LABELS } from '#renderer/view/stream-filter.ts';
import type { WhySubject } from '#renderer/view/why-subject.ts';
import { clockOf } from '#renderer/run/run-moment.ts';
import streamClasses from '#renderer/run/stream.module.css';
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
  const record = JSON.stringify(subject.record, null, 2);
  return (
    <aside className={classes['why']} aria-label="Why">
      <header className={classes['head']}>
        <div>
          <p className={classes['kind']}>
            <span className={streamClasses['kindMark']} data-kind={subject.kind} aria-hidden="true" />
            {KIND_LABELS[subject.kind]}
            <time>
              {clock.time(subject.atMs)} · {formatElapsed(subject.atMs)}
            </time>
          </p>
          <h2>{subject.title}</h2>
        </div>
        <CloseButton aria-label="Close the why panel" onClick={onClose} />
      </header>
      <div className={classes['body']} tabIndex={0} role="group" aria-label="Explanation">
        <div className={classes['sentences']}>
          {subject.sentences.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </div>
        {subject.figures.length > 0 && (
          <dl className={classes['figures']}>
            {subject.figures.map(({ name, value }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        )}
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
        <details className={classes['record']}>
          <summary>Raw record</summary>
          <CopyButton value={record}>
            {({ copied, copy }) => (
              <button type="button" className={classes['copy']} onClick={copy}>
                {copied ? 'Copied' : 'Copy'}
              </button>
            )}
          </CopyButton>
          <pre tabIndex={0}>{record}</pre>
        </details>
      </div>
    </aside>
  );
}
