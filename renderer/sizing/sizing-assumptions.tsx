/** Everything that the figures take for granted, whose it is, and what replaces it. */
import type { ReactNode } from 'react';
import type { SizingAssumption } from '#protocol/control-api.ts';
import classes from '#renderer/sizing/sizing.module.css';

interface SizingAssumptionsProps {
  readonly assumptions: readonly SizingAssumption[];
  readonly notes: readonly string[];
}

export function SizingAssumptions({ assumptions, notes }: SizingAssumptionsProps): ReactNode {
  return (
    <section className={classes['section']}>
      <h2>Assumptions and notes</h2>
      <p className={classes['driver']}>
        A figure is worth what it assumes. What you typed is yours; the rest can be replaced.
      </p>
      <ul className={classes['assumptions']}>
        {assumptions.map(({ name, text, given, source, input }) => (
          <li key={name} data-given={given || undefined}>
            <span>{given ? 'yours' : 'assumed'}</span>
            <p>
              {text} <small>{source}</small>
              {!given && input !== null && (
                <button type="button" onClick={() => document.getElementById(`sizing-${input}`)?.focus()}>
                  Replace
                </button>
              )}
            </p>
          </li>
        ))}
      </ul>
      <ul className={classes['notes']}>
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </section>
  );
}
