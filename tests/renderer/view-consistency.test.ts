/** Consistency and survival on the screen: what the address carries, what the verdict is, and how rows are named. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONSISTENCY_LEVELS } from '#core/sizing/consistency.ts';
import { reportConsistency, type ConsistencyReport } from '#core/sizing/consistency-report.ts';
import {
  consistencyPlace,
  GUIDE_CLUSTER,
  isConsistencyPlace,
  levelsOffered,
  readConsistencyPlace,
  type ConsistencyForm,
} from '#renderer/view/consistency-form.ts';
import {
  describeLost,
  describeNeeds,
  goesOnWithout,
  guideTick,
  isAskedLayout,
  layoutText,
  verdictOf,
} from '#renderer/view/consistency-words.ts';

function judge(change: Partial<ConsistencyForm> = {}): ConsistencyReport {
  const judged = reportConsistency({ ...GUIDE_CLUSTER, ...change });
  if (!judged.ok) throw new Error(JSON.stringify(judged.problems));
  return judged.value;
}

describe('the address', () => {
  it('carries every form there and back, also one with faults', () => {
    const count = fc.option(fc.integer({ min: -5, max: 99_999 }), { nil: null });
    const form = fc.record<ConsistencyForm>({
      nodes: count,
      replicationFactor: count,
      write: fc.string(),
      read: fc.constantFrom(...CONSISTENCY_LEVELS),
      dataCenters: fc.string({ unit: 'grapheme' }),
    });
    fc.assert(
      fc.property(form, (typed) => {
        expect(readConsistencyPlace(consistencyPlace(typed))).toEqual(typed);
      }),
    );
  });

  it('reads as the options of the command', () => {
    expect(consistencyPlace(GUIDE_CLUSTER)).toBe(
      'consistency?nodes=4&rf=3&write=QUORUM&read=QUORUM&data-centers=DataCenter1%3A3%2C+DataCenter2%3A2',
    );
    expect(readConsistencyPlace('consistency?rf=5&nodes=many')).toEqual({
      ...GUIDE_CLUSTER,
      replicationFactor: 5,
      nodes: null,
    });
  });

  it('names no input where it has none, or is of another place', () => {
    expect(['', 'consistency', 'consistency?', 'load?nodes=3'].map(readConsistencyPlace)).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(['consistency', 'consistency?nodes=4', '', 'consistent'].map(isConsistencyPlace)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('the inputs', () => {
  it('offer the levels that the calculator knows, and what else the address has said', () => {
    expect(levelsOffered('QUORUM')).toEqual([...CONSISTENCY_LEVELS]);
    expect(levelsOffered('MOST')).toEqual(['MOST', ...CONSISTENCY_LEVELS]);
  });
});

describe('the verdict', () => {
  it.each([
    [{}, 'Reads are consistent', 'good', 'check'],
    [{ write: 'ONE', read: 'ONE' }, 'Reads are eventually consistent', 'hurt', 'warning'],
    [{ replicationFactor: 1, write: 'TWO' }, 'No write at TWO succeeds', 'bad', 'cross'],
    [{ replicationFactor: 2, read: 'THREE' }, 'No read at THREE succeeds', 'bad', 'cross'],
  ])('on %j is "%s", by a tone and a sign', (change, word, tone, icon) => {
    expect(verdictOf(judge(change).cluster)).toEqual({ word, tone, icon });
  });
});

describe('rows', () => {
  it('of nodes lost are named by how many', () => {
    expect(judge().cluster.losses.map(describeLost)).toEqual(['up to 1', '2', '3 or more']);
    expect(judge({ write: 'ALL', read: 'ONE' }).cluster.losses.map(describeLost)).toEqual([
      'none',
      '1 to 2',
      '3 or more',
    ]);
  });

  it('of layouts say what must answer, what the guide says, and where QUORUM goes on', () => {
    const { layouts } = judge();
    const layout = layouts.find((one) => layoutText(one) === 'DC1:2, DC2:1');
    expect(layout?.levels.map(describeNeeds)).toEqual(['2/2', '1/1', '2/3', '2/2 + 1/1']);
    expect(layout?.levels.map((level) => guideTick(level).icon)).toEqual(['check', 'cross', 'cross', 'cross']);
    expect(layout && [goesOnWithout(layout, 0), goesOnWithout(layout, 1)]).toEqual([false, true]);
    const empty = layouts.find((one) => layoutText(one) === 'DC1:0, DC2:2');
    expect(empty && [goesOnWithout(empty, 0), goesOnWithout(empty, 1)]).toEqual([null, false]);
    expect(empty?.levels.map((level) => guideTick(level).icon)).toEqual(['unknown', 'check', 'check', 'check']);
  });

  it('are the asked one by their replicas, whatever the data centers are called', () => {
    const { layouts, dataCenters } = judge({ dataCenters: 'Paris:3, Rome:2' });
    expect(layouts.filter((one) => isAskedLayout(one, dataCenters.layout)).map(layoutText)).toEqual(['DC1:3, DC2:2']);
    const three = judge({ dataCenters: 'Paris:3, Rome:2, Oslo:1' }).dataCenters.layout;
    expect(layouts.filter((one) => isAskedLayout(one, three))).toEqual([]);
  });
});
