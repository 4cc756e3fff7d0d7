/** What the address says is shown, and the way to another place: with an entry of its own for Back, or in place of the one that is there. */
import { useCallback, useSyncExternalStore } from 'react';
import { formatHistoryRoute, parseHistoryRoute, type HistoryRoute } from '#renderer/view/history-route.ts';

export function useHistoryRoute(): readonly [HistoryRoute, (route: HistoryRoute, how?: 'replace') => void] {
  const hash = useSyncExternalStore(subscribe, readHash);
  const go = useCallback((route: HistoryRoute, how?: 'replace') => {
    const next = formatHistoryRoute(route);
    if (how === 'replace') location.replace(next);
    else location.hash = next;
  }, []);
  return [parseHistoryRoute(hash), go];
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

function readHash(): string {
  return location.hash;
}
