/** What every history answers where a property would not say it plainly, and how long it keeps what: for inside a `describe` that names it. */
import { expect, it } from 'vitest';
import { pageIdOf, userAgentIdOf } from '#core/visits/history-observations.ts';
import { HISTORY_ENTITIES, type HistoryEntity } from '#core/visits/history-records.ts';
import type { HistorySettings } from '#ports/history.ts';
import type { HistoryStore } from '#ports/stores.ts';
import { allRecords } from './store-model.ts';
import { sampleAttempt, sampleBatch, sampleEvent, sampleVisit } from './store-samples.ts';
import { retentionOfAll, storeSettings, ToldClock } from './store-settings.ts';

/** An empty one. */
export type OpenHistory = (settings?: HistorySettings) => HistoryStore;

/** Of the sampled visit, a record of each entity. */
/** Of the records that `sampleVisit('v', 'ann', 0)` and `sampleAttempt('a1', 'v', 'ann')` become. */
export const RECORD_IDS: Readonly<Record<HistoryEntity, string>> = {
  event: 'v-custom',
  page: pageIdOf('v', 'p1'),
  session: 'v-signIn',
  visit: 'v',
  engagementattempt: 'a1',
  useragent: userAgentIdOf('Mozilla/5.0'),
  identity: 'ann',
};
const MINUTE_MS = 60_000;

/** Paging meanwhile, ties, refusals, erasure. */
export function testHistoryQuestions(open: OpenHistory): void {
  it.each([{ scope: { visit: 'v' } }, { scope: { identity: 'ann' } }, { scope: { all: true as const } }])(
    'loses and doubles nothing while it is paged through $scope and more arrives',
    async ({ scope }) => {
      const history = open();
      const put = (ids: readonly number[]): Promise<void> =>
        history.put([
          sampleBatch(
            'b',
            'v',
            ids.map((n) => sampleEvent(`e${n}`, 'v', 1_000 * Math.floor(n / 5), { identity: 'ann' })),
          ),
        ]);
      await history.put([
        sampleBatch('a', 'v', [sampleEvent('in', 'v', 0, { eventName: 'UserInfo', identity: 'ann' })]),
      ]);
      const there = Array.from({ length: 60 }, (_, n) => 2 * n);
      await put(there);
      let arriving = 1;
      const found = await allRecords(history, 'event', scope, 7, async () => {
        await put([arriving, 200 + arriving]);
        arriving += 2;
      });
      const ids = found.map(({ eventID }) => eventID);
      expect(new Set(ids).size).toBe(ids.length);
      for (const n of there) expect(ids).toContain(`e${n}`);
      history.close();
    },
  );

  it('tells what came at one moment apart by id, across pages', async () => {
    const history = open();
    const ids = ['b', 'a', 'ä', '\u{1F600}', '\u{FFFF}', ''];
    await history.put([
      sampleBatch(
        'b',
        'v',
        ids.map((id) => sampleEvent(id, 'v', 7)),
      ),
    ]);
    const found = await allRecords(history, 'event', { visit: 'v' }, 1);
    expect(found.map(({ eventID }) => eventID)).toEqual(['\u{1F600}', '\u{FFFF}', 'ä', 'b', 'a', '']);
    history.close();
  });

  it('refuses lists of all visitors, and nothing else, where indexing is limited', async () => {
    const history = open(storeSettings({ limitIndexing: true }));
    await history.put([sampleBatch('b', 'v', sampleVisit('v', 'ann', 0))]);
    await history.putAttempts([sampleAttempt('a1', 'v', 'ann')]);
    for (const entity of HISTORY_ENTITIES) {
      await expect(history.list(entity, { all: true }, { limit: 1 })).rejects.toMatchObject({
        fault: 'notIndexed',
        message: expect.stringContaining('wmdb.limitIndexing') as string,
      });
      expect((await history.list(entity, { visit: 'v' }, { limit: 9 })).records.length, entity).toBeGreaterThan(0);
      expect((await history.list(entity, { identity: 'ann' }, { limit: 9 })).records.length, entity).toBeGreaterThan(0);
    }
    history.close();
  });

  it('ends a visit where it has crossed to another domain, and begins the next with its first page', async () => {
    const history = open();
    await history.put([sampleBatch('b', 'v', sampleVisit('v', 'ann', 0))]);
    expect(await history.get('visit', 'v')).toMatchObject({ startDate: 0, endDate: 0 });
    await history.put([sampleBatch('c', 'v.2', [sampleEvent('x', 'v.2', 50_000)])]);
    expect(await history.get('visit', 'v')).toMatchObject({ endDate: 50_000, activeSessionId: null });
    expect(await history.get('visit', 'v.2')).toMatchObject({ startDate: 50_000, endDate: 0 });
    history.close();
  });

  it('erases an identity with its visits, twice without harm, and leaves others alone', async () => {
    const history = open();
    await history.put([
      sampleBatch('b', 'v', sampleVisit('v', 'ann', 0)),
      sampleBatch('c', 'w', sampleVisit('w', 'bob', 5)),
    ]);
    await history.putAttempts([sampleAttempt('a1', 'v', 'ann'), sampleAttempt('a2', 'w', 'bob')]);
    const erased = await history.erase('ann');
    expect(Object.values(erased).reduce((sum, rows) => sum + rows, 0)).toBeGreaterThan(5);
    expect(Object.values(await history.erase('ann')).every((rows) => rows === 0)).toBe(true);
    for (const entity of HISTORY_ENTITIES) {
      const left = JSON.stringify(await allRecords(history, entity, { all: true }, 10));
      expect(left, entity).not.toMatch(/"ann"|"v"|v-/);
    }
    expect(await history.get('identity', 'bob')).not.toBeNull();
    expect((await history.counts()).visits).toBe(1);
    history.close();
  });
}

export function testHistoryRetention(open: OpenHistory): void {
  it.each(HISTORY_ENTITIES)(
    'has a record of the entity %s until its retention is over, and not afterwards',
    async (entity) => {
      const clock = new ToldClock();
      // The others are kept for longer or shorter: they must not matter.
      for (const others of [2, 20]) {
        const retentionMs = { ...retentionOfAll(others * MINUTE_MS), [entity]: 10 * MINUTE_MS };
        const history = open(storeSettings({ retentionMs, clock }));
        const writtenAt = clock.wall;
        await history.put([sampleBatch('b', 'v', sampleVisit('v', 'ann', 0))]);
        await history.putAttempts([sampleAttempt('a1', 'v', 'ann')]);
        const found = async (): Promise<readonly boolean[]> => {
          while (history.sweep());
          const listed = await allRecords(history, entity, { visit: 'v' }, 3);
          return [(await history.get(entity, RECORD_IDS[entity])) !== null, listed.length > 0];
        };
        clock.wall = writtenAt + 10 * MINUTE_MS - 1_000;
        expect([others, ...(await found())]).toEqual([others, true, true]);
        clock.wall = writtenAt + 10 * MINUTE_MS + 2_000;
        expect([others, ...(await found())]).toEqual([others, false, false]);
        history.close();
      }
    },
  );

  it('forgets a visit whose beginning is past, though it goes on', async () => {
    const clock = new ToldClock();
    const history = open(storeSettings({ retentionMs: retentionOfAll(10 * MINUTE_MS), clock }));
    await history.put([sampleBatch('b', 'v', sampleVisit('v', 'ann', 0))]);
    clock.wall += 9 * MINUTE_MS;
    await history.put([sampleBatch('c', 'v', [sampleEvent('later', 'v', 1_000)])]);
    clock.wall += 2 * MINUTE_MS;
    expect(await history.get('visit', 'v')).toBeNull();
    expect(await history.get('event', 'later')).not.toBeNull();
    expect((await history.pastOf('v')).map(({ eventID }) => eventID)).toEqual(['later']);
    history.close();
  });
}
