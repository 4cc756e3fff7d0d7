/** The SQLite part of the store bench: rows through the port against a bare append, reads meanwhile, retention, bytes and memory. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { StoreBatch } from '#core/messages.ts';
import { openDatabase } from '#stores/sqlite/open-database.ts';
import { SqliteHistory } from '#stores/sqlite/sqlite-history.ts';
import { retentionOfAll, storeSettings, ToldClock } from '#tests/stores/store-settings.ts';
import { sum, timed, type Taken } from './store-bench-figures.ts';
import { StoreTraffic } from './store-bench-traffic.ts';

const SEED = 1;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface Written {
  readonly rows: number;
  readonly puts: Taken;
  /** What is left to be written when no event is expected in the slices any more. */
  readonly sealing: Taken;
  readonly longestSealingMs: number;
  /** Of the file, after its log has been written into it. */
  readonly bytes: number;
  /** Rows of all tables and entries of all indexes. */
  readonly entries: number;
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
  traffic: StoreTraffic,
  { rows, batchRows }: { readonly rows: number; readonly batchRows: number },
): Promise<Taken> {
  const taken: Taken[] = [];
  for (let done = 0; done < rows; done += batchRows) {
    const batches = traffic.next(batchRows);
    taken.push(await timed(() => contestant.put(batches)));
  }
  return sum(taken);
}

export async function writeBare(rows: number, batchRows: number): Promise<Written> {
  return inFolder(async (file) => {
    const bare = openBare(file);
    const puts = await write(bare, new StoreTraffic(SEED), { rows, batchRows });
    const counted = bare.count();
    bare.close();
    const nothing = { seconds: 0, cpuSeconds: 0 };
    return { rows: counted, puts, sealing: nothing, longestSealingMs: 0, bytes: statSync(file).size, entries: counted };
  });
}

export async function writeHistory(rows: number, batchRows: number, limitIndexing: boolean): Promise<Written> {
  return inFolder(async (file) => {
    const history = new SqliteHistory(file, storeSettings({ limitIndexing }));
    const traffic = new StoreTraffic(SEED);
    const puts = await write(history, traffic, { rows, batchRows });
    const { events } = await history.counts();
    // Then no more is expected in what is there.
    traffic.pass(3 * HOUR_MS);
    await history.put(traffic.next(2));
    const steps: Taken[] = [];
    for (let more = true; more;) {
      const step = await timed(() => history.sweep());
      steps.push(step);
      more = step.result;
    }
    history.close();
    return {
      rows: events,
      puts,
      sealing: sum(steps),
      longestSealingMs: 1_000 * Math.max(...steps.map(({ seconds }) => seconds)),
      bytes: statSync(file).size,
      entries: countEntries(file),
    };
  });
}

/** Each read of a visit's 50 newest events, several after every put. */
export async function readWhileWriting(rows: number, batchRows: number): Promise<readonly Taken[]> {
  return inFolder(async (file) => {
    const history = new SqliteHistory(file, storeSettings({ limitIndexing: true }));
    const traffic = new StoreTraffic(SEED);
    const reads: Taken[] = [];
    for (let done = 0; done < rows; done += batchRows) {
      await history.put(traffic.next(batchRows));
      history.sweep();
      for (let i = 0; i < 10; i += 1) {
        const visit = traffic.visit(i < 5 ? 3_000 : Infinity);
        const read = await timed(() => history.list('event', { visit }, { limit: 50 }));
        reads.push(read);
        if (read.result.records.length === 0) throw new Error(`visit ${visit} has no events`);
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
  /** Of a put, with the step that it had to wait for. */
  readonly longestStallMs: number;
  /** Of as many puts when there was nothing to take away. */
  readonly longestPutBeforeMs: number;
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
    const putMs = async (count: number): Promise<number> => {
      const batches = traffic.next(count);
      return 1_000 * (await timed(() => history.put(batches))).seconds;
    };
    for (let done = 0; done < rows; done += 10_000) {
      await putMs(10_000);
      while (history.sweep());
    }
    const before: number[] = [];
    for (let i = 0; i < 200; i += 1) before.push(await putMs(20));
    clock.wall += DAY_MS + 1;
    const steps: Taken[] = [];
    const stalls: number[] = [];
    for (let more = true; more;) {
      const step = await timed(() => history.sweep());
      steps.push(step);
      more = step.result;
      stalls.push(1_000 * step.seconds + (await putMs(20)));
    }
    history.close();
    return {
      rows,
      steps: steps.length,
      longestStepMs: 1_000 * Math.max(...steps.map(({ seconds }) => seconds)),
      longestStepCpuMs: 1_000 * Math.max(...steps.map(({ cpuSeconds }) => cpuSeconds)),
      longestStallMs: Math.max(...stalls),
      longestPutBeforeMs: Math.max(...before),
      totalMs: 1_000 * sum(steps).seconds,
    };
  });
}

export interface Remembered {
  readonly residentMib: number;
  readonly fileMib: number;
}

/** After each million of events, of which six hours' are kept; `tell` gets each at once. The sweep goes on meanwhile as in a node. */
export async function rememberNothing(millions: number, tell: (after: Remembered) => void): Promise<void> {
  await inFolder(async (file) => {
    const clock = new ToldClock();
    const retentionMs = retentionOfAll(6 * HOUR_MS);
    const history = new SqliteHistory(file, storeSettings({ limitIndexing: true, retentionMs, clock }));
    const traffic = new StoreTraffic(SEED);
    const begun = traffic.at;
    for (let million = 0; million < millions; million += 1) {
      for (let i = 0; i < 500; i += 1) {
        await history.put(traffic.next(2_000));
        clock.wall = traffic.at - begun;
        while (history.sweep());
      }
      traffic.visitIds.splice(0, traffic.visitIds.length - 10_000);
      tell({ residentMib: mib(process.memoryUsage.rss()), fileMib: mib(statSync(file).size) });
    }
    history.close();
  });
}

function mib(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}

function countEntries(file: string): number {
  const database = new Database(file, { readonly: true });
  const count = (sql: string): number => Number(database.prepare(sql).pluck().get());
  const schema = database.prepare<[], { type: string; name: string; tbl_name: string; sql: string | null }>(
    "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE type IN ('table', 'index')",
  );
  const entries = schema.all().map(({ tbl_name: table, sql }) => {
    const where = / WHERE .*$/.exec(sql ?? '')?.[0] ?? '';
    return count(`SELECT count(*) FROM ${table}${where}`);
  });
  database.close();
  return entries.reduce((total, each) => total + each, 0);
}

async function inFolder<T>(work: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(process.env['BENCH_FOLDER'] ?? tmpdir(), 'store-bench-'));
  try {
    return await work(join(folder, 'history.db'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
