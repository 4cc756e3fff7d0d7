/** One record of a story: in words first, figures second, the raw record last. */
import type { ReactNode } from 'react';
import { CloseButton, CopyButton } from '@mantine/core';
import { Chips } from '#renderer/history/story-list.tsx';
import type { StoryMark } from '#renderer/view/history-marks.ts';
import { describeMark, type WordsContext } from '#renderer/view/history-words.ts';
import classes from '#renderer/run/why.module.css';
import storyClasses from '#renderer/history/story.module.css';

const KIND_WORDS = { page: 'page', event: 'event', session: 'sign-in', attempt: 'attempt to engage' } as const;

interface RecordPanelProps {
  readonly mark: StoryMark;
  readonly context: WordsContext;
  readonly onClose: () => void;
}

export function RecordPanel({ mark, context, onClose }: RecordPanelProps): ReactNode {
  const { title, sentences, figures } = describeMark(mark, context);
  const raw = JSON.stringify(mark.record, null, 2);
  return (
    <aside className={classes['why']} aria-label="Record">
      <header className={classes['head']}>
        <div>
          <p className={classes['kind']}>
            <span className={storyClasses['toneMark']} data-tone={mark.tone} aria-hidden="true" />
            {KIND_WORDS[mark.kind]}
            <time>{context.time(mark.atMs)}</time>
          </p>
          <h2>{title}</h2>
        </div>
        <CloseButton aria-label="Close the record" onClick={onClose} />
      </header>
      <div className={classes['body']} tabIndex={0} role="group" aria-label="Record in words">
        <div className={classes['sentences']}>
          {sentences.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </div>
        <Chips names={mark.categories} />
        <dl className={classes['figures']}>
          {figures.map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <details className={classes['record']}>
          <summary>Raw record</summary>
          <CopyButton value={raw}>
            {({ copied, copy }) => (
              <button type="button" className={classes['copy']} onClick={copy}>
                {copied ? 'Copied' : 'Copy'}
              </button>
            )}
          </CopyButton>
          <pre tabIndex={0}>{raw}</pre>
        </details>
      </div>
    </aside>
  );
}
