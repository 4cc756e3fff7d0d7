/**
 * The hold model: N pending events; each that comes schedules its successor an exponential time later. It measures nothing but the
 * pending-event set, against a bare flatqueue loop that has no handlers, subjects, time checks or order of ties.
 */
import FlatQueue from 'flatqueue';
import { createDurationSampler } from '#core/random/duration-sampler.ts';
import { createRandomSource } from '#core/random/random-source.ts';
import { Kernel } from '#sim/kernel.ts';
import type { Contestant } from './sim-bench-rounds.ts';

const INCREMENTS = 2 ** 16;
const MEAN_US = 1_000_000;

/** Drawn beforehand, so that logarithms are not measured; whole microseconds. */
const incrementsUs: Float64Array = (() => {
  const sampler = createDurationSampler({ kind: 'exponential', meanMs: MEAN_US / 1000 });
  const stream = createRandomSource(1).stream('increments');
  return Float64Array.from({ length: INCREMENTS }, () => Math.round(sampler(stream) * 1000));
})();

/** Equal for equal sequences of event times. */
interface HoldResult {
  readonly events: number;
  readonly timeSumUs: number;
}

class HoldOnKernel {
  readonly kernel = new Kernel();
  timeSumUs = 0;
  private drawn = 0;

  hold(nowUs: number, id: number): void {
    const incrementUs = incrementsUs[this.drawn++ & (INCREMENTS - 1)] ?? 0;
    this.kernel.schedule(nowUs + incrementUs, runHold, this, id);
  }
}

function runHold(model: HoldOnKernel, id: number, nowUs: number): void {
  model.timeSumUs += nowUs;
  model.hold(nowUs, id);
}

function holdOnKernel(pending: number, untilUs: number): HoldResult {
  const model = new HoldOnKernel();
  for (let id = 0; id < pending; id++) model.hold(0, id);
  const events = model.kernel.runUntil(untilUs);
  return { events, timeSumUs: model.timeSumUs };
}

function holdOnFlatQueue(queue: FlatQueue<number>, pending: number, untilUs: number): HoldResult {
  let drawn = 0;
  let events = 0;
  let timeSumUs = 0;
  for (let id = 0; id < pending; id++) queue.push(id, incrementsUs[drawn++ & (INCREMENTS - 1)] ?? 0);
  for (;;) {
    const nowUs = queue.peekValue() ?? Infinity;
    if (nowUs > untilUs) break;
    const id = queue.pop() ?? 0;
    events++;
    timeSumUs += nowUs;
    queue.push(id, nowUs + (incrementsUs[drawn++ & (INCREMENTS - 1)] ?? 0));
  }
  return { events, timeSumUs };
}

/**
 * A bare flatqueue loop and the kernel, doing about `events` events with `pending` of them waiting. `fixed`: flatqueue on typed arrays of
 * fixed size instead of arrays that grow; one of the two a process, as using both makes either slower.
 */
export function holdContestants(pending: number, events: number, fixed: boolean): readonly Contestant[] {
  const untilUs = Math.round((events / pending) * MEAN_US);
  const createQueue = (): FlatQueue<number> => (fixed ? new FlatQueue<number>(pending) : new FlatQueue<number>());
  return [
    { name: fixed ? 'flatqueue, fixed' : 'flatqueue', run: () => holdOnFlatQueue(createQueue(), pending, untilUs) },
    { name: 'kernel', run: () => holdOnKernel(pending, untilUs) },
  ];
}
