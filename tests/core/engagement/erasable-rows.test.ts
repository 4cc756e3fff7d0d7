/** What an erased identity takes with it of the contact center's rows, and that the contact center does without. */
import { describe, expect, test } from 'vitest';
import type { OperationsRow } from '#core/effects.ts';
import { countRows, decideErasure, isVisitorRow, type ErasedIdentity } from '#core/engagement/erasable-rows.ts';
import { Bench, VOICE_GROUP } from './contact-center-bench.ts';

const ANN = { scope: 'authenticated', identity: 'ann@example' } as const;
const BOB = { scope: 'authenticated', identity: 'bob@example' } as const;

/** The lead of visit `vN` becomes a chat that agent a1 answers; `over`: and ends. */
function chat(bench: Bench, n: number, lead: Parameters<Bench['lead']>[2], over: boolean): void {
  const at = n * 1_000;
  bench.lead(`v${n}`, at, lead);
  bench.visitor({ type: 'chatRequest', visitID: `v${n}`, interactionId: `i${n}` }, at);
  const chatId = `c-i${n}`;
  bench.desk({ type: 'answer', agentId: 'a1', chatId }, at + 10);
  if (!over) return;
  for (const type of ['finish', 'done'] as const) bench.desk({ type, agentId: 'a1', chatId }, at + 20);
}

function benchOf(autoStop = true): Bench {
  const bench = new Bench({ contactHandling: 3, autoStop });
  bench.login('a1', 4, 0);
  return bench;
}

function erase(rows: readonly OperationsRow[], whom: Partial<ErasedIdentity>) {
  const { gone, left } = decideErasure({ identityId: 'ann@example', visits: [], ...whom }, rows.filter(isVisitorRow));
  const name = ({ kind, id }: OperationsRow): string => `${kind} ${id}`;
  return { gone: gone.map(name).sort(), left: left.map(name).sort() };
}

describe('the rows that an erased identity takes with it', () => {
  test('are its interactions and chats that are over, and its contact; of a visit with a chat in progress none', () => {
    const bench = benchOf();
    chat(bench, 1, ANN, true);
    chat(bench, 2, BOB, true);
    chat(bench, 3, ANN, false);
    expect(erase(bench.storedRows(), {})).toEqual({
      gone: ['chat c-i1', 'contact ann@example', 'interaction i1'],
      left: ['chat c-i3', 'interaction i3'],
    });
    for (const type of ['finish', 'done'] as const) bench.desk({ type, agentId: 'a1', chatId: 'c-i3' }, 9_000);
    expect(erase(bench.storedRows(), {}).left).toEqual([]);
    expect(erase(bench.storedRows(), {}).gone).toHaveLength(5);
  });

  test('are those of its visits too that do not name it, before and after crossings to other domains', () => {
    const bench = benchOf();
    bench.lead('v1', 1_000);
    bench.disposition('v1', 'i1', 'reject', 1_100);
    bench.lead('v2.2', 2_000, { browserVisitID: 'v2' });
    bench.disposition('v2', 'i2', 'reject', 2_100);
    bench.visitor({ type: 'reactiveChat', visitID: 'v2', askId: 'q' }, 3_000);
    expect(erase(bench.storedRows(), { visits: ['v1'] })).toEqual({ gone: ['interaction i1'], left: [] });
    expect(erase(bench.storedRows(), { visits: ['v2.3'] })).toEqual({
      gone: [],
      left: ['chat r-q', 'interaction i2', 'reactive q'],
    });
    bench.visitor({ type: 'chatLeft', visitID: 'v2' }, 4_000);
    bench.desk({ type: 'answer', agentId: 'a1', chatId: 'r-q' }, 4_100);
    for (const type of ['finish', 'done'] as const) bench.desk({ type, agentId: 'a1', chatId: 'r-q' }, 4_200);
    expect(erase(bench.storedRows(), { visits: ['v2'] })).toEqual({
      gone: ['chat r-q', 'interaction i2', 'reactive q'],
      left: [],
    });
  });

  test('are not those that stand in a terminal queue: the contact center would put them again', () => {
    const bench = benchOf(false);
    bench.lead('v1', 1_000, ANN);
    bench.disposition('v1', 'i1', 'reject', 1_100);
    expect(erase(bench.storedRows(), {})).toEqual({ gone: [], left: ['interaction i1'] });
    bench.give({ type: 'start' }, 2_000);
    bench.ringUntil(700_000);
    expect(erase(bench.storedRows(), {})).toEqual({ gone: ['interaction i1'], left: [] });
  });

  test('are found by a phone number where that is all that a contact is known by', () => {
    const bench = new Bench({ contactHandling: 3, defaultChannel: 'proactiveCallback', voiceGroups: [VOICE_GROUP] });
    bench.lead('v1', 1_000);
    bench.visitor({ type: 'callbackRequest', visitID: 'v1', interactionId: 'i1', phone: '030 123', inMs: 0 }, 1_100);
    const ofPhone = { identityId: '030 123' };
    expect(erase(bench.storedRows(), ofPhone)).toEqual({
      gone: ['contact 030 123'],
      left: ['chat cb-i1', 'interaction i1'],
    });
    expect(erase(bench.storedRows(), { identityId: '030' })).toEqual({ gone: [], left: [] });
  });

  test('are counted by what they tell of', () => {
    const bench = benchOf();
    chat(bench, 1, ANN, true);
    expect(countRows(bench.storedRows().filter(isVisitorRow))).toEqual({
      interactions: 1,
      chats: 1,
      reactive: 0,
      contacts: 1,
    });
  });
});

describe('a contact center that is told of an erasure', () => {
  test('forgets the contact, by identity and by phone, and asks for a sign that all rows so far are stored', () => {
    const bench = benchOf();
    chat(bench, 1, ANN, true);
    expect(bench.contactCenter.contacts.count).toBe(1);
    bench.give({ type: 'identityErased', identityId: 'ann@example' }, 5_000);
    expect(bench.last).toContainEqual({ type: 'commit', group: { store: 'operations', rows: [] } });
    expect(bench.contactCenter.contacts.count).toBe(0);
    chat(bench, 2, ANN, true);
    expect(bench.rows.get('contact ann@example')).toMatchObject({ contactId: 'contact-i2', interactions: 1 });
  });

  test('goes on with a chat of the identity, and takes it up again after a kill', () => {
    const bench = benchOf();
    chat(bench, 1, ANN, true);
    chat(bench, 2, ANN, false);
    bench.give({ type: 'identityErased', identityId: 'ann@example' }, 5_000);
    const rows = bench.storedRows();
    const { gone } = decideErasure({ identityId: 'ann@example', visits: ['v1', 'v2'] }, rows.filter(isVisitorRow));
    expect(gone).not.toEqual([]);
    const kept: readonly OperationsRow[] = rows.filter((row) => !gone.some((each) => each === row));
    bench.killAndRecover(6_000, kept);
    bench.login('a1', 4, 6_100, [{ chatId: 'c-i2', state: 'talking' }]);
    bench.desk({ type: 'say', agentId: 'a1', chatId: 'c-i2', lineId: 'l1', text: 'still here' }, 6_200);
    expect(bench.sent()).toContain('chatLine');
    for (const type of ['finish', 'done'] as const) bench.desk({ type, agentId: 'a1', chatId: 'c-i2' }, 6_300);
    expect(bench.rows.get('chat c-i2')).toMatchObject({ state: 'ended' });
  });
});
