/**
 * Every event and decision as it comes, newest first; filtered by words, kind, visit or rule. It holds still while it is pointed
 * at or scrolled, and says how much is newer: nothing can be clicked that runs away.
 */
import { memo, useCallback, useMemo, useState, type ReactNode } from 'react';
import { CloseButton, TextInput } from '@mantine/core';
import type { StreamItem, StreamKind } from '#protocol/run-feed.ts';
import { useRunView } from '#renderer/feed/run-context.tsx';
import { Icon } from '#renderer/shared/icons.tsx';
import { KindBar, KindGap, KindMark, KindToggle, toggled } from '#renderer/shared/kind-bar.tsx';
import { Panel } from '#renderer/shared/panel.tsx';
import { NoRecords, RecordList, Records } from '#renderer/shared/record-list.tsx';
import { formatCount } from '#renderer/view/format.ts';
import {
  DECISION_KINDS,
  filterStream,
  KIND_LABELS,
  STREAM_KINDS,
  type StreamFilter,
} from '#renderer/view/stream-filter.ts';
import { streamSubject, type WhySubject } from '#renderer/view/why-subject.ts';
import { clockOf } from '#renderer/run/run-moment.ts';
import classes from '#renderer/run/stream.module.css';

interface StreamPanelProps {
  readonly filter: StreamFilter;
  readonly onFilter: (filter: StreamFilter) => void;
  readonly selectedKey: string | null;
  readonly onWhy: (subject: WhySubject) => void;
}

const ROW_PX = 24;
const LIST_ID = 'stream-list';
const SHOWN_MAX = 5_000;

export const StreamPanel = memo(function StreamPanel({
  filter,
  onFilter,
  selectedKey,
  onWhy,
}: StreamPanelProps): ReactNode {
  const { status, stream, skipped } = useRunView('stream');
  const { held, hold, release } = useHold(status?.runId ?? '', stream);
  const source = held ?? stream;
  const items = useMemo(() => filterStream(source, filter, SHOWN_MAX), [source, filter]);
  const newer = countNewer(stream, source);
  return (
    <Panel
      name="stream"
      title="Stream"
      readout={<State newer={newer} skipped={skipped} onRelease={release} />}
      controls={<Filters filter={filter} onFilter={onFilter} />}
    >
      <Records>
        <Kinds filter={filter} onFilter={onFilter} />
        {status !== null && (
          <List
            items={items}
            clock={clockOf(status.startsAt, status.timeZone)}
            selectedKey={selectedKey}
            onHold={hold}
            onWhy={onWhy}
            onVisit={(visitID) => onFilter({ ...filter, text: `visit:${visitID}` })}
            isFiltered={filter.text !== '' || filter.kinds.size > 0}
          />
        )}
      </Records>
    </Panel>
  );
});

type HoldReason = 'pointed at' | 'focused' | 'scrolled';

/** What the list shows while it holds still: what it showed when the first reason to hold arose, so that nothing moves away under a click. */
function useHold(
  runId: string,
  shown: readonly StreamItem[],
): {
  readonly held: readonly StreamItem[] | undefined;
  readonly hold: (reason: HoldReason, on: boolean) => void;
  /** Back to what comes now, whatever the reasons. */
  readonly release: () => void;
} {
  const [state, setState] = useState<{
    readonly runId: string;
    readonly reasons: ReadonlySet<HoldReason>;
    readonly items: readonly StreamItem[];
  } | null>(null);
  const hold = useCallback(
    (reason: HoldReason, on: boolean) => {
      setState((last) => {
        const before = last?.runId === runId ? last : null;
        const reasons = new Set(before?.reasons);
        if (on) reasons.add(reason);
        else reasons.delete(reason);
        return reasons.size === 0 ? null : { runId, reasons, items: before?.items ?? shown };
      });
    },
    [runId, shown],
  );
  const release = useCallback(() => {
    document.querySelector(`#${LIST_ID}`)?.scrollTo({ top: 0 });
    setState(null);
  }, []);
  return { held: state?.runId === runId ? state.items : undefined, hold, release };
}

function countNewer(all: readonly StreamItem[], shown: readonly StreamItem[]): number {
  const newest = shown.at(-1)?.n ?? 0;
  return Math.max(0, (all.at(-1)?.n ?? 0) - newest);
}

interface StateProps {
  readonly newer: number;
  readonly skipped: number;
  readonly onRelease: () => void;
}

function State({ newer, skipped, onRelease }: StateProps): ReactNode {
  if (newer > 0) {
    return (
      <button type="button" className={classes['release']} onClick={onRelease} title="Show what comes now">
        holding still, {formatCount(newer)} newer
      </button>
    );
  }
  return (
    <span className={classes['state']}>{skipped > 0 && `${formatCount(skipped)} more are counted, not kept`}</span>
  );
}

function Filters({ filter, onFilter }: Pick<StreamPanelProps, 'filter' | 'onFilter'>): ReactNode {
  return (
    <TextInput
      id="stream-filter"
      size="xs"
      className={classes['filter'] ?? ''}
      aria-label="Filter the stream"
      placeholder="Filter: words, visit:…, rule:…"
      value={filter.text}
      onChange={(event) => onFilter({ ...filter, text: event.currentTarget.value })}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        if (filter.text === '') event.currentTarget.blur();
        else onFilter({ ...filter, text: '' });
      }}
      leftSection={<Icon name="search" size={12} />}
      rightSection={
        filter.text === '' ? (
          <kbd className={classes['hint']}>/</kbd>
        ) : (
          <CloseButton size="xs" aria-label="Clear the filter" onClick={() => onFilter({ ...filter, text: '' })} />
        )
      }
    />
  );
}

function Kinds({ filter, onFilter }: Pick<StreamPanelProps, 'filter' | 'onFilter'>): ReactNode {
  const show = (kinds: ReadonlySet<StreamKind>): void => onFilter({ ...filter, kinds });
  const isDecisions =
    filter.kinds.size === DECISION_KINDS.length && DECISION_KINDS.every((kind) => filter.kinds.has(kind));
  return (
    <KindBar label="Kinds of events shown">
      <KindToggle isOn={filter.kinds.size === 0} onToggle={() => show(new Set())}>
        all
      </KindToggle>
      <KindToggle isOn={isDecisions} onToggle={() => show(new Set(DECISION_KINDS))}>
        decisions
      </KindToggle>
      <KindGap />
      {STREAM_KINDS.map((kind) => (
        <KindToggle key={kind} isOn={filter.kinds.has(kind)} onToggle={() => show(toggled(filter.kinds, kind))}>
          <KindMark kind={kind} />
          {KIND_LABELS[kind]}
        </KindToggle>
      ))}
    </KindBar>
  );
}

interface ListProps {
  readonly items: readonly StreamItem[];
  readonly clock: { time(virtualMs: number): string };
  readonly selectedKey: string | null;
  readonly isFiltered: boolean;
  readonly onHold: (reason: HoldReason, on: boolean) => void;
  readonly onWhy: (subject: WhySubject) => void;
  readonly onVisit: (visitID: string) => void;
}

function List({ items, clock, selectedKey, isFiltered, onHold, onWhy, onVisit }: ListProps): ReactNode {
  if (items.length === 0) {
    return (
      <NoRecords>
        {isFiltered
          ? 'Nothing that is kept here matches the filter.'
          : 'No event yet: each one is told here as it comes.'}
      </NoRecords>
    );
  }
  return (
    <RecordList
      id={LIST_ID}
      label="Events, newest first"
      items={items}
      keyOf={({ n }) => `stream-${n}`}
      selectedKey={selectedKey}
      onSelect={(item) => onWhy(streamSubject(item))}
      rowPx={ROW_PX}
      rowClass={classes['row']}
      watch={{
        onPointerEnter: () => onHold('pointed at', true),
        onPointerLeave: () => onHold('pointed at', false),
        onFocus: () => onHold('focused', true),
        onBlur: () => onHold('focused', false),
        onScroll: (event) => onHold('scrolled', event.currentTarget.scrollTop > ROW_PX / 2),
      }}
    >
      {({ atMs, kind, name, text, visitID }) => (
        <>
          <time>{clock.time(atMs)}</time>
          <span className={classes['kind']}>
            <KindMark kind={kind} />
            {KIND_LABELS[kind]}
          </span>
          <span className={classes['name']}>{name}</span>
          <span className={classes['text']}>{text}</span>
          <span
            className={classes['visit']}
            title={visitID === null ? undefined : `${visitID}: show this visit alone`}
            onClick={(event) => {
              if (visitID === null) return;
              event.stopPropagation();
              onVisit(visitID);
            }}
          >
            {visitID ?? ''}
          </span>
        </>
      )}
    </RecordList>
  );
}
