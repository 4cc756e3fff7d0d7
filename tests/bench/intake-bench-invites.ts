/**
 * From the event that makes a visitor hot to the invite on the browser's socket, with 5,000 other events a second: our
 * nodes (HTTP, store, links, Bayeux) against raw ws with the same rules and as many processes on the way.
 */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { WireEvent } from '#protocol/wire-events.ts';
import { RawSocket } from '#tests/node/bayeux/bayeux-stand.ts';
import type { BenchOptions } from './intake-bench-options.ts';
import { startBenchCluster, turnsOf, type ProcessorTurns } from './intake-bench-cluster.ts';
import { describeRounds, percentile, printTable } from './intake-bench-report.ts';
import { HttpLoad } from './intake-load.ts';
import { startPeer } from './intake-peer.ts';
import { httpRequest, ShopTraffic } from './intake-visits.ts';

const EVENTS_PER_SECOND = 5_000;
const INVITES_PER_SECOND = 50;
const CONNECTIONS = 256;
const HANDS_AT_ONCE = 50;
const ANSWER_MS_MAX = 5_000;
/** Until then the nodes still compile: it takes them a processor and a good part of the second. */
const WARM_UP_MS = 10_000;

/** Place of the arrangement whose processes are looked at. */
const MEMORY = 1;

/** How an arrangement sends events and hears invites. */
interface Arrangement {
  readonly name: string;
  /** A visitor who listens; `invited` is fulfilled when his invite arrives. */
  listen(visitID: string): Promise<{ readonly invited: Promise<void>; leave(): void }>;
  /** Sends the event that makes the visitor hot. */
  heat(event: WireEvent): void;
  /** Other events for so long; how many were taken. */
  background(forMs: number): Promise<number>;
}

function paymentRefused(visitID: string): WireEvent {
  return {
    eventID: `${visitID}.e1`,
    timestamp: Date.now(),
    visitID,
    globalVisitID: `g-${visitID}`,
    pageID: `${visitID}.p1`,
    eventType: 'BUSINESS',
    eventName: 'PaymentRefused',
    url: 'https://www.northfell.example/checkout',
    title: 'Checkout',
    languageCode: 'en-GB',
    data: {},
  };
}

async function ourArrangement(port: number): Promise<Arrangement> {
  const traffic = new ShopTraffic(1, 'i0');
  const heat = new HttpLoad(traffic);
  return {
    name: 'Frontend, Backend, contact center, store',
    listen: async (visitID) => {
      const raw = await new RawSocket(`http://127.0.0.1:${port}/frontend/cometd`).open();
      const clientId = await raw.handshake();
      await raw.ask({ id: 's', clientId, channel: '/meta/subscribe', subscription: `/notification/${visitID}` });
      raw.send({ id: 'c', clientId, channel: '/meta/connect', connectionType: 'websocket' });
      const invited = raw.hear(({ channel }) => channel === `/notification/${visitID}`);
      return { invited: invited.then(() => undefined), leave: () => raw.socket.terminate() };
    },
    heat: (event) => heat.sendOne(httpRequest(event.visitID, JSON.stringify([event]))),
    background: async (forMs) => {
      const load = await new HttpLoad(traffic).open(port, CONNECTIONS);
      await heat.open(port, INVITES_PER_SECOND);
      const { stored } = await load.runOpen(EVENTS_PER_SECOND, forMs);
      load.close();
      heat.close();
      return stored;
    },
  };
}

async function bareArrangement(port: number): Promise<Arrangement> {
  const dial = async (): Promise<WebSocket> => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
    await once(socket, 'open');
    return socket;
  };
  const senders = await Promise.all(Array.from({ length: 32 }, dial));
  const traffic = new ShopTraffic(1, 'i2');
  let visit = traffic.visit();
  let sent = 0;
  const sendNext = (): void => {
    let request = visit.next();
    if (request === undefined) {
      visit = traffic.visit();
      request = visit.next();
    }
    const text = request?.slice(request.indexOf('\r\n\r\n') + 5, -1) ?? '';
    senders[sent % senders.length]?.send(text);
    sent += 1;
  };
  return {
    name: 'raw ws, matcher, two relays',
    listen: async (visitID) => {
      const socket = await dial();
      socket.send(JSON.stringify({ watch: visitID }));
      return { invited: once(socket, 'message').then(() => undefined), leave: () => socket.terminate() };
    },
    heat: (event) => senders[0]?.send(JSON.stringify(event)),
    background: (forMs) =>
      new Promise((resolve) => {
        const startMs = performance.now();
        sent = 0;
        const tick = setInterval(() => {
          const elapsedMs = performance.now() - startMs;
          const due = Math.floor((Math.min(elapsedMs, forMs) * EVENTS_PER_SECOND) / 1_000);
          for (let n = due - sent; n > 0; n -= 1) sendNext();
          if (elapsedMs < forMs) return;
          clearInterval(tick);
          resolve(sent);
        }, 1);
      }),
  };
}

interface Round {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly perSecond: number;
}

/** Visitors who listen beforehand turn hot one after the other, evenly over the round. */
async function runRound(arrangement: Arrangement, name: string, forMs: number): Promise<Round> {
  const count = Math.floor((forMs / 1_000) * INVITES_PER_SECOND);
  const ids = Array.from({ length: count }, (_, n) => `${name}-${n}`);
  const visitors: Awaited<ReturnType<Arrangement['listen']>>[] = [];
  for (let at = 0; at < ids.length; at += HANDS_AT_ONCE) {
    visitors.push(...(await Promise.all(ids.slice(at, at + HANDS_AT_ONCE).map((id) => arrangement.listen(id)))));
  }
  const background = arrangement.background(forMs + 500);
  const latenciesMs: number[] = [];
  const heard = visitors.map(async ({ invited }, n) => {
    await new Promise((resolve) => setTimeout(resolve, 250 + (n * 1_000) / INVITES_PER_SECOND));
    const startMs = performance.now();
    arrangement.heat(paymentRefused(ids[n] ?? ''));
    await Promise.race([invited, failAfter(ANSWER_MS_MAX, `${arrangement.name}: no invite for ${ids[n]}`)]);
    latenciesMs.push(performance.now() - startMs);
  });
  await Promise.all(heard);
  const taken = await background;
  for (const visitor of visitors) visitor.leave();
  return {
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
    perSecond: (taken * 1_000) / (forMs + 500),
  };
}

/** By process: percent of each round that its main thread ran, and that it waited for a processor. */
type Shares = Map<string, readonly [ran: number[], waited: number[]]>;

function noteShares(shares: Shares, before: readonly ProcessorTurns[], after: readonly ProcessorTurns[]): void {
  const wallMs = (after.at(-1)?.atMs ?? 0) - (before.at(-1)?.atMs ?? 0);
  for (const [at, { name, ranMs, waitedMs }] of after.entries()) {
    const from = before[at];
    if (from === undefined) continue;
    const share = shares.get(name) ?? [[], []];
    shares.set(name, share);
    share[0].push((100 * (ranMs - from.ranMs)) / wallMs);
    share[1].push((100 * (waitedMs - from.waitedMs)) / wallMs);
  }
}

function failAfter(ms: number, why: string): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new Error(why)), ms).unref());
}

export async function benchInvites({ rounds, roundMs }: BenchOptions): Promise<void> {
  const center = await startPeer('center');
  const relay = await startPeer('relay', center.port);
  const front = await startPeer('front', relay.port);
  const memory = await startBenchCluster('memory');
  const sqlite = await startBenchCluster('sqlite');
  const arrangements = [
    await bareArrangement(front.port),
    { ...(await ourArrangement(memory.port)), name: 'our nodes, store in memory' },
    { ...(await ourArrangement(sqlite.port)), name: 'our nodes, SQLite FULL' },
  ];
  const results = arrangements.map(() => new Array<Round>());
  for (const [at, each] of arrangements.entries()) await runRound(each, `w${at}`, WARM_UP_MS);
  const shares: Shares = new Map();
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, each] of arrangements.entries()) {
      const before = memory.turns().concat(turnsOf('this client', process.pid));
      results[at]?.push(await runRound(each, `r${round}`, roundMs));
      if (at === MEMORY) noteShares(shares, before, memory.turns().concat(turnsOf('this client', process.pid)));
    }
  }
  printTable(`Event to invite at ${EVENTS_PER_SECOND} events/s (aim: p99 <= 10 ms)`, [
    ['', 'p50 ms', 'p99 ms', 'other events stored a second'],
    ...arrangements.map(({ name }, at) => [
      name,
      describeRounds((results[at] ?? []).map(({ p50Ms }) => p50Ms)),
      describeRounds((results[at] ?? []).map(({ p99Ms }) => p99Ms)),
      describeRounds(
        (results[at] ?? []).map(({ perSecond }) => perSecond),
        0,
      ),
    ]),
  ]);
  printTable('Main threads meanwhile, store in memory: share of the wall time, %', [
    ['', 'ran', 'ready, but without a processor'],
    ...[...shares].map(([name, [ran = [], waited = []]]) => [name, describeRounds(ran, 0), describeRounds(waited, 0)]),
  ]);
  for (const peer of [front, relay, center]) peer.stop();
  for (const cluster of [memory, sqlite]) await cluster.stop();
}
