/**
 * Chats are conserved too, by an account of their facts alone: each has one way, waits or is with one agent, and facts, agents and
 * stored rows tell the same. No offer rings longer than its time, or at a desk whose agent has logged out.
 */
import type { Fact } from '#core/statistics/fact.ts';
import type { Bench } from './contact-center-bench.ts';

type ChatFact = Extract<Fact, { kind: 'chat' }>;
type Place = 'waiting' | 'offered' | 'talking' | 'over';

/** From where each fact may take a chat, and where to. A conversation whose agent does not come back is completed. */
const WAYS: Readonly<Record<ChatFact['state'], { readonly from: readonly (Place | undefined)[]; readonly to: Place }>> =
  {
    queued: { from: [undefined], to: 'waiting' },
    offered: { from: ['waiting'], to: 'offered' },
    recalled: { from: ['offered'], to: 'waiting' },
    started: { from: ['offered'], to: 'talking' },
    transferred: { from: ['talking'], to: 'waiting' },
    abandoned: { from: ['waiting', 'offered'], to: 'over' },
    completed: { from: ['talking'], to: 'over' },
  };

const PLACE_OF_ROW: Readonly<Record<string, Place>> = {
  waiting: 'waiting',
  offered: 'offered',
  talking: 'talking',
  afterWork: 'over',
  ended: 'over',
  abandoned: 'over',
};

export class ChatConservation {
  readonly problems: string[] = [];
  readonly #ringMs: number | null;
  readonly #places = new Map<string, { readonly place: Place; readonly since: number }>();
  #seen = 0;

  constructor(ringMs: number | null) {
    this.#ringMs = ringMs;
  }

  /** Call after each event, when all timers that were due have rung. */
  check(bench: Bench, at: number): void {
    for (; this.#seen < bench.facts.length; this.#seen += 1) {
      const fact = bench.facts[this.#seen];
      if (fact?.kind === 'chat') this.#hear(fact);
    }
    const held = this.#checkAgents(bench);
    for (const [chatId, { place, since }] of this.#places) {
      const isHeld = held.has(chatId);
      if ((place === 'offered' || place === 'talking') !== isHeld && place !== 'over') {
        this.problems.push(`${chatId} is ${place} and ${isHeld ? 'at' : 'at no'} desk`);
      }
      const row = bench.rows.get(`chat ${chatId}`);
      const stored = row?.kind === 'chat' ? PLACE_OF_ROW[row.state] : undefined;
      if (stored !== place) this.problems.push(`${chatId} is stored as ${stored} and was told as ${place}`);
      if (place === 'offered' && this.#ringMs !== null && at - since > this.#ringMs) {
        this.problems.push(`${chatId} rings for ${at - since} ms`);
      }
    }
  }

  #hear({ chatId, state, at }: ChatFact): void {
    const was = this.#places.get(chatId)?.place;
    const { from, to } = WAYS[state];
    if (!from.includes(was)) this.problems.push(`${chatId} was ${state} when it was ${was}`);
    this.#places.set(chatId, { place: to, since: at });
  }

  /** Chats in slots; nobody has more than fit, nor what another has, nor an offer when he is gone. */
  #checkAgents({ contactCenter }: Bench): ReadonlySet<string> {
    const held = new Set<string>();
    for (const { agentId, slots, capacity, loggedIn } of contactCenter.chats.agents) {
      if (slots.size > capacity) this.problems.push(`${agentId} has ${slots.size} of ${capacity}`);
      for (const [chatId, state] of slots) {
        if (held.has(chatId)) this.problems.push(`${chatId} is at two desks`);
        held.add(chatId);
        if (state === 'offered' && !loggedIn) this.problems.push(`${chatId} rings at ${agentId}, who is gone`);
      }
    }
    return held;
  }
}
