/** The passing of time in a scope: what has expired goes, and it is known when the first wait ends. */
import { present } from '#core/assert.ts';
import type { RuleScope, RuleSlot } from './visit-rule-state.ts';
import { WakeQueue } from './wake-queue.ts';

/** Matches of the slot have begun or gone on at `at`, ms. */
export function noteTimes(scope: RuleScope, slot: RuleSlot, at: number): void {
  const { rule, partials, waiting } = slot;
  if (rule.expiry !== 'none' && partials !== null) {
    const end = rule.expiry === 'window' ? at + rule.withinMs : partials.expire(at);
    if (end < slot.expiresAt) {
      slot.expiresAt = end;
      (scope.expiring ??= new WakeQueue()).push(end, slot);
    }
  }
  if (waiting !== null) noteWake(scope, slot, waiting.nextDeadline());
}

/** A wait of the slot ends at `at`, ms; Infinity: none does. */
export function noteWake(scope: RuleScope, slot: RuleSlot, at: number): void {
  if (at >= slot.wakesAt) return;
  slot.wakesAt = at;
  (scope.waking ??= new WakeQueue()).push(at, slot);
}

/** Drops what can't complete at `at` (ms) or later. */
export function expireScope(scope: RuleScope, at: number): void {
  const { expiring } = scope;
  if (expiring === null) return;
  for (let looked = expiring.first; looked < at; looked = expiring.first) {
    const slot = expiring.pop();
    if (slot.expiresAt !== looked) continue;
    slot.expiresAt = present(slot.partials, 'open matches of a slot that expires').expire(at);
    if (slot.expiresAt < Infinity) expiring.push(slot.expiresAt, slot);
    else releaseEmpty(scope, slot);
  }
}

/** When the first wait ends, ms; Infinity: none waits. */
export function nextDeadlineOf(scope: RuleScope): number {
  const { waking } = scope;
  if (waking === null) return Infinity;
  for (let looked = waking.first; looked < Infinity; looked = waking.first) {
    const slot = waking.firstSlot;
    const due = slot?.waiting?.nextDeadline() ?? Infinity;
    if (due === looked) return due;
    // What waited has ended without a firing.
    waking.pop();
    if (slot === undefined || slot.wakesAt !== looked) continue;
    slot.wakesAt = Infinity;
    noteWake(scope, slot, due);
    if (due === Infinity) releaseEmpty(scope, slot);
  }
  return Infinity;
}

/** Lets go of a slot that remembers nothing. */
export function releaseEmpty(scope: RuleScope, slot: RuleSlot): void {
  const { partials, fired, heldBack } = slot;
  const remembers = fired > 0 || heldBack > 0 || (partials !== null && (partials.count() > 0 || partials.dropped > 0));
  if (!remembers && scope.slots?.[slot.rule.ordinal] === slot) scope.slots[slot.rule.ordinal] = undefined;
}
