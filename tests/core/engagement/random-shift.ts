/**
 * A random shift: visitors and desks that behave as browsers and desks do, driven by random steps. What they send may
 * be repeated, and the contact center may be killed at any moment.
 */
import fc from 'fast-check';
import type { ContactCenterEvent } from '#core/contact-center.ts';
import type { DispositionCode, ToBackend } from '#core/messages.ts';
import { createPacer } from '#core/pacing/create-pacer.ts';
import { Bench, GROUP, leadOf, SETTINGS, VIA } from './contact-center-bench.ts';

const AGENTS = { a1: 1, a2: 1, a3: 2 } as const;
export type AgentName = keyof typeof AGENTS;
export const AGENT_NAMES: readonly AgentName[] = ['a1', 'a2', 'a3'];

/** One random step: what happens, to whom (`pick`, of those it can happen to), and how much later than the last. */
export const step = fc.record({
  kind: fc.oneof(
    { weight: 6, arbitrary: fc.constant('lead' as const) },
    { weight: 6, arbitrary: fc.constant('chatRequest' as const) },
    { weight: 4, arbitrary: fc.constant('answer' as const) },
    { weight: 3, arbitrary: fc.constantFrom('finish' as const, 'done' as const, 'shown' as const) },
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        'acceptCall' as const,
        'reject' as const,
        'timeout' as const,
        'formAbandoned' as const,
        'chatLeft' as const,
        'chatResume' as const,
        'visitEnded' as const,
        'notReady' as const,
        'ready' as const,
        'line' as const,
        'say' as const,
      ),
    },
  ),
  pick: fc.nat({ max: 11 }),
  afterMs: fc.oneof(fc.nat({ max: 500 }), fc.nat({ max: 20_000 })),
  /** Whether what is sent is sent again, and how much of what the same sender has sent before and knows nothing of. */
  again: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) }),
});
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

type Phase = 'ringing' | 'talking' | 'afterWork';
type DeskWork = 'answer' | 'finish' | 'done';

const BEFORE: Readonly<Record<DeskWork, Phase>> = { answer: 'ringing', finish: 'talking', done: 'afterWork' };

export class RandomShift {
  readonly bench = new Bench({ refreshPeriodMs: 5_000 }, () => createPacer(GROUP, { ...SETTINGS, goalShare: 0.9 }));
  at = 1_000_000;
  /** Agents whose desks are silent: they don't log in again. */
  readonly silent = new Set<AgentName>();
  readonly #repeats: boolean;
  readonly #invites = new Map<string, string>();
  readonly #desks = new Map<AgentName, Map<string, Phase>>(AGENT_NAMES.map((agent) => [agent, new Map()]));
  readonly #generations = new Map<number, number>();
  readonly #callers = new Set<AgentName>();
  /** What each sender has sent since it last heard something. */
  readonly #unanswered = new Map<string, ContactCenterEvent[]>();
  readonly #onBreak = new Set<AgentName>();
  readonly #check: () => void;
  #leads = 0;
  #lines = 0;

  constructor(repeats: boolean, check: (shift: RandomShift) => void = () => undefined) {
    this.#repeats = repeats;
    this.#check = () => check(this);
    this.bench.listener = (message) => this.#hear(message);
    this.bench.give({ type: 'start' }, this.at);
    for (const agent of AGENT_NAMES) this.logIn(agent);
  }

  play({ kind, pick, afterMs, again }: Step): void {
    this.at += afterMs;
    this.bench.ringUntil(this.at);
    this.#check();
    const made = this.#inputOf(kind, pick);
    if (made !== undefined) this.#send(made.sender, made.input, again);
    for (const agent of this.#callers) this.logIn(agent);
    this.#check();
  }

  /** Until nothing is left to ring. */
  playOut(): void {
    for (const agent of AGENT_NAMES) this.#desks.get(agent)?.clear();
    for (let round = 0; round < 200; round += 1) {
      this.at += 1_000;
      this.bench.ringUntil(this.at);
    }
  }

  /** The contact center dies and comes back; desks that are not silent log in again. */
  kill(rows = this.bench.storedRows()): void {
    this.#unanswered.clear();
    this.bench.killAndRecover(this.at, rows);
    this.#check();
    for (const agent of this.#callers) this.logIn(agent);
    this.#check();
  }

  logIn(agent: AgentName): void {
    this.#callers.delete(agent);
    if (this.silent.has(agent)) return;
    const chats = [...this.#desk(agent)].flatMap(([chatId, phase]) =>
      phase === 'ringing' ? [] : [{ chatId, state: phase }],
    );
    const ready = !this.#onBreak.has(agent);
    const login = {
      type: 'login',
      agentId: agent,
      group: GROUP,
      capacity: AGENTS[agent],
      ready,
      chats,
      via: VIA,
    } as const;
    this.#send(agent, login, 0);
  }

  #send(sender: string, input: ContactCenterEvent, again: number): void {
    const unanswered = this.#unanswered.get(sender) ?? [];
    this.#unanswered.set(sender, unanswered);
    unanswered.push(input);
    this.#give(sender, input);
    if (!this.#repeats || again === 0) return;
    for (const repeated of (this.#unanswered.get(sender) ?? []).slice(-again)) this.bench.give(repeated, this.at);
  }

  /** Who hears something in answer knows that all before has got through. */
  #give(sender: string, input: ContactCenterEvent): void {
    const { listener } = this.bench;
    let answered = false;
    this.bench.listener = (message) => {
      if (receiverOf(message) === sender) answered = true;
      this.#hear(message);
    };
    this.bench.give(input, this.at);
    this.bench.listener = listener;
    if (answered) this.#unanswered.set(sender, [input]);
  }

  #hear(message: ToBackend): void {
    this.#unanswered.delete(receiverOf(message));
    switch (message.type) {
      case 'invite':
        this.#invites.set(message.interactionId, message.visitID);
        return;
      case 'chatOffer': {
        const desk = this.#desk(agentOf(message.agentId));
        if (!desk.has(message.chatId)) desk.set(message.chatId, 'ringing');
        return;
      }
      case 'chatClosed': {
        const desk = this.#desk(agentOf(message.agentId));
        const phase = desk.get(message.chatId);
        if (phase === 'ringing') desk.delete(message.chatId);
        if (phase === 'talking') desk.set(message.chatId, 'afterWork');
        return;
      }
      case 'deskState': {
        const desk = this.#desk(agentOf(message.agentId));
        const held = new Map(message.chats.map(({ chatId, state }) => [chatId, state]));
        for (const chatId of desk.keys()) if (!held.has(chatId)) desk.delete(chatId);
        for (const [chatId, state] of held) {
          if (!desk.has(chatId)) desk.set(chatId, state === 'offered' ? 'ringing' : state);
          else if (state === 'afterWork') desk.set(chatId, state);
        }
        return;
      }
      case 'deskResume':
        this.#callers.add(agentOf(message.agentId));
        return;
      default:
    }
  }

  #inputOf(kind: Step['kind'], pick: number): { sender: string; input: ContactCenterEvent } | undefined {
    const visit = pick % 6;
    const visitID = `v${visit}-${this.#generations.get(visit) ?? 0}`;
    const agent = AGENT_NAMES[pick % AGENT_NAMES.length] ?? 'a1';
    switch (kind) {
      case 'lead': {
        const id = (this.#leads += 1);
        const lead = leadOf(visitID, this.at, { id: `l${id}` });
        return { sender: visitID, input: { type: 'leadArrived', lead, interactionId: `i${id}` } };
      }
      case 'shown':
      case 'acceptCall':
      case 'reject':
      case 'timeout':
      case 'formAbandoned':
        return this.#disposition(kind, pick);
      case 'chatRequest': {
        const invite = this.#invite(pick);
        if (invite === undefined) return undefined;
        const [interactionId, invited] = invite;
        return { sender: invited, input: { type: kind, visitID: invited, interactionId, via: VIA } };
      }
      case 'chatLeft':
      case 'chatResume':
        return { sender: visitID, input: { type: kind, visitID, via: VIA } };
      case 'visitEnded':
        this.#generations.set(visit, (this.#generations.get(visit) ?? 0) + 1);
        return { sender: visitID, input: { type: kind, visitID } };
      case 'line': {
        const line = { lineId: `x${(this.#lines += 1)}`, text: 'Hello' };
        return { sender: visitID, input: { type: 'visitorLine', visitID, ...line, via: VIA } };
      }
      case 'say': {
        const chatId = [...this.#desk(agent)].find(([, phase]) => phase === 'talking')?.[0];
        if (chatId === undefined) return undefined;
        const line = { lineId: `y${(this.#lines += 1)}`, text: 'Hello' };
        return { sender: agent, input: { type: 'say', agentId: agent, chatId, ...line, via: VIA } };
      }
      case 'notReady':
      case 'ready':
        return this.#break(agent, kind);
      case 'answer':
      case 'finish':
      case 'done':
        return this.#deskWork(kind, pick);
    }
  }

  #disposition(code: DispositionCode, pick: number) {
    const invite = this.#invite(pick);
    if (invite === undefined) return undefined;
    const [interactionId, visitID] = invite;
    const input = { type: 'disposition', visitID, interactionId, code } as const;
    return { sender: visitID, input };
  }

  /** A break that is sent again would be a second one of no length: a link never sends both its ends again. */
  #break(agent: AgentName, kind: 'notReady' | 'ready') {
    this.#unanswered.delete(agent);
    if (kind === 'ready') this.#onBreak.delete(agent);
    else this.#onBreak.add(agent);
    const input: ContactCenterEvent =
      kind === 'ready'
        ? { type: kind, agentId: agent, via: VIA }
        : { type: kind, agentId: agent, reason: 'break', via: VIA };
    return { sender: agent, input };
  }

  #deskWork(work: DeskWork, pick: number): { sender: string; input: ContactCenterEvent } | undefined {
    const fitting = AGENT_NAMES.flatMap((agent) =>
      [...this.#desk(agent)].flatMap(([chatId, phase]) => (phase === BEFORE[work] ? [{ agent, chatId }] : [])),
    ).sort((a, b) => (a.chatId < b.chatId ? -1 : 1));
    const chosen = fitting[pick % Math.max(1, fitting.length)];
    if (chosen === undefined || this.silent.has(chosen.agent)) return undefined;
    const { agent, chatId } = chosen;
    if (work === 'done') this.#desk(agent).delete(chatId);
    else this.#desk(agent).set(chatId, work === 'answer' ? 'talking' : 'afterWork');
    return { sender: agent, input: { type: work, agentId: agent, chatId, via: VIA } };
  }

  /** One of the newest invites. */
  #invite(pick: number): [string, string] | undefined {
    const newest = [...this.#invites].slice(-4);
    return newest[pick % Math.max(1, newest.length)];
  }

  #desk(agent: AgentName): Map<string, Phase> {
    return this.#desks.get(agent) ?? new Map<string, Phase>();
  }
}

function receiverOf(message: ToBackend): string {
  if ('agentId' in message) return message.agentId;
  if ('visitID' in message) return message.visitID;
  if ('refreshId' in message) return message.refreshId;
  if ('orderId' in message) return message.orderId;
  return 'frontend' in message ? message.frontend : message.askId;
}

function agentOf(agentId: string): AgentName {
  return AGENT_NAMES.find((name) => name === agentId) ?? 'a1';
}
