/** A load on a keyspace of a real Cassandra, and what is stored of it in the end, read over a connection of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandomSource } from '#core/random/random-source.ts';
import type { CassandraChoice } from '#ports/store-choice.ts';
import { openCassandraStores } from '#stores/cassandra/cassandra-stores.ts';
import { percentile } from '#tests/bench/intake-bench-report.ts';
import { checkStored, readStoredIds, type StoredFaults } from './check-stored.ts';
import { LoadJournal } from './load-journal.ts';
import { close } from './store-contract.ts';
import { StoreLoad, type LoadRequest } from './store-load.ts';
import { storeSettings } from './store-settings.ts';

export interface CassandraLoad {
  readonly load: StoreLoad;
  /** Ends the load and compares what is stored with its journal. */
  check(): Promise<StoredFaults>;
  end(): Promise<void>;
}

export async function openLoad(choice: CassandraChoice, seed: number): Promise<CassandraLoad> {
  // As an installation has it that was told nothing else.
  const settings = storeSettings({ limitIndexing: true });
  const stores = await openCassandraStores(choice, settings);
  const folder = mkdtempSync(join(tmpdir(), 'load-'));
  const journal = new LoadJournal(join(folder, 'journal'));
  const load = new StoreLoad(stores.history, journal, createRandomSource(seed).stream('visits'));
  return {
    load,
    check: async () => {
      await load.settle();
      const read = await openCassandraStores(choice, settings);
      try {
        return checkStored(journal.read(), await readStoredIds(read.history, load.visits));
      } finally {
        close(read);
      }
    },
    end: async () => {
      await load.settle();
      close(stores);
      journal.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function servedShare(requests: readonly LoadRequest[]): number {
  return requests.filter(({ fault }) => fault === null).length / requests.length;
}

/** `1,234 requests, 99.95 % served, p50 4 ms, p90 9 ms, p99 41 ms, longest 212 ms`. */
export function describeRequests(requests: readonly LoadRequest[]): string {
  const tookMs = requests.map((request) => request.tookMs);
  const parts = [0.5, 0.9, 0.99].map((share) => `p${share * 100} ${percentile(tookMs, share).toFixed(0)} ms`);
  return (
    `${requests.length.toLocaleString('en')} requests, ${(servedShare(requests) * 100).toFixed(2)} % served, ` +
    `${parts.join(', ')}, longest ${Math.max(...tookMs).toFixed(0)} ms`
  );
}

/** What refusals said, numbers and ends of addresses left out: each wording once, with how often it came. */
export function describeRefusals(requests: readonly LoadRequest[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { fault } of requests) {
    if (fault === null) continue;
    const words = `${fault.fault}: ${fault.message.slice(0, 160)}`;
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].sort(([, one], [, other]) => other - one).map(([words, count]) => `${count} x ${words}`);
}
