/** Records in lines, of which only those in sight are drawn: walked through by the arrow keys, and what is chosen elsewhere comes into sight. */
import { useRef, useState, type HTMLAttributes, type KeyboardEvent, type ReactNode } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import classes from '#renderer/shared/records.module.css';

interface RecordListProps<T> {
  /** Of the list; that of a row ends with its key. */
  readonly id: string;
  readonly label: string;
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  readonly selectedKey: string | null;
  readonly onSelect: (item: T) => void;
  readonly rowPx: number;
  /** Lays out the cells of a row. */
  readonly rowClass: string | undefined;
  readonly children: (item: T) => ReactNode;
  /** What the list tells besides, such as that it is pointed at. */
  readonly watch?: Pick<
    HTMLAttributes<HTMLElement>,
    'onPointerEnter' | 'onPointerLeave' | 'onFocus' | 'onBlur' | 'onScroll'
  >;
}

export function RecordList<T>(props: RecordListProps<T>): ReactNode {
  const { id, label, items, keyOf, selectedKey, onSelect, rowPx, rowClass, children, watch } = props;
  const scroller = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- its functions are used here alone, never passed on
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 8,
  });
  const selected = selectedKey === null ? -1 : items.findIndex((item) => keyOf(item) === selectedKey);
  const [shownKey, setShownKey] = useState<string | null>(null);
  if (selectedKey !== shownKey) {
    setShownKey(selectedKey);
    if (selected >= 0) queueMicrotask(() => virtual.scrollToIndex(selected));
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = items[selected < 0 ? 0 : Math.min(items.length - 1, Math.max(0, selected + step))];
    if (next !== undefined) onSelect(next);
  };
  const drawn = virtual.getVirtualItems();
  const isSelectedDrawn = drawn.some(({ index }) => index === selected);
  return (
    <div
      id={id}
      ref={scroller}
      className={classes['list']}
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={isSelectedDrawn ? `${id}-${selectedKey}` : undefined}
      onKeyDown={onKeyDown}
      {...watch}
    >
      <div className={classes['rows']} style={{ height: virtual.getTotalSize() }} role="presentation">
        {drawn.map(({ index, start }) => {
          const item = items[index];
          if (item === undefined) return null;
          return (
            <div
              key={keyOf(item)}
              id={`${id}-${keyOf(item)}`}
              className={rowClass === undefined ? classes['row'] : `${classes['row']} ${rowClass}`}
              style={{ height: rowPx, transform: `translateY(${start}px)` }}
              role="option"
              aria-selected={index === selected}
              onClick={() => onSelect(item)}
            >
              {children(item)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** A list under the bar that filters it, in the body of a panel. */
export function Records({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className={classes['records']}>{children}</div>;
}

/** Why a list has no lines. */
export function NoRecords({ children }: { readonly children: ReactNode }): ReactNode {
  return <p className={classes['empty']}>{children}</p>;
}
