/** The History REST API against the oracle: random histories, random questions with filters and inclusions, pages of every size. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { VisitEvent } from '#core/visits/event.ts';
import { RESOURCE_SCHEMAS } from '#protocol/wire-history.ts';
import { createMemoryStores } from '#stores/memory/memory-stores.ts';
import { openSqliteStores } from '#stores/sqlite/sqlite-stores.ts';
import { HistoryOracle } from './history-oracle.ts';
import { histories, questions, type HistoryQuestion } from './history-samples.ts';
import { eventAt, HistoryStage, MORNING, type HistoryStageOptions } from './history-stage.ts';

const NOW = MORNING + 100_000;
const ENTITIES = {
  events: 'event',
  pages: 'page',
  visits: 'visit',
  sessions: 'session',
  identities: 'identity',
} as const;

function pathOf({ what, owner }: HistoryQuestion): string {
  if (owner === 'everybody') return `/${what}`;
  return 'visit' in owner
    ? `/visits/${owner.visit}/${what}`
    : `/identities/${encodeURIComponent(owner.identity)}/${what}`;
}

type Open = NonNullable<HistoryStageOptions['open']>;

async function stageWith(log: readonly VisitEvent[], open: Open = createMemoryStores): Promise<HistoryStage> {
  const stage = await HistoryStage.create({ open });
  stage.now = NOW;
  await stage.put(log);
  return stage;
}

/** Whether a visit or identity that is asked for is there at all. */
function isKnown(log: readonly VisitEvent[], { owner }: HistoryQuestion): boolean {
  if (owner === 'everybody') return true;
  if ('visit' in owner) return log.some(({ visitID }) => visitID === owner.visit);
  return new HistoryOracle(log, NOW).list('visits', owner, {}).length > 0;
}

async function answers(stage: HistoryStage, question: HistoryQuestion): Promise<readonly unknown[]> {
  const query = { ...question.query, page_size: String(question.pageSize) };
  return (await stage.askAll(pathOf(question), query)).records;
}

describe('the History REST API', () => {
  const folder = mkdtempSync(join(tmpdir(), 'history-oracle-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const sqlite: Open = (settings) => openSqliteStores(mkdtempSync(join(folder, 'store-')), settings);

  it.each([
    ['memory', createMemoryStores, 40, 300],
    ['SQLite', sqlite, 12, 50],
  ] as const)('over %s answers what the oracle says, in pages of every size', async (_, open, numRuns, recordsMin) => {
    let told = 0;
    await fc.assert(
      fc.asyncProperty(histories, fc.array(questions, { minLength: 8, maxLength: 8 }), async (log, asked) => {
        const stage = await stageWith(log, open);
        const oracle = new HistoryOracle(log, NOW);
        for (const question of asked) {
          const { status } = await stage.ask(pathOf(question));
          expect(status).toBe(isKnown(log, question) ? 200 : 404);
          if (status === 404) continue;
          const records = await answers(stage, question);
          expect(records).toEqual(oracle.list(question.what, question.owner, question.query));
          const schema = RESOURCE_SCHEMAS[ENTITIES[question.what as keyof typeof ENTITIES]];
          for (const record of records) expect(schema.safeParse(record).error).toBeUndefined();
          told += records.length;
        }
        stage.store.close();
      }),
      { numRuns },
    );
    expect(told, 'the histories say something').toBeGreaterThan(recordsMin);
  });

  it('would be caught by the oracle if it left a filter out, or the order (negative control)', async () => {
    const log = [
      eventAt('v1', 0, 0, { eventName: 'VisitStarted', data: { userAgent: 'x' } }),
      eventAt('v1', 1, 1, { pageID: 'p1' }),
      eventAt('v1', 2, 2, { pageID: 'p2', category: 'cart' }),
    ];
    const stage = await stageWith(log);
    const oracle = new HistoryOracle(log, NOW);
    const owner = { visit: 'v1' };
    const question = { what: 'events', owner, query: {}, pageSize: 1 };
    expect(await answers(stage, question)).not.toEqual(oracle.list('events', owner, { category: 'cart' }));
    expect((await answers(stage, question)).toReversed()).not.toEqual(oracle.list('events', owner, {}));
    expect(await answers(stage, question)).toEqual(oracle.list('events', owner, {}));
  });

  it('loses nothing and repeats nothing while events arrive between two pages', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.array(fc.nat(100), { maxLength: 20 }), async (log, seconds) => {
        const stage = await stageWith(log);
        const visit = log[0]?.visitID ?? '';
        const arriving = seconds.map((second, index) => eventAt(visit, 1_000 + index, second, { eventName: 'Late' }));
        const before = new HistoryOracle(log, NOW).list('events', 'everybody', {});
        const rest = [...arriving];
        const { records } = await stage.askAll('/events', { page_size: '2' }, () => stage.put(rest.splice(0, 3)));
        const ids = (records as { eventID: string }[]).map(({ eventID }) => eventID);
        expect(new Set(ids).size).toBe(ids.length);
        const isOld = new Set(log.map(({ eventID }) => eventID));
        expect(ids.filter((id) => isOld.has(id))).toEqual(before.map(({ eventID }) => eventID));
      }),
      { numRuns: 40 },
    );
  });
});
