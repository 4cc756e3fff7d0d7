/** How the History screen reads: refusals by kind, further pages, what stays when nobody answers, finding, exporting and erasing. */
import { describe, expect, it } from 'vitest';
import type { HistoryAnswer, HistoryQuestion } from '#protocol/history-passage.ts';
import { countIdentity, proveGone } from '#renderer/history/erase-identity.ts';
import { exportCsv, exportJson } from '#renderer/history/export-history.ts';
import { findById } from '#renderer/history/find-by-id.ts';
import { createHistoryClient, HistoryRefusal, type HistoryClient } from '#renderer/history/history-client.ts';
import { neighboursOf, VisitWatch } from '#renderer/history/visit-watch.ts';
import { event, page, T0, visit } from '#tests/renderer/history-records.ts';

type Answer = Partial<Extract<HistoryAnswer, { readonly outcome: 'answered' }>> | { readonly outcome: 'unanswered' };

const ANSWERED = {
  outcome: 'answered',
  status: 200,
  body: '[]',
  pagingNext: null,
  includeTruncated: null,
  link: null,
  backend: 'backend-1',
  url: 'http://127.0.0.1:9081',
  credentials: 'none',
  tookMs: 2,
  unanswered: [],
} as const;

/** A host that answers as `answer` says, by path and query; without an answer there is no such record. */
function createClient(answer: (path: string, query: HistoryQuestion['query'], method: string) => Answer | undefined): {
  readonly client: HistoryClient;
  readonly asked: string[];
} {
  const asked: string[] = [];
  const client = createHistoryClient(async ({ method, path, query }) => {
    asked.push(`${method === 'GET' ? '' : `${method} `}${path.join('/')}`);
    const given = answer(path.join('/'), query, method) ?? {
      status: 404,
      body: '{"error":{"message":"there is none"}}',
    };
    if (given.outcome === 'unanswered') return { outcome: 'unanswered', message: 'nobody is up', unanswered: [] };
    return { ...ANSWERED, ...given };
  });
  return { client, asked };
}

const json = (value: unknown, pagingNext: string | null = null): Answer => ({
  body: JSON.stringify(value),
  pagingNext,
});
const none = new AbortController().signal;

describe('a question', () => {
  it.each([
    [404, 'unknown'],
    [501, 'notIndexed'],
    [503, 'unreachable'],
    [429, 'unreachable'],
    [400, 'refused'],
  ])('that is answered with %i is %s, in the Backend’s own words', async (status, kind) => {
    const { client } = createClient(() => ({ status, body: '{"error":{"message":"so it is"}}' }));
    await expect(client.get(['visits', 'A1'])).rejects.toMatchObject({ kind, message: 'so it is' });
  });

  it('that nobody answers, or that can not be passed on, is unreachable', async () => {
    const { client } = createClient(() => ({ outcome: 'unanswered' }));
    await expect(client.get(['visits', 'A1'])).rejects.toMatchObject({ kind: 'unreachable', message: 'nobody is up' });
    const cut = createHistoryClient(() => Promise.reject(new Error('The host does not answer')));
    await expect(cut.get(['visits'])).rejects.toMatchObject({
      kind: 'unreachable',
      message: 'The host does not answer',
    });
  });

  it('is noted once, counted, with its time, and what it brought', async () => {
    const { client } = createClient((path) => (path === 'visits/A1/events' ? json([1, 2]) : undefined));
    await client.get(['visits', 'A1', 'events']);
    await client.get(['visits', 'A1', 'events']);
    await client.get(['visits', 'A9']).catch(() => undefined);
    expect(client.asked.lines()).toEqual([
      expect.objectContaining({ text: 'GET /visits/A9', status: 404, rows: null, times: 1 }),
      expect.objectContaining({
        text: 'GET /visits/A1/events',
        status: 200,
        rows: 2,
        times: 2,
        tookMs: 2,
        curl: "curl 'http://127.0.0.1:9081/backend/data/visits/A1/events'",
      }),
    ]);
  });
});

describe('a visit that is watched', () => {
  let newest = 3;
  const answer = (path: string, { paging_next: next }: HistoryQuestion['query']): Answer | undefined => {
    if (path === 'visits/A1') {
      return { body: JSON.stringify(visit('A1', T0, 0)), link: '</backend/data/visits/A1.2>; rel="next"' };
    }
    if (path === 'visits/A1/events') {
      const from = next === undefined ? newest : Number(next) - 1;
      const events = [from, from - 1].filter((n) => n > 0).map((n) => event(`e${n}`, n));
      return json(events, from - 1 > 1 ? String(from - 1) : null);
    }
    return path === 'visits/A1/pages' ? json([page('P1', 0, null)]) : json([]);
  };

  it('is read, read further, and read anew, each record once', async () => {
    newest = 3;
    const { client } = createClient(answer);
    const watch = new VisitWatch(client, 'A1');
    watch.open();
    await expect.poll(() => watch.view().visit?.visitId).toBe('A1');
    const keys = (): readonly string[] => watch.view().marks.map(({ key }) => key);
    expect(keys()).toEqual(['event/e3', 'event/e2', 'page/A1:P1']);
    expect(watch.view()).toMatchObject({ hasMore: true, neighbours: { prev: null, next: 'A1.2' }, refusal: null });
    await watch.more();
    expect(keys()).toEqual(['event/e3', 'event/e2', 'event/e1', 'page/A1:P1']);
    expect(watch.view().hasMore).toBe(false);
    newest = 4;
    await watch.refresh();
    expect(keys()).toEqual(['event/e4', 'event/e3', 'event/e2', 'event/e1', 'page/A1:P1']);
    watch.close();
  });

  it('keeps what was read while nobody answers, and forgets what is not there any more', async () => {
    let state: 'there' | 'silent' | 'gone' = 'there';
    const { client, asked } = createClient((path, query) => {
      if (state === 'silent') return { outcome: 'unanswered' };
      return state === 'gone' ? undefined : answer(path, query);
    });
    const watch = new VisitWatch(client, 'A1');
    watch.open();
    await expect.poll(() => watch.view().visit).not.toBeNull();
    const before = watch.view().marks;
    state = 'silent';
    await watch.refresh();
    expect(watch.view().marks).toBe(before);
    expect(watch.view().refusal?.kind).toBe('unreachable');
    state = 'there';
    await watch.refresh();
    expect(watch.view().refusal).toBeNull();
    state = 'gone';
    await watch.refresh();
    expect(watch.view()).toMatchObject({ visit: null, marks: [], refusal: { kind: 'unknown' } });
    watch.close();
    const count = asked.length;
    await watch.refresh();
    expect(asked).toHaveLength(count);
  });

  it('knows its neighbours by the header Link alone', () => {
    const link = '</backend/data/visits/A%2F1>; rel="prev", </backend/data/visits/A1.3>; rel="next"';
    expect(neighboursOf(link)).toEqual({ prev: 'A/1', next: 'A1.3' });
    expect(neighboursOf(null)).toEqual({ prev: null, next: null });
  });
});

describe('an id', () => {
  it('is looked for as everything that has ids, and leads to its place', async () => {
    const { client, asked } = createClient((path) => (path === 'events/e1' ? json(event('e1', 0)) : undefined));
    expect(await findById(client, 'e1', none)).toEqual([
      {
        what: 'Event e1',
        about: 'PageEntered, of visit A1',
        route: { kind: 'visit', id: 'A1', mark: { kind: 'event', id: 'e1' } },
      },
    ]);
    expect(asked.toSorted()).toEqual(
      ['engagementattempts', 'events', 'identities', 'pages', 'sessions', 'visits'].map((list) => `${list}/e1`),
    );
  });

  it('that no record can have is not asked for; that nobody answers is no "nothing"', async () => {
    const { client, asked } = createClient(() => ({ outcome: 'unanswered' }));
    for (const id of ['', '.', '..', 'x'.repeat(257)]) expect(await findById(client, id, none)).toEqual([]);
    expect(asked).toEqual([]);
    await expect(findById(client, 'e1', none)).rejects.toBeInstanceOf(HistoryRefusal);
  });
});

describe('an export', () => {
  const answer = (path: string, { format, paging_next: next }: HistoryQuestion['query']): Answer | undefined => {
    if (path === 'visits/A1') return json(visit('A1', T0, 0));
    if (!path.startsWith('visits/A1/')) return undefined;
    if (path !== 'visits/A1/events') return json([]);
    const body = format === 'csv' ? `id\r\n${next ?? '1'}\r\n` : JSON.stringify([{ eventID: next ?? '1' }]);
    return { body, pagingNext: next === undefined ? '2' : next === '2' ? '3' : null };
  };

  it('goes through all pages, and says how far it is', async () => {
    const { client } = createClient(answer);
    const said: string[] = [];
    const progress = { signal: none, onRead: (words: string) => said.push(words) };
    const whole = JSON.parse(await exportJson(client, { kind: 'visit', id: 'A1' }, progress)) as object;
    expect(whole).toMatchObject({
      visit: { visitId: 'A1' },
      events: [{ eventID: '1' }, { eventID: '2' }, { eventID: '3' }],
      engagementattempts: [],
    });
    expect(said.at(-1)).toBe('3 records');
    expect(await exportCsv(client, { kind: 'visit', id: 'A1' }, 'events', progress)).toBe('id\r\n1\r\n2\r\n3\r\n');
  });
});

describe('an erasure', () => {
  it('is told before by counts, through all pages, with the visits that go on', async () => {
    const { client } = createClient((path, { paging_next: next }) => {
      if (path === 'identities/ada/visits') return json([visit('A1', T0, 0), visit('A0', 1, 2)]);
      if (path === 'identities/ada/events') return next === undefined ? json([1, 2, 3], 'more') : json([4]);
      return path === 'identities/ada/pages' ? json([1], 'without end') : json([]);
    });
    expect(await countIdentity(client, 'ada')).toEqual({
      lists: [
        { list: 'visits', count: 2, isMore: false },
        { list: 'sessions', count: 0, isMore: false },
        { list: 'pages', count: 10, isMore: true },
        { list: 'events', count: 4, isMore: false },
        { list: 'engagementattempts', count: 0, isMore: false },
      ],
      visitIds: ['A1', 'A0'],
      openVisits: 1,
    });
  });

  it('is proven by nothing but the answer that there is none', async () => {
    const { client } = createClient((path) => {
      if (path === 'visits/A0') return json(visit('A0', 1, 2));
      return path === 'visits/A9' ? { outcome: 'unanswered' } : undefined;
    });
    const proofs = await proveGone(client, 'ada', ['A1', 'A0', 'A9']);
    expect(proofs.map(({ subject, isGone }) => [subject, isGone])).toEqual([
      ['identity ada', true],
      ['visits of ada', true],
      ['visit A1', true],
      ['visit A0', false],
      ['visit A9', false],
    ]);
  });
});
