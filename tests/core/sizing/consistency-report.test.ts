/** All that the consistency calculator shows: every formula worked out again, losses counted set by set, layouts in sentences. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONSISTENCY_LEVELS, judgeCluster } from '#core/sizing/consistency.ts';
import { listLayouts, reportConsistency, type ConsistencyReport } from '#core/sizing/consistency-report.ts';
import { listLosses } from '#core/sizing/node-losses.ts';
import { workOut } from '#tests/core/sizing/arithmetic.ts';

const GUIDE = { nodes: 4, replicationFactor: 3, write: 'QUORUM', read: 'QUORUM', dataCenters: 'DC1:3, DC2:2' };

function report(given: object): ConsistencyReport {
  const judged = reportConsistency({ ...GUIDE, ...given });
  if (!judged.ok) throw new Error(JSON.stringify(judged.problems));
  return judged.value;
}

function refusals(given: unknown): readonly (readonly [string, string])[] {
  const judged = reportConsistency(given);
  return judged.ok ? [] : judged.problems.map(({ path, message }) => [path, message]);
}

const level = fc.constantFrom(...CONSISTENCY_LEVELS);
const count = fc.integer({ min: 1, max: 9 });

describe('every number', () => {
  it('comes out as its formula with the values worked out again, whatever is asked', () => {
    fc.assert(
      fc.property(
        fc.record({ nodes: count, replicationFactor: count, write: level, read: level }),
        fc
          .array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 })
          .filter((all) => all.some((n) => n > 0)),
        (cluster, replicas) => {
          const dataCenters = replicas.map((n, index) => `DC${index + 1}:${n}`).join(',');
          const { cluster: one, dataCenters: many } = report({ ...cluster, dataCenters });
          const figures = [...one.figures, ...many.layout.levels.flatMap((judged) => judged.figures)];
          for (const { worked, value, path } of figures) expect(workOut(worked), `${path}: ${worked}`).toBe(value);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('that the promise and each level have stands in a figure, with where it comes from', () => {
    const { cluster, dataCenters, layouts } = report({});
    const values = new Map(cluster.figures.map(({ path, value }) => [path, value]));
    const { consistent, unsatisfiable, ...numbers } = cluster.promise;
    expect([consistent, unsatisfiable]).toEqual([true, []]);
    expect(Object.entries(numbers).filter(([name, value]) => values.get(name) !== value)).toEqual([]);
    for (const { levels } of [dataCenters.layout, ...layouts]) {
      for (const { tolerates, figures } of levels) {
        expect(figures.map(({ path }) => path)).toEqual(tolerates === null ? [] : ['needed', 'tolerated']);
        expect(figures.at(-1)?.value ?? null).toBe(tolerates);
      }
    }
    expect(cluster.figures.filter(({ source }) => !/^(Guide: |Cassandra's )/.test(source))).toEqual([]);
  });

  it('would be caught where a formula says something else', () => {
    expect(workOut('floor(3 / 2) + 1')).toBe(2);
    expect(workOut('min(2 - 2, 3 - 2)')).toBe(0);
    expect(() => workOut('3 replicas')).toThrow('replicas');
  });
});

describe('nodes lost', () => {
  it.each([
    ['QUORUM', 'QUORUM', 3, ['0-1 true true true true', '2-2 false false false true', '3- false false false false']],
    ['ALL', 'ONE', 3, ['0-0 true true true true', '1-2 false true true true', '3- false false false false']],
    ['ONE', 'ONE', 1, ['0-0 true true true true', '1- false false false false']],
  ] as const)('with writes at %s and reads at %s of %i replicas leave %j', (write, read, replicas, rows) => {
    const losses = listLosses(judgeCluster({ nodes: replicas, replicationFactor: replicas, write, read }));
    expect(
      losses.map(
        ({ fromLost, toLost, writes, reads, acknowledged, replicated }) =>
          `${fromLost}-${toLost ?? ''} ${writes} ${reads} ${acknowledged} ${replicated}`,
      ),
    ).toEqual(rows);
  });

  it('leave what counting every set of lost and of written replicas leaves', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), level, level, (replicas, write, read) => {
        const promise = judgeCluster({ nodes: replicas, replicationFactor: replicas, write, read });
        const losses = listLosses(promise);
        const isServed = promise.unsatisfiable.length === 0;
        expect(losses.length > 0).toBe(isServed);
        if (!isServed) return;
        for (let lost = 0; lost <= replicas; lost += 1) {
          const row = losses.find(({ fromLost, toLost }) => lost >= fromLost && lost <= (toLost ?? lost));
          expect(row).toMatchObject(countLosses(replicas, lost, promise.writeReplicas, promise.readReplicas));
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** Over all sets of `lost` of `replicas`, and all sets that a write may have reached. */
function countLosses(replicas: number, lost: number, written: number, asked: number): object {
  const all = Array.from({ length: 1 << replicas }, (_, bits) => bits);
  const gone = all.filter((bits) => sizeOf(bits) === lost);
  const left = (bits: number): number => replicas - sizeOf(bits);
  const reached = all.filter((bits) => sizeOf(bits) >= written);
  return {
    writes: gone.every((bits) => left(bits) >= written),
    reads: gone.every((bits) => left(bits) >= asked),
    acknowledged: gone.every((bits) => reached.every((some) => (some & ~bits) !== 0)),
    replicated: gone.every((bits) => left(bits) > 0),
  };
}

function sizeOf(bits: number): number {
  return bits.toString(2).replaceAll('0', '').length;
}

describe('the layouts of two data centers', () => {
  const said = new Map(listLayouts().map(({ replicas, sentence }) => [replicas.join(' '), sentence]));

  it('are the fifteen with up to three replicas each', () => {
    expect([...said.keys()]).toEqual([
      '0 1',
      '0 2',
      '0 3',
      '1 0',
      '1 1',
      '1 2',
      '1 3',
      '2 0',
      '2 1',
      '2 2',
      '2 3',
      '3 0',
      '3 1',
      '3 2',
      '3 3',
    ]);
  });

  it.each([
    ['1 1', "By the guide no level works; by Cassandra's arithmetic all levels run, while every replica is up."],
    [
      '2 1',
      "By the guide only LOCAL_QUORUM in DC1 works; by Cassandra's arithmetic all levels run, but with a replica lost only QUORUM, and QUORUM goes on without DC2.",
    ],
    [
      '2 2',
      "By the guide all levels work; by Cassandra's arithmetic all levels run, but with a replica lost only QUORUM.",
    ],
    [
      '3 1',
      "By the guide only LOCAL_QUORUM in DC1 works; by Cassandra's arithmetic all levels run, but with a replica lost only LOCAL_QUORUM in DC1 and QUORUM, and QUORUM goes on without DC2.",
    ],
    ['3 3', "By the guide all levels work; by Cassandra's arithmetic all levels run, each also with a replica lost."],
    [
      '0 2',
      "LOCAL_QUORUM in DC1 never works: no replica is there. By the guide all others work; by Cassandra's arithmetic all others run, while every replica is up.",
    ],
  ])('with %s replicas are told in a sentence', (replicas, sentence) => {
    expect(said.get(replicas)).toBe(sentence);
  });
});

describe('inputs', () => {
  it('are refused all at once, each by its name', () => {
    expect(
      refusals({ nodes: 0, replicationFactor: 2.5, write: 'MOST', read: null, dataCenters: 'DC1:3,DC1:2,x', rf: 3 }),
    ).toEqual([
      ['nodes', 'expected a whole number >= 1 and <= 1000, got 0'],
      ['replicationFactor', 'expected a whole number >= 1 and <= 1000, got 2.5'],
      ['write', 'expected one of ONE, TWO, THREE, QUORUM, ALL, got "MOST"'],
      ['read', 'expected one of ONE, TWO, THREE, QUORUM, ALL, got no text'],
      ['dataCenters', 'expected data centers with their replicas, such as DataCenter1:3,DataCenter2:2, got "x"'],
      ['dataCenters', 'expected each data center once, got "DC1" twice'],
      ['rf', 'is no input of the calculator'],
    ]);
  });

  it.each([
    [{ ...GUIDE, nodes: null }, ['nodes', 'expected a whole number >= 1 and <= 1000, it is missing']],
    [{ ...GUIDE, dataCenters: 'DC1:0' }, ['dataCenters', 'expected a replica in one of them at least']],
    [
      { ...GUIDE, dataCenters: `${'DC:1,'.repeat(300)}` },
      [
        'dataCenters',
        'expected data centers with their replicas, such as DataCenter1:3,DataCenter2:2, got 1500 characters',
      ],
    ],
  ])('%j are refused, once', (given, refusal) => {
    expect(refusals(given)).toEqual([refusal]);
  });

  it('that are no object at all miss what has no default', () => {
    expect(refusals([]).map(([path]) => path)).toEqual(['nodes', 'dataCenters']);
  });
});
