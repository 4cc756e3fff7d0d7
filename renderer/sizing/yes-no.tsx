/** Yes or no in a table's cell: a sign that needs no colour, and a word for who hears it. */
import type { ReactNode } from 'react';
import { VisuallyHidden } from '@mantine/core';
import { Icon } from '#renderer/shared/icons.tsx';
import classes from '#renderer/sizing/consistency.module.css';

interface YesNoProps {
  /** null: the question does not arise. */
  readonly is: boolean | null;
  readonly yes: string;
  readonly no: string;
}

export function YesNo({ is, yes, no }: YesNoProps): ReactNode {
  if (is === null) return <span className={classes['never']}>–</span>;
  return (
    <span className={classes['cell']} data-works={is}>
      <Icon name={is ? 'check' : 'cross'} size={12} />
      <VisuallyHidden>{is ? yes : no}</VisuallyHidden>
    </span>
  );
}
