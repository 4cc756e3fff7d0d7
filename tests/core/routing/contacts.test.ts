/** Contacts: looked for, created, found again by identity or phone, over a restart; and what a desk is told of them. */
import { describe, expect, test } from 'vitest';
import type { ContactCenterSettings } from '#core/contact-center-settings.ts';
import { CALLBACK_DELIVERY_GROUP } from '#core/contact-center-settings.ts';
import { Bench } from '../engagement/contact-center-bench.ts';

const ANN = { scope: 'authenticated', identity: 'ann@example' } as const;

/** What the desk was told of the chat of visit `vN`, asked for and over at once. */
function chat(bench: Bench, n: number, at: number, lead: Parameters<Bench['lead']>[2] = {}) {
  bench.lead(`v${n}`, at, lead);
  bench.visitor({ type: 'chatRequest', visitID: `v${n}`, interactionId: `i${n}` }, at);
  const [offer] = bench.messages('chatOffer');
  const chatId = `c-i${n}`;
  for (const type of ['answer', 'finish', 'done'] as const) bench.desk({ type, agentId: 'a1', chatId }, at + 10);
  if (offer?.message.type !== 'chatOffer') throw new Error('the chat was offered');
  const { ContactId, ContactsBefore } = offer.message.userData;
  return ContactId === undefined ? null : `${ContactId} ${ContactsBefore}`;
}

function benchWith(settings: Partial<ContactCenterSettings>): Bench {
  const bench = new Bench(settings);
  bench.login('a1', 1, 0);
  return bench;
}

describe('contacts', () => {
  test('with 3 are created at the first chat and found at the next; anonymous visitors have none', () => {
    const bench = benchWith({ contactHandling: 3 });
    expect(chat(bench, 1, 1_000, ANN)).toBe('contact-i1 0');
    expect(chat(bench, 2, 2_000, ANN)).toBe('contact-i1 1');
    expect(chat(bench, 3, 3_000)).toBe(null);
    expect(chat(bench, 4, 4_000, { ...ANN, identity: 'bob@example' })).toBe('contact-i4 0');
    expect(bench.contactCenter.contacts.count).toBe(2);
  });

  test('with 2 are looked for alone', () => {
    const bench = benchWith({ contactHandling: 3 });
    chat(bench, 1, 1_000, ANN);
    const later = benchWith({ contactHandling: 2 });
    later.killAndRecover(2_000, bench.storedRows());
    later.login('a1', 1, 2_100);
    later.lead('v9', 2_200);
    expect(chat(later, 2, 3_000, ANN)).toBe('contact-i1 1');
    expect(chat(later, 3, 4_000, { ...ANN, identity: 'new@example' })).toBe(null);
    expect(later.contactCenter.contacts.count).toBe(1);
  });

  test('with 1 are neither', () => {
    const bench = benchWith({ contactHandling: 1 });
    expect(chat(bench, 1, 1_000, ANN)).toBe(null);
    expect(bench.storedRows().some(({ kind }) => kind === 'contact')).toBe(false);
  });

  test('survive a restart', () => {
    const bench = benchWith({ contactHandling: 3 });
    chat(bench, 1, 1_000, ANN);
    bench.killAndRecover(2_000);
    bench.login('a1', 1, 2_100);
    expect(chat(bench, 2, 3_000, ANN)).toBe('contact-i1 1');
  });

  test('of callbacks without an identity are known by the phone, under the key of the option', () => {
    const voice = 'Web Engagement Voice';
    const bench = new Bench({
      contactHandling: 3,
      defaultChannel: 'proactiveCallback',
      voiceGroups: [voice],
      phoneNumberKey: 'Mobile',
    });
    const alsoIn = [CALLBACK_DELIVERY_GROUP];
    bench.desk({ type: 'login', agentId: 'b1', group: voice, capacity: 5, alsoIn, ready: true, chats: [] }, 0);
    const told = [1, 2].map((n) => {
      bench.lead(`v${n}`, n * 1_000);
      const asked = { type: 'callbackRequest', visitID: `v${n}`, interactionId: `i${n}`, inMs: 0 } as const;
      bench.visitor({ ...asked, phone: '030 123' }, n * 1_000);
      const [offer] = bench.messages('chatOffer');
      return offer?.message.type === 'chatOffer' ? offer.message.userData : {};
    });
    expect(told).toMatchObject([
      { Mobile: '030 123', ContactId: 'contact-i1', ContactsBefore: '0' },
      { Mobile: '030 123', ContactId: 'contact-i1', ContactsBefore: '1' },
    ]);
  });
});
