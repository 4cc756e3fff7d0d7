/** The story as a list, newest first: pages, events, sign-ins and attempts with their categories; further pages on demand. */
import { useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Button, CloseButton, TextInput } from '@mantine/core';
import { Icon } from '#renderer/shared/icons.tsx';
import { Panel } from '#renderer/shared/panel.tsx';
import { formatCount, formatDuration } from '#renderer/view/format.ts';
import { filterMarks, STORY_KINDS, type StoryFilter } from '#renderer/view/history-filter.ts';
import type { StoryMark } from '#renderer/view/history-marks.ts';
import type { ScenarioClock } from '#renderer/view/scenario-clock.ts';
import classes from '#renderer/history/story.module.css';

interface StoryListProps {
  /** Newest first. */
  readonly marks: readonly StoryMark[];
  readonly selectedKey: string | null;
  readonly onSelect: (mark: StoryMark) => void;
  readonly clock: ScenarioClock;
  readonly hasMore: boolean;
  readonly isReadingMore: boolean;
  readonly onMore: () => void;
}

const ROW_HEIGHT = 28;
const NO_FILTER: StoryFilter = { kinds: new Set(), text: '', withDetail: false };

export function StoryList(props: StoryListProps): ReactNode {
  const { marks, hasMore, isReadingMore, onMore } = props;
  const [filter, setFilter] = useState(NO_FILTER);
  const shown = useMemo(() => filterMarks(marks, filter), [marks, filter]);
  return (
    <Panel
      name="story"
      title="Story"
      className={classes['panel']}
      readout={
        <span className={classes['count']}>
          {formatCount(shown.length)} of {formatCount(marks.length)}
          {hasMore ? ' read so far' : ''}
        </span>
      }
      controls={
        <TextInput
          size="xs"
          className={classes['filter'] ?? ''}
          aria-label="Filter the story"
          placeholder="Filter the story"
          value={filter.text}
          onChange={(event) => setFilter({ ...filter, text: event.currentTarget.value })}
          leftSection={<Icon name="search" size={12} />}
          rightSection={
            filter.text !== '' && (
              <CloseButton size="xs" aria-label="Clear the filter" onClick={() => setFilter({ ...filter, text: '' })} />
            )
          }
        />
      }
    >
      <Kinds filter={filter} onFilter={setFilter} />
      <Rows {...props} marks={shown} isFiltered={shown.length < marks.length} />
      {hasMore && (
        <div className={classes['more']}>
          <Button size="compact-xs" variant="default" loading={isReadingMore} onClick={onMore}>
            Read what was earlier
          </Button>
        </div>
      )}
    </Panel>
  );
}

interface KindsProps {
  readonly filter: StoryFilter;
  readonly onFilter: (filter: StoryFilter) => void;
}

function Kinds({ filter, onFilter }: KindsProps): ReactNode {
  return (
    <div className={classes['kinds']} role="group" aria-label="Kinds of records shown">
      <button
        type="button"
        aria-pressed={filter.kinds.size === 0}
        onClick={() => onFilter({ ...filter, kinds: new Set() })}
      >
        all
      </button>
      {STORY_KINDS.map(({ kind, label, tone }) => (
        <button
          key={kind}
          type="button"
          aria-pressed={filter.kinds.has(kind)}
          onClick={() => {
            const kinds = new Set(filter.kinds);
            if (!kinds.delete(kind)) kinds.add(kind);
            onFilter({ ...filter, kinds });
          }}
        >
          <span className={classes['toneMark']} data-tone={tone} aria-hidden="true" />
          {label}
        </button>
      ))}
      <i aria-hidden="true" />
      <button
        type="button"
        aria-pressed={filter.withDetail}
        title="PageEntered and PageExited, which the pages show already"
        onClick={() => onFilter({ ...filter, withDetail: !filter.withDetail })}
      >
        page events too
      </button>
    </div>
  );
}

type RowsProps = Pick<StoryListProps, 'marks' | 'selectedKey' | 'onSelect' | 'clock'> & {
  readonly isFiltered: boolean;
};

function Rows({ marks, selectedKey, onSelect, clock, isFiltered }: RowsProps): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- its functions are used here alone, never passed on
  const virtual = useVirtualizer({
    count: marks.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });
  const selected = marks.findIndex(({ key }) => key === selectedKey);
  const [shownKey, setShownKey] = useState<string | null>(null);
  /** What is chosen on the timeline comes into sight here. */
  if (selectedKey !== shownKey) {
    setShownKey(selectedKey);
    if (selected >= 0) queueMicrotask(() => virtual.scrollToIndex(selected));
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = marks[selected < 0 ? 0 : Math.min(marks.length - 1, Math.max(0, selected + step))];
    if (next !== undefined) onSelect(next);
  };
  if (marks.length === 0) {
    return (
      <p className={classes['empty']}>
        {isFiltered ? 'Nothing that was read matches the filter.' : 'Nothing is kept of this visit any more.'}
      </p>
    );
  }
  const drawn = virtual.getVirtualItems();
  return (
    <div
      ref={scroller}
      className={classes['list']}
      role="listbox"
      tabIndex={0}
      aria-label="Story, newest first"
      aria-activedescendant={drawn.some(({ index }) => index === selected) ? `story-row-${selected}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div className={classes['rows']} style={{ height: virtual.getTotalSize() }} role="presentation">
        {drawn.map(({ index, start }) => {
          const mark = marks[index];
          return (
            mark && (
              <div
                key={mark.key}
                id={`story-row-${index}`}
                className={classes['row']}
                style={{ transform: `translateY(${start}px)` }}
                role="option"
                aria-selected={index === selected}
                onClick={() => onSelect(mark)}
              >
                <time>{clock.time(mark.atMs)}</time>
                <span className={classes['title']}>
                  <span className={classes['toneMark']} data-tone={mark.tone} aria-hidden="true" />
                  {mark.title}
                </span>
                <span className={classes['text']}>{mark.text}</span>
                <Chips names={mark.categories} />
                <span className={classes['lasted']}>{lastedOf(mark)}</span>
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}

function lastedOf({ isOpen, untilMs, atMs }: StoryMark): string {
  if (isOpen) return 'goes on';
  return untilMs === null ? '' : formatDuration(untilMs - atMs);
}

export function Chips({ names }: { readonly names: readonly string[] }): ReactNode {
  return (
    <span className={classes['chips']}>
      {names.map((name) => (
        <span key={name} className={classes['chip']}>
          {name}
        </span>
      ))}
    </span>
  );
}
