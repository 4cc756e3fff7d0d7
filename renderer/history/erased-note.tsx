/** What is left of an identity that was erased: what the tables gave, and what the Backend answers when it is asked anew. */
import type { ReactNode } from 'react';
import { Button } from '@mantine/core';
import type { ErasureDone } from '#renderer/history/use-erasure.ts';
import { Icon } from '#renderer/shared/icons.tsx';
import { FigureList } from '#renderer/shared/side-panel.tsx';
import { describeErased, describeLeft } from '#renderer/view/history-erasure.ts';
import classes from '#renderer/history/history.module.css';

interface ErasedNoteProps {
  readonly erasure: ErasureDone;
  readonly onLookAgain: () => void;
}

export function ErasedNote({ erasure, onLookAgain }: ErasedNoteProps): ReactNode {
  const { identityId, erased, inProgress, proofs } = erasure;
  const left = describeLeft(inProgress);
  const { sentence, tables } = describeErased(erased);
  const isGone = proofs.every((proof) => proof.isGone);
  return (
    <section className={classes['erased']} aria-label="Erased" tabIndex={-1}>
      <h2>
        <Icon name={isGone ? 'check' : 'warning'} />
        {identityId} is erased
      </h2>
      <p role="status">{sentence}</p>
      {left !== null && <p className={classes['failed']}>{left}</p>}
      <div className={classes['erasedColumns']}>
        <div>
          <h3>Rows that were taken, by table</h3>
          <FigureList figures={tables.map(({ name, rows }) => ({ name, value: rows }))} />
        </div>
        <div>
          <h3>Asked anew</h3>
          <ul className={classes['proofs']}>
            {proofs.map(({ subject, isGone: gone, words }) => (
              <li key={subject} data-gone={gone || undefined}>
                <Icon name={gone ? 'check' : 'warning'} size={14} />
                <span>
                  <b>{subject}</b> {words}
                </span>
              </li>
            ))}
          </ul>
        </div>
      </div>
      <Button size="xs" variant="default" onClick={onLookAgain}>
        Look for {identityId} again
      </Button>
    </section>
  );
}
