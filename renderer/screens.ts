/** The screens there are, in the order of the rail; the address names the one that is shown. */
import { useCallback, useSyncExternalStore } from 'react';
import type { IconName } from '#renderer/shared/icons.tsx';

export const SCREENS = [
  { name: 'run', label: 'Run', icon: 'run', keys: 'H', about: 'what runs, live' },
  { name: 'pacing', label: 'Pacing', icon: 'pacing', keys: 'P', about: 'what was decided, why, and what came of it' },
  { name: 'history', label: 'History', icon: 'history', keys: 'V', about: 'what visitors did, found again' },
  { name: 'sizing', label: 'Sizing', icon: 'sizing', keys: 'S', about: 'from rates to servers and disk' },
] as const satisfies readonly {
  readonly name: string;
  readonly label: string;
  readonly icon: IconName;
  readonly keys: string;
  readonly about: string;
}[];

export type ScreenName = (typeof SCREENS)[number]['name'];

export function useScreen(): readonly [ScreenName, (name: ScreenName) => void] {
  const name = useSyncExternalStore(subscribe, readScreen);
  const go = useCallback((next: ScreenName) => {
    location.hash = `/${next}`;
  }, []);
  return [name, go];
}

/** What follows the screen's name in the address, as it stands there: `consistency?nodes=4` of `#/sizing/consistency?nodes=4`. */
export function usePlace(): string {
  return useSyncExternalStore(subscribe, readPlace);
}

/** The address says where one is, and it is no step to go back by. */
export function replacePlace(screen: ScreenName, place: string): void {
  history.replaceState(history.state, '', `#/${screen}/${place}`);
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

function readScreen(): ScreenName {
  const [asked] = location.hash.replace(/^#\//, '').split(/[/?]/, 1);
  return SCREENS.find(({ name }) => name === asked)?.name ?? 'run';
}

/** The same, at this moment. */
export function readPlace(): string {
  return /^#\/[^/?]*\/(.*)$/.exec(location.hash)?.[1] ?? '';
}
