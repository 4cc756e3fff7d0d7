/** The Cassandra stores on one real node, under the contract for all stores, and what only stores across a network are asked. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '#core/assert.ts';
import type { CassandraChoice } from '#ports/store-choice.ts';
import { eraseIdentity } from '#node/erase-identity.ts';
import { TABLES } from '#stores/cassandra/cassandra-schema.ts';
import { dropCassandraKeyspace, findCassandra, openCassandraStores } from '#stores/cassandra/cassandra-stores.ts';
import {
  CASSANDRA_MISSING,
  cassandraHistory,
  cassandraKind,
  createClient,
  startCassandra,
  WHY_SKIPPED,
  type CassandraStage,
} from './cassandra-stage.ts';
import { testHistoryQuestions, testHistoryRetention } from './history-contract.ts';
import { close, testStoreContract } from './store-contract.ts';
import { sampleAgent, sampleAttempt, sampleBatch, sampleContact, sampleEvent, sampleVisit } from './store-samples.ts';
import { retentionOfAll, storeSettings } from './store-settings.ts';

describe.skipIf(CASSANDRA_MISSING !== null)(`the Cassandra stores on one node${WHY_SKIPPED}`, () => {
  let stage: CassandraStage | undefined;
  let suiteAt = 0;
  const choice = (): CassandraChoice => present(stage, 'stage').choice;

  beforeAll(async () => {
    stage = await startCassandra({ nodes: 1, profile: 'fast' });
    suiteAt = performance.now();
  }, 240_000);
  afterAll(async () => {
    const seconds = ((performance.now() - suiteAt) / 1_000).toFixed(1);
    await stage?.end();
    if (stage === undefined) return;
    process.stdout.write(`Cassandra, 1 node: ready in ${stage.readySeconds.toFixed(1)} s, tests in ${seconds} s\n`);
  }, 60_000);

  testStoreContract(cassandraKind(choice, 8));
  testHistoryQuestions(cassandraHistory(choice));
  testHistoryRetention(cassandraHistory(choice));

  it('list every event once and as it was stored first, when it came over two ways at the same moment', async () => {
    const one = await openCassandraStores(choice(), storeSettings());
    const other = await openCassandraStores(choice(), storeSettings());
    const ids = Array.from({ length: 40 }, (_, index) => `twice-${index}`);
    const batchOf = (id: string, at: number) => sampleBatch(id, 'twice', [sampleEvent(id, 'twice', at)]);
    await Promise.all(
      ids.flatMap((id) => [one.history.put([batchOf(id, 1_000)]), other.history.put([batchOf(id, 2_000)])]),
    );
    const past = await one.history.pastOf('twice');
    expect(past.map(({ eventID }) => eventID).toSorted()).toEqual(ids.toSorted());
    expect(await other.history.pastOf('twice')).toEqual(past);
    close(one);
    close(other);
  });

  it('let one claimant win among those who ask over two ways', async () => {
    const stores = await Promise.all([
      openCassandraStores(choice(), storeSettings()),
      openCassandraStores(choice(), storeSettings()),
    ]);
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        present(stores[index % 2], 'stores').operations.claim('contested', `claimant-${index}`),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'won')).toHaveLength(1);
    for (const each of stores) close(each);
  });

  it('are there for whoever opens the keyspace next, and gone with the keyspace', async () => {
    const own = { ...choice(), keyspace: 'Passing' };
    const stores = await openCassandraStores(own, storeSettings());
    await stores.operations.put([sampleAgent('a', 1, 1)]);
    close(stores);
    const again = await openCassandraStores(own, storeSettings());
    expect(await again.operations.recover()).toEqual([sampleAgent('a', 1, 1)]);
    close(again);
    await dropCassandraKeyspace(own);
    const anew = await openCassandraStores(own, storeSettings());
    expect(await anew.operations.recover()).toEqual([]);
    close(anew);
  });

  it('leave nothing of an erased identity in any table, and what others told as it was', async () => {
    const own = { ...choice(), keyspace: 'Erasure' };
    const stores = await openCassandraStores(own, storeSettings());
    const { history, operations } = stores;
    await history.put([
      sampleBatch('b', 'visit-of-zoe', sampleVisit('visit-of-zoe', 'zoe@shop.example', 0)),
      sampleBatch('c', 'visit-of-bob', sampleVisit('visit-of-bob', 'bob@shop.example', 5)),
    ]);
    await history.putAttempts([
      sampleAttempt('a1', 'visit-of-zoe', 'zoe@shop.example'),
      sampleAttempt('a2', 'visit-of-bob', 'bob@shop.example'),
    ]);
    const [zoe, bob] = ['zoe@shop.example', 'bob@shop.example'];
    await operations.put([sampleContact(zoe, 5, 1), sampleContact(bob, 5, 1)]);
    const client = createClient(own);
    const tablesWith = async (words: string): Promise<readonly string[]> => {
      const found: string[] = [];
      for (const table of TABLES) {
        const { rows } = await client.execute(`SELECT * FROM "Erasure".${table}`);
        if (rows.some((row) => row.values().some((value) => String(value).includes(words)))) found.push(table);
      }
      return found;
    };
    const told = ['events', 'event_days', 'event_ids', 'attempts', 'attempts_of', 'by_time', 'operations'];
    expect(await tablesWith('zoe')).toEqual(told);
    expect((await eraseIdentity(stores, zoe)).erased).toMatchObject({ events: 6, visits: 1, attempts: 1, contacts: 1 });
    expect(Object.values((await eraseIdentity(stores, zoe)).erased).every((rows) => rows === 0)).toBe(true);
    expect(await tablesWith('zoe')).toEqual([]);
    expect(await tablesWith('bob')).toEqual(told);
    expect(await history.get('identity', 'bob@shop.example')).not.toBeNull();
    await client.shutdown();
    close(stores);
  });

  it('leave it to Cassandra to remove what is kept no more', async () => {
    const own = { ...choice(), keyspace: 'Expiring' };
    const retentionMs = retentionOfAll(1_000);
    const stores = await openCassandraStores(own, storeSettings({ retentionMs }));
    await stores.history.put([sampleBatch('b', 'v', sampleVisit('v', 'ann', 0))]);
    await stores.history.putAttempts([sampleAttempt('a1', 'v', 'ann')]);
    const client = createClient(own);
    const rows = async (): Promise<number> => {
      let count = 0;
      for (const table of TABLES) count += (await client.execute(`SELECT * FROM "Expiring".${table}`)).rowLength;
      return count;
    };
    expect(await rows()).toBeGreaterThan(20);
    await expect.poll(rows, { timeout: 15_000, interval: 200 }).toBe(0);
    await client.shutdown();
    close(stores);
  });

  it('refuse to open where a quorum can never be met, saying why', async () => {
    const replication = { strategy: 'SimpleStrategy', factor: 3 } as const;
    await expect(
      openCassandraStores({ ...choice(), keyspace: 'Thrice', replication }, storeSettings()),
    ).rejects.toMatchObject({
      fault: 'unavailable',
      message:
        'keyspace Thrice can not serve writes: QUORUM with replication factor 3 asks for 2 replicas, and there can be 1: ' +
        'take a smaller replication factor, or more nodes',
    });
  });

  it('take the replication of a keyspace that is there, whatever they would have created', async () => {
    const replication = { strategy: 'SimpleStrategy', factor: 3 } as const;
    expect(await findCassandra({ ...choice(), keyspace: 'Base', replication })).toEqual({
      replication: { strategy: 'SimpleStrategy', factor: 1 },
      about: '1 node, replication factor 1',
    });
  });

  it('leave a keyspace of a newer version alone', async () => {
    const own = { ...choice(), keyspace: 'Newer' };
    close(await openCassandraStores(own, storeSettings()));
    const client = createClient(own);
    await client.execute(`INSERT INTO "Newer".schema_version (part, version) VALUES ('store', 99)`);
    await client.shutdown();
    await expect(openCassandraStores(own, storeSettings())).rejects.toMatchObject({ fault: 'newer' });
  });

  it('say who does not answer', async () => {
    const nowhere = { ...choice(), contactPoints: ['127.0.0.1'], port: 1 };
    await expect(openCassandraStores(nowhere, storeSettings())).rejects.toMatchObject({
      fault: 'unavailable',
      message: expect.stringContaining('no Cassandra answers at 127.0.0.1:1') as string,
    });
  });
});
