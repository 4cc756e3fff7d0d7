/**
 * Kills a store node at random moments while a client puts without pause, and reads back what is left: what was
 * acknowledged, what was sent, what is stored.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createStoreClient, type StoreClient } from '#node/store-client.ts';
import { openSqliteStores } from '#stores/sqlite/sqlite-stores.ts';
import { sampleAgent, sampleBatch, sampleEvent } from '#tests/stores/store-samples.ts';
import { storeSettings } from '#tests/stores/store-settings.ts';
import { STORE_SECRET, StoreProcess } from './store-process.ts';

const OUTSTANDING = 40;
const AGENTS = 10;
const SILENT = { warn: () => undefined, info: () => undefined };

export interface KillFindings {
  readonly acknowledged: number;
  /** Acknowledged, and not stored. */
  readonly lost: readonly string[];
  /** Stored, and never sent. */
  readonly invented: readonly string[];
  /** Listed more than once. */
  readonly doubled: readonly string[];
  /** Rows of operations older than one that was acknowledged. */
  readonly stale: readonly string[];
  /** `ok`, of both files. */
  readonly integrity: readonly unknown[];
}

/** `random`: 0 <= x < 1. */
export async function killUnderLoad(script: string, kills: number, random: () => number): Promise<KillFindings> {
  const folder = mkdtempSync(join(tmpdir(), 'store-kills-'));
  const process = new StoreProcess(script, folder);
  const client = createStoreClient({ url: await process.start(), secret: STORE_SECRET, log: SILENT });
  const load = new Load(client);
  try {
    for (let i = 0; i < kills; i += 1) {
      await load.acknowledgements(1 + Math.floor(random() * 200));
      await process.kill();
      client.setUrl(await process.start());
    }
    await load.acknowledgements(OUTSTANDING);
    // Ends without a farewell, so that what is read back is what the last acknowledgement promised.
    await process.kill();
    load.end();
    return await readBack(folder, load);
  } finally {
    load.end();
    client.close();
    await process.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Keeps a number of history puts and one row for each of some agents under way; a put that fails is sent again. */
export class Load {
  readonly acknowledged = new Set<string>();
  readonly sent = new Set<string>();
  /** Of each agent, the `served` that was acknowledged last. */
  readonly served = new Map<string, number>();
  /** History puts that the store said it could not store. */
  refused = 0;
  readonly #client: StoreClient;
  #waiters: { readonly atLeast: number; readonly resolve: () => void }[] = [];
  #ended = false;

  constructor(client: StoreClient) {
    this.#client = client;
    for (let i = 0; i < OUTSTANDING; i += 1) this.#putNext();
    for (let i = 0; i < AGENTS; i += 1) this.#putAgent(`a${i}`, 1);
  }

  end(): void {
    this.#ended = true;
  }

  /** When so many more are acknowledged. */
  async acknowledgements(more: number): Promise<void> {
    await new Promise<void>((resolve) => this.#waiters.push({ atLeast: this.acknowledged.size + more, resolve }));
  }

  #putNext(): void {
    if (this.#ended) return;
    const eventID = `e${this.sent.size}`;
    this.sent.add(eventID);
    this.#put(eventID);
  }

  #put(eventID: string): void {
    const batch = sampleBatch(`b-${eventID}`, 'v', [sampleEvent(eventID, 'v', this.sent.size)]);
    this.#client.commit({ store: 'history', batch }, (ok) => {
      if (this.#ended) return;
      if (!ok) {
        this.refused += 1;
        this.#put(eventID);
        return;
      }
      this.acknowledged.add(eventID);
      this.#waiters = this.#waiters.filter(({ atLeast, resolve }) => {
        if (this.acknowledged.size < atLeast) return true;
        resolve();
        return false;
      });
      this.#putNext();
    });
  }

  #putAgent(id: string, served: number): void {
    // Two rows of one moment: only their order tells which is the newer one.
    const at = Math.floor(served / 2);
    this.#client.commit({ store: 'operations', rows: [sampleAgent(id, at, served)] }, () => {
      if (this.#ended) return;
      this.served.set(id, served);
      this.#putAgent(id, served + 1);
    });
  }
}

export async function readBack(folder: string, load: Load): Promise<KillFindings> {
  const stores = openSqliteStores(folder, storeSettings());
  const stored = await stores.history.eventIDs(null, 1_000_000_000);
  const rows = await stores.operations.recover();
  stores.history.close();
  stores.operations.close();
  const distinct = new Set(stored);
  return {
    acknowledged: load.acknowledged.size,
    lost: [...load.acknowledged].filter((id) => !distinct.has(id)),
    invented: stored.filter((id) => !load.sent.has(id)),
    doubled: stored.filter((id, i) => i > 0 && stored[i - 1] === id),
    stale: [...load.served]
      .filter(([id, served]) => !rows.some((row) => row.kind === 'agent' && row.id === id && row.served >= served))
      .map(([id]) => id),
    integrity: ['history.db', 'operations.db'].map((file) => {
      const database = new Database(join(folder, file), { readonly: true });
      const found: unknown = database.pragma('integrity_check', { simple: true });
      database.close();
      return found;
    }),
  };
}
