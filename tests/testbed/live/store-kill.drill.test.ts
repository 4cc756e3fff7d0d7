/** The store node killed under the whole system: what was acknowledged is there when it is back. */
import { expect, test } from 'vitest';
import { judge, judgeDoctored, UNHARMED } from './drill-script.ts';
import { isFull } from '#tests/house/drill-counts.ts';

const RUNS = isFull ? 4 : 1;
const KILLS = isFull ? 30 : 6;
const VICTIMS = ['store'];

test.each(Array.from({ length: RUNS }, (_, index) => index))(
  'a store node that is killed again and again loses and doubles nothing (run %i)',
  async (index) => {
    const nodes = 1 + (index % 2);
    const script = { name: 'store killed', index: 60 + index, nodes, kills: KILLS, victims: VICTIMS };
    expect(await judge(script)).toEqual(UNHARMED);
  },
);

test('a store that acknowledges before it commits is caught', async () => {
  const script = { name: 'store killed', index: 60, nodes: 1, kills: 3, victims: VICTIMS };
  const { violated } = await judgeDoctored(script, 'store', 'hasty-store.ts');
  expect(violated).toContain('I1 no acknowledged event lost');
});
