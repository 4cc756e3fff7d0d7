/**
 * The Cassandra part of the store bench: events through the port against the driver's own `executeConcurrent` with nothing in front of
 * it, reads, and what is on the disk afterwards.
 *
 * Two peers, with the same settings of the driver and as many statements under way. `same rows` writes what the port would write, all rows of all
 * tables, each as a statement of its own, without asking first which events are there already; `one row` writes an event
 * as one row under its id and keeps nothing to find it by. Contestants must end with the rows that they should.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { concurrent, type Client } from 'cassandra-driver';
import type { StoreBatch } from '#core/messages.ts';
import type { CassandraChoice } from '#ports/store-choice.ts';
import type { HistoryStore } from '#ports/stores.ts';
import { connectClient } from '#stores/cassandra/cassandra-client.ts';
import { quoteKeyspace, TABLES } from '#stores/cassandra/cassandra-schema.ts';
import { CassandraSession, LIMITS, type Statement } from '#stores/cassandra/cassandra-session.ts';
import { dropCassandraKeyspace, openCassandraStores } from '#stores/cassandra/cassandra-stores.ts';
import { CassandraTimes } from '#stores/cassandra/cassandra-times.ts';
import { describeArrival, rowsOfArrival } from '#stores/cassandra/event-rows.ts';
import { StoredClock } from '#stores/cassandra/stored-clock.ts';
import { createClient } from '#tests/stores/cassandra-stage.ts';
import { storeSettings } from '#tests/stores/store-settings.ts';
import { timed, type Taken } from './store-bench-figures.ts';
import { StoreTraffic } from './store-bench-traffic.ts';

export const CONTESTANTS = ['port', 'port, full indexing', 'same rows', 'one row'] as const;
export type ContestantName = (typeof CONTESTANTS)[number];

export interface Contestant {
  readonly name: ContestantName;
  readonly keyspace: string;
  /** What is to be timed. */
  prepare(batches: readonly StoreBatch[]): () => Promise<unknown>;
  close(): void;
}

/** Other events than those that were written. */
const READ_SEED = 1_000_000;
const VISIT_EVENTS = 500;
const TICKS_PER_SECOND = 100;

const LOG = 'log (event_id text PRIMARY KEY, visit_id text, at bigint, name text, body text)';

export async function openContestants(choice: CassandraChoice): Promise<readonly Contestant[]> {
  return [
    await openPort(choice, 'port', 'BenchPort'),
    await openPort(choice, 'port, full indexing', 'BenchFull'),
    await openSameRows(choice),
    await openOneRow(choice),
  ];
}

async function openPort(choice: CassandraChoice, name: ContestantName, keyspace: string): Promise<Contestant> {
  const limitIndexing = name === 'port';
  const { history, operations } = await openCassandraStores({ ...choice, keyspace }, storeSettings({ limitIndexing }));
  return {
    name,
    keyspace,
    prepare: (batches) => () => history.put(batches),
    close: () => {
      history.close();
      operations.close();
    },
  };
}

async function openSameRows(choice: CassandraChoice): Promise<Contestant> {
  const own = { ...choice, keyspace: 'BenchRows' };
  const settings = storeSettings({ limitIndexing: true });
  const stores = await openCassandraStores(own, settings);
  stores.history.close();
  stores.operations.close();
  const { client } = await connectClient(own);
  const session = new CassandraSession(client, own);
  const [times, clock] = [new CassandraTimes(session), new StoredClock()];
  return {
    name: 'same rows',
    keyspace: own.keyspace,
    prepare: (batches) => {
      const events = batches.flatMap((batch) => batch.events);
      const firstUs = clock.take(events.length);
      const arrivals = events.map((event, i) => describeArrival(event, firstUs + i, settings.clock.wallMs()));
      const rows = rowsOfArrival(arrivals, session.keyspace, settings, times);
      return sending(client, [...rows.events.flat(), ...rows.found, ...rows.ids.flat()]);
    },
    close: () => void client.shutdown(),
  };
}

async function openOneRow(choice: CassandraChoice): Promise<Contestant> {
  const own = { ...choice, keyspace: 'BenchOne' };
  const stores = await openCassandraStores(own, storeSettings());
  stores.history.close();
  stores.operations.close();
  const { client } = await connectClient(own);
  const keyspace = quoteKeyspace(own.keyspace);
  await client.execute(`CREATE TABLE IF NOT EXISTS ${keyspace}.${LOG}`, [], { prepare: false });
  const query = `INSERT INTO ${keyspace}.log (event_id, visit_id, at, name, body) VALUES (?, ?, ?, ?, ?)`;
  return {
    name: 'one row',
    keyspace: own.keyspace,
    prepare: (batches) => {
      const events = batches.flatMap((batch) => batch.events);
      return sending(
        client,
        events.map(({ eventID, visitID, at, eventName, ...body }) => ({
          query,
          params: [eventID, visitID, BigInt(at), eventName, JSON.stringify(body)],
        })),
      );
    },
    close: () => void client.shutdown(),
  };
}

function sending(client: Client, statements: readonly Statement[]): () => Promise<unknown> {
  const all = statements.map(({ query, params }) => ({ query, params: [...params] }));
  return () => concurrent.executeConcurrent(client, all, { concurrencyLevel: LIMITS.statementsMax });
}

/** What one contestant has taken for as many events, put after put. */
export async function writeEvents(
  contestant: Contestant,
  traffic: StoreTraffic,
  { rows, batchRows, pids }: { readonly rows: number; readonly batchRows: number; readonly pids: readonly number[] },
): Promise<Taken> {
  let seconds = 0;
  let cpuSeconds = 0;
  const nodesBefore = cpuSecondsOf(pids);
  for (let done = 0; done < rows; done += batchRows) {
    const send = contestant.prepare(traffic.next(batchRows));
    const taken = await timed(send);
    seconds += taken.seconds;
    cpuSeconds += taken.cpuSeconds;
  }
  return { seconds, cpuSeconds: cpuSeconds + cpuSecondsOf(pids) - nodesBefore };
}

/** Rows by table, of those that have any. */
export async function countRows(choice: CassandraChoice, keyspace: string): Promise<Readonly<Record<string, number>>> {
  const client = createClient(choice);
  const counted: Record<string, number> = {};
  for (const table of keyspace === 'BenchOne' ? ['log'] : TABLES) {
    const { rows } = await client.execute(`SELECT count(*) FROM ${quoteKeyspace(keyspace)}.${table}`);
    const count = Number(rows[0]?.['count']);
    if (count > 0) counted[table] = count;
  }
  await client.shutdown();
  return counted;
}

export interface ReadingTimes {
  /** Of an event by its id, ms. */
  readonly points: readonly number[];
  /** Of the 500 events of a visit, ms. */
  readonly visits: readonly number[];
}

/** One after the other, in a keyspace of their own. */
export async function readBack(choice: CassandraChoice): Promise<ReadingTimes> {
  const own = { ...choice, keyspace: 'BenchReads' };
  const { history, operations } = await openCassandraStores(own, storeSettings({ limitIndexing: true }));
  const traffic = new StoreTraffic(READ_SEED);
  const batches = traffic.next(4_000);
  await history.put(batches);
  const ids = batches.flatMap(({ events }) => events.map(({ eventID }) => eventID));
  const long = Array.from({ length: 20 }, () => traffic.longVisit(VISIT_EVENTS));
  for (const batch of long) await history.put([batch]);
  const points: number[] = [];
  for (let i = 0; i < 2_000; i += 1) points.push(await pointMs(history, ids[(i * 7) % ids.length] ?? ''));
  const visits: number[] = [];
  for (let i = 0; i < 400; i += 1) visits.push(await visitMs(history, long[i % long.length]?.visitID ?? ''));
  history.close();
  operations.close();
  await dropCassandraKeyspace(own);
  return { points, visits };
}

async function pointMs(history: HistoryStore, id: string): Promise<number> {
  const startMs = performance.now();
  const record = await history.get('event', id);
  const ms = performance.now() - startMs;
  if (record?.eventID !== id) throw new Error(`event ${id} is not found`);
  return ms;
}

async function visitMs(history: HistoryStore, visit: string): Promise<number> {
  const startMs = performance.now();
  const { records } = await history.list('event', { visit }, { limit: VISIT_EVENTS });
  const ms = performance.now() - startMs;
  if (records.length !== VISIT_EVENTS) throw new Error(`visit ${visit} has ${records.length} events`);
  return ms;
}

/** Of all files of a keyspace, by table, in the folders of the nodes; their nodes must have been drained. */
export function bytesOnDisk(homes: readonly string[], keyspace: string): Readonly<Record<string, number>> {
  const bytes: Record<string, number> = {};
  for (const home of homes) {
    const folder = join(home, 'data', keyspace);
    for (const name of readdirSync(folder)) {
      const table = name.replace(/-[0-9a-f]{32}$/, '');
      for (const file of readdirSync(join(folder, name), { recursive: true, withFileTypes: true }))
        if (file.isFile()) bytes[table] = (bytes[table] ?? 0) + statSync(join(file.parentPath, file.name)).size;
    }
  }
  return bytes;
}

/** User and system, of processes that run; Linux alone tells it. */
function cpuSecondsOf(pids: readonly number[]): number {
  const ticks = pids.map((pid) => {
    // Behind the name, which stands in brackets: state, 10 more, user, system.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((total, each) => total + each, 0) / TICKS_PER_SECOND;
}
