/** Visitors of the simulated crowd whose pages wait to hear which share of those who look for help is let in. */
import type { PacingAsked } from '#core/messages.ts';
import type { PacingReply } from '#core/pacing/pacing-inquiry.ts';
import type { Visitor } from '#crowd/visitor.ts';

export class SimAskers {
  readonly #waiting = new Map<string, Visitor>();

  /** The question of his page. */
  ask(visitor: Visitor, askId: string): PacingAsked {
    this.#waiting.set(askId, visitor);
    const asker = { visitID: visitor.visitID, askId };
    return { type: 'pacingAsked', askId, inquiry: { kind: 'reactiveState', channel: 'chat', groups: null, asker } };
  }

  /** Where pacing does not look at reactive visitors, or nothing is paced, a page has nothing to go by and lets them in. */
  told(askId: string, reply: PacingReply, nowUs: number): void {
    const visitor = this.#waiting.get(askId);
    this.#waiting.delete(askId);
    visitor?.hearReactiveState(reply.kind === 'reactiveState' ? reply.reactiveState : null, nowUs);
  }
}
