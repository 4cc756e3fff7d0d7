/**
 * What all visits of an engine share: the pool that their memory comes from, and what each key stands for. A condition that
 * keeps something gets keys of its own when it is compiled; what is open in a scope is found by them.
 */
import { present } from '#core/assert.ts';
import { WordPool } from './word-pool.ts';

/** What the cells of one key are. */
export interface KeyFacts {
  /** How long after its time a cell still counts, ms; Infinity: until it is taken away. */
  readonly keptMs: number;
  /** What they stand for: an event, by its ordinal; a match, by the ordinal of its first event and a chain of the others. */
  readonly holds: 'nothing' | 'event' | 'match';
  /** They wait: for how long after their time, ms, and for which rule. */
  readonly wait: { readonly forMs: number; readonly ruleOrdinal: number } | null;
}

export class RuleMemory {
  readonly pool = new WordPool();
  /** From the first event of any match to its firing at most, ms. */
  longestMs = 0;
  readonly #keys: KeyFacts[] = [];

  /** The first of `count` new keys that stand one after the other. */
  allot(count: number, facts: KeyFacts): number {
    const first = this.#keys.length;
    for (let key = 0; key < count; key += 1) this.#keys.push(facts);
    return first;
  }

  factsOf(key: number): KeyFacts {
    return present(this.#keys[key], 'facts of a key');
  }
}
