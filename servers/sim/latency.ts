/**
 * How long messages and commits take in the simulator: one constant delay a kind of link, and a store that commits in
 * groups. Constant delays keep the order of a link, as a connection does.
 */

export interface LatencyProfile {
  /** Between a visitor's browser and the servers, one way, us. */
  readonly browserUs: number;
  /** Between two servers, one way, us. */
  readonly nodeUs: number;
  /** Between the contact center and an agent's desk, one way, us. */
  readonly deskUs: number;
  /** One group commit of the store, us; 0: stored at once. */
  readonly commitUs: number;
}

export type StoreProfile = 'memory' | 'sqlite' | 'cassandra';

/**
 * Assumptions, to be replaced by measured ones: 20 ms to a browser, 0.2 ms between servers, 1 ms to a desk; a SQLite
 * group commit with a sync of the disk 5 ms, a Cassandra write at QUORUM inside one data centre 3 ms.
 */
export function latencyProfileOf(store: StoreProfile): LatencyProfile {
  const commitUs = { memory: 0, sqlite: 5_000, cassandra: 3_000 }[store];
  return { browserUs: 20_000, nodeUs: 200, deskUs: 1_000, commitUs };
}

/**
 * Group commit: what arrives while a commit is under way waits for it and then shares the next one. So a commit takes
 * between one and two times `commitUs`, however much arrives.
 */
export class GroupCommit {
  readonly #commitUs: number;
  #runningUntilUs = 0;
  #nextUntilUs = 0;

  constructor(commitUs: number) {
    this.#commitUs = commitUs;
  }

  /** When a group that is handed over now is stored, us. Calls never go back in time. */
  storedAt(nowUs: number): number {
    if (nowUs >= this.#nextUntilUs) {
      this.#runningUntilUs = nowUs + this.#commitUs;
      this.#nextUntilUs = this.#runningUntilUs;
      return this.#runningUntilUs;
    }
    if (nowUs >= this.#runningUntilUs) this.#runningUntilUs = this.#nextUntilUs;
    if (this.#nextUntilUs === this.#runningUntilUs) this.#nextUntilUs = this.#runningUntilUs + this.#commitUs;
    return this.#nextUntilUs;
  }
}
