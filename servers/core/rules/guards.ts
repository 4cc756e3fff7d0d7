/** What the guards of a rule or package count in one visit, and what that lets pass. */
import type { Guards } from './rule-package.ts';
import type { GuardCount } from './visit-rule-state.ts';

/** A firing at `at` (ms) comes too soon after the last hot lead. */
export function isCooling(guards: Guards, made: GuardCount, at: number): boolean {
  return guards.coolDownMs !== null && at - made.lastFiredAt <= guards.coolDownMs;
}

/** A hot lead was made at `at`. */
export function countHotLead(guards: Guards, made: GuardCount, at: number): void {
  made.fired += 1;
  made.lastFiredAt = at;
  made.spent = guards.maxPerVisit !== null && made.fired >= guards.maxPerVisit;
}
