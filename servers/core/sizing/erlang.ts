/**
 * The closed formulas of queues with n servers: Erlang B (who finds all busy is lost), Erlang C (who finds all busy waits for
 * ever) and Erlang A (who waits gives up after an exponential patience). Oracles for pacing and for the simulator, and the
 * arithmetic behind `engage erlang`.
 *
 * Sources: A. K. Erlang 1917 for B and C; for A the Palm model as in Mandelbaum and Zeltyn, "The Palm/Erlang-A queue"
 * (pacing notes, section 6). Arrivals are Poisson, times exponential, one service a server.
 */
import { assert } from '../assert.ts';
import { fail, succeed, type Problem, type Result } from '../result.ts';

/** A group of servers and what comes to it. Rates 1/s, times s. */
export interface ServerGroup {
  /** Number of servers (slots), an integer >= 1. */
  readonly servers: number;
  /** >= 0. */
  readonly arrivalsPerSecond: number;
  /** Mean time that a server is held, after-work included; > 0. */
  readonly handleSeconds: number;
}

export interface ImpatientGroup extends ServerGroup {
  /** Mean patience of who waits, > 0. */
  readonly patienceSeconds: number;
}

export interface ErlangB {
  /** Share of arrivals that find all servers busy and are lost. */
  readonly blockingShare: number;
}

export interface ErlangC {
  readonly probabilityOfWaiting: number;
  /** Over all arrivals, zeros included. */
  readonly meanWaitSeconds: number;
  readonly occupancyShare: number;
}

export interface ErlangA {
  readonly probabilityOfWaiting: number;
  /** Abandoned / arrived. */
  readonly abandonmentShare: number;
  /** Over all arrivals, zeros and abandonments included. */
  readonly meanWaitSeconds: number;
  readonly meanQueueLength: number;
  readonly occupancyShare: number;
}

/** B(0) = 1, B(i) = a B(i-1) / (i + a B(i-1)) with a = arrivals x handle time in Erlang: all terms lie in 0..1. */
export function erlangB(group: ServerGroup): ErlangB {
  checkGroup(group);
  return { blockingShare: blocking(group.servers, group.arrivalsPerSecond * group.handleSeconds) };
}

/**
 * P(wait) = B / (1 - rho (1 - B)) with rho = a/n; mean wait = P(wait) / (n mu - lambda). Refused where rho >= 1: the queue
 * then grows without end and has no mean.
 */
export function erlangC(group: ServerGroup): Result<ErlangC, Problem> {
  checkGroup(group);
  const { servers, arrivalsPerSecond, handleSeconds } = group;
  const offered = arrivalsPerSecond * handleSeconds;
  if (offered >= servers) {
    const message =
      `the queue has no steady state: ${round(offered)} Erlang are offered to ${servers} servers; ` +
      `expected at least ${Math.floor(offered) + 1} servers, or a shorter handle time, or Erlang A with a patience`;
    return fail([{ file: 'erlang c', line: 0, column: 0, path: 'servers', message }]);
  }
  const lost = blocking(servers, offered);
  const occupancyShare = offered / servers;
  const probabilityOfWaiting = lost / (1 - occupancyShare * (1 - lost));
  const meanWaitSeconds = (probabilityOfWaiting * handleSeconds) / (servers - offered);
  return succeed({ probabilityOfWaiting, meanWaitSeconds, occupancyShare });
}

/**
 * Any load is stable. With c_j = product over i <= j of lambda/(n mu + i theta), s = sum of c_j, E = sum of j c_j and B of
 * Erlang B: pi_n = 1/(1/B + s - 1), P(wait) = pi_n s, E[Q] = pi_n E, abandonment = theta E[Q]/lambda, E[W] = E[Q]/lambda,
 * occupancy = lambda (1 - abandonment)/(n mu). At lambda = 0 every figure is 0, its limit.
 *
 * c_j is summed from its largest term outwards and in units of that term, so that neither an overload (c_j beyond 1e308) nor
 * a great patience (millions of terms before the peak) loses it; the number of terms grows with sqrt(lambda/theta) only.
 */
export function erlangA(group: ImpatientGroup): ErlangA {
  checkGroup(group);
  const { servers, arrivalsPerSecond, handleSeconds, patienceSeconds } = group;
  assert(patienceSeconds > 0 && Number.isFinite(patienceSeconds), `patience is > 0 s, got ${patienceSeconds}`);
  if (arrivalsPerSecond === 0) {
    return { probabilityOfWaiting: 0, abandonmentShare: 0, meanWaitSeconds: 0, meanQueueLength: 0, occupancyShare: 0 };
  }
  const capacity = servers / handleSeconds;
  const queue = sumQueueStates(arrivalsPerSecond, capacity, 1 / patienceSeconds);
  const lost = blocking(servers, arrivalsPerSecond * handleSeconds);
  const notWaiting = queue.first === 0 ? 0 : queue.first * (1 / lost - 1);
  const all = notWaiting + queue.sum;
  const meanQueueLength = queue.weighted / all;
  const abandonmentShare = Math.min(1, meanQueueLength / (patienceSeconds * arrivalsPerSecond));
  return {
    probabilityOfWaiting: queue.sum / all,
    abandonmentShare,
    meanWaitSeconds: meanQueueLength / arrivalsPerSecond,
    meanQueueLength,
    occupancyShare: Math.min(1, (arrivalsPerSecond * (1 - abandonmentShare)) / capacity),
  };
}

/** Terms smaller than this share of the sum change no digit of it. */
const NEGLIGIBLE = 1e-20;

/** Sums of c_j and j c_j over the queue lengths j >= 0, and c_0, all in units of the largest c_j. */
function sumQueueStates(arrivals: number, capacity: number, giveUp: number) {
  const peak = Math.max(0, Math.floor((arrivals - capacity) / giveUp));
  let sum = 1;
  let weighted = peak;
  let term = 1;
  for (let length = peak + 1; term > sum * NEGLIGIBLE; length += 1) {
    term *= arrivals / (capacity + length * giveUp);
    sum += term;
    weighted += length * term;
  }
  term = 1;
  let length = peak;
  while (length > 0 && term > sum * NEGLIGIBLE) {
    term *= (capacity + length * giveUp) / arrivals;
    length -= 1;
    sum += term;
    weighted += length * term;
  }
  return { sum, weighted, first: length === 0 ? term : 0 };
}

function blocking(servers: number, offered: number): number {
  let lost = 1;
  for (let server = 1; server <= servers; server += 1) lost = (offered * lost) / (server + offered * lost);
  return lost;
}

function checkGroup({ servers, arrivalsPerSecond, handleSeconds }: ServerGroup): void {
  assert(Number.isSafeInteger(servers) && servers >= 1, `servers is an integer >= 1, got ${servers}`);
  assert(arrivalsPerSecond >= 0 && Number.isFinite(arrivalsPerSecond), `arrivals are >= 0, got ${arrivalsPerSecond}`);
  assert(handleSeconds > 0 && Number.isFinite(handleSeconds), `a handle time is > 0 s, got ${handleSeconds}`);
}

function round(value: number): string {
  return String(Number(value.toPrecision(4)));
}
