/** Long histories of operations drawn from a seed: whatever stores have been through the same one hold the same afterwards. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMemoryStores } from '#stores/memory/memory-stores.ts';
import { openSqliteStores } from '#stores/sqlite/sqlite-stores.ts';
import { isFull } from '#tests/house/drill-counts.ts';
import type { Stores } from '#ports/stores.ts';
import { asked, close, type StoreKind } from './store-contract.ts';
import { askStores, dumpStores, type StoreDump, type StoreOperation } from './store-model.ts';
import { storeSettings } from './store-settings.ts';

const SEEDS_FULL = 20;
const FIRST_SEED = 20_261_130;
const OPERATIONS = isFull ? 10_000 : 1_000;
/** Of which the past is asked in the end. */
const VISITS = ['v', 'v.2', 'w', '', 'a\0', '%'];

export function drawOperations(seed: number, count: number): readonly StoreOperation[] {
  return fc.sample(asked, { numRuns: count, seed });
}

/** Closes the stores. */
export async function dumpAfter(stores: Stores, operations: readonly StoreOperation[]): Promise<StoreDump> {
  for (const operation of operations) await askStores(stores, operation);
  const dump = await dumpStores(stores, VISITS);
  close(stores);
  return dump;
}

/** For inside a `describe` that names the stores; `seeds`: in CI. */
export function testSeededDumps(kind: Pick<StoreKind, 'open'>, seeds: number): void {
  const all = Array.from({ length: isFull ? SEEDS_FULL : seeds }, (_, index) => FIRST_SEED + index);
  it.each(all)(`hold the same as memory and SQLite after ${OPERATIONS} operations of seed %i`, async (seed) => {
    const operations = drawOperations(seed, OPERATIONS);
    const folder = mkdtempSync(join(tmpdir(), 'dumps-'));
    try {
      const inMemory = await dumpAfter(createMemoryStores(storeSettings()), operations);
      expect(inMemory.counts.events).toBeGreaterThan(0);
      expect(await dumpAfter(openSqliteStores(folder, storeSettings()), operations)).toEqual(inMemory);
      expect(await dumpAfter(kind.open().stores, operations)).toEqual(inMemory);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
