/** The Cassandra stores on three real nodes at replication factor 3, durable: under the contract, in a live run, and with nodes killed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '#core/assert.ts';
import type { CassandraChoice } from '#ports/store-choice.ts';
import { runCli } from '#tests/host/cli-run.ts';
import { testAllKilled, testOneKilled, testTwoKilled } from './cassandra-kills.ts';
import {
  CASSANDRA_MISSING,
  cassandraKind,
  startCassandra,
  WHY_SKIPPED,
  type CassandraStage,
} from './cassandra-stage.ts';
import { testSeededDumps } from './seeded-dumps.ts';
import { testStoreContract } from './store-contract.ts';

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

  testSeededDumps(cassandraKind(choice, 0), 1);

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

  testOneKilled(() => present(stage, 'stage'));
  testAllKilled(() => present(stage, 'stage'));
  testTwoKilled(() => present(stage, 'stage'));
});
