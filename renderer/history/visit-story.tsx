/**
 * The story of one visit, told by a HistoryClient alone, so that it can stand in a screen or beside a conversation: who it was, the
 * timeline, the list, and the record that was chosen.
 */
import { useMemo, type ReactNode } from 'react';
import { Button } from '@mantine/core';
import { ExportMenu } from '#renderer/history/export-menu.tsx';
import type { HistoryClient } from '#renderer/history/history-client.ts';
import { HistoryNotice, HistoryWaiting } from '#renderer/history/history-notice.tsx';
import { RecordPanel } from '#renderer/history/record-panel.tsx';
import { StoryList } from '#renderer/history/story-list.tsx';
import { Timeline } from '#renderer/history/timeline.tsx';
import { VisitWatch, type VisitKnown } from '#renderer/history/visit-watch.ts';
import { useWatch } from '#renderer/history/watch.ts';
import { Icon } from '#renderer/shared/icons.tsx';
import { Panel } from '#renderer/shared/panel.tsx';
import { keyOf, refOf } from '#renderer/view/history-marks.ts';
import type { MarkRef } from '#renderer/view/history-route.ts';
import { describeVisit, type WordsContext } from '#renderer/view/history-words.ts';
import type { ScenarioClock } from '#renderer/view/scenario-clock.ts';
import classes from '#renderer/history/history.module.css';

export interface VisitStoryProps {
  readonly client: HistoryClient;
  readonly visitId: string;
  /** The record that is chosen; null: none. */
  readonly mark: MarkRef | null;
  readonly onMark: (mark: MarkRef | null) => void;
  readonly onIdentity: (identityId: string) => void;
  readonly onVisit: (visitId: string) => void;
  /** Reads epoch ms off the wall. */
  readonly clock: ScenarioClock;
  /** The history's clock, epoch ms. */
  readonly nowMs: number;
  /** Something may still come: what is shown is read again every two seconds while the visit goes on. */
  readonly isLive: boolean;
  /** Whose story it stands in, who needs no way to himself; absent: nobody's. */
  readonly insideIdentity?: string;
}

const REFRESH_MS = 2_000;
/** A visit that has ended can only be erased, or lapse. */
const REFRESH_ENDED_MS = 10_000;

export function VisitStory(props: VisitStoryProps): ReactNode {
  const { client, visitId, mark, onMark, clock, nowMs, isLive } = props;
  const watch = useMemo(() => new VisitWatch(client, visitId), [client, visitId]);
  const hasEnded = (watch.view().visit?.endDate ?? 0) !== 0;
  const known = useWatch(watch, isLive ? (hasEnded ? REFRESH_ENDED_MS : REFRESH_MS) : null);
  const context = useMemo(() => wordsContext(clock), [clock]);
  const { visit, refusal, marks } = known;
  if (visit === null) {
    return refusal === null ? (
      <HistoryWaiting>Asking for visit {visitId}.</HistoryWaiting>
    ) : (
      <HistoryNotice refusal={refusal} onRetry={() => void watch.refresh()}>
        {refusal.kind === 'unknown'
          ? `There is no visit ${visitId}: it has not been heard of in this run, its retention is past, or it was erased.`
          : undefined}
      </HistoryNotice>
    );
  }
  const selectedKey = mark === null ? null : keyOf(mark);
  const selected = marks.find(({ key }) => key === selectedKey);
  return (
    <div className={classes['story']}>
      <VisitHead {...props} known={known} context={context} />
      {refusal !== null && <HistoryNotice refusal={refusal} onRetry={() => void watch.refresh()} isStale />}
      <Panel name="timeline" title="Timeline" className={classes['timelinePanel']}>
        <Timeline
          marks={marks}
          selectedKey={selectedKey}
          onSelect={(chosen) => onMark(refOf(chosen))}
          clock={clock}
          nowMs={nowMs}
        />
      </Panel>
      <div className={classes['split']}>
        <StoryList
          marks={marks}
          selectedKey={selectedKey}
          onSelect={(chosen) => onMark(refOf(chosen))}
          clock={clock}
          hasMore={known.hasMore}
          isReadingMore={known.isReadingMore}
          onMore={() => void watch.more()}
        />
        {selected !== undefined && <RecordPanel mark={selected} context={context} onClose={() => onMark(null)} />}
        {selected === undefined && mark !== null && (
          <p className={classes['notRead']} role="status">
            {known.hasMore
              ? `The ${mark.kind} ${mark.id} is earlier than what was read so far.`
              : `This visit has no ${mark.kind} ${mark.id}.`}
          </p>
        )}
      </div>
    </div>
  );
}

function wordsContext(clock: ScenarioClock): WordsContext {
  return { time: (atMs) => `${clock.day(atMs)} ${clock.time(atMs)}` };
}

interface VisitHeadProps extends VisitStoryProps {
  readonly known: VisitKnown;
  readonly context: WordsContext;
}

function VisitHead(props: VisitHeadProps): ReactNode {
  const { client, visitId, known, context, onIdentity, onVisit, insideIdentity } = props;
  const { visit, userAgent, neighbours } = known;
  if (visit === null) return null;
  const { prev, next } = neighbours;
  const others = known.identities.filter(({ identityId }) => identityId !== insideIdentity);
  return (
    <header className={classes['subject']}>
      <div className={classes['subjectWords']}>
        <h2>
          Visit {visitId}
          <span className={classes['badge']} data-live={visit.endDate === 0 || undefined}>
            {visit.endDate === 0 ? 'goes on' : 'ended'}
          </span>
        </h2>
        <p>
          {describeVisit(visit, context)} Browser {visit.globalVisitID}
          {userAgent !== null && `, ${describeAgent(userAgent)}`}.
        </p>
      </div>
      {prev !== null && <Crossing words="Before it crossed domains" visitId={prev} onVisit={onVisit} />}
      {next !== null && <Crossing words="After it crossed domains" visitId={next} onVisit={onVisit} />}
      {known.identities.length === 0 && <span className={classes['anonymous']}>anonymous</span>}
      {others.map(({ identityId, visitScope, name }) => (
        <Button
          key={identityId}
          size="compact-sm"
          variant="default"
          leftSection={<Icon name="person" size={12} />}
          title={`${visitScope === 'Authenticated' ? 'Signed in' : 'Recognized'} in this visit: open all that is known of ${identityId}`}
          onClick={() => onIdentity(identityId)}
        >
          {name ?? identityId}
        </Button>
      ))}
      <ExportMenu client={client} subject={{ kind: 'visit', id: visitId }} />
    </header>
  );
}

function Crossing({
  words,
  visitId,
  onVisit,
}: {
  readonly words: string;
  readonly visitId: string;
  readonly onVisit: (visitId: string) => void;
}): ReactNode {
  return (
    <Button size="compact-sm" variant="default" title={`${words}: visit ${visitId}`} onClick={() => onVisit(visitId)}>
      {words}
    </Button>
  );
}

function describeAgent({ browser, os, device, raw }: NonNullable<VisitKnown['userAgent']>): string {
  const known = [browser, os === null ? null : `on ${os}`, device === null ? null : `(${device})`].filter(
    (part) => part !== null,
  );
  return known.length === 0 ? raw : known.join(' ');
}
