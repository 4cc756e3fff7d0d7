/** The moment that is pointed at, one for all charts of a screen: outside React, so that moving it redraws lines, not charts. */
import { createContext, useContext, useSyncExternalStore } from 'react';

export interface TimeCursor {
  /** Virtual ms, or null while nothing is pointed at. */
  get(): number | null;
  set(atMs: number | null): void;
  subscribe(listener: () => void): () => void;
}

export function createTimeCursor(): TimeCursor {
  const listeners = new Set<() => void>();
  let at: number | null = null;
  return {
    get: () => at,
    set(atMs) {
      if (atMs === at) return;
      at = atMs;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const TimeCursorContext = createContext<TimeCursor>(createTimeCursor());

export const TimeCursorProvider = TimeCursorContext.Provider;

export function useTimeCursor(): TimeCursor {
  return useContext(TimeCursorContext);
}

/** The moment pointed at; draws the caller anew when it moves. For readouts, not for charts. */
export function useCursorMs(): number | null {
  const cursor = useTimeCursor();
  return useSyncExternalStore(cursor.subscribe, cursor.get);
}
