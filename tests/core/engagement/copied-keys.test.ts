/** Which user data of an interaction its chat gets (guide, L3475-3492), and that the desk is told of it with the offer. */
import { expect, test } from 'vitest';
import type { ContactCenterSettings } from '#core/contact-center-settings.ts';
import { Bench } from './contact-center-bench.ts';

type Copying = ContactCenterSettings['copyUserData'];

/** What the desk is told when it is offered the chat of a second attempt. */
function offeredWith(copyUserData: Copying): unknown {
  const bench = new Bench({ copyUserData });
  bench.login('a1', 1, 0);
  bench.lead('v1', 0, { onSite: false });
  bench.lead('v1', 1_000, { scope: 'recognized', identity: 'ann@example.com' });
  bench.visitor({ type: 'chatRequest', visitID: 'v1', interactionId: 'i2' }, 5_000);
  const { message } = bench.messages('chatOffer')[0] ?? {};
  expect(bench.rows.get('chat c-i2')).toMatchObject({
    userData: message?.type === 'chatOffer' ? message.userData : {},
  });
  return message?.type === 'chatOffer' ? message.userData : undefined;
}

test.each<[string, Copying, object]>([
  [
    'the keys named, blanks being part of them',
    { mode: 'keys', keys: ['rule', ' attempt_number', 'nowhere'] },
    { rule: 'Cart' },
  ],
  [
    'rule and attempt number',
    { mode: 'keys', keys: ['rule', 'attempt_number'] },
    { rule: 'Cart', attempt_number: '2' },
  ],
  ['nothing', { mode: 'none' }, {}],
  [
    'everything',
    { mode: 'all' },
    {
      webengagement: '',
      visitID: 'v1',
      globalVisitID: 'g-v1',
      pageID: 'v1.p1',
      url: 'https://shop.example/cart',
      title: 'Cart',
      category: 'cart',
      rule: 'Cart',
      attempt_number: '2',
      identityScope: 'recognized',
      EmailAddress: 'ann@example.com',
      'WebEngagement.EngagementStartPage': 'https://shop.example/cart',
    },
  ],
])('a chat gets %s', (_what, copying, expected) => {
  expect(offeredWith(copying)).toEqual(expected);
});
