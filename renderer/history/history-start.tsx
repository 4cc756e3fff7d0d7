/** Where one begins without an id: visits and people that were seen just now; of all visitors, where the store keeps an index for them. */
import { useCallback, useState, type ReactNode } from 'react';
import { Button } from '@mantine/core';
import type { IdentityResource, VisitResource } from '#protocol/wire-history.ts';
import type { HistoryClient } from '#renderer/history/history-client.ts';
import { askEverybody, type Everybody } from '#renderer/history/ask-everybody.ts';
import { useRecentIdentities } from '#renderer/history/use-recent-identities.ts';
import { useAnswer, valueOf } from '#renderer/feed/use-answer.ts';
import { Icon } from '#renderer/shared/icons.tsx';
import { Panel } from '#renderer/shared/panel.tsx';
import type { RecentVisit } from '#renderer/view/history-recent.ts';
import { formatHistoryRoute } from '#renderer/view/history-route.ts';
import type { ScenarioClock } from '#renderer/view/scenario-clock.ts';
import classes from '#renderer/history/history.module.css';

interface HistoryStartProps {
  readonly client: HistoryClient;
  readonly recent: readonly RecentVisit[];
  /** Reads virtual ms off the wall. */
  readonly runClock: ScenarioClock;
  /** Reads epoch ms off the wall. */
  readonly clock: ScenarioClock;
}

export function HistoryStart({ client, recent: latest, runClock, clock }: HistoryStartProps): ReactNode {
  const { shown: recent, hold } = useHeld(latest);
  const [round, setRound] = useState(0);
  // oxlint-disable-next-line react/exhaustive-deps -- another round asks anew
  const answer = useAnswer(useCallback((signal: AbortSignal) => askEverybody(client, signal), [client, round]));
  const everybody = valueOf(answer);
  const { seen: people, isUnanswered } = useRecentIdentities(client, recent);
  const [wasUnanswered, setWasUnanswered] = useState(isUnanswered);
  /** Who answers again is asked for the lists again. */
  if (isUnanswered !== wasUnanswered) {
    setWasUnanswered(isUnanswered);
    if (!isUnanswered) setRound(round + 1);
  }
  return (
    <div className={classes['start']}>
      <p className={classes['teach']}>
        Every event that a visitor&apos;s browser tells is kept. Type any id above, or begin with somebody who is here.
      </p>
      <div
        className={classes['startColumns']}
        onPointerEnter={() => hold('pointed at', true)}
        onPointerLeave={() => hold('pointed at', false)}
        onFocus={() => hold('focused', true)}
        onBlur={() => hold('focused', false)}
      >
        <Panel name="recent-visits" title="Visits that the stream has just seen">
          <ul className={classes['links']} tabIndex={0} aria-label="Visits that the stream has just seen">
            {recent.map(({ id, atMs, last }) => (
              <Row
                key={id}
                href={formatHistoryRoute({ kind: 'visit', id, mark: null })}
                time={runClock.time(atMs)}
                name={id}
              >
                {last}
              </Row>
            ))}
            {recent.length === 0 && (
              <li className={classes['dim']}>Nobody yet: the first visitors are on their way.</li>
            )}
          </ul>
        </Panel>
        <Panel name="recent-identities" title="People in these visits">
          <ul className={classes['links']} tabIndex={0} aria-label="People in these visits">
            {people.map(({ identity, visit }) => (
              <IdentityRow key={identity.identityId} identity={identity} where={`in visit ${visit}`} />
            ))}
            {people.length === 0 && (
              <li className={classes['dim']}>
                {isUnanswered
                  ? 'Nobody answers who could tell.'
                  : 'Nobody has signed in or been recognized in them yet.'}
              </li>
            )}
          </ul>
        </Panel>
        <AllVisitors everybody={everybody} clock={clock} />
      </div>
      {answer.state === 'refused' && (
        <p role="alert" className={classes['failed']}>
          {answer.refusal.message}{' '}
          <Button size="compact-xs" variant="default" onClick={() => setRound(round + 1)}>
            Ask again
          </Button>
        </p>
      )}
      {everybody !== undefined && everybody.kind === 'lists' && (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Icon name="again" size={12} />}
          onClick={() => setRound(round + 1)}
        >
          Read the lists anew
        </Button>
      )}
    </div>
  );
}

type HoldReason = 'pointed at' | 'focused';

/** Nothing can be clicked that runs away: what is pointed at or focused stands still. */
function useHeld<T>(latest: T): {
  readonly shown: T;
  readonly hold: (reason: HoldReason, on: boolean) => void;
} {
  const [state, setState] = useState<{ readonly reasons: ReadonlySet<HoldReason>; readonly value: T } | null>(null);
  const hold = (reason: HoldReason, on: boolean): void => {
    const reasons = new Set(state?.reasons);
    if (on) reasons.add(reason);
    else reasons.delete(reason);
    setState(reasons.size === 0 ? null : { reasons, value: state?.value ?? latest });
  };
  return { shown: state === null ? latest : state.value, hold };
}

function AllVisitors({
  everybody,
  clock,
}: {
  readonly everybody: Everybody | undefined;
  readonly clock: ScenarioClock;
}): ReactNode {
  if (everybody === undefined) return null;
  if (everybody.kind === 'notIndexed') {
    return (
      <Panel name="everybody" title="All visitors">
        <p className={classes['explained']}>
          Lists of all visitors are not to be had here: the store keeps no index for them while{' '}
          <code>wmdb.limitIndexing</code> is true, its default (501 from the Backend). Whoever is known by an id is
          found all the same: take one from the lists beside, from the stream of the Run screen, or type it above. To
          have the lists, start a scenario with{' '}
          <code>{'options: { service:wmdb: { wmdb.limitIndexing: false } }'}</code>.
        </p>
      </Panel>
    );
  }
  return (
    <>
      <Panel name="all-visits" title="All visits, newest first">
        <ul className={classes['links']} tabIndex={0} aria-label="All visits, newest first">
          {everybody.visits.map((visit) => (
            <VisitRow key={visit.visitId} visit={visit} clock={clock} />
          ))}
        </ul>
      </Panel>
      <Panel name="all-identities" title="All people, newest first">
        <ul className={classes['links']} tabIndex={0} aria-label="All people, newest first">
          {everybody.identities.map((identity) => (
            <IdentityRow key={identity.identityId} identity={identity} />
          ))}
        </ul>
      </Panel>
    </>
  );
}

function VisitRow({ visit, clock }: { readonly visit: VisitResource; readonly clock: ScenarioClock }): ReactNode {
  const { visitId, startDate, endDate } = visit;
  return (
    <Row
      href={formatHistoryRoute({ kind: 'visit', id: visitId, mark: null })}
      time={clock.time(startDate)}
      name={visitId}
    >
      {endDate === 0 ? 'goes on' : 'ended'}
    </Row>
  );
}

function IdentityRow({
  identity,
  where = '',
}: {
  readonly identity: IdentityResource;
  readonly where?: string;
}): ReactNode {
  const { identityId, name, location, visitScope } = identity;
  return (
    <Row
      href={formatHistoryRoute({ kind: 'identity', id: identityId, visit: null, mark: null })}
      time=""
      name={name ?? identityId}
    >
      {[visitScope === 'Authenticated' ? 'has signed in' : 'recognized', location, where]
        .filter((part) => part !== null && part !== '')
        .join(', ')}
    </Row>
  );
}

interface RowProps {
  readonly href: string;
  readonly time: string;
  readonly name: string;
  readonly children: ReactNode;
}

function Row({ href, time, name, children }: RowProps): ReactNode {
  return (
    <li>
      <a href={href} data-timed={time !== '' || undefined}>
        {time !== '' && <time>{time}</time>}
        <b>{name}</b>
        <span>{children}</span>
      </a>
    </li>
  );
}
