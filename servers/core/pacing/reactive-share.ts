/**
 * How much reactive traffic is let in: the share of visitors who ask for a chat themselves that may have one (the guide's
 * `reactiveState`). Their arrivals are no choice of ours, so that Erlang A is exact for them, and is inverted.
 */
import { erlangA, erlangB } from '../sizing/erlang.ts';

export interface ReactiveGroup {
  /** Slots that reactive chats may take. */
  readonly slots: number;
  readonly releasePerSecond: number;
  /** Infinity: who finds no slot is lost. */
  readonly abandonPerSecond: number;
  /** Share of them that may be abandoned. */
  readonly goalShare: number;
}

const steps = 45;

/** The highest rate of reactive chats, per second, that keeps their abandonment within the goal. */
export function rateWithinGoal(group: ReactiveGroup): number {
  if (group.slots === 0) return 0;
  let low = 0;
  let high = (2 * group.slots * group.releasePerSecond) / (1 - group.goalShare);
  for (let step = 0; step < steps; step += 1) {
    const middle = (low + high) / 2;
    if (abandonmentAt(group, middle) <= group.goalShare) low = middle;
    else high = middle;
  }
  return low;
}

/** min(1, that rate / the rate at which they ask). */
export function reactiveShareWithin(group: ReactiveGroup, askedPerSecond: number): number {
  if (group.slots === 0) return 0;
  return askedPerSecond <= 0 ? 1 : Math.min(1, rateWithinGoal(group) / askedPerSecond);
}

function abandonmentAt({ slots, releasePerSecond, abandonPerSecond }: ReactiveGroup, rate: number): number {
  const servers = { servers: slots, arrivalsPerSecond: rate, handleSeconds: 1 / releasePerSecond };
  return abandonPerSecond === Infinity
    ? erlangB(servers).blockingShare
    : erlangA({ ...servers, patienceSeconds: 1 / abandonPerSecond }).abandonmentShare;
}
