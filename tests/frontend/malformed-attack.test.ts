/** Malformed requests and messages against real processes, a few thousand; a hundred thousand are in the drill. */
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { attack, describeFaults, startAttacked } from './malformed-attack.ts';

const SEED = 1;

test('only 2xx and 4xx, nobody falls, and stored is what was acknowledged', async () => {
  const { cluster, stop } = await startAttacked();
  onTestFinished(stop);
  const findings = await attack(cluster, SEED, 3_000, 1_000);
  expect(describeFaults(findings)).toEqual([]);
  expect(findings.acknowledged.size, 'an attack of which nothing is good proves nothing').toBeGreaterThan(100);
  expect(findings.statuses.get(400) ?? 0).toBeGreaterThan(500);
  expect(findings.replies.get('successful') ?? 0).toBeGreaterThan(10);
});

test('a Frontend without its schema checks is found out', async () => {
  const { cluster, stop } = await startAttacked(join(import.meta.dirname, 'malformed-unchecked-node.ts'));
  onTestFinished(stop);
  expect(describeFaults(await attack(cluster, SEED, 500, 0))).not.toEqual([]);
});
