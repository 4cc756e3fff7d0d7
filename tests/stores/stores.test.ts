/** The stores of this process under the contract for all stores, and the contract under test itself. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Stores } from '#ports/stores.ts';
import { createMemoryStores } from '#stores/memory/memory-stores.ts';
import { openSqliteStores } from '#stores/sqlite/sqlite-stores.ts';
import { dumpAfter, drawOperations } from './seeded-dumps.ts';
import { ask, asked, close, testStoreContract, type Opened, type StoreKind } from './store-contract.ts';
import type { StoreOperation } from './store-model.ts';
import { sampleAgent, sampleBatch, sampleEvent } from './store-samples.ts';
import { storeSettings } from './store-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'stores-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function openMemory(settings = storeSettings()): Opened {
  const stores = createMemoryStores(settings);
  const opened: Opened = { stores, reopen: () => opened };
  return opened;
}

function openSqlite(settings = storeSettings(), path = mkdtempSync(join(folder, 's-'))): Opened {
  const stores = openSqliteStores(path, settings);
  return {
    stores,
    reopen: () => {
      close(stores);
      return openSqlite(settings, path);
    },
  };
}

const KINDS: readonly (StoreKind & { readonly name: string })[] = [
  { name: 'memory', runs: 300, open: openMemory },
  { name: 'SQLite', runs: 25, open: (settings) => openSqlite(settings) },
];

describe.each(KINDS)('the $name stores', (kind) => {
  testStoreContract(kind);
});

describe('the SQLite stores', () => {
  it('answer the same when they are closed and opened between any two questions', async () => {
    const kind: Pick<StoreKind, 'open'> = { open: (settings) => openSqlite(settings) };
    await fc.assert(
      fc.asyncProperty(fc.array(asked, { maxLength: 12 }), async (questions) => {
        const answers = await ask(kind, questions, { reopens: true });
        expect(answers.store).toEqual(answers.model);
      }),
      { numRuns: 6 },
    );
  });

  it('hold the same as the memory stores after 10,000 seeded operations', { timeout: 240_000 }, async () => {
    const operations = drawOperations(20_261_122, 10_000);
    const dumps = [];
    for (const kind of KINDS) dumps.push(await dumpAfter(kind.open().stores, operations));
    expect(dumps[1]).toEqual(dumps[0]);
    expect(dumps[0]?.counts.events).toBeGreaterThan(20);
    for (const [entity, records] of Object.entries(dumps[0]?.records ?? {}))
      expect([entity, records.length > 1]).toEqual([entity, true]);
    expect(dumps[0]?.rows.length).toBeGreaterThan(15);
  });
});

describe('the comparison of dumps', () => {
  it('catches stores that lose one put in ten', async () => {
    const operations = drawOperations(20_261_122, 1_000);
    const whole = await dumpAfter(openMemory().stores, operations);
    expect(await dumpAfter(openMemory().stores, operations)).toEqual(whole);
    for (const op of ['putHistory', 'putOperations', 'putAttempts'] as const) {
      let puts = 0;
      const fewer = operations.filter((operation) => operation.op !== op || (puts += 1) % 10 !== 0);
      expect(fewer.length, op).toBeLessThan(operations.length);
      expect(await dumpAfter(openMemory().stores, fewer), op).not.toEqual(whole);
    }
  });
});

describe('the comparison with plain maps', () => {
  it('catches a store that takes a late row for a newer one', async () => {
    const questions: StoreOperation[] = [
      { op: 'putOperations', rows: [sampleAgent('a', 2, 2)] },
      { op: 'putOperations', rows: [sampleAgent('a', 1, 1)] },
    ];
    const answers = await ask({ open: openForgetful }, questions);
    expect(answers.store).not.toEqual(answers.model);
  });

  it('catches a store that loses its content when it is opened again', async () => {
    const questions: StoreOperation[] = [
      { op: 'putHistory', batches: [sampleBatch('b', 'v', [sampleEvent('e', 'v', 1)])] },
      { op: 'reopen' },
    ];
    const open = (): Opened => ({ stores: createMemoryStores(storeSettings()), reopen: () => openMemory() });
    const answers = await ask({ open }, questions);
    expect(answers.store).not.toEqual(answers.model);
  });
});

/** Keeps the row that was put last, however old. */
function openForgetful(): Opened {
  const stores = createMemoryStores(storeSettings());
  let kept: readonly unknown[] = [];
  const operations = {
    put: (put: Parameters<Stores['operations']['put']>[0]) => {
      kept = put;
      return Promise.resolve();
    },
    recover: () => Promise.resolve(kept as Awaited<ReturnType<Stores['operations']['recover']>>),
    claim: stores.operations.claim.bind(stores.operations),
    erase: stores.operations.erase.bind(stores.operations),
    close: () => stores.operations.close(),
  };
  return { stores: { history: stores.history, operations }, reopen: () => openForgetful() };
}
