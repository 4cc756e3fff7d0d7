/** The bounded queue in front of a store across a network: calls beyond a number are refused, statements beyond another wait. */
import { CassandraFault } from './cassandra-fault.ts';

export interface GateLimits {
  /** Calls of the ports that may be under way. */
  readonly callsMax: number;
  /** Statements that may be on their way to the nodes. */
  readonly statementsMax: number;
}

export class RequestGate {
  readonly #limits: GateLimits;
  #calls = 0;
  #statements = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(limits: GateLimits) {
    this.#limits = limits;
  }

  /** Rejects with the fault `busy`, having done nothing, where too many are under way. */
  async call<T>(work: () => Promise<T>): Promise<T> {
    if (this.#calls >= this.#limits.callsMax) {
      throw new CassandraFault('busy', `${this.#calls} calls are under way to Cassandra: no more are taken`);
    }
    this.#calls += 1;
    try {
      return await work();
    } finally {
      this.#calls -= 1;
    }
  }

  /** One statement of a call, when it is its turn. */
  async statement<T>(send: () => Promise<T>): Promise<T> {
    if (this.#statements >= this.#limits.statementsMax) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#statements += 1;
    try {
      return await send();
    } finally {
      // The place goes to the next one who waits.
      const next = this.#waiting.shift();
      if (next === undefined) this.#statements -= 1;
      else next();
    }
  }
}
