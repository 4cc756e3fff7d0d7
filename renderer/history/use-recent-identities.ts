/** Who has signed in or been recognized in the visits that were seen just now, asked visit by visit, as no index is needed for that. */
import { useEffect, useRef, useState } from 'react';
import type { IdentityResource } from '#protocol/wire-history.ts';
import type { HistoryClient } from '#renderer/history/history-client.ts';
import { HistoryRefusal } from '#renderer/history/history-client.ts';
import type { RecentVisit } from '#renderer/view/history-recent.ts';

export interface SeenIdentity {
  readonly identity: IdentityResource;
  /** The newest visit in which it was seen. */
  readonly visit: string;
}

const ASK_MS = 3_000;
const KEPT_MAX = 14;

export interface SeenIdentities {
  /** Newest first. */
  readonly seen: readonly SeenIdentity[];
  /** The last time nobody could be asked. */
  readonly isUnanswered: boolean;
}

/** Visits without an identity are asked again: somebody may sign in later. */
export function useRecentIdentities(client: HistoryClient, visits: readonly RecentVisit[]): SeenIdentities {
  const [seen, setSeen] = useState<readonly SeenIdentity[]>([]);
  const [isUnanswered, setUnanswered] = useState(false);
  const latest = useRef({ visits, known: new Set<string>() });
  useEffect(() => {
    latest.current.visits = visits;
  }, [visits]);
  useEffect(() => {
    const abort = new AbortController();
    let isAsking = false;
    const ask = async (): Promise<void> => {
      if (isAsking || document.visibilityState !== 'visible') return;
      isAsking = true;
      const { visits: recent, known } = latest.current;
      const asked = recent.filter(({ id }) => !known.has(id));
      const found = await Promise.all(asked.map(({ id }) => identitiesOf(client, id, abort.signal)));
      isAsking = false;
      if (abort.signal.aborted) return;
      const answered = found.filter((one) => one !== null).flat();
      setUnanswered(found.includes(null));
      for (const { visit } of answered) known.add(visit);
      if (answered.length > 0) setSeen((before) => joinSeen(answered, before));
    };
    void ask();
    const timer = setInterval(() => void ask(), ASK_MS);
    return () => {
      abort.abort();
      clearInterval(timer);
    };
  }, [client]);
  return { seen, isUnanswered };
}

function joinSeen(found: readonly SeenIdentity[], before: readonly SeenIdentity[]): readonly SeenIdentity[] {
  const ids = new Set<string>();
  return [...found, ...before]
    .filter(({ identity: { identityId } }) => !ids.has(identityId) && ids.add(identityId))
    .slice(0, KEPT_MAX);
}

/** null: nobody answered. */
async function identitiesOf(
  client: HistoryClient,
  visit: string,
  signal: AbortSignal,
): Promise<readonly SeenIdentity[] | null> {
  try {
    const told = await client.get<IdentityResource[]>(['visits', visit, 'identities'], {}, signal);
    return told.value.map((identity) => ({ identity, visit }));
  } catch (error) {
    if (signal.aborted) return [];
    if (error instanceof HistoryRefusal) return error.kind === 'unknown' ? [] : null;
    throw error;
  }
}
