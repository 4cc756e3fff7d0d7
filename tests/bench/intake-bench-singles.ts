/**
 * Single events: through the real Frontend (HTTP, validation, categories, the shop's rules) and an acknowledging queue,
 * against node:http with JSON.parse under the same load. Once with a Backend that answers at once, once to the disk.
 */
import type { BenchOptions } from './intake-bench-options.ts';
import { cpuMsOf, startBenchCluster } from './intake-bench-cluster.ts';
import { describeRounds, median, percentile, printTable } from './intake-bench-report.ts';
import { HttpLoad, type LoadFigures } from './intake-load.ts';
import { startPeer } from './intake-peer.ts';
import { ShopTraffic } from './intake-visits.ts';

const CONNECTIONS = 64;
/** Until then the servers still compile. */
const WARM_UP_MS = 5_000;

interface Contestant {
  readonly name: string;
  readonly port: number;
  readonly traffic: ShopTraffic;
  readonly cpuMs: () => number;
  readonly perSecond: number[];
  readonly cpuUs: number[];
  readonly p99Ms: number[];
}

function contestantOf(name: string, port: number, traffic: string, cpuMs: () => number): Contestant {
  return { name, port, traffic: new ShopTraffic(1, traffic), cpuMs, perSecond: [], cpuUs: [], p99Ms: [] };
}

export async function benchSingles({ rounds, roundMs }: BenchOptions): Promise<void> {
  const bare = await startPeer('bare');
  const answering = await startBenchCluster('memory', true);
  const memory = await startBenchCluster('memory');
  const sqlite = await startBenchCluster('sqlite');
  const contestants = [
    contestantOf('node:http and JSON.parse', bare.port, 'a0', () => cpuMsOf(bare.pid)),
    contestantOf('Frontend, answered at once', answering.port, 'a1', () => answering.cpuMs('frontend-1')),
    contestantOf('Frontend, Backend, memory', memory.port, 'a2', () => memory.cpuMs('frontend-1')),
    contestantOf('Frontend, Backend, SQLite FULL', sqlite.port, 'a3', () => sqlite.cpuMs('frontend-1')),
  ];
  for (const each of contestants) await runLoad(each, WARM_UP_MS);
  for (let round = 0; round < rounds; round += 1) for (const each of contestants) await runRound(each, roundMs);
  const [peer] = contestants;
  printTable(`Single events, ${CONNECTIONS} connections (aim: 0.7x answered at once)`, [
    ['', 'requests/s', 'ratio', 'CPU of the server, us', 'ratio', 'p99 ms'],
    ...contestants.map((each) => [
      each.name,
      describeRounds(each.perSecond, 0),
      `${(median(each.perSecond) / median(peer?.perSecond ?? [])).toFixed(2)}x`,
      describeRounds(each.cpuUs),
      `${(median(peer?.cpuUs ?? []) / median(each.cpuUs)).toFixed(2)}x`,
      describeRounds(each.p99Ms),
    ]),
  ]);
  bare.stop();
  for (const cluster of [answering, memory, sqlite]) await cluster.stop();
}

/** On connections of its own: servers hang up on those that were idle while the others had their turn. */
async function runLoad({ name, port, traffic }: Contestant, forMs: number): Promise<LoadFigures> {
  const load = await new HttpLoad(traffic).open(port, CONNECTIONS);
  const figures = await load.runClosed(forMs);
  load.close();
  if (figures.stored === 0 || figures.stored !== figures.sent) {
    throw new Error(`${name}: ${figures.sent - figures.stored} of ${figures.sent} not stored`);
  }
  return figures;
}

async function runRound(contestant: Contestant, roundMs: number): Promise<void> {
  const before = contestant.cpuMs();
  const { stored, elapsedMs, latenciesMs } = await runLoad(contestant, roundMs);
  contestant.perSecond.push((stored * 1_000) / elapsedMs);
  contestant.cpuUs.push(((contestant.cpuMs() - before) * 1_000) / stored);
  contestant.p99Ms.push(percentile(latenciesMs, 0.99));
}
