/** Orders of strategies outside on their way to the contact center, and its answers back. */
import type { StrategyOrder, StrategyReply } from '#core/engagement/strategy-order.ts';
import type { StrategyOrdered } from '#core/messages.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { AwaitedAnswers } from './awaited-answers.ts';

export interface StrategyOrdersParts {
  /** Begins the ids of orders: unique for this life of the node. */
  readonly prefix: string;
  readonly deliver: (input: StrategyOrdered) => void;
  /** Why the contact center can not be asked now; null: it can. */
  readonly door: () => string | null;
}

export class StrategyOrders {
  readonly #parts: StrategyOrdersParts;
  readonly #answers: AwaitedAnswers<StrategyReply>;

  constructor(parts: StrategyOrdersParts) {
    this.#parts = parts;
    this.#answers = new AwaitedAnswers(`${parts.prefix}.order`);
  }

  /** Rejects with UNAVAILABLE while the contact center is away, or does not answer: the order may have been obeyed then. */
  async give(order: StrategyOrder): Promise<StrategyReply> {
    const shut = this.#parts.door();
    if (shut !== null) throw new OperatingError('UNAVAILABLE', shut);
    return this.#answers.ask((orderId) => this.#parts.deliver({ type: 'strategyOrdered', orderId, order }));
  }

  answered(orderId: string, reply: StrategyReply): void {
    this.#answers.answered(orderId, reply);
  }
}
