/**
 * What a refresh and a permit cost at 300 agents with two chats each, for the four algorithms, in a room that runs at its
 * goal. The same run is made several times, call for call, and the least time of each call counts: waiting for a core and
 * collections of other calls' garbage are told from what the call itself takes. The plain p99, of every call of every run, stands
 * beside it: it is what a caller saw on this machine.
 */
import { createPacer } from '#core/pacing/create-pacer.ts';
import { isDual, type PacingAlgorithm } from '#core/pacing/pacing-algorithm.ts';
import type { Pacer } from '#core/pacing/pacer.ts';
import { abandonmentGoal } from '#tests/core/pacing/fixture-pacing.ts';
import { drawWebVisitor } from '#tests/oracles/pacing-scenarios.ts';
import { simulatePacing } from '#tests/oracles/pacing-simulator.ts';
import type { BandTable } from './pacing-bench-table.ts';

const AGENTS = 300;
const CAPACITY = 2;
const SLOTS = AGENTS * CAPACITY;
/** Erlang a slot of reactive chats, and the share kept from them, for the DUAL algorithms. */
const REACTIVE_LOAD = 0.3;
const PROACTIVE_SHARE = 0.3;
/** From a cold start, so that the room is filled; calls of the first half are not counted. */
const HOURS = 0.5;
const ROUNDS = 4;
const COST_MAX_US = 1_000;

const ALGORITHMS: readonly PacingAlgorithm[] = [
  'SUPER_PROGRESSIVE',
  'PREDICTIVE_B',
  'SUPER_PROGRESSIVE_DUAL',
  'PREDICTIVE_B_DUAL',
];

export function ticks(table: BandTable): void {
  const columns = [
    'call',
    'calls',
    'median us',
    'p99 us',
    'highest us',
    'plain p99 us',
    `band of the least of ${ROUNDS} times`,
  ];
  table.columns(`${AGENTS} agents x ${CAPACITY}`, ...columns);
  for (const algorithm of ALGORITHMS) {
    const rounds = Array.from({ length: ROUNDS }, () => costsOf(algorithm));
    const least = leastOf(rounds);
    for (const [name, pick] of [
      ['refresh', ({ refreshes }: Costs) => refreshes],
      ['permit', ({ permits }: Costs) => permits],
    ] as const) {
      const costs = pick(least);
      const at = (share: number): number => quantile(costs, share);
      const plain = quantile(rounds.flatMap(pick), 0.99);
      table.row(
        [algorithm, name, costs.length, at(0.5), at(0.99), at(1), plain, 'median and p99 < 1 ms'],
        at(0.5) < COST_MAX_US,
        at(0.99) < COST_MAX_US,
      );
    }
  }
}

interface Costs {
  readonly refreshes: readonly number[];
  readonly permits: readonly number[];
}

function quantile(costs: readonly number[], share: number): number {
  const sorted = costs.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN);
}

/** The runs are one and the same: each call's least time. */
function leastOf(rounds: readonly Costs[]): Costs {
  const least = (pick: (costs: Costs) => readonly number[]): readonly number[] => {
    const [first = [], ...others] = rounds.map(pick);
    return first.map((cost, index) => Math.min(cost, ...others.map((costs) => costs[index] ?? Number.NaN)));
  };
  return { refreshes: least(({ refreshes }) => refreshes), permits: least(({ permits }) => permits) };
}

function costsOf(algorithm: PacingAlgorithm): Costs {
  const settings = { ...abandonmentGoal, algorithm, chatsPerAgent: CAPACITY };
  const pacer = createPacer('chat', isDual(algorithm) ? { ...settings, proactiveShare: PROACTIVE_SHARE } : settings);
  const refreshes: number[] = [];
  const permits: number[] = [];
  const countedFrom = (HOURS * 3_600_000) / 2;
  const timed = <T>(costs: number[], at: number, call: () => T): T => {
    const from = performance.now();
    const result = call();
    if (at >= countedFrom) costs.push(1_000 * (performance.now() - from));
    return result;
  };
  const refresh = pacer.refresh.bind(pacer);
  const requestPermit = pacer.requestPermit.bind(pacer);
  const watched: Pacer = Object.assign(pacer, {
    refresh: (at: number) => timed(refreshes, at, () => refresh(at)),
    requestPermit: (id: string, at: number) => timed(permits, at, () => requestPermit(id, at)),
  });
  const scenario = { slots: SLOTS, draw: drawWebVisitor, leadsPerHour: null, hours: HOURS, seed: 1 };
  const reactive = { perHour: REACTIVE_LOAD * SLOTS * 15, reserved: Math.ceil(PROACTIVE_SHARE * SLOTS) };
  simulatePacing(isDual(algorithm) ? { ...scenario, reactive } : scenario, watched);
  return { refreshes, permits };
}
