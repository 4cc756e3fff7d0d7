/** Runs the Cassandra part of the store bench, in a cluster of its own or one that is up, and says what it has measured. */
import { join } from 'node:path';
import { BYTES_PER_EVENT_AND_REPLICA } from '#core/sizing/disk.ts';
import type { CassandraChoice } from '#ports/store-choice.ts';
import { dropCassandraKeyspace } from '#stores/cassandra/cassandra-stores.ts';
import { CASSANDRA_MISSING, startCassandra, type CassandraStage } from '#tests/stores/cassandra-stage.ts';
import {
  bytesOnDisk,
  countRows,
  openContestants,
  readBack,
  writeEvents,
  type Contestant,
  type ContestantName,
} from './store-bench-cassandra.ts';
import { describe, describeTail, type Taken } from './store-bench-figures.ts';
import { StoreTraffic } from './store-bench-traffic.ts';

const BATCH_ROWS = 1_000;
const KIB = 1_000;

export interface CassandraBench {
  /** Of each contestant in each round. */
  readonly events: number;
  readonly rounds: number;
  /** Of a cluster of its own. */
  readonly nodes: 1 | 3;
  /** Of one that is up; absent: a cluster of its own. */
  readonly contactPoints: readonly string[] | undefined;
}

export async function benchCassandra(bench: CassandraBench): Promise<void> {
  const { contactPoints, nodes } = bench;
  if (contactPoints !== undefined) {
    await measure(bench, choiceOf(contactPoints), []);
    console.log('\ndisk: of a cluster that was up already it is not measured');
    return;
  }
  if (CASSANDRA_MISSING !== null) {
    console.log(`\nCASSANDRA IS SKIPPED: ${CASSANDRA_MISSING}`);
    return;
  }
  const stage = await startCassandra({ nodes, profile: 'fast' });
  try {
    const states = stage.cluster.state()?.nodes ?? [];
    const written = await measure(
      bench,
      stage.choice,
      states.flatMap(({ pid }) => pid ?? []),
    );
    await tellDisk(
      stage,
      states.map(({ name }) => join(stage.folder, name)),
      written,
    );
  } finally {
    await stage.end();
  }
}

function choiceOf(contactPoints: readonly string[]): CassandraChoice {
  const [, port = '19160'] = /:(\d+)$/.exec(contactPoints[0] ?? '') ?? [];
  const replication = { strategy: 'SimpleStrategy', factor: Math.min(3, contactPoints.length) } as const;
  const levels = { write: 'QUORUM', read: 'QUORUM' } as const;
  return { kind: 'cassandra', contactPoints, port: Number(port), keyspace: 'BenchPort', replication, ...levels };
}

/** Rows of each contestant by table. */
type RowsOf = ReadonlyMap<Contestant, Readonly<Record<string, number>>>;

async function measure(bench: CassandraBench, choice: CassandraChoice, pids: readonly number[]): Promise<RowsOf> {
  const { events, rounds } = bench;
  const contestants = await openContestants(choice);
  try {
    const taken = await race(contestants, { events, rounds, pids });
    const rows = new Map<Contestant, Readonly<Record<string, number>>>();
    for (const contestant of contestants) rows.set(contestant, await countRows(choice, contestant.keyspace));
    checkRows(rows, events * (rounds + 1));
    console.log(
      `\nCassandra, ${events} events in puts of ${BATCH_ROWS}, one after the other, median of ${rounds} (range); aim: 0.8x of the same rows`,
    );
    for (const { name } of contestants) tell(name, taken, events);
    for (const [{ name }, counted] of rows) {
      const perEvent = Object.entries(counted).map(
        ([table, count]) => `${table} ${(count / events / (rounds + 1)).toFixed(3)}`,
      );
      const all = Object.values(counted).reduce((total, count) => total + count, 0);
      console.log(`  rows an event, ${name}: ${(all / events / (rounds + 1)).toFixed(2)} (${perEvent.join(', ')})`);
    }
    const { points, visits } = await readBack(choice);
    console.log(`\nan event by its id: ${describeTail(points)}`);
    console.log(`a visit's 500 events: ${describeTail(visits)}`);
    return rows;
  } finally {
    for (const contestant of contestants) contestant.close();
    // What was up before is left as it was.
    if (bench.contactPoints !== undefined)
      for (const { keyspace } of contestants) await dropCassandraKeyspace({ ...choice, keyspace });
  }
}

type Times = Readonly<Record<ContestantName, readonly Taken[]>>;

/** In turns; the first round is for everybody to warm up, and is not counted. */
async function race(
  contestants: readonly Contestant[],
  { events, rounds, pids }: { readonly events: number; readonly rounds: number; readonly pids: readonly number[] },
): Promise<Times> {
  const taken: Record<ContestantName, Taken[]> = {
    port: [],
    'port, full indexing': [],
    'same rows': [],
    'one row': [],
  };
  for (let round = 0; round <= rounds; round += 1) {
    for (const contestant of contestants) {
      const traffic = new StoreTraffic(round);
      const took = await writeEvents(contestant, traffic, { rows: events, batchRows: BATCH_ROWS, pids });
      if (round > 0) taken[contestant.name].push(took);
    }
  }
  return taken;
}

/** The port and its peer have the same rows in every table, and each event is there once. */
function checkRows(rows: RowsOf, events: number): void {
  const of = (name: ContestantName): Readonly<Record<string, number>> =>
    [...rows].find(([contestant]) => contestant.name === name)?.[1] ?? {};
  const [port, same] = [JSON.stringify(of('port')), JSON.stringify(of('same rows'))];
  if (port !== same) throw new Error(`rows differ: the port has ${port}, its peer ${same}`);
  const found = [of('port')['events'], of('port, full indexing')['events'], of('one row')['log']];
  if (found.some((count) => count !== events)) throw new Error(`${found.join(', ')} events, expected ${events} each`);
}

function tell(name: ContestantName, taken: Times, events: number): void {
  const ratios = (peer: ContestantName, of: keyof Taken): string => {
    const each = taken[name].map((own, i) => (taken[peer][i] ?? own)[of] / own[of]);
    return `${describe(each, 2)}x`;
  };
  const beside = (peer: ContestantName): string =>
    peer === name
      ? ''
      : `; ${ratios(peer, 'seconds')} of ${peer}, by processor time of both sides ${ratios(peer, 'cpuSeconds')}`;
  const speed = describe(taken[name].map(({ seconds }) => events / seconds));
  console.log(`  ${name}: ${speed} events/s${beside('same rows')}${beside('one row')}`);
}

/** After a drain, which writes all that is in memory. */
async function tellDisk(stage: CassandraStage, homes: readonly string[], written: RowsOf): Promise<void> {
  await stage.cluster.down({ wipe: false });
  const factor = stage.choice.replication.strategy === 'SimpleStrategy' ? stage.choice.replication.factor : NaN;
  const guide = (3 * BYTES_PER_EVENT_AND_REPLICA) / KIB;
  console.log(
    `\ndisk, files of the tables after a drain, ${homes.length} node${homes.length === 1 ? '' : 's'}, replication factor ${factor}`,
  );
  for (const [{ name, keyspace }, rows] of written) {
    const events = rows['events'] ?? rows['log'] ?? NaN;
    const bytes = bytesOnDisk(homes, keyspace);
    const all = Object.values(bytes).reduce((total, each) => total + each, 0);
    const replica = all / events / factor;
    const tables = Object.entries(bytes).filter(([, each]) => each > 0);
    console.log(
      `  ${name}: ${Math.round(replica)} bytes an event and replica, ${((3 * replica) / KIB).toFixed(2)} kB at replication factor 3 ` +
        `(the guide: ${guide.toFixed(1)} kB); ${tables.map(([table, each]) => `${table} ${Math.round(each / events / factor)}`).join(', ')}`,
    );
  }
}
