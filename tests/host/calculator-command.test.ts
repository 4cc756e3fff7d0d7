/** `engage calculator`: what it prints, for machines and people, and what it refuses, all at once. */
import { describe, expect, test } from 'vitest';
import { answerConsistency } from '#host/consistency-answer.ts';
import { runCli } from './cli-run.ts';

describe('engage calculator', () => {
  test('says what the sizing case of the guide survives', async () => {
    const { out, code } = await runCli('calculator', '--nodes', '4', '--rf', '3');
    expect(out.trimEnd().split('\n')).toEqual([
      'reads are consistent: 2 read and 2 written replicas of 3 always overlap',
      'survives the loss of 1 node without impact',
      'survives the loss of 1 node right after an acknowledgement without losing what it acknowledged, of 2 nodes once all replicas have it',
      'reads really from 2 nodes, writes to 2 nodes; each node holds 75 % of the data',
    ]);
    expect(code).toBe(0);
  });

  test('says where the guide and Cassandra differ about data centers', async () => {
    const { out } = await runCli('calculator', '--data-centers', 'DC1:2, DC2:1');
    expect(out).toContain(
      'QUORUM               needs 2 of 3, survives any 1 lost, and all of DC2; the guide: does not work, though it does even with a replica lost',
    );
    expect(out).toContain('  EACH_QUORUM: every level');
    const json: unknown = JSON.parse((await runCli('calculator', '--data-centers', 'DC1:2,DC2:1', '--json')).out);
    expect(json).toMatchObject([
      {
        level: 'LOCAL_QUORUM',
        of: 'DC1',
        guide: true,
        tolerates: 0,
        seenBy: ['LOCAL_QUORUM in DC1', 'QUORUM', 'EACH_QUORUM'],
      },
      { level: 'LOCAL_QUORUM', of: 'DC2', guide: false },
      { level: 'QUORUM', guide: false, tolerates: 1, worksWithout: ['DC2'] },
      { level: 'EACH_QUORUM', guide: false },
    ]);
  });

  test('prints for the command lines of the screen what the screen shows', async () => {
    const { cluster, dataCenters, commands } = answerConsistency({
      nodes: 5,
      replicationFactor: 3,
      write: 'TWO',
      read: 'ONE',
      dataCenters: 'Paris:3, Rome:1',
    });
    const [first, second] = await Promise.all(
      [commands.cluster, commands.dataCenters].map((command) => runCli(...command.split(' ').slice(1))),
    );
    expect(first?.out.trimEnd().split('\n')).toEqual(cluster.sentences);
    const { levels } = dataCenters.layout;
    expect(second?.out.split('\n').slice(0, levels.length)).toEqual(
      levels.map(({ name, sentence }) => `${name.padEnd('LOCAL_QUORUM in Paris'.length)}  ${sentence}`),
    );
    for (const line of dataCenters.seenBy) expect(second?.out).toContain(`  ${line}\n`);
  });

  test('names everything that is wrong, and how it is written', async () => {
    const data = await runCli('calculator', '--data-centers', 'x,DC1:3,DC1:2', '--nodes', '3');
    expect(data.code).toBe(2);
    expect(data.err.trimEnd().split('\n').slice(1)).toEqual([
      '  engage calculator --nodes: not together with --data-centers, which says how many replicas each has',
      '  engage calculator --data-centers: expected data centers with their replicas, such as DataCenter1:3,DataCenter2:2, got "x"',
      '  engage calculator --data-centers: expected each data center once, got "DC1" twice',
    ]);
    const levels = await runCli('calculator', '--rf', '0', '--read', 'MOST');
    expect(levels.err.trimEnd().split('\n')).toHaveLength(4);
    expect(levels.code).toBe(2);
  });
});
