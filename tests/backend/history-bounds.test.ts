/** What one request to the History REST API may cost, and what it is told while the store can not be asked. */
import { describe, expect, it } from 'vitest';
import { REQUEST_ROWS_MAX } from '#backend/history-reader.ts';
import { promptQuestions } from '#backend/prompt-questions.ts';
import type { EventRecord } from '#core/visits/history-records.ts';
import type { Erasure, HistoryQuestions } from '#ports/history.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { eventAt, HISTORY_SECRET, HistoryStage, MORNING } from './history-stage.ts';

const ADA = 'ada@shop.example';

/** A history of so many events in one visit; nothing else. */
class LongVisit implements HistoryQuestions {
  asked = 0;
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  readonly get: HistoryQuestions['get'] = async () => null;
  readonly list: HistoryQuestions['list'] = async (_entity, _scope, { after, limit }) => {
    this.asked += 1;
    const first = after === undefined ? this.#size - 1 : after.at - 1;
    const count = Math.max(0, Math.min(limit, first + 1));
    const records = Array.from({ length: count }, (_, index) => this.#event(first - index));
    const last = first - count;
    // The test lists events alone.
    return { records: records as never[], next: last < 0 ? null : { at: last + 1, id: `e${last + 1}` } };
  };

  #event(n: number): EventRecord {
    const { at: _at, pageID, identity: _identity, ...same } = eventAt('v1', n, 0);
    return {
      ...same,
      eventID: `e${n}`,
      pageID,
      browserPageID: pageID,
      serverTimestamp: n,
      identityId: null,
      eventName: n === 0 ? 'First' : 'Other',
    };
  }
}

describe('what one request may cost', () => {
  it('is bounded: a search goes on with the next request, and comes to its end', async () => {
    const questions = new LongVisit(25_000);
    const long = await HistoryStage.create({ questions });
    const first = await long.ask('/visits/v1/events?eventName=First');
    expect(first).toMatchObject({ status: 200, body: [] });
    expect(first.headers['paging-next']).toMatch(/^v1#\d+#e\d+$/);
    expect(questions.asked * 500).toBeLessThan(REQUEST_ROWS_MAX);
    const { records, pages } = await long.askAll('/visits/v1/events', { eventName: 'First' });
    expect(records).toMatchObject([{ eventID: 'e0' }]);
    expect(pages).toBe(3);
  });

  it('cuts an included list that is too long, and names it', async () => {
    const long = await HistoryStage.create();
    long.now = MORNING + 100_000;
    await long.put([
      eventAt('v9', 0, 0, { eventName: 'VisitStarted' }),
      ...Array.from({ length: 1_200 }, (_, n) => eventAt('v9', n + 1, 1)),
    ]);
    const { body, headers } = await long.ask('/visits/v9?include_events=true&include_sessions=true');
    expect((body as { eventIds: string[] }).eventIds).toHaveLength(1_000);
    expect(headers['include-truncated']).toBe('v9/events');
  });

  it('ends a page before what it may not include any more', async () => {
    const many = await HistoryStage.create();
    many.now = MORNING + 100_000;
    const visits = Array.from({ length: 30 }, (_visit, visit) => [
      eventAt(`w${visit}`, 0, visit, { eventName: 'VisitStarted' }),
      ...Array.from({ length: 900 }, (_, n) => eventAt(`w${visit}`, n + 1, visit)),
    ]);
    await many.put(visits.flat());
    const { records, pages } = await many.askAll('/visits', { include_events: 'true' });
    expect(records).toHaveLength(30);
    expect(new Set(records.map((record) => (record as { eventIds: string[] }).eventIds.length))).toEqual(
      new Set([901]),
    );
    expect(pages).toBe(2);
  });
});

describe('a store that can not be asked', () => {
  it('is 503, with when to ask again', async () => {
    const refuse = (): Promise<never> =>
      Promise.reject(new OperatingError('UNAVAILABLE', 'store: no answer in 2000 ms'));
    const away = await HistoryStage.create({ questions: { get: refuse, list: refuse } });
    for (const path of ['/visits/v1', '/visits/v1/events', `/identities/${ADA}/insight`]) {
      const reply = await away.ask(path);
      expect(reply).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
      expect(reply.body).toMatchObject({ error: { code: 'UNAVAILABLE' } });
    }
  });

  it('is not even asked while it is known to be away', async () => {
    const stage = await HistoryStage.create();
    await stage.put([eventAt('v1', 0, 0, { eventName: 'VisitStarted' })]);
    stage.shut = 'the store can not be reached';
    const reply = await stage.ask('/visits/v1');
    expect(reply).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    stage.shut = null;
    expect((await stage.ask('/visits/v1')).status).toBe(200);
  });

  it('is not waited for longer than a question may take, but for an erasure', async () => {
    const never = (): Promise<never> => new Promise(() => undefined);
    const erase = async (): Promise<Erasure> => ({ erased: { events: 1 }, inProgress: {} });
    const stuck = await HistoryStage.create({ questions: promptQuestions({ get: never, list: never }, 1), erase });
    for (const path of ['/visits/v1', '/visits/v1/events']) {
      expect(await stuck.ask(path)).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    }
    const headers = { authorization: `Bearer ${HISTORY_SECRET}` };
    expect((await stuck.ask(`/identities/${ADA}`, { method: 'DELETE', headers })).status).toBe(200);
  });

  it('is asked by a bounded number of requests at once', async () => {
    const gate = Promise.withResolvers<null>();
    const questions = { get: () => gate.promise, list: () => Promise.reject(new Error()) };
    const slow = await HistoryStage.create({ questions });
    const waiting = Array.from({ length: 32 }, () => slow.ask('/visits/v1'));
    await new Promise((resolve) => setImmediate(resolve));
    const refused = await slow.ask('/visits/v1');
    expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    gate.resolve(null);
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual(Array.from({ length: 32 }, () => 404));
    expect((await slow.ask('/visits/v1')).status).toBe(404);
  });
});
