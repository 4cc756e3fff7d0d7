/** The SQLite part of the store bench: rows through the port against a bare append, reads meanwhile, retention, bytes and memory. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoreBatch } from '#core/messages.ts';
import { openDatabase } from '#stores/sqlite/open-database.ts';
import { SqliteHistory } from '#stores/sqlite/sqlite-history.ts';
import { retentionOfAll, storeSettings, ToldClock } from '#tests/stores/store-settings.ts';
import { StoreTraffic } from './store-bench-traffic.ts';

const SEED = 1;
const DAY_MS = 86_400_000;

export interface Written {
  readonly rows: number;
  readonly seconds: number;
  /** Of the processor, user and system: what other work on the machine changes least. */
  readonly cpuSeconds: number;
  /** Of the file, after its log has been written into it. */
  readonly bytes: number;
}

interface Contestant {
  put(batches: readonly StoreBatch[]): void | Promise<void>;
  close(): void;
}

/** All that any store must do: the same settings of the file, a row an event with the same columns as text, and nothing to find it by. */
function openBare(file: string): Contestant & { count(): number } {
  const database = openDatabase(file, {
    migrations: ['CREATE TABLE log (event_id TEXT, visit_id TEXT, at INTEGER, name TEXT, body TEXT) STRICT'],
  });
  const insert = database.prepare('INSERT INTO log VALUES (?, ?, ?, ?, ?)');
  return {
    put: (batches) =>
      database
        .transaction(() => {
          for (const { events } of batches)
            for (const { eventID, visitID, at, eventName, ...body } of events)
              insert.run(eventID, visitID, at, eventName, JSON.stringify(body));
        })
        .immediate(),
    count: () => Number(database.prepare('SELECT count(*) FROM log').pluck().get()),
    close: () => void database.close(),
  };
}

/** The same events in the same batches, each put in a transaction of its own; making the events is not timed. */
async function write(
  contestant: Contestant,
  rows: number,
  batchRows: number,
): Promise<Pick<Written, 'seconds' | 'cpuSeconds'>> {
  const traffic = new StoreTraffic(SEED);
  let ms = 0;
  let cpuUs = 0;
  for (let done = 0; done < rows; done += batchRows) {
    const batches = traffic.next(batchRows);
    const startMs = performance.now();
    const startCpu = process.cpuUsage();
    await contestant.put(batches);
    const { user, system } = process.cpuUsage(startCpu);
    cpuUs += user + system;
    ms += performance.now() - startMs;
  }
  return { seconds: ms / 1_000, cpuSeconds: cpuUs / 1e6 };
}

export async function writeBare(rows: number, batchRows: number): Promise<Written> {
  return inFolder(async (file) => {
    const bare = openBare(file);
    const took = await write(bare, rows, batchRows);
    const counted = bare.count();
    bare.close();
    return { rows: counted, ...took, bytes: statSync(file).size };
  });
}

export async function writeHistory(rows: number, batchRows: number, limitIndexing: boolean): Promise<Written> {
  return inFolder(async (file) => {
    const history = new SqliteHistory(file, storeSettings({ limitIndexing }));
    const took = await write(history, rows, batchRows);
    const { events } = await history.counts();
    history.close();
    return { rows: events, ...took, bytes: statSync(file).size };
  });
}

/** Milliseconds of each read of a visit's 50 newest events, several after every put. */
export async function readWhileWriting(rows: number, batchRows: number): Promise<readonly number[]> {
  return inFolder(async (file) => {
    const history = new SqliteHistory(file, storeSettings({ limitIndexing: true }));
    const traffic = new StoreTraffic(SEED);
    const reads: number[] = [];
    for (let done = 0; done < rows; done += batchRows) {
      await history.put(traffic.next(batchRows));
      for (let i = 0; i < 10; i += 1) {
        const visit = traffic.visit(i < 5 ? 3_000 : Infinity);
        const startMs = performance.now();
        const { records } = await history.list('event', { visit }, { limit: 50 });
        reads.push(performance.now() - startMs);
        if (records.length === 0) throw new Error(`visit ${visit} has no events`);
      }
    }
    history.close();
    return reads;
  });
}

export interface Dropped {
  readonly rows: number;
  readonly steps: number;
  readonly longestStepMs: number;
  readonly longestStepCpuMs: number;
  readonly longestPutMs: number;
  readonly totalMs: number;
}

/** Slices go while more is put: each step of the sweep stands between two puts of 20 rows. */
export async function dropSlices(rows: number): Promise<Dropped> {
  return inFolder(async (file) => {
    const clock = new ToldClock();
    const history = new SqliteHistory(
      file,
      storeSettings({ retentionMs: retentionOfAll(DAY_MS), clock, limitIndexing: true }),
    );
    const traffic = new StoreTraffic(SEED);
    for (let done = 0; done < rows; done += 10_000) await history.put(traffic.next(10_000));
    clock.wall += DAY_MS + 1;
    const stepsMs: number[] = [];
    const stepsCpuMs: number[] = [];
    const putsMs: number[] = [];
    for (let more = true; more;) {
      const startMs = performance.now();
      const startCpu = process.cpuUsage();
      more = history.sweep();
      const { user, system } = process.cpuUsage(startCpu);
      stepsCpuMs.push((user + system) / 1_000);
      const sweptMs = performance.now();
      await history.put(traffic.next(20));
      stepsMs.push(sweptMs - startMs);
      putsMs.push(performance.now() - sweptMs);
    }
    history.close();
    const totalMs = stepsMs.reduce((sum, ms) => sum + ms, 0);
    return {
      rows,
      steps: stepsMs.length,
      longestStepMs: Math.max(...stepsMs),
      longestStepCpuMs: Math.max(...stepsCpuMs),
      longestPutMs: Math.max(...putsMs),
      totalMs,
    };
  });
}

/** Resident MiB after each million of events, of which a day's are kept. */
export async function rememberNothing(millions: number): Promise<readonly number[]> {
  return inFolder(async (file) => {
    const history = new SqliteHistory(file, storeSettings({ limitIndexing: true }));
    const traffic = new StoreTraffic(SEED);
    const resident: number[] = [];
    for (let million = 0; million < millions; million += 1) {
      for (let i = 0; i < 100; i += 1) await history.put(traffic.next(10_000));
      traffic.visitIds.splice(0, traffic.visitIds.length - 10_000);
      resident.push(Math.round(process.memoryUsage.rss() / 2 ** 20));
    }
    history.close();
    return resident;
  });
}

async function inFolder<T>(work: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(process.env['BENCH_FOLDER'] ?? tmpdir(), 'store-bench-'));
  try {
    return await work(join(folder, 'history.db'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
