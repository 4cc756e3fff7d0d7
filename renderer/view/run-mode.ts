/** The two ways to run a scenario, and what differs between them on the screen. */
import { RUN_SPEEDS } from '#protocol/control-api.ts';
import { LIVE_SPEED_RANGE, LIVE_SPEEDS } from '#protocol/run-feed-live.ts';
import type { RunMode, RunSpeed } from '#protocol/run-feed.ts';

export const MODE_LABELS: Readonly<Record<RunMode, string>> = { sim: 'Simulated', live: 'Live' };

/** As the header has it, and what a person who asks is told. */
export const MODE_BADGES: Readonly<Record<RunMode, { readonly word: string; readonly about: string }>> = {
  sim: { word: 'simulated', about: 'Nodes, network and people are modelled, in virtual time' },
  live: { word: 'live', about: 'Real server processes on this machine, real sockets and a real store' },
};

export function speedsOf(mode: RunMode): readonly RunSpeed[] {
  return mode === 'live' ? LIVE_SPEEDS : RUN_SPEEDS;
}

/** The speed itself, or the nearest that the mode can go. */
export function speedFor(mode: RunMode, speed: RunSpeed): RunSpeed {
  if (mode === 'sim') return speed;
  if (speed === 'max') return LIVE_SPEED_RANGE.max;
  return Math.min(LIVE_SPEED_RANGE.max, Math.max(LIVE_SPEED_RANGE.min, speed));
}
