/**
 * Requests of 100 events against JSON.parse alone of the same bytes: once through validation, categories, rules and the
 * driver in this process, once through the real Frontend with HTTP and its link, by the processor time that an event takes.
 */
import { present } from '#core/assert.ts';
import type { FrontendEvent } from '#core/frontend-node.ts';
import { parsePlainEvents } from '#frontend/intake-check.ts';
import { DomainClock, readMonoMs } from '#node/domain-clock.ts';
import { DomainTimers } from '#node/domain-timers.ts';
import { createFrontendNode } from '#node/create-machines.ts';
import { MachineDriver } from '#node/machine-driver.ts';
import { browserEventsOf, describeBatchFault, openEventsBody } from '#protocol/wire-events.ts';
import type { BenchOptions } from './intake-bench-options.ts';
import { shopScenario, startBenchCluster, type BenchCluster } from './intake-bench-cluster.ts';
import { describeRounds, median, printTable } from './intake-bench-report.ts';
import { HttpLoad } from './intake-load.ts';
import { ShopTraffic } from './intake-visits.ts';

const BATCH = 100;
const CONNECTIONS = 8;
const WARM_UP_MS = 1_000;

interface InProcess {
  readonly bytes: number;
  parse(): number;
  takeIn(): number;
}

/** The same work as the Frontend does with a body's text, answered as the Backend would. */
function createInProcess(traffic: ShopTraffic): InProcess {
  const nowMs = readMonoMs();
  const clock = new DomainClock({ anchorMonoMs: nowMs, anchorDomainMs: 0, speed: 1, fromMonoMs: nowMs });
  let stored = 0;
  let requests = 0;
  const driver = new MachineDriver<FrontendEvent>({
    node: 'bench',
    incarnation: 1,
    machine: createFrontendNode(shopScenario(), 'bench'),
    clock,
    timers: new DomainTimers(clock),
    journal: null,
    relays: true,
    wake: () => ({ type: 'batchRefused', batchId: '' }),
    storeFailed: () => ({ type: 'batchRefused', batchId: '' }),
    outlet: {
      send: (effect, _id, onAcked) => {
        onAcked();
        if (effect.type !== 'toBackend' || effect.message.type !== 'storeBatch') return;
        driver.deliver({ type: 'batchStored', batchId: effect.message.batchId });
      },
      local: (effect) => {
        if (effect.type === 'acknowledge' && effect.stored) stored += BATCH;
      },
      commit: () => undefined,
      facts: () => undefined,
    },
  });
  const [first] = traffic.bodies;
  const { visitID } = present((JSON.parse(present(first, 'body')) as { visitID: string }[])[0], 'event');
  const takeInOne = (text: string): void => {
    const body = present(parsePlainEvents(text), 'body that is surely good');
    requests += 1;
    const own = `v${requests.toString(36).padStart(visitID.length - 1, '0')}`;
    const { events, sentAt } = openEventsBody(body);
    const fault = describeBatchFault(visitID, events);
    if (fault !== null) throw new Error(fault);
    // A visit of its own, as each request of the load has.
    driver.deliver({
      type: 'intake',
      requestId: requests,
      visitID: own,
      events: browserEventsOf(events),
      sentAt,
      past: [],
    });
  };
  return {
    bytes: Buffer.byteLength(present(first, 'body')),
    parse: () => {
      let events = 0;
      for (const text of traffic.bodies) events += (JSON.parse(text) as unknown[]).length;
      return events;
    },
    takeIn: () => {
      const before = stored;
      for (const text of traffic.bodies) takeInOne(text);
      return stored - before;
    },
  };
}

/** Processor time of this process an event, us. */
function measure(job: () => number, forMs: number): number {
  const before = process.cpuUsage();
  const startMs = performance.now();
  let events = 0;
  while (performance.now() - startMs < forMs) events += job();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / events;
}

async function measureFrontend(bench: BenchCluster, traffic: ShopTraffic, forMs: number): Promise<number> {
  const load = await new HttpLoad(traffic).open(bench.port, CONNECTIONS);
  const before = bench.cpuMs('frontend-1');
  const figures = await load.runClosed(forMs);
  load.close();
  if (figures.stored === 0 || figures.stored !== figures.sent)
    throw new Error(`${figures.sent - figures.stored} batches not stored`);
  return ((bench.cpuMs('frontend-1') - before) * 1_000) / (figures.stored * BATCH);
}

export async function benchBatches({ rounds, roundMs }: BenchOptions): Promise<void> {
  const traffic = new ShopTraffic(BATCH, 'b0');
  const inProcess = createInProcess(traffic);
  if (inProcess.parse() !== inProcess.takeIn()) throw new Error('every event that is parsed is stored');
  const bench = await startBenchCluster('memory', true);
  const posted = new ShopTraffic(BATCH, 'b1');
  await measureFrontend(bench, posted, WARM_UP_MS);
  measure(inProcess.takeIn, WARM_UP_MS);
  const jobs = [
    { name: 'JSON.parse alone', us: new Array<number>(), run: async () => measure(inProcess.parse, roundMs) },
    { name: 'validation to driver', us: new Array<number>(), run: async () => measure(inProcess.takeIn, roundMs) },
    { name: 'the Frontend, HTTP to link', us: new Array<number>(), run: () => measureFrontend(bench, posted, roundMs) },
  ];
  for (let round = 0; round < rounds; round += 1) for (const { us, run } of jobs) us.push(await run());
  const peerUs = median(jobs[0]?.us ?? []);
  printTable(`Batches of ${BATCH} events, ${inProcess.bytes} bytes (aim: 0.5x)`, [
    ['', 'CPU an event, us', 'events/s of CPU', 'ratio'],
    ...jobs.map(({ name, us }) => [
      name,
      describeRounds(us, 2),
      Math.round(1e6 / median(us)).toLocaleString('en'),
      `${(peerUs / median(us)).toFixed(2)}x`,
    ]),
  ]);
  await bench.stop();
}
