/** Hands the run's store, its line to the host and the shared cursor to the parts of the screen. */
import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import type { RunCommand } from '#protocol/run-feed.ts';
import type { Lane, RunStore, RunView } from '#renderer/feed/run-store.ts';

export interface RunLine {
  readonly store: RunStore;
  readonly send: (command: RunCommand) => void;
  readonly reconnect: () => void;
}

const RunLineContext = createContext<RunLine | null>(null);

export const RunLineProvider = RunLineContext.Provider;

export function useRunLine(): RunLine {
  const line = useContext(RunLineContext);
  if (!line) throw new Error('assertion failed: no RunLineProvider above');
  return line;
}

/** What is known of the run; the caller is drawn anew when its lane's turn comes. */
export function useRunView(lane: Lane): RunView {
  const { store } = useRunLine();
  const subscribe = useCallback((listener: () => void) => store.subscribe(lane, listener), [store, lane]);
  return useSyncExternalStore(subscribe, store.view);
}
