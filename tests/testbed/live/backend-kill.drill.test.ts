/** A Backend killed at random moments under load, alone and as one of two, over SQLite files and over a real Cassandra. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { present } from '#core/assert.ts';
import type { CassandraChoice } from '#ports/store-choice.ts';
import { CASSANDRA_MISSING, startCassandra, WHY_SKIPPED, type CassandraStage } from '#tests/stores/cassandra-stage.ts';
import { judge, judgeDoctored, UNHARMED } from './drill-script.ts';
import { tamper } from './drill-tampering.ts';
import { isFull } from '#tests/house/drill-counts.ts';

const VICTIMS = ['backend-1', 'backend-2'];
const ALONE = { nodes: 1, victims: ['backend-1'] };

/** `count` drills of `kills` each, with one Backend and two in turn. */
function scripts(name: string, first: number, count: number, kills: number) {
  return Array.from({ length: count }, (_, index) => {
    const nodes = 1 + (index % 2);
    return { name, index: first + index, nodes, kills, victims: VICTIMS.slice(0, nodes) };
  });
}

describe('over SQLite', () => {
  const name = 'Backend killed';

  test.each(scripts(name, 0, isFull ? 6 : 2, isFull ? 50 : 10))(
    'a Backend that is killed again and again loses, doubles and delays nothing (run $index)',
    async (script) => {
      expect(await judge(script)).toEqual(UNHARMED);
    },
  );

  test('a Backend that says too early that a batch is stored is caught, and so are an event stored twice and one that nobody sent', async () => {
    const script = { name, index: 0, kills: 4, ...ALONE };
    const { violated } = await judgeDoctored(script, 'backend', 'hasty-backend.ts', tamper);
    expect(violated).toEqual(
      expect.arrayContaining(['I1 no acknowledged event lost', 'I2 nothing that was never sent', 'I3 no doubles']),
    );
  });

  test('a Backend that does not answer for the hot leads that it passes on is caught', async () => {
    const script = { name, index: 0, kills: 4, ...ALONE };
    const { violated } = await judgeDoctored(script, 'backend', 'forgetful-backend.ts');
    expect(violated).toContain('I6 every hot lead answered');
  });
});

describe.skipIf(CASSANDRA_MISSING !== null)(`over Cassandra${WHY_SKIPPED}`, () => {
  const name = 'Backend killed, over Cassandra';
  let stage: CassandraStage | undefined;
  const keyspace = (of: string): CassandraChoice => ({ ...present(stage, 'stage').choice, keyspace: of });

  beforeAll(async () => {
    stage = await startCassandra({ nodes: 1, profile: 'fast' });
  }, 300_000);
  afterAll(async () => stage?.end(), 120_000);

  test.each(scripts(name, 100, isFull ? 6 : 1, isFull ? 50 : 20))(
    'a Backend that is killed again and again loses, doubles and delays nothing (run $index)',
    async (script) => {
      expect(await judge({ ...script, store: keyspace(`Kills_${script.index}`) })).toEqual(UNHARMED);
    },
  );

  test('a Backend that says too early that a batch is stored is caught, and so are an event stored twice and one that nobody sent', async () => {
    const script = { name, index: 100, kills: 2, ...ALONE, store: keyspace('Kills_control') };
    const { violated } = await judgeDoctored(script, 'backend', 'hasty-backend.ts', tamper);
    expect(violated).toEqual(
      expect.arrayContaining(['I1 no acknowledged event lost', 'I2 nothing that was never sent', 'I3 no doubles']),
    );
  });
});
