/** Whichever node is killed, one after the other in one run of two and two: what one leaves behind is there when the next one dies. */
import { expect, test } from 'vitest';
import { judge, UNHARMED } from './drill-script.ts';
import { isFull } from '#tests/house/drill-counts.ts';

const RUNS = isFull ? 4 : 1;
const KILLS = isFull ? 40 : 8;
const VICTIMS = ['backend-1', 'backend-2', 'frontend-1', 'frontend-2', 'contact-center', 'store', 'balancer'];

test.each(Array.from({ length: RUNS }, (_, index) => index))(
  'whichever nodes are killed one after the other, nothing is lost, doubled or late (run %i)',
  async (index) => {
    const script = { name: 'any node killed', index: 80 + index, nodes: 2, kills: KILLS, victims: VICTIMS };
    expect(await judge(script)).toEqual(UNHARMED);
  },
);
