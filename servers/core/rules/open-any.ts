/** The members of `any`, each by itself; what they complete at one event is brought into one order. */
import type { VisitEvent } from '#core/visits/event.ts';
import { compareMatches, type Arrival, type Match } from './arrival.ts';
import type { Members } from './members.ts';
import type { OpenMatches } from './open-matches.ts';
import type { PartialProgress } from './partial-matches.ts';
import type { RuleScope } from './rule-scope.ts';

export class OpenAny implements OpenMatches {
  readonly #members: Members;

  constructor(members: Members) {
    this.#members = members;
  }

  take(scope: RuleScope, steps: readonly number[], arrival: Arrival, event: VisitEvent, completed: Match[]): void {
    const before = completed.length;
    for (let member = 0; member < this.#members.count; member += 1) {
      const own = this.#members.stepsOf(member, steps);
      if (own.length > 0) this.#members.openOf(member).take(scope, own, arrival, event, completed);
    }
    if (completed.length - before > 1) completed.push(...completed.splice(before).sort(compareMatches));
  }

  count(scope: RuleScope): number {
    let count = 0;
    for (const { open } of this.#members) count += open.count(scope);
    return count;
  }

  clear(scope: RuleScope): void {
    for (const { open } of this.#members) open.clear(scope);
  }

  /** Of the member that lacks least. */
  progress(scope: RuleScope, at: number): PartialProgress | null {
    let best: PartialProgress | null = null;
    let lacking = Infinity;
    let member = 0;
    for (const { open, needed: ofMember } of this.#members) {
      const progress = open.progress(scope, at);
      const needed = progress?.needed ?? ofMember;
      if (progress !== null && needed - progress.done < lacking) {
        lacking = needed - progress.done;
        best = { done: progress.done, until: progress.until, needed, nearest: { member, progress } };
      }
      member += 1;
    }
    return best;
  }
}
