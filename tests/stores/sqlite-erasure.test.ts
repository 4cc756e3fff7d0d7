/** The right to erasure in SQLite files, by their bytes: nothing of the identity is in any of them, deleted or not. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { OperationsRow } from '#core/effects.ts';
import { tellingsOf } from '#core/engagement/attempt-tellings.ts';
import { createRandomSource } from '#core/random/random-source.ts';
import { eraseIdentity } from '#node/erase-identity.ts';
import { openSqliteStores } from '#stores/sqlite/sqlite-stores.ts';
import {
  sampleBatch,
  sampleChat,
  sampleContact,
  sampleEvent,
  sampleInteraction,
  sampleVisit,
} from './store-samples.ts';
import { storeSettings } from './store-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'sqlite-erasure-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is told of a person, in rows of a few hundred bytes and in such as do not fit a page. */
function wordsOf(name: string, n: number): string {
  return `words of ${name} ${n} `.repeat(1 + ((n * 37) % 120));
}

/** A life of an interaction and its chat, from row to row. */
function rowsOf(name: string, n: number): readonly OperationsRow[] {
  const [interaction, chat] = [sampleInteraction(`i-${name}-${n}`, n, 0), sampleChat(`c-i-${name}-${n}`, n, 1)];
  if (interaction.kind !== 'interaction' || chat.kind !== 'chat') return [];
  const visitID = `visit-of-${name}-${n}`;
  const lead = { ...interaction.lead, visitID, browserVisitID: visitID, identity: `${name}@shop.example` };
  const attached = { note: wordsOf(name, n) };
  const userData = { EmailAddress: lead.identity, said: wordsOf(name, n + 3) };
  return [
    { ...interaction, visitID, lead, state: 'qualified' },
    { ...interaction, visitID, lead, state: 'invited', step: 1, attached },
    { ...interaction, visitID, lead, state: 'accepted', step: 2, attached: { note: wordsOf(name, n + 1) } },
    { ...chat, visitID, userData },
    { ...chat, visitID, userData: { ...userData, more: wordsOf(name, n + 5) }, state: 'ended', at: n + 1 },
    { ...sampleContact(lead.identity, n, n), phone: `phone of ${name}` } as OperationsRow,
  ];
}

/** In which files the text stands, as bytes. */
function filesWith(text: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => readFileSync(join(folder, name)).includes(text))
    .toSorted();
}

test('an erased identity has left every byte of every file, its words too, and nobody else has', async () => {
  const stores = openSqliteStores(folder, storeSettings());
  const draw = createRandomSource(20_261_130).stream('order');
  const people = ['zoe', 'bob'];
  const lives = people.flatMap((name) =>
    Array.from({ length: 50 }, (_, n) => ({ name, n, rows: [...rowsOf(name, n)] })),
  );
  const shuffled = lives
    .map((life) => ({ life, place: draw.next() }))
    .toSorted((one, other) => one.place - other.place);
  for (const { name, n } of shuffled.map(({ life }) => life)) {
    const visit = `visit-of-${name}-${n}`;
    const said = sampleEvent(`${visit}-said`, visit, n, { data: { text: wordsOf(name, n) } });
    await stores.history.put([sampleBatch(visit, visit, [...sampleVisit(visit, `${name}@shop.example`, n), said])]);
  }
  // All lives at once, a row of one after a row of another.
  for (let left = lives; left.length > 0; left = left.filter(({ rows }) => rows.length > 0)) {
    const life = left[Math.floor(draw.next() * left.length)];
    const row = life?.rows.shift();
    if (row === undefined) continue;
    await stores.operations.put([row]);
    await stores.history.putAttempts(tellingsOf([row]));
  }
  const marks = (name: string): readonly string[] => [`${name}@shop.example`, `words of ${name}`, `phone of ${name}`];
  expect(marks('zoe').map(filesWith).flat()).toEqual(expect.arrayContaining(['history.db-wal', 'operations.db-wal']));
  const { erased, inProgress } = await eraseIdentity(stores, 'zoe@shop.example');
  expect(erased).toMatchObject({ events: 350, visits: 50, interactions: 50, chats: 50, contacts: 1 });
  expect(Object.values(inProgress).every((rows) => rows === 0)).toBe(true);
  expect(marks('zoe').map(filesWith)).toEqual([[], [], []]);
  stores.history.close();
  stores.operations.close();
  expect(marks('zoe').map(filesWith)).toEqual([[], [], []]);
  expect(marks('bob').map(filesWith)).toEqual([
    ['history.db', 'operations.db'],
    ['history.db', 'operations.db'],
    ['operations.db'],
  ]);
});
