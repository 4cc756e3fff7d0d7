/** The story as a list, newest first: pages, events, sign-ins and attempts with their categories; further pages on demand. */
import { useMemo, useState, type ReactNode } from 'react';
import { Button, CloseButton, TextInput } from '@mantine/core';
import { Icon } from '#renderer/shared/icons.tsx';
import { KindBar, KindGap, KindMark, KindToggle, toggled } from '#renderer/shared/kind-bar.tsx';
import { Panel } from '#renderer/shared/panel.tsx';
import { NoRecords, RecordList, Records } from '#renderer/shared/record-list.tsx';
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

const ROW_PX = 28;
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
      <Records>
        <Kinds filter={filter} onFilter={setFilter} />
        <Rows {...props} marks={shown} isFiltered={shown.length < marks.length} />
        {hasMore && (
          <div className={classes['more']}>
            <Button size="compact-xs" variant="default" loading={isReadingMore} onClick={onMore}>
              Read what was earlier
            </Button>
          </div>
        )}
      </Records>
    </Panel>
  );
}

interface KindsProps {
  readonly filter: StoryFilter;
  readonly onFilter: (filter: StoryFilter) => void;
}

function Kinds({ filter, onFilter }: KindsProps): ReactNode {
  return (
    <KindBar label="Kinds of records shown">
      <KindToggle isOn={filter.kinds.size === 0} onToggle={() => onFilter({ ...filter, kinds: new Set() })}>
        all
      </KindToggle>
      {STORY_KINDS.map(({ kind, label, tone }) => (
        <KindToggle
          key={kind}
          isOn={filter.kinds.has(kind)}
          onToggle={() => onFilter({ ...filter, kinds: toggled(filter.kinds, kind) })}
        >
          <KindMark kind={tone} />
          {label}
        </KindToggle>
      ))}
      <KindGap />
      <KindToggle
        isOn={filter.withDetail}
        title="PageEntered and PageExited, which the pages show already"
        onToggle={() => onFilter({ ...filter, withDetail: !filter.withDetail })}
      >
        page events too
      </KindToggle>
    </KindBar>
  );
}

type RowsProps = Pick<StoryListProps, 'marks' | 'selectedKey' | 'onSelect' | 'clock'> & {
  readonly isFiltered: boolean;
};

function Rows({ marks, selectedKey, onSelect, clock, isFiltered }: RowsProps): ReactNode {
  if (marks.length === 0) {
    return (
      <NoRecords>
        {isFiltered ? 'Nothing that was read matches the filter.' : 'Nothing is kept of this visit any more.'}
      </NoRecords>
    );
  }
  return (
    <RecordList
      id="story-list"
      label="Story, newest first"
      items={marks}
      keyOf={({ key }) => key}
      selectedKey={selectedKey}
      onSelect={onSelect}
      rowPx={ROW_PX}
      rowClass={classes['row']}
    >
      {(mark) => (
        <>
          <time>{clock.time(mark.atMs)}</time>
          <span className={classes['title']}>
            <KindMark kind={mark.tone} />
            {mark.title}
          </span>
          <span className={classes['text']}>{mark.text}</span>
          <Chips names={mark.categories} />
          <span className={classes['lasted']}>{lastedOf(mark)}</span>
        </>
      )}
    </RecordList>
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
