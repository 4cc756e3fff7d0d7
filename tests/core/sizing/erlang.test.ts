/** Erlang A, B and C against published values, the Markov chain itself and Palm's form. */
import { describe, expect, it } from 'vitest';
import { erlangA, erlangB, erlangC, type ImpatientGroup, type ServerGroup } from '#core/sizing/erlang.ts';

/** The table E1-E10 of the pacing notes, section 6: servers, handle s, patience s, arrivals/h, and the six figures. */
const TABLE = [
  {
    row: 'E1',
    servers: 5,
    handleSeconds: 240,
    patienceSeconds: 60,
    perHour: 32.915221,
    waiting: 0.06166,
    abandoned: 0.03,
    wait: 1.8,
    queue: 0.016458,
    occupancy: 0.425704,
    abandonedOfWaiting: 0.486541,
  },
  {
    row: 'E2',
    servers: 5,
    handleSeconds: 240,
    patienceSeconds: 60,
    perHour: 45,
    waiting: 0.149912,
    abandoned: 0.075268,
    wait: 4.51606,
    queue: 0.056451,
    occupancy: 0.554839,
    abandonedOfWaiting: 0.50208,
  },
  {
    row: 'E3',
    servers: 10,
    handleSeconds: 240,
    patienceSeconds: 60,
    perHour: 120,
    waiting: 0.213174,
    abandoned: 0.082938,
    wait: 4.97629,
    queue: 0.165876,
    occupancy: 0.733649,
    abandonedOfWaiting: 0.389064,
  },
  {
    row: 'E4',
    servers: 10,
    handleSeconds: 240,
    patienceSeconds: 60,
    perHour: 93.805624,
    waiting: 0.082275,
    abandoned: 0.03,
    wait: 1.8,
    queue: 0.046903,
    occupancy: 0.60661,
    abandonedOfWaiting: 0.364633,
  },
  {
    row: 'E5',
    servers: 20,
    handleSeconds: 240,
    patienceSeconds: 60,
    perHour: 270,
    waiting: 0.25139,
    abandoned: 0.074047,
    wait: 4.44283,
    queue: 0.333212,
    occupancy: 0.833358,
    abandonedOfWaiting: 0.294551,
  },
  {
    row: 'E6',
    servers: 30,
    handleSeconds: 240,
    patienceSeconds: 60,
    perHour: 373.859918,
    waiting: 0.131843,
    abandoned: 0.03,
    wait: 1.8,
    queue: 0.18693,
    occupancy: 0.805876,
    abandonedOfWaiting: 0.227543,
  },
  {
    row: 'E7',
    servers: 30,
    handleSeconds: 240,
    patienceSeconds: 60,
    perHour: 450,
    waiting: 0.367651,
    abandoned: 0.09655,
    wait: 5.79298,
    queue: 0.724123,
    occupancy: 0.90345,
    abandonedOfWaiting: 0.262612,
  },
  {
    row: 'E8',
    servers: 50,
    handleSeconds: 60,
    patienceSeconds: 120,
    perHour: 2880,
    waiting: 0.467774,
    abandoned: 0.030912,
    wait: 3.70947,
    queue: 2.967576,
    occupancy: 0.930324,
    abandonedOfWaiting: 0.066084,
  },
  {
    row: 'E9',
    servers: 100,
    handleSeconds: 240,
    patienceSeconds: 60,
    perHour: 1423.298329,
    waiting: 0.218253,
    abandoned: 0.03,
    wait: 1.8,
    queue: 0.711649,
    occupancy: 0.9204,
    abandonedOfWaiting: 0.137455,
  },
  {
    row: 'E10',
    servers: 100,
    handleSeconds: 240,
    patienceSeconds: 60,
    perHour: 1575,
    waiting: 0.487405,
    abandoned: 0.080731,
    wait: 4.84383,
    queue: 2.119176,
    occupancy: 0.965233,
    abandonedOfWaiting: 0.165633,
  },
] as const;

const GRID: readonly ImpatientGroup[] = [1, 2, 5, 20, 60, 300].flatMap((servers) =>
  [0.2, 0.7, 0.95, 1, 1.05, 1.6].flatMap((load) =>
    [2, 60, 1_000].map((patienceSeconds) => ({
      servers,
      arrivalsPerSecond: (load * servers) / 240,
      handleSeconds: 240,
      patienceSeconds,
    })),
  ),
);

function distance(actual: number, expected: number): number {
  return Math.abs(actual - expected);
}

/**
 * The oracle: the Markov chain itself, cut where nobody ever is. Stationary probabilities from the balance between
 * neighbouring states, outwards from the likeliest one; every figure is then counted, not derived.
 */
function solveChain({ servers, arrivalsPerSecond, handleSeconds, patienceSeconds }: ImpatientGroup) {
  const leave = (state: number): number =>
    Math.min(state, servers) / handleSeconds + Math.max(0, state - servers) / patienceSeconds;
  let peak = 0;
  while (leave(peak + 1) < arrivalsPerSecond) peak += 1;
  const weights = new Map([[peak, 1]]);
  for (let state = peak, weight = 1; weight > 1e-280; state += 1) {
    weight *= arrivalsPerSecond / leave(state + 1);
    weights.set(state + 1, weight);
  }
  for (let state = peak, weight = 1; state > 0 && weight > 1e-280; state -= 1) {
    weight *= leave(state) / arrivalsPerSecond;
    weights.set(state - 1, weight);
  }
  let total = 0;
  let waiting = 0;
  let queue = 0;
  let busy = 0;
  for (const [state, weight] of weights) {
    total += weight;
    if (state >= servers) waiting += weight;
    queue += weight * Math.max(0, state - servers);
    busy += weight * Math.min(state, servers);
  }
  return {
    probabilityOfWaiting: waiting / total,
    abandonmentShare: queue / total / patienceSeconds / arrivalsPerSecond,
    meanWaitSeconds: queue / total / arrivalsPerSecond,
    meanQueueLength: queue / total,
    occupancyShare: busy / total / servers,
  };
}

/** Palm's form: A = 1 + sum of y^j / product of (x + i), x = n mu/theta, y = lambda/theta. */
function palmForm({ servers, arrivalsPerSecond, handleSeconds, patienceSeconds }: ImpatientGroup) {
  const x = (servers / handleSeconds) * patienceSeconds;
  const y = arrivalsPerSecond * patienceSeconds;
  let a = 1;
  for (let j = 1, term = 1; term > 1e-20 * a; j += 1) {
    term *= y / (x + j);
    a += term;
  }
  const blocked = erlangB({ servers, arrivalsPerSecond, handleSeconds }).blockingShare;
  const probabilityOfWaiting = (a * blocked) / (1 + (a - 1) * blocked);
  const load = y / x;
  return { probabilityOfWaiting, abandonmentShare: probabilityOfWaiting * (1 / (load * a) + 1 - 1 / load) };
}

describe('Erlang A', () => {
  it.each(TABLE)('agrees with row $row of the table to its last digit', (row) => {
    const { servers, handleSeconds, patienceSeconds } = row;
    const figures = erlangA({ servers, arrivalsPerSecond: row.perHour / 3600, handleSeconds, patienceSeconds });
    expect(distance(figures.probabilityOfWaiting, row.waiting)).toBeLessThanOrEqual(6e-7);
    expect(distance(figures.abandonmentShare, row.abandoned)).toBeLessThanOrEqual(6e-7);
    expect(distance(figures.meanWaitSeconds, row.wait)).toBeLessThanOrEqual(6e-6);
    expect(distance(figures.meanQueueLength, row.queue)).toBeLessThanOrEqual(6e-7);
    expect(distance(figures.occupancyShare, row.occupancy)).toBeLessThanOrEqual(6e-7);
    expect(
      distance(figures.abandonmentShare / figures.probabilityOfWaiting, row.abandonedOfWaiting),
    ).toBeLessThanOrEqual(6e-7);
  });

  it('agrees with the Markov chain to 1e-9 over a grid of sizes, loads and patiences', () => {
    for (const group of GRID) {
      const figures = erlangA(group);
      const chain = solveChain(group);
      expect(distance(figures.probabilityOfWaiting, chain.probabilityOfWaiting)).toBeLessThanOrEqual(1e-9);
      expect(distance(figures.abandonmentShare, chain.abandonmentShare)).toBeLessThanOrEqual(1e-9);
      expect(distance(figures.meanWaitSeconds / chain.meanWaitSeconds, 1)).toBeLessThanOrEqual(1e-9);
      expect(distance(figures.meanQueueLength / chain.meanQueueLength, 1)).toBeLessThanOrEqual(1e-9);
      expect(distance(figures.occupancyShare, chain.occupancyShare)).toBeLessThanOrEqual(1e-9);
    }
  });

  it('agrees with the form of Palm to 1e-10 over the grid and the table', () => {
    const rows = TABLE.map(({ servers, handleSeconds, patienceSeconds, perHour }) => ({
      servers,
      handleSeconds,
      patienceSeconds,
      arrivalsPerSecond: perHour / 3600,
    }));
    for (const group of [...GRID, ...rows]) {
      const figures = erlangA(group);
      const palm = palmForm(group);
      expect(distance(figures.probabilityOfWaiting, palm.probabilityOfWaiting)).toBeLessThanOrEqual(1e-10);
      expect(distance(figures.abandonmentShare, palm.abandonmentShare)).toBeLessThanOrEqual(1e-10);
    }
  });

  it('would be caught by the chain if it forgot those who leave the queue', () => {
    const group = { servers: 30, arrivalsPerSecond: 450 / 3600, handleSeconds: 240, patienceSeconds: 60 };
    const patient = erlangA({ ...group, patienceSeconds: 66 });
    expect(Math.abs(patient.abandonmentShare - solveChain(group).abandonmentShare)).toBeGreaterThan(1e-4);
  });

  it('stays finite under any load: a thousandfold overload, 100,000 servers, patience of a year', () => {
    const overload = erlangA({ servers: 10, arrivalsPerSecond: 1_000, handleSeconds: 10, patienceSeconds: 1e6 });
    expect(distance(overload.abandonmentShare, 0.999)).toBeLessThanOrEqual(1e-9);
    expect(distance(overload.occupancyShare, 1)).toBeLessThanOrEqual(1e-9);
    expect(distance(overload.probabilityOfWaiting, 1)).toBeLessThanOrEqual(1e-12);
    const large = { servers: 100_000, arrivalsPerSecond: 990, handleSeconds: 100, patienceSeconds: 100 };
    expect(distance(erlangA(large).probabilityOfWaiting, solveChain(large).probabilityOfWaiting)).toBeLessThanOrEqual(
      1e-9,
    );
    const patient = { servers: 30, arrivalsPerSecond: 0.12, handleSeconds: 240, patienceSeconds: 3e7 };
    const endless = erlangC(patient);
    expect(
      distance(erlangA(patient).probabilityOfWaiting, endless.ok ? endless.value.probabilityOfWaiting : 0),
    ).toBeLessThanOrEqual(1e-4);
  });

  it('is 0 all over where nobody comes', () => {
    const nobody = erlangA({ servers: 3, arrivalsPerSecond: 0, handleSeconds: 10, patienceSeconds: 10 });
    expect(Object.values(nobody)).toEqual([0, 0, 0, 0, 0]);
  });

  it('keeps 3 % abandonment at the rates of the loss model where patience is a moment', () => {
    for (const [servers, perHour, occupancy] of [
      [5, 28.128086, 0.36379],
      [10, 82.941266, 0.536354],
      [30, 345.934189, 0.74568],
      [100, 1361.908424, 0.880701],
      [300, 4381.738733, 0.944508],
    ] as const) {
      const group = { servers, arrivalsPerSecond: perHour / 3600, handleSeconds: 240 };
      expect(distance(erlangB(group).blockingShare, 0.03)).toBeLessThanOrEqual(6e-7);
      const moment = erlangA({ ...group, patienceSeconds: 1e-6 });
      expect(distance(moment.abandonmentShare, 0.03)).toBeLessThanOrEqual(1e-6);
      expect(distance(moment.occupancyShare, occupancy)).toBeLessThanOrEqual(1e-6);
    }
  });
});

describe('Erlang B', () => {
  it.each([
    [5, 3, 0.1100543],
    [10, 8, 0.1216611],
    [30, 25, 0.0526032],
    [100, 100, 0.0757005],
    [300, 290, 0.0264819],
  ])('blocks for %i servers and %f Erlang the known share %f', (servers, offered, blocked) => {
    expect(distance(erlangB(ofErlang(servers, offered)).blockingShare, blocked)).toBeLessThanOrEqual(6e-8);
  });
});

describe('Erlang C', () => {
  it.each([
    [5, 3, 0.2361516],
    [30, 25, 0.2498932],
    [100, 95, 0.5064569],
    [300, 290, 0.4493598],
    [14, 10, 0.1741319],
  ])('lets wait for %i servers and %f Erlang with the known probability %f', (servers, offered, waiting) => {
    const figures = erlangC(ofErlang(servers, offered));
    expect(distance(figures.ok ? figures.value.probabilityOfWaiting : Number.NaN, waiting)).toBeLessThanOrEqual(6e-8);
  });

  it('has the published mean wait of 7.835937 s (14 servers, 10 Erlang, 180 s)', () => {
    const figures = erlangC({ servers: 14, arrivalsPerSecond: 10 / 180, handleSeconds: 180 });
    expect(distance(figures.ok ? figures.value.meanWaitSeconds : Number.NaN, 7.835937)).toBeLessThanOrEqual(6e-7);
    expect(distance(figures.ok ? figures.value.occupancyShare : Number.NaN, 10 / 14)).toBeLessThanOrEqual(1e-15);
  });

  it.each([10, 10.5, 1_000])('refuses %f Erlang on 10 servers and says how many it takes', (offered) => {
    const refused = erlangC(ofErlang(10, offered));
    expect(refused.ok).toBe(false);
    const message = refused.ok ? '' : refused.problems[0]?.message;
    expect(message).toContain(`at least ${Math.floor(offered) + 1} servers`);
    expect(erlangC(ofErlang(Math.floor(offered) + 1, offered)).ok).toBe(true);
  });
});

function ofErlang(servers: number, offered: number): ServerGroup {
  return { servers, arrivalsPerSecond: offered / 60, handleSeconds: 60 };
}
