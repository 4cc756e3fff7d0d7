/** The kernel and the random streams together against closed formulas: Poisson arrivals, the Lindley recursion, Erlang A, B and C. */
import { describe, expect, test } from 'vitest';
import { createDurationSampler } from '#core/random/duration-sampler.ts';
import { createRandomSource } from '#core/random/random-source.ts';
import type { RandomStream } from '#core/random/stream.ts';
import { Kernel } from '#sim/kernel.ts';
import { chiSquareOfCounts, kolmogorovSmirnov, logGamma } from '../core/random/goodness-of-fit.ts';
import { drawUs, QueueingModel, type QueueingSettings, type QueueingTotals } from './kernel-queueing-model.ts';

const SEED = 7001;
const HOUR_US = 3_600_000_000;
const P_MIN = 1e-4;

describe(`arrivals on the kernel with seed ${SEED}`, () => {
  const meanMs = 1_200;

  /** Arrival times of a Poisson process, us, from handlers that each schedule the next. */
  function arrive(stream: RandomStream, untilUs: number): number[] {
    const kernel = new Kernel();
    const sampler = createDurationSampler({ kind: 'exponential', meanMs });
    const timesUs: number[] = [];
    const next = (log: number[], _: number, nowUs: number): void => {
      log.push(nowUs);
      kernel.schedule(nowUs + drawUs(sampler, stream), next, log, 0);
    };
    kernel.schedule(drawUs(sampler, stream), next, timesUs, 0);
    kernel.runUntil(untilUs);
    return timesUs;
  }

  const gapsOf = (timesUs: readonly number[]): number[] =>
    timesUs.map((atUs, index) => atUs - (timesUs[index - 1] ?? 0));
  const exponentialCdf = (gapUs: number): number => 1 - Math.exp(-gapUs / 1000 / meanMs);

  test('have exponential gaps, and fall evenly into the window', () => {
    const timesUs = arrive(createRandomSource(SEED).stream('arrivals'), 40 * HOUR_US);
    expect(timesUs.length).toBeGreaterThan(100_000);
    expect(kolmogorovSmirnov(gapsOf(timesUs), exponentialCdf).pValue).toBeGreaterThan(P_MIN);
    expect(kolmogorovSmirnov(timesUs, (atUs) => atUs / (40 * HOUR_US)).pValue).toBeGreaterThan(P_MIN);
  });

  test('come in Poisson numbers a minute', () => {
    const minuteUs = 60_000_000;
    const minutes = 60_000;
    const counts = Array.from({ length: minutes }, () => 0);
    for (const atUs of arrive(createRandomSource(SEED).stream('minutes'), minutes * minuteUs - 1)) {
      const minute = Math.floor(atUs / minuteUs);
      counts[minute] = (counts[minute] ?? 0) + 1;
    }
    const mean = 60_000 / meanMs;
    const poisson = (k: number): number => Math.exp(k * Math.log(mean) - mean - logGamma(k + 1));
    expect(chiSquareOfCounts(counts, poisson).pValue).toBeGreaterThan(P_MIN);
  });

  test('of a generator with a short period are caught', () => {
    let state = 1;
    const shortPeriod: RandomStream = {
      next: () => {
        state = (state * 75) % 65_537;
        return state / 65_537;
      },
    };
    const gapsUs = gapsOf(arrive(shortPeriod, 40 * HOUR_US));
    const distinct = new Set(gapsUs).size;
    const fair = new Set(gapsOf(arrive(createRandomSource(SEED).stream('arrivals'), 40 * HOUR_US))).size;
    // Of n exponential gaps with mean m us the expected number of distinct values is about n - n^2 / (4 m).
    const expected = gapsUs.length - gapsUs.length ** 2 / (4 * meanMs * 1000);
    expect(Math.abs(fair - expected)).toBeLessThan(0.01 * expected);
    expect(distinct).toBeLessThan(0.6 * expected);
  });

  test('of a rate that is off by two in a hundred are caught', () => {
    const gapsUs = gapsOf(arrive(createRandomSource(SEED).stream('arrivals'), 40 * HOUR_US));
    expect(kolmogorovSmirnov(gapsUs, (gapUs) => exponentialCdf(gapUs * 1.02)).pValue).toBeLessThan(P_MIN);
  });
});

describe('M/M/1 on the kernel', () => {
  const settings: QueueingSettings = {
    servers: 1,
    arrivalsPerHour: 3_000,
    handleMeanMs: 1_080,
    patienceMeanMs: null,
    waitingRoom: Infinity,
    warmupUs: 0,
    endUs: 30 * HOUR_US,
  };

  function simulateWaits(seed: number): number[] {
    const waitsUs: number[] = [];
    new QueueingModel({ ...settings, onServed: (waitUs) => waitsUs.push(waitUs) }, createRandomSource(seed)).run();
    return waitsUs;
  }

  /**
   * Lindley: W(1) = 0, W(n + 1) = max(0, W(n) + S(n) - A(n + 1)), A(n + 1) being the gap between customers n and n + 1.
   * `serviceLag` 1 is the recursion; 0 wrongly takes the service time of the customer who waits.
   */
  function recurWaits(seed: number, count: number, serviceLag: 0 | 1): number[] {
    const source = createRandomSource(seed);
    const arrivals = source.stream('arrivals');
    const service = source.stream('service');
    const gap = createDurationSampler({ kind: 'exponential', meanMs: 3_600_000 / settings.arrivalsPerHour });
    const handle = createDurationSampler({ kind: 'exponential', meanMs: settings.handleMeanMs });
    const gapsUs = Array.from({ length: count }, () => drawUs(gap, arrivals));
    const servicesUs = Array.from({ length: count }, () => drawUs(handle, service));
    const waitsUs = [0];
    for (let n = 1; n < count; n++) {
      waitsUs.push(Math.max(0, (waitsUs[n - 1] ?? 0) + (servicesUs[n - serviceLag] ?? 0) - (gapsUs[n] ?? 0)));
    }
    return waitsUs;
  }

  test.each([1, 2, 3])('has exactly the waits of the Lindley recursion, every microsecond, with seed %i', (seed) => {
    const waitsUs = simulateWaits(seed);
    expect(waitsUs.length).toBeGreaterThan(85_000);
    expect(waitsUs.filter((waitUs) => waitUs > 0).length).toBeGreaterThan(70_000);
    expect(waitsUs).toEqual(recurWaits(seed, waitsUs.length, 1));
  });

  test('has other waits than the recursion that is off by one', () => {
    const waitsUs = simulateWaits(1);
    expect(waitsUs).not.toEqual(recurWaits(1, waitsUs.length, 0));
  });
});

/** Figures of a model, from a closed form or a run. */
interface Expected {
  readonly delayedShare: number;
  readonly lostShare: number;
  readonly waitMeanSeconds: number;
  readonly queueMean: number;
  readonly occupancyShare: number;
}

const REPLICATIONS = 24;

function figuresOf(totals: QueueingTotals, settings: QueueingSettings): Expected {
  const windowUs = settings.endUs - settings.warmupUs;
  return {
    delayedShare: totals.delayed / totals.arrived,
    lostShare: totals.lost / totals.arrived,
    waitMeanSeconds: totals.waitSumUs / totals.arrived / 1e6,
    queueMean: totals.queueIntegralUs / windowUs,
    occupancyShare: totals.busyIntegralUs / windowUs / settings.servers,
  };
}

/**
 * (mean over independent replications - expected) / standard error, by figure. Student's t with 23 degrees of freedom when the model is
 * right: beyond 3 in 0.6 % of cases.
 */
function scoresOf(settings: QueueingSettings, expected: Expected): Record<keyof Expected, number> {
  const figures = Array.from({ length: REPLICATIONS }, (_, index) =>
    figuresOf(new QueueingModel(settings, createRandomSource(SEED * 1000 + index)).run(), settings),
  );
  const scoreOf = (name: keyof Expected): number => {
    const mean = figures.reduce((sum, figure) => sum + figure[name], 0) / REPLICATIONS;
    const variance = figures.reduce((sum, figure) => sum + (figure[name] - mean) ** 2, 0) / (REPLICATIONS - 1);
    if (variance === 0) return mean === expected[name] ? 0 : Infinity;
    return (mean - expected[name]) / Math.sqrt(variance / REPLICATIONS);
  };
  return {
    delayedShare: scoreOf('delayedShare'),
    lostShare: scoreOf('lostShare'),
    waitMeanSeconds: scoreOf('waitMeanSeconds'),
    queueMean: scoreOf('queueMean'),
    occupancyShare: scoreOf('occupancyShare'),
  };
}

function worstOf(scores: Readonly<Record<string, number>>): number {
  return Math.max(...Object.values(scores).map(Math.abs));
}

/** A run long enough for about 40,000 counted customers, after 30 mean handle times. */
function settingsFor(
  servers: number,
  arrivalsPerHour: number,
  patienceMeanMs: number | null,
  waitingRoom: number,
): QueueingSettings {
  const handleMeanMs = 240_000;
  const warmupUs = 30 * handleMeanMs * 1000;
  const endUs = warmupUs + Math.round((40_000 / arrivalsPerHour) * HOUR_US);
  return { servers, arrivalsPerHour, handleMeanMs, patienceMeanMs, waitingRoom, warmupUs, endUs };
}

/** Rows of pacing.md section 6: handle time 240 s, patience 60 s. */
const ERLANG_A_ROWS: readonly (readonly [string, number, number, Expected])[] = [
  [
    'E1',
    5,
    32.915221,
    { delayedShare: 0.06166, lostShare: 0.03, waitMeanSeconds: 1.8, queueMean: 0.016458, occupancyShare: 0.425704 },
  ],
  [
    'E3',
    10,
    120,
    {
      delayedShare: 0.213174,
      lostShare: 0.082938,
      waitMeanSeconds: 4.97629,
      queueMean: 0.165876,
      occupancyShare: 0.733649,
    },
  ],
  [
    'E6',
    30,
    373.859918,
    { delayedShare: 0.131843, lostShare: 0.03, waitMeanSeconds: 1.8, queueMean: 0.18693, occupancyShare: 0.805876 },
  ],
  [
    'E9',
    100,
    1423.298329,
    { delayedShare: 0.218253, lostShare: 0.03, waitMeanSeconds: 1.8, queueMean: 0.711649, occupancyShare: 0.9204 },
  ],
];

describe(`M/M/n+M on the kernel, ${REPLICATIONS} replications from seed ${SEED}`, () => {
  test.each(ERLANG_A_ROWS)('agrees with Erlang A, row %s', (_, servers, arrivalsPerHour, expected) => {
    expect(worstOf(scoresOf(settingsFor(servers, arrivalsPerHour, 60_000, Infinity), expected))).toBeLessThan(3);
  });

  // Erlang B: pacing.md section 6; nobody waits, and what is not lost keeps a (1 - B) servers busy.
  test.each([
    [5, 3, 0.1100543],
    [10, 8, 0.1216611],
    [30, 25, 0.0526032],
  ])('without a waiting room agrees with Erlang B, %i servers offered %d', (servers, load, blocked) => {
    const settings = settingsFor(servers, load * 15, null, 0);
    const { waitMeanSeconds, queueMean, ...scores } = scoresOf(settings, {
      delayedShare: blocked,
      lostShare: blocked,
      waitMeanSeconds: 0,
      queueMean: 0,
      occupancyShare: (load * (1 - blocked)) / servers,
    });
    expect([waitMeanSeconds, queueMean]).toEqual([0, 0]);
    expect(worstOf(scores)).toBeLessThan(3);
  });

  // Erlang C: P(W > 0) from pacing.md section 6; E[W] = P(W > 0) h / (n - a), E[Q] = P(W > 0) a / (n - a), nobody is lost.
  test.each([
    [5, 3, 0.2361516],
    [14, 10, 0.1741319],
    [30, 25, 0.2498932],
  ])('without impatience agrees with Erlang C, %i servers offered %d', (servers, load, delayed) => {
    const scores = scoresOf(settingsFor(servers, load * 15, null, Infinity), {
      delayedShare: delayed,
      lostShare: 0,
      waitMeanSeconds: (delayed * 240) / (servers - load),
      queueMean: (delayed * load) / (servers - load),
      occupancyShare: load / servers,
    });
    expect(worstOf(scores)).toBeLessThan(3);
  });

  test.each([
    ['one server too many', { servers: 31 }],
    ['patience a tenth too long', { patienceMeanMs: 66_000 }],
    ['handle times a hundredth too long', { handleMeanMs: 242_400 }],
    ['a waiting room of two', { waitingRoom: 2 }],
  ])('with %s is told apart from row E6', (_, wrong) => {
    const expected = ERLANG_A_ROWS[2]?.[3];
    if (expected === undefined) throw new Error('row E6 is missing');
    const settings = { ...settingsFor(30, 373.859918, 60_000, Infinity), ...wrong };
    expect(worstOf(scoresOf(settings, expected))).toBeGreaterThan(4);
  });
});
