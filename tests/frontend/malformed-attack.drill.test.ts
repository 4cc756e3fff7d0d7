/** A hundred thousand malformed requests and messages against real processes. */
import { expect, onTestFinished, test } from 'vitest';
import { attack, describeFaults, startAttacked } from './malformed-attack.ts';

const REQUESTS = 70_000;
const FRAMES = 30_000;
const seed = Number(process.env['TEST_SEED'] ?? Math.floor(Math.random() * 1_000_000));

test(`${REQUESTS + FRAMES} of them: only 2xx and 4xx, nobody falls, and stored is what was acknowledged`, async () => {
  const { cluster, stop } = await startAttacked();
  onTestFinished(stop);
  const findings = await attack(cluster, seed, REQUESTS, FRAMES);
  const { statuses, replies, closes, acknowledged, p99Ms } = findings;
  console.log(`seed ${seed}: ${acknowledged.size} ids acknowledged, p99 ${p99Ms.toFixed(1)} ms`);
  console.log({ statuses, replies, closes });
  expect(describeFaults(findings)).toEqual([]);
  expect(acknowledged.size).toBeGreaterThan(1_000);
});
