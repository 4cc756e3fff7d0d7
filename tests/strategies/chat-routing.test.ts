/** Every path through the Chat Routing that comes with the testbed. */
import { expect, test } from 'vitest';
import type { ChatRoutingEffect, ChatRoutingInput } from '#core/routing/chat-routing-port.ts';
import { chatRoutingOf, shippedText } from './shipped-strategies.ts';

function route(input: Partial<ChatRoutingInput>, edits: readonly (readonly [from: string, to: string])[] = []) {
  let text = shippedText('chatRouting');
  for (const [from, to] of edits) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  const known: ChatRoutingInput = {
    chatId: 'c-i1',
    visitID: 'v1',
    queue: 'Webengagement_Chat',
    userData: {},
    groups: ['Chat', 'Mortgage experts'],
    proposedGroup: 'Chat',
    resumed: false,
    ...input,
  };
  const session = chatRoutingOf(text).createSession(known, 0);
  const out: ChatRoutingEffect[] = [];
  session.handle({ type: 'started' }, 0, out);
  session.close();
  return out;
}

const BY_CATEGORY = [['expr="{}"', `expr="{ mortgages: 'Mortgage experts' }"`]] as const;

test('a chat waits in the group where pacing has kept a place', () => {
  expect(route({})).toEqual([{ type: 'route', groups: ['Chat'] }, { type: 'done' }]);
});

test('a chat that waited before the contact center went down stays where it is', () => {
  expect(route({ resumed: true })).toEqual([{ type: 'done' }]);
});

test('a category with a group of its own comes first, the kept place second', () => {
  const routed = route({ userData: { category: 'mortgages' } }, BY_CATEGORY);
  expect(routed[0]).toEqual({ type: 'route', groups: ['Mortgage experts', 'Chat'] });
  expect(route({ userData: { category: 'cards' } }, BY_CATEGORY)[0]).toEqual({ type: 'route', groups: ['Chat'] });
});

test('the visitor is greeted where there is a greeting', () => {
  const greeted = route({}, [[`<data id="greeting" expr="''"/>`, '<data id="greeting">One moment, please.</data>']]);
  expect(greeted).toContainEqual({ type: 'say', text: 'One moment, please.' });
});
