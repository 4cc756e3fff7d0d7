/** What the guards of a rule or package count in one visit, and what that lets pass. */
import type { Guards } from './rule-package.ts';

/** One rule, or the guards of one package, in one visit. */
export interface GuardCount {
  /** Hot leads made. */
  readonly fired: number;
  /** Time of the last one, ms; -Infinity before the first. */
  readonly lastFiredAt: number;
  /** Its maximum is reached: nothing is matched any more. */
  readonly spent: boolean;
}

export const NOTHING_FIRED: GuardCount = { fired: 0, lastFiredAt: -Infinity, spent: false };

/** A firing at `at` (ms) comes too soon after the last hot lead. */
export function isCooling(guards: Guards, lastFiredAt: number, at: number): boolean {
  return guards.coolDownMs !== null && at - lastFiredAt <= guards.coolDownMs;
}

/** With so many hot leads the maximum is reached. */
export function isSpent(guards: Guards, fired: number): boolean {
  return guards.maxPerVisit !== null && fired >= guards.maxPerVisit;
}
