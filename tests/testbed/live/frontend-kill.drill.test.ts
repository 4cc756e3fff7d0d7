/** One of two Frontends killed at random moments under load: its visits go on at the other one. */
import { expect, test } from 'vitest';
import { judge, judgeDoctored, UNHARMED } from './drill-script.ts';
import { isFull } from '#tests/house/drill-counts.ts';

const RUNS = isFull ? 3 : 1;
const KILLS = isFull ? 30 : 6;
const VICTIMS = ['frontend-1', 'frontend-2'];

test.each(Array.from({ length: RUNS }, (_, index) => index))(
  'a Frontend of two that is killed again and again loses, doubles and delays nothing (run %i)',
  async (index) => {
    const script = { name: 'Frontend killed', index: 20 + index, nodes: 2, kills: KILLS, victims: VICTIMS };
    expect(await judge(script)).toEqual(UNHARMED);
  },
);

test('a Frontend that answers before its Backend has answered is caught', async () => {
  const script = { name: 'Frontend killed', index: 20, nodes: 2, kills: 3, victims: VICTIMS };
  const { violated } = await judgeDoctored(script, 'frontend', 'hasty-frontend.ts');
  expect(violated).toContain('I1 no acknowledged event lost');
});
