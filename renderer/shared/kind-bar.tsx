/** Kinds of records: the mark of each, shape and colour both, and the bar above a list that chooses among them. */
import type { ReactNode } from 'react';
import type { StreamKind } from '#protocol/run-feed.ts';
import classes from '#renderer/shared/records.module.css';

export function KindMark({ kind }: { readonly kind: StreamKind }): ReactNode {
  return <span className={classes['kindMark']} data-kind={kind} aria-hidden="true" />;
}

interface KindBarProps {
  readonly label: string;
  /** Toggles, set apart by a KindGap. */
  readonly children: ReactNode;
}

export function KindBar({ label, children }: KindBarProps): ReactNode {
  return (
    <div className={classes['kinds']} role="group" aria-label={label}>
      {children}
    </div>
  );
}

interface KindToggleProps {
  readonly isOn: boolean;
  readonly onToggle: () => void;
  readonly title?: string;
  readonly children: ReactNode;
}

export function KindToggle({ isOn, onToggle, title, children }: KindToggleProps): ReactNode {
  return (
    <button type="button" aria-pressed={isOn} onClick={onToggle} title={title}>
      {children}
    </button>
  );
}

export function KindGap(): ReactNode {
  return <i aria-hidden="true" />;
}

/** `chosen` with `kind` taken in, or out where it was in. */
export function toggled<K>(chosen: ReadonlySet<K>, kind: K): ReadonlySet<K> {
  const next = new Set(chosen);
  if (!next.delete(kind)) next.add(kind);
  return next;
}
