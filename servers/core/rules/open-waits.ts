/**
 * Matches of one condition that wait, all for the same time: the first to begin is the first to end. They stand under one key, each
 * with the time of its last event; the scope knows which of all waits ends first.
 */
import type { VisitEvent } from '#core/visits/event.ts';
import type { Match } from './arrival.ts';
import type { PartialProgress } from './partial-matches.ts';
import type { RuleMemory } from './rule-memory.ts';
import type { RuleScope } from './rule-scope.ts';

export class OpenWaits {
  readonly #forMs: number;
  readonly #openMax: number;
  readonly #key: number;

  constructor(memory: RuleMemory, ruleOrdinal: number, forMs: number, openMax: number) {
    this.#forMs = forMs;
    this.#openMax = openMax;
    this.#key = memory.allot(1, { keptMs: Infinity, holds: 'match', wait: { forMs, ruleOrdinal } });
  }

  /** `event`: the last one of the match. */
  begin(scope: RuleScope, match: Match, event: VisitEvent): void {
    if (this.count(scope) >= this.#openMax) this.#dropOldest(scope);
    scope.beginWait(this.#key, match, event, (match.at(-1)?.at ?? 0) + this.#forMs);
  }

  /** All end without a firing. */
  clear(scope: RuleScope): void {
    if (scope.waits === 0) return;
    const ended = scope.cells.removeAll(this.#key);
    if (ended > 0) scope.noteEnded(ended);
  }

  /** Those that began on a page end without a firing. */
  endOn(scope: RuleScope, pageID: string): void {
    const ended: number[] = [];
    const { cells } = scope;
    for (let cell = this.#first(scope); cell !== 0; cell = cells.older(cell))
      if (scope.eventOf(cell).pageID === pageID) ended.push(cell);
    if (ended.length === 0) return;
    for (const cell of ended) cells.remove(cell);
    scope.noteEnded(ended.length);
  }

  count(scope: RuleScope): number {
    let count = 0;
    for (let cell = this.#first(scope); cell !== 0; cell = scope.cells.older(cell)) count += 1;
    return count;
  }

  /** Of the wait that ends first at `at` or later. */
  progress(scope: RuleScope, at: number): PartialProgress | null {
    let next = 0;
    for (let cell = this.#first(scope); cell !== 0; cell = scope.cells.older(cell))
      if (scope.cells.atOf(cell) + this.#forMs >= at) next = cell;
    if (next === 0) return null;
    return { done: scope.matchOf(next).length, until: scope.cells.atOf(next) + this.#forMs, waits: true };
  }

  #first(scope: RuleScope): number {
    return scope.waits === 0 ? 0 : scope.cells.first(this.#key);
  }

  #dropOldest(scope: RuleScope): void {
    let oldest = 0;
    for (let cell = this.#first(scope); cell !== 0; cell = scope.cells.older(cell)) oldest = cell;
    scope.cells.remove(oldest);
    scope.dropped += 1;
    scope.noteEnded(1);
  }
}
