/** Where results will stand, before the first answer. */
import type { ReactNode } from 'react';
import { Skeleton } from '@mantine/core';
import classes from '#renderer/sizing/sizing.module.css';

export function ResultsLoading({ label }: { readonly label: string }): ReactNode {
  return (
    <div role="status" aria-label={label} className={classes['loading']}>
      {Array.from({ length: 4 }, (_, index) => (
        <Skeleton key={index} height={120} />
      ))}
    </div>
  );
}
