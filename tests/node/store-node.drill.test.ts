/** The store node killed many times under load. */
import { expect, inject, test } from 'vitest';
import { createRandomSource } from '#core/random/random-source.ts';
import { killUnderLoad } from './store-kills.ts';
import { STORE_NODE } from './store-process.ts';

const KILLS = 100;

test(`killed ${KILLS} times under load, the store node has lost, doubled and invented nothing`, async () => {
  const stream = createRandomSource(inject('testSeed')).stream('kills');
  const findings = await killUnderLoad(STORE_NODE, KILLS, () => stream.next());
  expect(findings).toMatchObject({ lost: [], invented: [], doubled: [], stale: [], integrity: ['ok', 'ok'] });
  expect(findings.acknowledged).toBeGreaterThan(KILLS);
});
