/** The Cassandra stores on one real node through long histories of operations, and Cassandra's own clock against the retention asked for. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '#core/assert.ts';
import { HISTORY_ENTITIES, type HistoryEntity } from '#core/visits/history-records.ts';
import type { CassandraChoice } from '#ports/store-choice.ts';
import type { HistoryStore } from '#ports/stores.ts';
import { openCassandraStores } from '#stores/cassandra/cassandra-stores.ts';
import {
  CASSANDRA_MISSING,
  cassandraKind,
  startCassandra,
  WHY_SKIPPED,
  type CassandraStage,
} from './cassandra-stage.ts';
import { RECORD_IDS } from './history-contract.ts';
import { testSeededDumps } from './seeded-dumps.ts';
import { close } from './store-contract.ts';
import { sampleAttempt, sampleBatch, sampleVisit } from './store-samples.ts';
import { retentionOfAll, storeSettings } from './store-settings.ts';

const TTL_MS = 6_000;

describe.skipIf(CASSANDRA_MISSING !== null)(`the Cassandra stores on one node${WHY_SKIPPED}`, () => {
  let stage: CassandraStage | undefined;
  const choice = (): CassandraChoice => present(stage, 'stage').choice;

  beforeAll(async () => {
    stage = await startCassandra({ nodes: 1, profile: 'fast' });
  }, 240_000);
  afterAll(() => stage?.end(), 60_000);

  testSeededDumps(cassandraKind(choice, 0), 3);

  it('have records until a second before their retention is over, and not two seconds after, by the clock on the wall', async () => {
    const own = { ...choice(), keyspace: 'Wall' };
    const clock = { wallMs: () => Date.now(), domainMs: () => 0 };
    const stores = await openCassandraStores(own, storeSettings({ retentionMs: retentionOfAll(TTL_MS), clock }));
    // Reads what Cassandra itself still has.
    const patient = await openCassandraStores(own, storeSettings({ clock }));
    const from = Date.now();
    await stores.history.put([sampleBatch('b', 'v', sampleVisit('v', 'ann', 0))]);
    await stores.history.putAttempts([sampleAttempt('a1', 'v', 'ann')]);
    const written: Moments = { from, to: Date.now() };
    const seen: Sight[] = [];
    while (Date.now() < written.to + TTL_MS + 3_000) {
      await Promise.all([
        ...HISTORY_ENTITIES.map(async (entity) => void seen.push(await look(stores.history, entity))),
        ...HISTORY_ENTITIES.map(async (entity) => void seen.push(await look(patient.history, entity))),
      ]);
    }
    close(stores);
    close(patient);
    expect(new Set(seen.map(({ found }) => found))).toEqual(new Set([true, false]));
    expect(checkRetention(seen, written, TTL_MS)).toEqual([]);
    expect(checkRetention(seen, written, TTL_MS + 5_000)).not.toEqual([]);
    expect(checkRetention(seen, written, TTL_MS - 5_000)).not.toEqual([]);
  });
});

/** Wall ms, between which something happened. */
interface Moments {
  readonly from: number;
  readonly to: number;
}

interface Sight extends Moments {
  readonly entity: HistoryEntity;
  readonly found: boolean;
}

async function look(history: HistoryStore, entity: HistoryEntity): Promise<Sight> {
  const from = Date.now();
  const record = await history.get(entity, RECORD_IDS[entity]);
  return { entity, from, to: Date.now(), found: record !== null };
}

/** Entities that were gone before a second before the time, or there two seconds after; whenever exactly the store has looked. */
function checkRetention(seen: readonly Sight[], written: Moments, ttlMs: number): readonly HistoryEntity[] {
  const tooEarly = ({ found, to }: Sight): boolean => !found && to < written.from + ttlMs - 1_000;
  const tooLate = ({ found, from }: Sight): boolean => found && from > written.to + ttlMs + 2_000;
  return [...new Set(seen.filter((sight) => tooEarly(sight) || tooLate(sight)).map(({ entity }) => entity))];
}
