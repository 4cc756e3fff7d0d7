/**
 * The drills in which nodes of a cluster of three are killed under load (goals G3 to G5 of the reliability notes), for inside a
 * `describe`. Each finds the cluster with all nodes up, or brings it there.
 */
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createRandomSource } from '#core/random/random-source.ts';
import type { CassandraChoice } from '#ports/store-choice.ts';
import type { LocalCassandra } from '#testbed/cassandra/local-cassandra.ts';
import { isFull } from '#tests/house/drill-counts.ts';
import { describeRefusals, describeRequests, openLoad, servedShare, type CassandraLoad } from './cassandra-load.ts';
import type { CassandraStage } from './cassandra-stage.ts';
import { NO_FAULTS } from './check-stored.ts';

/** Nodes to kill, each alone. */
const VICTIMS = isFull ? [1, 2, 3] : [2];
const TIMES_ALL = isFull ? 5 : 1;
const DEAD_MS = isFull ? 60_000 : 20_000;
const CALM_MS = 5_000;
/** From a kill on requests may fail for so long. */
const NOTICED_MS = 5_000;
const FLOOD_MS = 2_000;
const AT_ONCE_MS_MAX = 50;
const BACK_MS_MAX = 60_000;
const LOOK_MS = 100;

export function testOneKilled(stage: () => CassandraStage): void {
  it.each(VICTIMS)('lose nothing and go on serving while node %i is killed and returns under load', async (victim) => {
    const { cluster, choice } = stage();
    await startAllOf(stage());
    const under = await openLoad({ ...choice, keyspace: `One${victim}` }, victim);
    const { load } = under;
    const random = createRandomSource(victim).stream('kill');
    load.start();
    await sleep(CALM_MS + 2_000 * random.next());
    const killedMs = load.nowMs;
    await cluster.kill(victim);
    await sleep(DEAD_MS);
    const startedMs = load.nowMs;
    await cluster.start(victim);
    const backMs = load.nowMs - startedMs;
    await sleep(CALM_MS);
    const faults = await under.check();
    const between = (fromMs: number, toMs: number) =>
      load.requests.filter(({ dueMs }) => dueMs >= fromMs && dueMs < toMs);
    const later = between(killedMs + NOTICED_MS, Infinity);
    say(`Cassandra, node ${victim} of 3 killed: ${countOf(under)}, the node serves again after ${seconds(backMs)} s`, [
      `before: ${describeRequests(between(CALM_MS / 2, killedMs))}`,
      `5 s of the kill: ${describeRequests(between(killedMs, killedMs + NOTICED_MS))}`,
      `dead: ${describeRequests(between(killedMs + NOTICED_MS, startedMs))}`,
      `returning: ${describeRequests(between(startedMs, Infinity))}`,
      ...describeRefusals(load.requests),
    ]);
    await under.end();
    expect(faults).toEqual(NO_FAULTS);
    expect(load.missed).toEqual([]);
    expect(servedShare(later)).toBeGreaterThanOrEqual(0.999);
    expect(backMs).toBeLessThanOrEqual(BACK_MS_MAX);
  });
}

export function testAllKilled(stage: () => CassandraStage): void {
  it.each(Array.from({ length: TIMES_ALL }, (_, index) => index))(
    'lose nothing when all three are killed at once, being durable (time %i)',
    async (time) => {
      await startAllOf(stage());
      expect(await killAll(stage(), `All${time}`)).toEqual(NO_FAULTS);
    },
  );
}

/** What is wrong with what is stored after all nodes were killed at once under as many puts as they take, and came back. */
async function killAll(stage: CassandraStage, keyspace: string): ReturnType<CassandraLoad['check']> {
  const { cluster, choice } = stage;
  const under = await openLoad({ ...choice, keyspace }, 1);
  const { load } = under;
  load.start();
  await sleep(CALM_MS);
  load.flood(16);
  await sleep(FLOOD_MS);
  const numbers = numbersOf(cluster);
  const withinMs = await cluster.killTogether(numbers);
  load.halt();
  const startedMs = load.nowMs;
  await startAllOf(stage);
  const backMs = load.nowMs - startedMs;
  const faults = await under.check();
  say(
    `Cassandra, ${numbers.length} ${cluster.state()?.order.profile} nodes killed within ${withinMs.toFixed(1)} ms: ${countOf(under)}, ` +
      `${faults.lost.length} lost; all serve again after ${seconds(backMs)} s`,
    [`until the kill: ${describeRequests(load.requests)}`],
  );
  await under.end();
  expect(withinMs).toBeLessThan(AT_ONCE_MS_MAX);
  expect(load.missed).toEqual([]);
  return faults;
}

/** Leaves node 2 dead. */
export function testTwoKilled(stage: () => CassandraStage): void {
  it('acknowledge nothing without two of three, refuse in words, and serve again in a minute; written and read at ONE they lose', async () => {
    const { cluster, choice } = stage();
    await startAllOf(stage());
    const under = await openLoad({ ...choice, keyspace: 'Two' }, 2);
    const careless = await openLoad(atOne(choice), 3);
    const { load } = under;
    load.start();
    await sleep(CALM_MS);
    await cluster.killTogether([1, 3]);
    const deadMs = load.nowMs;
    await sleep(2 * CALM_MS);
    // What the defence prevents: one node alone acknowledges, and is not there when the others are asked.
    await putUntilAcknowledged(careless.load);
    await cluster.kill(2);
    const startedMs = load.nowMs;
    await Promise.all([cluster.start(1), cluster.start(3)]);
    const servedMs = (await untilServed(load, startedMs + BACK_MS_MAX)) - startedMs;
    const faults = await under.check();
    const alone = load.requests.filter(({ dueMs }) => dueMs >= deadMs && dueMs < startedMs);
    const refused = alone.filter(({ fault }) => fault !== null);
    const carelessFaults = await careless.check();
    say(`Cassandra, two of 3 nodes killed: ${countOf(under)}, serves again after ${seconds(servedMs)} s`, [
      `without them: ${describeRequests(alone)}`,
      ...describeRefusals(alone).slice(0, 6),
      `control, ONE and ONE: ${countOf(careless)}, ${carelessFaults.lost.length} lost`,
    ]);
    await Promise.all([under.end(), careless.end()]);
    expect(refused).toHaveLength(alone.length);
    for (const { fault } of refused) {
      expect(['unavailable', 'outcomeUnknown']).toContain(fault?.fault);
      expect(fault?.message).toMatch(/^Cassandra, keyspace Two: (no node|not enough|Not enough|Server|The host)/);
    }
    expect(faults).toEqual(NO_FAULTS);
    expect(load.missed).toEqual([]);
    expect(servedMs).toBeLessThanOrEqual(BACK_MS_MAX);
    expect(carelessFaults.lost.length).toBeGreaterThan(0);
  });
}

function atOne(choice: CassandraChoice): CassandraChoice {
  return { ...choice, keyspace: 'Careless', write: 'ONE', read: 'ONE' };
}

/** On a busy machine a node that is alone may take a while until it does. */
async function putUntilAcknowledged(load: CassandraLoad['load']): Promise<void> {
  const endsMs = load.nowMs + BACK_MS_MAX;
  while (load.requests.every(({ fault }) => fault !== null)) {
    if (load.nowMs > endsMs) throw new Error(`nothing is acknowledged: ${describeRefusals(load.requests).join('; ')}`);
    await load.putMany(10);
    await sleep(LOOK_MS);
  }
}

/** When all requests were served again, load ms. */
async function untilServed(load: CassandraLoad['load'], limitMs: number): Promise<number> {
  for (;;) {
    const since = load.servedSinceMs();
    if (since !== null) return since;
    if (load.nowMs > limitMs + BACK_MS_MAX) return Infinity;
    await sleep(LOOK_MS);
  }
}

async function startAllOf({ cluster }: CassandraStage): Promise<void> {
  const dead = (cluster.state()?.nodes ?? []).filter(({ pid }) => pid === null);
  await Promise.all(dead.map(({ number }) => cluster.start(number)));
}

function numbersOf(cluster: LocalCassandra): readonly number[] {
  return (cluster.state()?.nodes ?? []).map(({ number }) => number);
}

function countOf({ load }: CassandraLoad): string {
  const puts = load.requests.filter(({ kind }) => kind === 'put');
  const acknowledged = puts.filter(({ fault }) => fault === null);
  return `${acknowledged.length.toLocaleString('en')} of ${puts.length.toLocaleString('en')} puts acknowledged`;
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}

function say(headline: string, lines: readonly string[]): void {
  const load = `load of the machine ${loadavg()[0]?.toFixed(1)}`;
  process.stdout.write(`${[`${headline}; ${load}`, ...lines.map((line) => `  ${line}`)].join('\n')}\n`);
}
