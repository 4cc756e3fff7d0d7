/** What chat-routing sessions can do to a chat, and that no chat is lost by them. */
import { expect, test } from 'vitest';
import type {
  ChatRoutingEffect,
  ChatRoutingEvent,
  ChatRoutingInput,
  ChatRoutingStrategy,
} from '#core/routing/chat-routing-port.ts';
import { Bench, GROUP, VIA } from '../engagement/contact-center-bench.ts';

type Script = (event: ChatRoutingEvent, input: ChatRoutingInput) => readonly ChatRoutingEffect[];

const OTHER = 'Second line';
const BEGIN = 1_000_000;

class Scripted implements ChatRoutingStrategy {
  readonly name = 'scripted';
  readonly told: string[] = [];
  readonly inputs: ChatRoutingInput[] = [];
  readonly #script: Script;

  constructor(script: Script) {
    this.#script = script;
  }

  createSession(input: ChatRoutingInput) {
    this.inputs.push(input);
    return {
      handle: (event: ChatRoutingEvent, _at: number, out: ChatRoutingEffect[]): void => {
        this.told.push(event.type === 'ended' ? event.how : event.type);
        out.push(...this.#script(event, input));
      },
      close: (): void => undefined,
    };
  }

  close(): void {}
}

/** An accepted chat of v1, with an agent in the second group alone. */
function accepted(script: Script): { bench: Bench; strategy: Scripted } {
  const strategy = new Scripted(script);
  const settings = { chatGroups: [GROUP, OTHER], copyUserData: { mode: 'keys', keys: ['rule'] } } as const;
  const bench = new Bench(settings, undefined, { chatRouting: strategy });
  bench.login('a1', 1, BEGIN);
  bench.desk({ type: 'notReady', agentId: 'a1', reason: 'break' }, BEGIN);
  const login = { type: 'login', agentId: 'b1', group: OTHER, capacity: 1, ready: true, chats: [] } as const;
  bench.desk(login, BEGIN);
  bench.pacer.slots = 1;
  bench.desk({ type: 'ready', agentId: 'a1' }, BEGIN);
  bench.lead('v1', BEGIN);
  bench.desk({ type: 'notReady', agentId: 'a1', reason: 'break' }, BEGIN);
  bench.visitor({ type: 'chatRequest', visitID: 'v1', interactionId: 'i1' }, BEGIN + 5_000);
  return { bench, strategy };
}

test('a chat goes to the first of its groups with a free slot, with what is attached, and the visitor is told', () => {
  const { bench, strategy } = accepted((event) =>
    event.type === 'started'
      ? [
          { type: 'route', groups: [GROUP, OTHER] },
          { type: 'say', text: 'One moment, please.' },
          { type: 'attach', userData: { language: 'de' } },
        ]
      : [],
  );
  expect(bench.offers()).toEqual(['c-i1>b1']);
  expect(bench.messages('chatLine').map(({ message }) => message.type === 'chatLine' && message.text)).toEqual([
    'One moment, please.',
  ]);
  expect(bench.rows.get('chat c-i1')).toMatchObject({ group: OTHER, userData: { rule: 'Cart', language: 'de' } });
  bench.desk({ type: 'answer', agentId: 'b1', chatId: 'c-i1' }, BEGIN + 8_000);
  expect(strategy.told).toEqual(['started', 'answered']);
});

test('a chat whose session fails or is silent waits in the group that its permit was charged to', () => {
  for (const script of [() => [], () => [{ type: 'failed', text: 'broken' }] as const]) {
    const { bench } = accepted(script);
    expect(bench.offers()).toEqual([]);
    expect(bench.rows.get('chat c-i1')).toMatchObject({ group: GROUP, state: 'waiting' });
  }
});

test('groups that are no chat groups are not routed to', () => {
  const { bench } = accepted((event) => (event.type === 'started' ? [{ type: 'route', groups: ['Nobody'] }] : []));
  expect(bench.rows.get('chat c-i1')).toMatchObject({ group: GROUP });
});

test('a session may speak while the visitor waits, sees how full the groups are, and is resumed after a restart', () => {
  const said: string[] = [];
  const { bench, strategy } = accepted((event, { resumed }) => {
    if (event.type === 'started') return [{ type: 'fetchGroups' }, { type: 'wakeAfter', sendId: 's', delayMs: 10_000 }];
    if (event.type === 'groups') {
      said.push(event.groups.map(({ name, slots, free, waiting }) => `${name} ${slots}/${free}/${waiting}`).join());
      return [];
    }
    return event.type === 'timer' ? [{ type: 'say', text: resumed ? 'Still here.' : 'Please wait.' }] : [];
  });
  bench.listener = (message) => {
    if (message.type === 'chatLine') said.push(message.text);
  };
  bench.ringUntil(BEGIN + 15_000);
  bench.killAndRecover(BEGIN + 16_000);
  bench.ringUntil(BEGIN + 26_000);
  bench.visitor({ type: 'chatLeft', visitID: 'v1' }, BEGIN + 27_000, VIA);
  expect(strategy.inputs.map(({ resumed, proposedGroup }) => [resumed, proposedGroup])).toEqual([
    [false, GROUP],
    [true, GROUP],
  ]);
  expect(said).toEqual([
    `${GROUP} 0/0/0,${OTHER} 1/1/0`,
    'Please wait.',
    `${GROUP} 0/0/1,${OTHER} 1/0/0`,
    'Still here.',
  ]);
  expect(strategy.told.at(-1)).toBe('abandoned');
});
