/**
 * The guide's peak load for a day through the whole stack: 197 events/s for 86,400 s (17 million events) with ten rules
 * of all three kinds, 60 agents, pacing, statistics and the why of every decision. Bound: 60 s and 1 GiB. Run it: `npm
 * run bench:sim`.
 */
import { loadScenario } from '#testbed/load-scenario.ts';
import { createSimRun } from '#testbed/sim-run.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { counter, createPackage, createRule, enters } from '#tests/core/rules/visit-events.ts';

const HOURS = Number(process.env['HOURS'] ?? 24);
/** 0.8333 + 4 sqrt(0.8333) visits/s, with 10.67 pages a visit (guide, "Peak Load Estimation"). */
const VISITS_PER_HOUR = (3_000 / 3_600 + 4 * Math.sqrt(3_000 / 3_600)) * 3_600;
const BOUND_S = 60;

function peakDay(): Scenario {
  const loaded = loadScenario('scenarios/guide-example.yaml', {
    set: [
      'warmup=0s',
      `duration=${HOURS}h`,
      `traffic/visitsPerHour=${VISITS_PER_HOUR}`,
      `traffic/pageViewsPerHour=${(VISITS_PER_HOUR * 32) / 3}`,
      'groups/0/agents=60',
    ],
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems, null, 2));
  const more = createPackage(
    [
      createRule('Three pages of help', counter(enters('support'), 3, 600_000)),
      createRule('Twice at the checkout', counter(enters('checkout'), 2, 900_000)),
    ],
    { name: 'com.example.more', guards: { maxPerVisit: 1, coolDownMs: null, holdoutShare: null } },
  );
  return { ...loaded.value, rules: [...loaded.value.rules, more] };
}

interface DaySeconds {
  readonly wall: number;
  /** All threads of the process: what waiting for a core does not add to. */
  readonly processor: number;
}

function measureDay(round: number): DaySeconds {
  const began = performance.now();
  const cpu = process.cpuUsage();
  const run = createSimRun(peakDay(), { seed: round, stream: true });
  let rssMax = 0;
  while (!run.finished) {
    run.advanceTo(run.virtualMs + 900_000);
    run.takeStream(200);
    rssMax = Math.max(rssMax, process.memoryUsage().rss);
  }
  const { figures } = run.result();
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const processor = (user + system) / 1e6;
  console.log(
    [
      `day ${round}: ${(figures.events / 1e6).toFixed(2)} M events`,
      `${figures.hotLeads} hot leads, ${figures.chats.started} chats, abandoned ${((figures.abandonmentShare ?? 0) * 100).toFixed(2)} %`,
      `busy ${((figures.busyShare ?? 0) * 100).toFixed(1)} %`,
      `${seconds.toFixed(1)} s wall, ${processor.toFixed(1)} s processor`,
      `${((processor * 1e9) / figures.events).toFixed(0)} ns of it an event`,
      `RSS max ${(rssMax / 2 ** 20).toFixed(0)} MiB`,
    ].join(', '),
  );
  return { wall: seconds, processor };
}

const rounds = Number(process.env['ROUNDS'] ?? 3);
const days = Array.from({ length: rounds }, (_, index) => measureDay(index + 1));
const told = (pick: (day: DaySeconds) => number): string => {
  const sorted = days.map(pick).toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return `median ${median.toFixed(1)} s (${sorted[0]?.toFixed(1)} to ${sorted.at(-1)?.toFixed(1)}), ${(median / BOUND_S).toFixed(2)} of the bound of ${BOUND_S} s`;
};
console.log(
  `the peak day: processor ${told(({ processor }) => processor)}; wall ${told(({ wall }) => wall)}; ` +
    `${process.version}, ${process.platform}-${process.arch}`,
);
