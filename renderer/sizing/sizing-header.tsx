/** The head of the Sizing screen: its two places, load and servers, and consistency and survival, each under an address of its own. */
import type { ReactNode } from 'react';
import classes from '#renderer/sizing/sizing.module.css';

interface SizingHeaderProps {
  readonly shown: 'load' | 'consistency';
  readonly about: string;
  /** What can be done with the inputs. */
  readonly children?: ReactNode;
}

const PLACES = [
  { name: 'load', href: '#/sizing', label: 'Load and servers' },
  { name: 'consistency', href: '#/sizing/consistency', label: 'Consistency and survival' },
] as const;

export function SizingHeader({ shown, about, children }: SizingHeaderProps): ReactNode {
  return (
    <header className={classes['header']}>
      <div>
        <h1>Sizing</h1>
        <p>{about}</p>
      </div>
      <nav className={classes['places']} aria-label="Sizing">
        {PLACES.map(({ name, href, label }) => (
          <a key={name} href={href} aria-current={name === shown ? 'page' : undefined}>
            {label}
          </a>
        ))}
      </nav>
      {children}
    </header>
  );
}
