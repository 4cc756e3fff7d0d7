/** A Backend killed at random moments under load, alone and as one of two. */
import { expect, test } from 'vitest';
import { judge, judgeDoctored, UNHARMED } from './drill-script.ts';
import { isFull } from './drill-words.ts';

const RUNS = isFull ? 6 : 2;
const KILLS = isFull ? 50 : 10;

test.each(Array.from({ length: RUNS }, (_, index) => index))(
  'a Backend that is killed again and again loses, doubles and delays nothing (run %i)',
  async (index) => {
    const nodes = 1 + (index % 2);
    const victims = ['backend-1', 'backend-2'].slice(0, nodes);
    const script = { name: 'Backend killed', index, nodes, kills: KILLS, victims };
    expect(await judge(script)).toEqual(UNHARMED);
  },
);

test('a Backend that says too early that a batch is stored is caught', async () => {
  const script = { name: 'Backend killed', index: 0, nodes: 1, kills: 4, victims: ['backend-1'] };
  const { violated } = await judgeDoctored(script, 'backend', 'hasty-backend.ts');
  expect(violated).toContain('I1 no acknowledged event lost');
});

test('a Backend that does not answer for the hot leads that it passes on is caught', async () => {
  const script = { name: 'Backend killed', index: 0, nodes: 1, kills: 4, victims: ['backend-1'] };
  const { violated } = await judgeDoctored(script, 'backend', 'forgetful-backend.ts');
  expect(violated).toContain('I6 every hot lead answered');
});
