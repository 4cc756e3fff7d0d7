/** The window that was chosen, or the one that suits the run's speed. */
import { useState } from 'react';
import { useRunView } from '#renderer/feed/run-context.tsx';
import { windowForSpeed, type WindowName } from '#renderer/view/time-window.ts';

/** A run as short as the shortest window is shown whole. */
const WHOLE_RUN_MS_MAX = 300_000;

export function useSuitedWindow(): { readonly name: WindowName; readonly choose: (name: WindowName) => void } {
  const { status } = useRunView('header');
  const [chosen, choose] = useState<WindowName | null>(null);
  const isShort = status !== null && status.totalMs <= WHOLE_RUN_MS_MAX;
  const suited = status === null || isShort || status.state === 'finished' ? 'all' : windowForSpeed(status.speed);
  return { name: chosen ?? suited, choose };
}
