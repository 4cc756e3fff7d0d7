/** Which levels can never be met: the rows of the data center table, and every small cluster counted by hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Replication, StoreLevel } from '#ports/store-choice.ts';
import { describeImpossible } from '#stores/cassandra/feasible-levels.ts';

const simple = (factor: number): Replication => ({ strategy: 'SimpleStrategy', factor });
const network = (factors: Readonly<Record<string, number>>): Replication => ({
  strategy: 'NetworkTopologyStrategy',
  factors,
});

describe('a level', () => {
  it.each<[StoreLevel, number, number, boolean]>([
    ['QUORUM', 1, 1, true],
    ['QUORUM', 3, 1, false],
    ['QUORUM', 3, 2, true],
    ['QUORUM', 3, 3, true],
    ['QUORUM', 2, 1, false],
    ['TWO', 1, 3, false],
    ['ALL', 3, 2, false],
    ['ALL', 3, 4, true],
    ['ONE', 3, 1, true],
    ['LOCAL_QUORUM', 5, 3, true],
  ])('%s with replication factor %i on %i nodes: can be met is %s', (level, factor, nodes, possible) => {
    const known = { nodes: { datacenter1: nodes }, local: 'datacenter1' };
    expect(describeImpossible(simple(factor), known, level) === null).toBe(possible);
  });

  it('says what it lacks, and where', () => {
    const known = { nodes: { DC1: 2, DC2: 1 }, local: 'DC1' };
    expect(describeImpossible(network({ DC1: 2, DC2: 2 }), known, 'EACH_QUORUM')).toBe(
      'EACH_QUORUM with replicas DC1:2, DC2:2 asks for 2 replicas in data center DC2, and there can be 1: ' +
        'take a smaller replication factor, or more nodes',
    );
    expect(describeImpossible(network({ DC2: 2 }), known, 'LOCAL_QUORUM')).toContain('in data center DC1');
  });

  it('of data centers can be met exactly where enough of its replicas have a node', () => {
    const counts = fc.nat({ max: 4 });
    const wanted = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(wanted, wanted, counts, counts, (rf1, rf2, nodes1, nodes2) => {
        const known = { nodes: { DC1: nodes1, DC2: nodes2 }, local: 'DC2' };
        const answers = (level: StoreLevel): boolean =>
          describeImpossible(network({ DC1: rf1, DC2: rf2 }), known, level) === null;
        const [have1, have2] = [Math.min(rf1, nodes1), Math.min(rf2, nodes2)];
        // A quorum is a majority: more than half of what is wanted.
        expect(answers('QUORUM')).toBe(2 * (have1 + have2) > rf1 + rf2);
        expect(answers('LOCAL_QUORUM')).toBe(2 * have2 > rf2);
        expect(answers('EACH_QUORUM')).toBe(2 * have1 > rf1 && 2 * have2 > rf2);
        expect(answers('ALL')).toBe(have1 === rf1 && have2 === rf2);
        expect(answers('LOCAL_ONE')).toBe(have2 > 0);
      }),
    );
  });
});
