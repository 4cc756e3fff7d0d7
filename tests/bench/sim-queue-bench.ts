/**
 * M/M/n with statistics on the kernel against a loop written by hand for exactly this model: no events, no kernel, one next arrival
 * and a heap of departure times. Both draw the same numbers and must give the same totals to the microsecond.
 */
import { createDurationSampler } from '#core/random/duration-sampler.ts';
import { createRandomSource } from '#core/random/random-source.ts';
import type { RandomSource } from '#core/random/stream.ts';
import { drawUs, QueueingModel, type QueueingSettings, type QueueingTotals } from '../sim/kernel-queueing-model.ts';
import type { Contestant } from './sim-bench-rounds.ts';

const SEED = 100;

/** Binary heap of departure times, hole method, as small as it can be. */
class Departures {
  private readonly timesUs: Float64Array;
  count = 0;

  constructor(servers: number) {
    this.timesUs = new Float64Array(servers);
  }

  firstUs(): number {
    return this.count === 0 ? Infinity : (this.timesUs[0] ?? 0);
  }

  push(atUs: number): void {
    const { timesUs } = this;
    let place = this.count++;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const parentUs = timesUs[parent] ?? 0;
      if (atUs >= parentUs) break;
      timesUs[place] = parentUs;
      place = parent;
    }
    timesUs[place] = atUs;
  }

  /** Takes the first out and puts `atUs` in, in one pass. */
  replaceFirst(atUs: number): void {
    const { timesUs, count } = this;
    const half = count >> 1;
    let place = 0;
    while (place < half) {
      let child = 2 * place + 1;
      let childUs = timesUs[child] ?? 0;
      if (child + 1 < count) {
        const rightUs = timesUs[child + 1] ?? 0;
        if (rightUs < childUs) {
          child++;
          childUs = rightUs;
        }
      }
      if (childUs >= atUs) break;
      timesUs[place] = childUs;
      place = child;
    }
    timesUs[place] = atUs;
  }

  removeFirst(): void {
    const last = this.timesUs[--this.count] ?? 0;
    if (this.count > 0) this.replaceFirst(last);
  }
}

function runByHand(settings: QueueingSettings, source: RandomSource): QueueingTotals {
  const { servers, warmupUs, endUs } = settings;
  const arrivals = source.stream('arrivals');
  const service = source.stream('service');
  const gap = createDurationSampler({ kind: 'exponential', meanMs: 3_600_000 / settings.arrivalsPerHour });
  const handle = createDurationSampler({ kind: 'exponential', meanMs: settings.handleMeanMs });
  const departures = new Departures(servers);
  const line = new Float64Array(2 ** 16);
  let head = 0;
  let tail = 0;
  let nextArrivalUs = drawUs(gap, arrivals);
  let sinceUs = warmupUs;
  let [arrived, served, delayed, waitSumUs, queueIntegralUs, busyIntegralUs] = [0, 0, 0, 0, 0, 0];

  for (;;) {
    const departureUs = departures.firstUs();
    const isArrival = nextArrivalUs < departureUs;
    const nowUs = isArrival ? nextArrivalUs : departureUs;
    if (sinceUs < endUs && nowUs > sinceUs) {
      const elapsedUs = (nowUs < endUs ? nowUs : endUs) - sinceUs;
      queueIntegralUs += (tail - head) * elapsedUs;
      busyIntegralUs += departures.count * elapsedUs;
      sinceUs += elapsedUs;
    }
    if (nowUs >= endUs && head === tail) break;
    if (isArrival) {
      const followingUs = nowUs + drawUs(gap, arrivals);
      nextArrivalUs = followingUs < endUs ? followingUs : Infinity;
      if (nowUs >= warmupUs) arrived++;
      if (departures.count < servers) {
        departures.push(nowUs + drawUs(handle, service));
        if (nowUs >= warmupUs) served++;
      } else {
        line[tail++ & 65_535] = nowUs;
      }
    } else if (head < tail) {
      const arrivedUs = line[head++ & 65_535] ?? 0;
      departures.replaceFirst(nowUs + drawUs(handle, service));
      if (arrivedUs >= warmupUs) {
        served++;
        if (nowUs > arrivedUs) delayed++;
        waitSumUs += nowUs - arrivedUs;
      }
    } else {
      departures.removeFirst();
    }
  }
  return { arrived, served, lost: 0, delayed, waitSumUs, queueIntegralUs, busyIntegralUs };
}

/** M/M/`servers` at 95 % load until about `customers` have come; the hand-written loop is first. */
export function queueContestants(servers: number, customers: number): readonly Contestant[] {
  const handleMeanMs = 240_000;
  const arrivalsPerHour = (0.95 * servers * 3_600_000) / handleMeanMs;
  const settings: QueueingSettings = {
    servers,
    arrivalsPerHour,
    handleMeanMs,
    patienceMeanMs: null,
    waitingRoom: Infinity,
    warmupUs: 0,
    endUs: Math.round((customers / arrivalsPerHour) * 3_600_000_000),
  };
  return [
    { name: 'by hand', run: () => runByHand(settings, createRandomSource(SEED)) },
    { name: 'kernel', run: () => new QueueingModel(settings, createRandomSource(SEED)).run() },
  ];
}
