/**
 * All that is known of one identity, told by a HistoryClient alone: insight into how recently and often somebody has come and what he
 * reached, his visits, earlier and current, and the story of the one that was chosen.
 */
import { useMemo, useRef, type ReactNode } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Button } from '@mantine/core';
import type { IdentityResource, VisitResource } from '#protocol/wire-history.ts';
import { EraseButton } from '#renderer/history/erase-button.tsx';
import { ErasedNote } from '#renderer/history/erased-note.tsx';
import { ExportMenu } from '#renderer/history/export-menu.tsx';
import { HistoryNotice, HistoryWaiting } from '#renderer/history/history-notice.tsx';
import { IdentityWatch, type IdentityKnown } from '#renderer/history/identity-watch.ts';
import { InsightPanel } from '#renderer/history/insight-panel.tsx';
import { Timeline } from '#renderer/history/timeline.tsx';
import { useErasure } from '#renderer/history/use-erasure.ts';
import { VisitStory, type VisitStoryProps } from '#renderer/history/visit-story.tsx';
import { useWatch } from '#renderer/history/watch.ts';
import { Panel } from '#renderer/shared/panel.tsx';
import { formatCount, formatDuration } from '#renderer/view/format.ts';
import { keyOf, marksOfVisits, visitKey, type TimelineMark } from '#renderer/view/history-marks.ts';
import type { MarkRef } from '#renderer/view/history-route.ts';
import type { ScenarioClock } from '#renderer/view/scenario-clock.ts';
import classes from '#renderer/history/history.module.css';

interface IdentityStoryProps extends Omit<VisitStoryProps, 'visitId' | 'onMark'> {
  readonly identityId: string;
  /** The visit that is open; null: the newest one. */
  readonly visitId: string | null;
  readonly onMark: (mark: MarkRef | null, visitId: string) => void;
}

const REFRESH_MS = 5_000;

export function IdentityStory(props: IdentityStoryProps): ReactNode {
  const { client, identityId, visitId, clock, isLive, onMark } = props;
  const watch = useMemo(() => new IdentityWatch(client, identityId), [client, identityId]);
  const erasure = useErasure(client, identityId);
  const known = useWatch(watch, isLive && erasure.done === null ? REFRESH_MS : null);
  const { identity, insight, visits, attempts, refusal } = known;
  const marks = useMemo(() => marksOfVisits(visits.items, attempts), [visits.items, attempts]);
  if (erasure.done !== null) {
    return <ErasedNote erasure={erasure.done} onLookAgain={erasure.forget} />;
  }
  if (identity === null) {
    return refusal === null ? (
      <HistoryWaiting>Asking for {identityId}.</HistoryWaiting>
    ) : (
      <HistoryNotice refusal={refusal} onRetry={() => void watch.refresh()}>
        {refusal.kind === 'unknown'
          ? `Nobody is known as ${identityId}: nobody has signed in so in this run, retention is past, or the identity was erased.`
          : undefined}
      </HistoryNotice>
    );
  }
  const open = visitId ?? visits.items[0]?.visitId ?? null;
  const openMark = (mark: TimelineMark): void => {
    const attempt = attempts.find(({ engagementAttemptId: id }) => mark.key === keyOf({ kind: 'attempt', id }));
    if (attempt !== undefined) onMark({ kind: 'attempt', id: attempt.engagementAttemptId }, attempt.visitId);
    const visit = visits.items.find((one) => mark.key === visitKey(one.visitId));
    if (visit !== undefined) props.onVisit(visit.visitId);
  };
  return (
    <div className={classes['story']}>
      <header className={classes['subject']}>
        <div className={classes['subjectWords']}>
          <h2>
            {identity.name ?? identityId}
            <span className={classes['badge']}>
              {identity.visitScope === 'Authenticated' ? 'has signed in' : 'recognized'}
            </span>
          </h2>
          <p>{describeIdentity(identity)}</p>
        </div>
        <ExportMenu client={client} subject={{ kind: 'identity', id: identityId }} />
        <EraseButton identityId={identityId} erasure={erasure} />
      </header>
      {refusal !== null && <HistoryNotice refusal={refusal} onRetry={() => void watch.refresh()} isStale />}
      {/* Of one visit its own timeline says it all. */}
      {visits.items.length > 1 && (
        <Panel name="visits-timeline" title="All visits" className={classes['timelinePanel']}>
          <Timeline
            marks={marks}
            selectedKey={open === null ? null : visitKey(open)}
            onSelect={openMark}
            clock={clock}
            nowMs={props.nowMs}
          />
        </Panel>
      )}
      <div className={classes['split']}>
        <div className={classes['side']}>
          {insight !== null && <InsightPanel insight={insight} clock={clock} />}
          <Visits known={known} openId={open} clock={clock} onVisit={props.onVisit} onMore={() => void watch.more()} />
        </div>
        <div className={classes['inside']}>
          {open !== null && (
            <VisitStory
              {...props}
              key={open}
              insideIdentity={identityId}
              visitId={open}
              onMark={(mark) => onMark(mark, open)}
            />
          )}
        </div>
      </div>
    </div>
  );
}

function describeIdentity({ identityId, name, location }: IdentityResource): string {
  const parts = [name === null ? null : `Identity ${identityId}`, location].filter((part) => part !== null);
  return parts.length === 0 ? 'No name and no place were told.' : `${parts.join(', ')}.`;
}

interface VisitsProps {
  readonly known: IdentityKnown;
  readonly openId: string | null;
  readonly clock: ScenarioClock;
  readonly onVisit: (visitId: string) => void;
  readonly onMore: () => void;
}

const ROW_HEIGHT = 40;

/** Newest first: a long history is drawn as far as it is in sight. */
function Visits({ known, openId, clock, onVisit, onMore }: VisitsProps): ReactNode {
  const { items, next } = known.visits;
  const scroller = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- its functions are used here alone, never passed on
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
  });
  return (
    <Panel
      name="visits"
      title="Visits"
      className={classes['visits']}
      readout={
        <span className={classes['dim']}>
          {formatCount(items.length)}
          {next !== null && ' read so far'}
        </span>
      }
    >
      <div ref={scroller} className={classes['visitList']} tabIndex={0} role="group" aria-label="Visits, newest first">
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const visit = items[index];
            return (
              visit && (
                <button
                  key={visit.visitId}
                  type="button"
                  className={classes['visitRow']}
                  style={{ transform: `translateY(${start}px)` }}
                  aria-current={visit.visitId === openId ? 'true' : undefined}
                  onClick={() => onVisit(visit.visitId)}
                >
                  <b>
                    {clock.day(visit.startDate)} {clock.time(visit.startDate)}
                  </b>
                  <span>{lengthOf(visit)}</span>
                  <small>{visit.visitId}</small>
                </button>
              )
            );
          })}
        </div>
      </div>
      {next !== null && (
        <Button size="compact-xs" variant="default" loading={known.isReadingMore} onClick={onMore} m={6}>
          Read earlier visits
        </Button>
      )}
    </Panel>
  );
}

function lengthOf({ startDate, endDate }: VisitResource): string {
  return endDate === 0 ? 'goes on' : formatDuration(endDate - startDate);
}
