/**
 * The latest match of each member of `all`, under a key of its own with the time of its first event. When all are there it fires and
 * keeps none, while its members go on.
 */
import { present } from '#core/assert.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { uniteMatches, type Arrival, type Match } from './arrival.ts';
import type { Members } from './members.ts';
import type { OpenMatches } from './open-matches.ts';
import type { PartialProgress } from './partial-matches.ts';
import type { RuleMemory } from './rule-memory.ts';
import type { RuleScope } from './rule-scope.ts';

export class OpenAll implements OpenMatches {
  readonly #members: Members;
  readonly #withinMs: number;
  readonly #key: number;

  constructor(memory: RuleMemory, members: Members, withinMs: number) {
    this.#members = members;
    this.#withinMs = withinMs;
    this.#key = memory.allot(members.count, { keptMs: withinMs, holds: 'match', wait: null });
  }

  take(scope: RuleScope, steps: readonly number[], arrival: Arrival, event: VisitEvent, completed: Match[]): void {
    let grown = false;
    for (let member = 0; member < this.#members.count; member += 1) {
      const own = this.#members.stepsOf(member, steps);
      if (own.length === 0) continue;
      const found: Match[] = [];
      this.#members.openOf(member).take(scope, own, arrival, event, found);
      const last = found.at(-1);
      if (last === undefined) continue;
      scope.cells.removeAll(this.#key + member);
      scope.keepMatch(this.#key + member, last, present(last[0], 'event of a match').at);
      grown = true;
    }
    if (!grown || this.#kept(scope, arrival.at) < this.#members.count) return;
    const matches = Array.from({ length: this.#members.count }, (_, member) =>
      scope.matchOf(scope.cells.first(this.#key + member)),
    );
    this.#forget(scope);
    completed.push(uniteMatches(matches));
  }

  count(scope: RuleScope): number {
    let count = this.#kept(scope, scope.lastAt) > 0 ? 1 : 0;
    for (const { open } of this.#members) count += open.count(scope);
    return count;
  }

  clear(scope: RuleScope): void {
    this.#forget(scope);
    for (const { open } of this.#members) open.clear(scope);
  }

  progress(scope: RuleScope, at: number): PartialProgress | null {
    const members = Array.from(this.#members, ({ open, needed }, member) => {
      const end = this.#endOf(scope, member);
      return end < at ? open.progress(scope, at) : { done: needed, until: end, isComplete: true };
    });
    const begun = members.filter((member) => member !== null);
    if (begun.length === 0) return null;
    const done = begun.reduce((sum, member) => sum + member.done, 0);
    return { done, until: Math.min(...begun.map(({ until }) => until)), members };
  }

  /** How many members have a match that still counts at `at`. */
  #kept(scope: RuleScope, at: number): number {
    let kept = 0;
    for (let member = 0; member < this.#members.count; member += 1) if (this.#endOf(scope, member) >= at) kept += 1;
    return kept;
  }

  #forget({ cells }: RuleScope): void {
    for (let member = 0; member < this.#members.count; member += 1) cells.removeAll(this.#key + member);
  }

  /** The last moment at which a member's match still counts; -Infinity: there is none. */
  #endOf({ cells }: RuleScope, member: number): number {
    const cell = cells.first(this.#key + member);
    return cell === 0 ? -Infinity : cells.atOf(cell) + this.#withinMs;
  }
}
