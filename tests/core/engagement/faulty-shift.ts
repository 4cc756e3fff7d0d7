/**
 * A random scenario of a contact center under faults: visitors, agents and strategies that do anything in any order, messages that
 * are lost, repeated or overtaken by later ones, and restarts, also in the middle of an event. Ids may be wrong or stale on purpose.
 */
import fc from 'fast-check';
import type { ContactCenterEvent } from '#core/contact-center.ts';
import { CALLBACK_DELIVERY_GROUP } from '#core/contact-center-settings.ts';
import type { Effect, OperationsRow } from '#core/effects.ts';
import type {
  EngagementEffect,
  EngagementEvent,
  EngagementInput,
  EngagementStrategy,
} from '#core/engagement/strategy-port.ts';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import type { EngagementChannel } from '#core/messages.ts';
import {
  AGENT_STATES,
  CHAT_ACTS,
  eventOfAct,
  DESK_ACTS,
  FOLLOW_UP_ACTS,
  VISITOR_ACTS,
  VISITOR_ANSWERS,
} from './acts-of-people.ts';
import { Bench, GROUP, leadOf, VIA, VOICE_GROUP } from './contact-center-bench.ts';

/** Chats are passed on to it. */
const OTHER_GROUP = 'Second Line';

/** Anything, so that most of it comes at the wrong moment. */
const ALL_KINDS = [
  'lead',
  'lead',
  'lead',
  'followUp',
  ...FOLLOW_UP_ACTS,
  ...VISITOR_ANSWERS,
  'chatRequest',
  ...VISITOR_ACTS,
  ...CHAT_ACTS,
  ...AGENT_STATES,
  'callbackRequest',
  'callbackRequest',
  'dialed',
  'reschedule',
  'reactiveAsked',
  'reactiveChat',
  'reactiveChat',
  'whatIf',
  ...DESK_ACTS,
  'toggle',
  'toggleVoice',
  'wait',
] as const;
type Kind = (typeof ALL_KINDS)[number];
/** What keeps desks busy. */
const BUSY_KINDS: readonly Kind[] = [
  'lead',
  'lead',
  'acceptCall',
  'acceptCall',
  'chatRequest',
  'chatRequest',
  'reactiveChat',
  'answer',
  'answer',
  'answer',
  'finish',
  'done',
  'transfer',
  'transfer',
  'rejectOffer',
  'whatIf',
  'logout',
  'login',
  'chatLeft',
];

const actOf = (kinds: readonly Kind[]) =>
  fc.record({
    kind: fc.constantFrom(...kinds),
    visit: fc.integer({ min: 1, max: 3 }),
    /** How many interactions back. */
    back: fc.integer({ min: 0, max: 3 }),
    /** The third one makes callbacks, the fourth one is of another group. */
    agent: fc.integer({ min: 1, max: 4 }),
    afterMs: fc.oneof(fc.nat({ max: 400 }), fc.nat({ max: 15_000 }), fc.nat({ max: 90_000 })),
    /** What happens to its message, and to the contact center. */
    fate: fc.oneof(
      { weight: 12, arbitrary: fc.constant('delivered' as const) },
      { weight: 2, arbitrary: fc.constantFrom('lost' as const, 'twice' as const, 'overtaken' as const) },
      { weight: 1, arbitrary: fc.constantFrom('killedBefore' as const, 'killedWithin' as const) },
    ),
  });
type Act = ReturnType<typeof actOf> extends fc.Arbitrary<infer T> ? T : never;

/** What a session does at each of its events, by turns. */
const habit = fc.constantFrom(
  'engage',
  'permit',
  'callback',
  'both',
  'refuse',
  'wait',
  'nothing',
  'throw',
  'done',
  'history',
);
type Habit = typeof habit extends fc.Arbitrary<infer T> ? T : never;

const shiftOf = (kinds: readonly Kind[], habits: fc.Arbitrary<Habit>) =>
  fc.record({
    acts: fc.array(actOf(kinds), { minLength: 3, maxLength: 40 }),
    habits: fc.array(habits, { minLength: 1, maxLength: 6 }),
    autoStop: fc.boolean(),
    /** Whether a voice group is paced too. */
    voice: fc.boolean(),
    formMs: fc.constantFrom(10_000, 120_000),
    /** How long an offer rings; null: for ever. */
    ringMs: fc.constantFrom(null, 4_000, 20_000),
    whenMissed: fc.constantFrom('notReady' as const, 'ready' as const),
  });
/** Half of them of people who do anything, half of desks that are kept busy by a strategy that asks for permits. */
export const faultyShift = fc.oneof(
  shiftOf(ALL_KINDS, habit),
  shiftOf(BUSY_KINDS, fc.constantFrom<Habit>('permit', 'permit', 'permit', 'engage', 'both')),
);
export type FaultyShift = typeof faultyShift extends fc.Arbitrary<infer T> ? T : never;

/** A strategy that takes its habits by turns; most sessions engage when a permit is given. */
class Habits implements EngagementStrategy {
  readonly name = 'habits';
  readonly #habits: readonly Habit[];
  #turn = 0;

  constructor(habits: readonly Habit[]) {
    this.#habits = habits;
  }

  createSession(input: EngagementInput) {
    return {
      handle: (event: EngagementEvent, _at: number, out: EngagementEffect[]): void => {
        if (event.type === 'permit') out.push(event.permit?.granted === true ? engage(event.channel) : REFUSE);
        else if (event.type === 'started' || event.type === 'timer') out.push(...this.#do(input));
        else if (event.type === 'disposition' && this.#habits.includes('throw') && input.attemptNumber === 2) {
          throw new Error('a broken document');
        }
      },
      close: (): void => undefined,
    };
  }

  close(): void {}

  #do(input: EngagementInput): readonly EngagementEffect[] {
    this.#turn += 1;
    switch (this.#habits[this.#turn % this.#habits.length]) {
      case 'engage':
        return [{ type: 'attach', userData: { turn: String(this.#turn) } }, engage('proactiveChat')];
      case 'permit':
        return [{ type: 'fetchPermit', channel: 'proactiveChat' }];
      case 'callback':
        return [{ type: 'fetchPermit', channel: 'proactiveCallback' }];
      case 'both':
        return [
          { type: 'fetchPermit', channel: 'proactiveChat' },
          { type: 'fetchPermit', channel: 'proactiveCallback' },
        ];
      case 'refuse':
        return [REFUSE];
      case 'wait':
        return [{ type: 'wakeAfter', sendId: 'again', delayMs: 3_000 }];
      case 'throw':
        throw new Error('a broken document');
      case 'done':
        return [{ type: 'done' }];
      case 'history':
        return [{ type: 'fetchHistory' }, input.visitBusyWith === 'nothing' ? engage('proactiveChat') : REFUSE];
      default:
        return [];
    }
  }
}

function engage(channel: EngagementChannel): EngagementEffect {
  return { type: 'engage', channel, userData: {}, registrationRequired: false };
}

const REFUSE: EngagementEffect = { type: 'noEngage', reason: 'policy', text: 'not today' };

/** Plays a scenario; `check` is called after each event, `kept` says which rows survive a restart. */
export function playFaulty(
  { acts, habits, autoStop, voice, formMs, ringMs, whenMissed }: FaultyShift,
  check: (bench: Bench, at: number) => void,
  kept: (row: OperationsRow) => boolean = () => true,
): Bench {
  const settings = {
    autoStop,
    registrationFormExpirationMs: formMs,
    groupRules: [GROUP, OTHER_GROUP].map((name) => ({ name, routing: 'leastOccupied' as const, ringMs, whenMissed })),
    ...(voice ? { voiceGroups: [VOICE_GROUP] } : {}),
  };
  const bench = new Bench(settings, undefined, { engagement: new Habits(habits) });
  bench.give({ type: 'start' }, 0);
  logIn(bench, 0);
  const leads: HotLead[] = [];
  let overtaken: ContactCenterEvent[] = [];
  let at = 0;
  const restart = (): void => {
    bench.killAndRecover(at, bench.storedRows().filter(kept));
    logIn(bench, at);
  };
  for (const given of acts) {
    at += given.afterMs;
    bench.ringUntil(at);
    check(bench, at);
    if (given.fate === 'killedBefore') restart();
    if (given.kind === 'toggle') bench.pacer.grants = !bench.pacer.grants;
    if (given.kind === 'toggleVoice') bench.voicePacer.grants = !bench.voicePacer.grants;
    const event = eventOf(given, at, leads, bench);
    if (event === undefined) continue;
    if (given.fate === 'overtaken') {
      overtaken.push(event);
      continue;
    }
    if (given.fate === 'killedWithin') {
      // It was decided and not stored: the one who sent it sends it again to the next life.
      const nobodyHears: Effect[] = [];
      bench.contactCenter.handle(event, at, nobodyHears);
      restart();
    }
    if (given.fate !== 'lost') bench.give(event, at);
    if (given.fate === 'twice') bench.give(event, at);
    for (const late of overtaken) bench.give(late, at);
    overtaken = [];
    check(bench, at);
  }
  return bench;
}

function logIn(bench: Bench, at: number): void {
  bench.login('a1', 1, at);
  bench.login('a2', 2, at);
  const caller = { agentId: 'a3', group: VOICE_GROUP, capacity: 1, alsoIn: [CALLBACK_DELIVERY_GROUP] };
  bench.desk({ type: 'login', ...caller, ready: true, chats: [] }, at);
  bench.desk({ type: 'login', agentId: 'a4', group: OTHER_GROUP, capacity: 1, ready: true, chats: [] }, at);
}

/** Lets everything that is due happen, for long enough that all ends. */
export function playOutFaulty(bench: Bench): number {
  const last = Math.max(0, ...bench.timers.map((timer) => timer.at));
  bench.ringUntil(last + 400_000);
  return last + 400_000;
}

/** What the agent works on, if he does; or an interaction's chat, a callback, or the chat that a visitor has asked for himself. */
function chatOf({ agent, back, visit }: Act, interactionId: string, bench: Bench): string {
  const own = [...bench.contactCenter.chats.agents].find(({ agentId }) => agentId === `a${agent}`);
  const inHand = back < 3 ? [...(own?.slots.keys() ?? [])].at(0) : undefined;
  if (inHand !== undefined) return inHand;
  if (agent === 3) return `cb-${interactionId}`;
  return back === 2 ? `r-ask-${visit}` : `c-${interactionId}`;
}

function eventOf(given: Act, at: number, leads: HotLead[], bench: Bench): ContactCenterEvent | undefined {
  const newest = leads.length - given.back;
  const interactionId = `i${newest}`;
  const visitID = leads[newest - 1]?.visitID ?? `v${given.visit}`;
  const agentId = `a${given.agent}`;
  const chatId = chatOf(given, interactionId, bench);
  switch (given.kind) {
    case 'lead':
    case 'followUp': {
      const lead = leadOf(`v${given.visit}`, at, { id: `l${leads.length + 1}` });
      const made = given.kind === 'lead' ? lead : { ...lead, firing: { ...lead.firing, action: given.kind } };
      leads.push(made);
      return { type: 'leadArrived', lead: made, interactionId: `i${leads.length}` };
    }
    case 'callbackRequest':
      return { type: given.kind, visitID, interactionId, phone: '1', inMs: given.back * 20_000, via: VIA };
    case 'dialed': {
      const outcome = given.back % 2 === 0 ? 'connected' : 'noAnswer';
      return { type: given.kind, agentId, chatId, outcome, via: VIA };
    }
    case 'reschedule':
      return { type: given.kind, agentId, chatId, afterMs: given.back * 20_000, via: VIA };
    case 'reactiveAsked':
      return {
        type: 'pacingAsked',
        askId: `ask-${given.visit}`,
        inquiry: {
          kind: 'reactiveState',
          channel: 'chat',
          groups: null,
          asker: { visitID: `v${given.visit}`, askId: `ask-${given.visit}` },
        },
        via: VIA,
      };
    case 'reactiveChat':
      return { type: given.kind, visitID: `v${given.visit}`, askId: `ask-${given.visit}`, via: VIA };
    case 'whatIf': {
      const change = { goalShare: 0.01 + given.back / 10 };
      return { type: 'pacingCommand', commandId: `what-if-${given.visit}`, by: 'screen', change };
    }
    case 'login': {
      const group = given.agent === 4 ? OTHER_GROUP : given.agent === 3 ? VOICE_GROUP : GROUP;
      return { type: 'login', agentId, group, capacity: given.agent === 2 ? 2 : 1, ready: true, chats: [], via: VIA };
    }
    case 'transfer':
      return { type: given.kind, agentId, chatId, toGroup: given.back % 2 === 0 ? GROUP : OTHER_GROUP, via: VIA };
    case 'toggle':
    case 'toggleVoice':
    case 'wait':
      return undefined;
    default:
      return eventOfAct(given.kind, { visitID, interactionId, agentId, chatId });
  }
}
