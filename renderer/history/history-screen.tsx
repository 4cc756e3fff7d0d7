/**
 * The History screen: what visitors of the live run did, found by an id or by somebody who was seen just now, as a timeline and as a list.
 * The address says what is shown; everything comes from the run's Backends through their History REST API.
 */
import { useCallback, useMemo, useState, type ReactNode } from 'react';
import { Button } from '@mantine/core';
import type { RunStatus } from '#protocol/run-feed.ts';
import { askHistory } from '#renderer/feed/host-api.ts';
import { useRunLine, useRunView } from '#renderer/feed/run-context.tsx';
import { useAnswer } from '#renderer/feed/use-answer.ts';
import { AskedPanel, useAsked } from '#renderer/history/asked-panel.tsx';
import { findRecord } from '#renderer/history/find-by-id.ts';
import { HistoryAbsent } from '#renderer/history/history-absent.tsx';
import { createHistoryClient, HistoryRefusal, type HistoryClient } from '#renderer/history/history-client.ts';
import { HistoryNotice, HistoryWaiting } from '#renderer/history/history-notice.tsx';
import { HistorySearch } from '#renderer/history/history-search.tsx';
import { HistoryStart } from '#renderer/history/history-start.tsx';
import { IdentityStory } from '#renderer/history/identity-story.tsx';
import { useHistoryRoute } from '#renderer/history/use-history-route.ts';
import { VisitStory, type VisitStoryProps } from '#renderer/history/visit-story.tsx';
import { RunNotice } from '#renderer/run/run-notice.tsx';
import { Icon } from '#renderer/shared/icons.tsx';
import { formatCount } from '#renderer/view/format.ts';
import { recentVisits } from '#renderer/view/history-recent.ts';
import type { HistoryRoute, MarkRef } from '#renderer/view/history-route.ts';
import { createScenarioClock, type ScenarioClock } from '#renderer/view/scenario-clock.ts';
import classes from '#renderer/history/history.module.css';

interface HistoryScreenProps {
  readonly onPickScenario: () => void;
}

export function HistoryScreen({ onPickScenario }: HistoryScreenProps): ReactNode {
  const { status, known } = useRunView('header');
  const { send } = useRunLine();
  const [route] = useHistoryRoute();
  const isThere = status !== null && status.mode === 'live' && status.state !== 'loading';
  /** What was read of a run that has ended stays in sight; nothing begins there any more. */
  const isReadable = isThere && (!isOver(status) || route.kind !== 'start');
  return (
    <div className={classes['screen']}>
      {isReadable ? (
        <Body key={status.runId} status={status} onPickScenario={onPickScenario} />
      ) : (
        <>
          <header className={classes['bar']}>
            <h1>History</h1>
          </header>
          <RunNotice onPickScenario={onPickScenario} />
          <HistoryAbsent status={status} known={known} onPickScenario={onPickScenario} onStart={send} />
        </>
      )}
    </div>
  );
}

interface BodyProps {
  readonly status: RunStatus;
  readonly onPickScenario: () => void;
}

/** All of one run; another run has another history. */
function Body({ status, onPickScenario }: BodyProps): ReactNode {
  const { runId } = status;
  const [route, go] = useHistoryRoute();
  const client = useMemo(() => createHistoryClient((question, signal) => askHistory(runId, question, signal)), [runId]);
  const [areAskedShown, setAskedShown] = useState(false);
  const asked = useAsked(client.asked);
  const onFound = useCallback((found: HistoryRoute) => go(found), [go]);
  return (
    <>
      <header className={classes['bar']}>
        <h1>
          {route.kind === 'start' ? (
            'History'
          ) : (
            <a href="#/history" title="Back to where everybody is">
              History
            </a>
          )}
        </h1>
        <HistorySearch client={client} onFound={onFound} />
        <span className={classes['gap']} />
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Icon name="log" size={12} />}
          aria-expanded={areAskedShown}
          onClick={() => setAskedShown(!areAskedShown)}
        >
          {formatCount(asked.length)} asked of the store
        </Button>
      </header>
      <RunNotice onPickScenario={onPickScenario} />
      {isOver(status) && (
        <p className={classes['over']} role="status">
          {status.scenario} has ended, and its Backends with it. What you see is as it was read last.
        </p>
      )}
      <div className={classes['body']}>
        <div className={classes['main']}>
          <Subject status={status} client={client} route={route} onRoute={go} />
        </div>
        {areAskedShown && <AskedPanel asked={client.asked} onClose={() => setAskedShown(false)} />}
      </div>
    </>
  );
}

interface SubjectProps {
  readonly status: RunStatus;
  readonly client: HistoryClient;
  readonly route: HistoryRoute;
  readonly onRoute: (route: HistoryRoute, how?: 'replace') => void;
}

const RECENT_MAX = 14;

function Subject({ status, client, route, onRoute }: SubjectProps): ReactNode {
  const { startsAt, timeZone, virtualMs, state } = status;
  const clock = useMemo(() => createScenarioClock(0, timeZone), [timeZone]);
  /** What goes on is drawn up to here, in whole seconds. */
  const nowMs = startsAt + Math.floor(virtualMs / 1_000) * 1_000;
  const told: Omit<VisitStoryProps, 'visitId' | 'mark' | 'onMark' | 'onVisit'> = {
    client,
    onIdentity: (id) => onRoute({ kind: 'identity', id, visit: null, mark: null }),
    clock,
    nowMs,
    isLive: state === 'running',
  };
  switch (route.kind) {
    case 'start':
      return <Start client={client} status={status} clock={clock} />;
    case 'visit':
      return (
        <VisitStory
          {...told}
          key={route.id}
          visitId={route.id}
          mark={route.mark}
          onMark={(mark) => onRoute({ ...route, mark }, 'replace')}
          onVisit={(id) => onRoute({ kind: 'visit', id, mark: null })}
        />
      );
    case 'identity':
      return (
        <IdentityStory
          {...told}
          key={route.id}
          identityId={route.id}
          visitId={route.visit}
          mark={route.mark}
          onMark={(mark, visit) => onRoute({ ...route, visit, mark }, 'replace')}
          onVisit={(visit) => onRoute({ ...route, visit, mark: null })}
        />
      );
    case 'record':
      return <Record client={client} mark={route.mark} onRoute={onRoute} />;
    default:
      return route satisfies never;
  }
}

function Start({
  client,
  status,
  clock,
}: {
  readonly client: HistoryClient;
  readonly status: RunStatus;
  readonly clock: ScenarioClock;
}): ReactNode {
  const { stream } = useRunView('stream');
  const { startsAt, timeZone } = status;
  const runClock = useMemo(() => createScenarioClock(startsAt, timeZone), [startsAt, timeZone]);
  const visits = useMemo(() => recentVisits(stream, RECENT_MAX), [stream]);
  return <HistoryStart client={client} recent={visits} runClock={runClock} clock={clock} />;
}

interface RecordProps {
  readonly client: HistoryClient;
  readonly mark: MarkRef;
  readonly onRoute: SubjectProps['onRoute'];
}

/** A page, an event, a session or an attempt by itself: it is shown in its visit. */
function Record({ client, mark, onRoute }: RecordProps): ReactNode {
  const { kind, id } = mark;
  const [round, setRound] = useState(0);
  const answer = useAnswer(
    useCallback(
      async (signal: AbortSignal) => {
        const found = await findRecord(client, { kind, id }, signal);
        if (found !== null && !signal.aborted) onRoute(found, 'replace');
        return found;
      },
      // oxlint-disable-next-line react/exhaustive-deps -- another round asks anew
      [client, kind, id, onRoute, round],
    ),
  );
  if (answer.state === 'answered' && answer.value === null) {
    const refusal = new HistoryRefusal('unknown', `there is no ${kind} ${id}`);
    return (
      <HistoryNotice refusal={refusal} onRetry={() => setRound(round + 1)}>
        There is no {kind} {id}: it has not been heard of in this run, its retention is past, or it was erased.
      </HistoryNotice>
    );
  }
  if (answer.state === 'refused') {
    return (
      <HistoryNotice
        refusal={new HistoryRefusal('unreachable', answer.refusal.message)}
        onRetry={() => setRound(round + 1)}
      />
    );
  }
  return (
    <HistoryWaiting>
      Looking for {kind} {id}.
    </HistoryWaiting>
  );
}

function isOver({ state }: RunStatus): boolean {
  return state === 'finished' || state === 'stopped' || state === 'failed';
}
