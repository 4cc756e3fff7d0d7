/** The members of `all` and `any`. In the rule's list of patterns those of each member stand together, in the order of the members. */
import { present } from '#core/assert.ts';
import type { OpenMatches } from './open-matches.ts';

/** What a member is made of. */
export interface Member {
  /** How many patterns it has. */
  readonly patterns: number;
  /** Events that a match takes. */
  readonly needed: number;
  readonly open: OpenMatches;
}

export class Members {
  readonly #members: readonly Member[];
  /** Number of each member's first pattern. */
  readonly #from: readonly number[];
  readonly #steps: number[] = [];

  constructor(members: readonly Member[]) {
    this.#members = members;
    let from = 0;
    this.#from = members.map(({ patterns }) => {
      from += patterns;
      return from - patterns;
    });
  }

  get count(): number {
    return this.#members.length;
  }

  [Symbol.iterator](): Iterator<Member> {
    return this.#members[Symbol.iterator]();
  }

  openOf(member: number): OpenMatches {
    return present(this.#members[member], 'member').open;
  }

  /** Those of `steps` that are patterns of one member, by its own numbers; the list is overwritten by the next call. */
  stepsOf(member: number, steps: readonly number[]): readonly number[] {
    const from = this.#from[member] ?? 0;
    const to = from + (this.#members[member]?.patterns ?? 0);
    const own = this.#steps;
    own.length = 0;
    for (let i = 0; i < steps.length; i += 1) {
      const step = steps[i] ?? 0;
      if (step >= from && step < to) own.push(step - from);
    }
    return own;
  }
}
