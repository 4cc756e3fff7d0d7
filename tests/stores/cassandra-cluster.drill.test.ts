/** The Cassandra stores on three real nodes at replication factor 3, durable: under the contract, with nodes killed, and in a live run. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '#core/assert.ts';
import type { CassandraChoice } from '#ports/store-choice.ts';
import type { StoreFault, Stores } from '#ports/stores.ts';
import { createMemoryStores } from '#stores/memory/memory-stores.ts';
import { openCassandraStores } from '#stores/cassandra/cassandra-stores.ts';
import { runCli } from '#tests/host/cli-run.ts';
import {
  CASSANDRA_MISSING,
  cassandraKind,
  startCassandra,
  WHY_SKIPPED,
  type CassandraStage,
} from './cassandra-stage.ts';
import { asked, close, testStoreContract } from './store-contract.ts';
import { askStores, dumpStores } from './store-model.ts';
import { sampleBatch, sampleEvent } from './store-samples.ts';
import { storeSettings } from './store-settings.ts';

const STORED = /([\d,]+) events acknowledged\s+([\d,]+) in the cassandra store\s+0 lost/;

describe.skipIf(CASSANDRA_MISSING !== null)(`the Cassandra stores on three nodes${WHY_SKIPPED}`, () => {
  let stage: CassandraStage | undefined;
  let suiteAt = 0;
  const choice = (): CassandraChoice => present(stage, 'stage').choice;

  beforeAll(async () => {
    stage = await startCassandra({ nodes: 3, profile: 'durable' });
    suiteAt = performance.now();
  }, 400_000);
  afterAll(async () => {
    const seconds = ((performance.now() - suiteAt) / 1_000).toFixed(1);
    await stage?.end();
    if (stage === undefined) return;
    process.stdout.write(`Cassandra, 3 nodes: ready in ${stage.readySeconds.toFixed(1)} s, tests in ${seconds} s\n`);
  }, 120_000);

  testStoreContract(cassandraKind(choice, 3));

  it('hold the same as the memory stores after 2,000 seeded operations', async () => {
    const questions = fc.sample(asked, { numRuns: 2_000, seed: 20_261_130 });
    const dumps = [];
    for (const { stores } of [cassandraKind(choice, 1).open(), { stores: createMemoryStores(storeSettings()) }]) {
      for (const question of questions) await askStores(stores, question);
      dumps.push(await dumpStores(stores, ['v', 'v.2', 'w', '', 'a\0', '%']));
      close(stores);
    }
    expect(dumps[0]).toEqual(dumps[1]);
  });

  it('go on without one node, refuse without two, and keep all that they have acknowledged', async () => {
    const { cluster } = present(stage, 'stage');
    const stores = await openCassandraStores({ ...choice(), keyspace: 'Kills' }, storeSettings());
    const load = new Load(stores);
    expect(await load.put(50)).toBe(50);
    await cluster.kill(2);
    await load.until(50, 30_000);
    await cluster.kill(3);
    expect(await load.put(10)).toBe(0);
    expect(load.faults.every((fault) => fault === 'unavailable' || fault === 'outcomeUnknown')).toBe(true);
    await Promise.all([cluster.start(2), cluster.start(3)]);
    await load.until(50, 60_000);
    const stored = new Set(await stores.history.eventIDs(null, 10_000));
    expect([...load.acknowledged].filter((id) => !stored.has(id))).toEqual([]);
    expect([...stored].filter((id) => !load.sent.has(id))).toEqual([]);
    close(stores);
  }, 300_000);

  it('serve a live run to its end, and give back every event that it acknowledged', async () => {
    const { contactPoints, port } = choice();
    const points = contactPoints.map((point) => `${point}:${port}`).join(',');
    const words = ['run', 'scenarios/live-smoke.yaml', '--mode', 'live', '--store', 'cassandra'];
    const { code, out, err } = await runCli(...words, '--contact-points', points);
    // Its thresholds are for a machine that is not shared with three nodes of Java: they may fail, nothing else may.
    expect([0, 3], err).toContain(code);
    const [, acknowledged = '', stored = ''] = STORED.exec(out) ?? [];
    expect(acknowledged).not.toBe('');
    expect(stored).toBe(acknowledged);
    expect(Number(stored.replace(',', ''))).toBeGreaterThan(1_000);
  }, 300_000);
});

/** Puts events one by one and remembers what became of each. */
class Load {
  readonly #stores: Stores;
  readonly sent = new Set<string>();
  readonly acknowledged = new Set<string>();
  readonly faults: string[] = [];

  constructor(stores: Stores) {
    this.#stores = stores;
  }

  /** How many of so many were acknowledged. */
  async put(count: number): Promise<number> {
    const before = this.acknowledged.size;
    await Promise.all(Array.from({ length: count }, () => this.#putOne()));
    return this.acknowledged.size - before;
  }

  /** Puts so many until all of them are acknowledged at once; throws when that takes too long. */
  async until(count: number, limitMs: number): Promise<void> {
    const endsAt = performance.now() + limitMs;
    while ((await this.put(count)) < count) {
      if (performance.now() > endsAt) throw new Error(`faults: ${this.faults.slice(-5).join(', ')}`);
    }
  }

  async #putOne(): Promise<void> {
    const id = `k-${this.sent.size}`;
    this.sent.add(id);
    try {
      await this.#stores.history.put([
        sampleBatch(id, `v-${this.sent.size % 7}`, [sampleEvent(id, `v-${this.sent.size % 7}`, 5)]),
      ]);
      this.acknowledged.add(id);
    } catch (thrown) {
      this.faults.push((thrown as StoreFault).fault);
    }
  }
}
