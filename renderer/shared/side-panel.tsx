/** A panel at the right that explains one thing: in sentences first, figures second, the raw record last. */
import type { ReactNode } from 'react';
import { CloseButton, CopyButton } from '@mantine/core';
import classes from '#renderer/shared/side-panel.module.css';

interface SidePanelProps {
  /** Of the panel, and of its body, to those who hear it. */
  readonly label: string;
  readonly bodyLabel: string;
  /** What kind of thing it is, and of when. */
  readonly kind: ReactNode;
  readonly title: string;
  readonly closeLabel: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function SidePanel({ label, bodyLabel, kind, title, closeLabel, onClose, children }: SidePanelProps): ReactNode {
  return (
    <aside className={classes['panel']} aria-label={label}>
      <header className={classes['head']}>
        <div>
          <p className={classes['kind']}>{kind}</p>
          <h2>{title}</h2>
        </div>
        <CloseButton aria-label={closeLabel} onClick={onClose} />
      </header>
      <div className={classes['body']} tabIndex={0} role="group" aria-label={bodyLabel}>
        {children}
      </div>
    </aside>
  );
}

interface SentencesProps {
  readonly sentences: readonly string[];
  readonly live?: 'off' | 'polite';
}

export function Sentences({ sentences, live }: SentencesProps): ReactNode {
  return (
    <div className={classes['sentences']} aria-live={live}>
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </div>
  );
}

interface FigureListProps {
  readonly figures: readonly { readonly name: string; readonly value: string }[];
}

export function FigureList({ figures }: FigureListProps): ReactNode {
  if (figures.length === 0) return null;
  return (
    <dl className={classes['figures']}>
      {figures.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function RawRecord({ record }: { readonly record: unknown }): ReactNode {
  const text = JSON.stringify(record, null, 2);
  return (
    <details className={classes['record']}>
      <summary>Raw record</summary>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <button type="button" className={classes['copy']} onClick={copy}>
            {copied ? 'Copied' : 'Copy'}
          </button>
        )}
      </CopyButton>
      <pre tabIndex={0}>{text}</pre>
    </details>
  );
}
