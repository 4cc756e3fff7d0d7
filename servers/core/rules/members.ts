/** The members of `all` and `any`. In the rule's list of patterns those of each member stand together, in the order of the members. */
import type { PartialMatches } from './partial-matches.ts';

/** What a member is made of. */
export interface Member {
  /** How many patterns it has. */
  readonly patterns: number;
  /** Events that a match takes. */
  readonly needed: number;
  createPartials(): PartialMatches;
}

export class Members {
  readonly count: number;
  readonly #members: readonly Member[];
  /** Number of each member's first pattern. */
  readonly #from: readonly number[];
  readonly #steps: number[] = [];

  constructor(members: readonly Member[]) {
    this.count = members.length;
    this.#members = members;
    let from = 0;
    this.#from = members.map(({ patterns }) => {
      from += patterns;
      return from - patterns;
    });
  }

  createPartials(): readonly PartialMatches[] {
    return this.#members.map((member) => member.createPartials());
  }

  neededBy(member: number): number {
    return this.#members[member]?.needed ?? 0;
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
