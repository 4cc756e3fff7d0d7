/** A part of a screen with its title, a readout beside it and what can be set at the right. Tiles and commands jump to it by name. */
import type { ReactNode } from 'react';
import classes from '#renderer/shared/shared.module.css';

interface PanelProps {
  readonly name: string;
  readonly title: string;
  readonly readout?: ReactNode;
  readonly controls?: ReactNode;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

export function Panel({ name, title, readout, controls, className, children }: PanelProps): ReactNode {
  return (
    <section
      id={`panel-${name}`}
      tabIndex={-1}
      aria-labelledby={`panel-${name}-title`}
      className={className === undefined ? classes['panel'] : `${classes['panel']} ${className}`}
    >
      <header className={classes['panelHeader']}>
        <h2 id={`panel-${name}-title`} className={classes['panelTitle']}>
          {title}
        </h2>
        <div className={classes['readout']}>{readout}</div>
        {controls}
      </header>
      <div className={classes['panelBody']}>{children}</div>
    </section>
  );
}

export function focusPanel(name: string): void {
  const panel = document.getElementById(`panel-${name}`);
  panel?.scrollIntoView({ block: 'nearest' });
  panel?.focus({ preventScroll: true });
}

interface KeyFigureProps {
  /** The series' mark: its shape in the chart and its colour. */
  readonly mark?: { readonly color: string; readonly shape: 'line' | 'dashed' | 'bar' | 'band' };
  readonly name: string;
  readonly value: string;
}

/** A legend that is also the value, at the cursor or the newest. */
export function KeyFigure({ mark, name, value }: KeyFigureProps): ReactNode {
  return (
    <span className={classes['keyFigure']}>
      {mark && (
        <span className={classes['mark']} data-shape={mark.shape} style={{ color: mark.color }} aria-hidden="true" />
      )}
      <span className={classes['keyName']}>{name}</span>
      <span className={classes['keyValue']}>{value}</span>
    </span>
  );
}
