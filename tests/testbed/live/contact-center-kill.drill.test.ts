/** The contact center killed in mid-chat: it takes up every interaction and conversation where its rows have it. */
import { expect, test } from 'vitest';
import { judge, judgeDoctored, UNHARMED } from './drill-script.ts';
import { isFull } from '#tests/house/drill-counts.ts';

const RUNS = isFull ? 4 : 2;
const KILLS = isFull ? 30 : 5;
const VICTIMS = ['contact-center'];

test.each(Array.from({ length: RUNS }, (_, index) => index))(
  'a contact center that is killed in mid-chat again and again loses and doubles nothing, and its chats go on (run %i)',
  async (index) => {
    const nodes = 1 + (index % 2);
    const script = { name: 'contact center killed', index: 40 + index, nodes, kills: KILLS, victims: VICTIMS };
    expect(await judge(script)).toEqual(UNHARMED);
  },
);

test('a contact center that comes back without its rows is caught', async () => {
  const script = { name: 'contact center killed', index: 40, nodes: 1, kills: 2, victims: VICTIMS };
  const { violated } = await judgeDoctored(script, 'contactCenter', 'forgetful-contact-center.ts');
  expect(violated).toContain('stored rows are kept');
});
