/** One question of the Sizing screen: its title, the sentence that answers it, and the figures below. */
import type { ReactNode } from 'react';
import classes from '#renderer/sizing/sizing.module.css';

interface SizingSectionProps {
  readonly title: string;
  readonly driver: string;
  readonly children: ReactNode;
}

export function SizingSection({ title, driver, children }: SizingSectionProps): ReactNode {
  return (
    <section className={classes['section']}>
      <h2>{title}</h2>
      <p className={classes['driver']}>{driver}</p>
      {children}
    </section>
  );
}
