/**
 * M/M/n+M on the kernel: the smallest model with closed formulas, so that the kernel, the clock's rounding and the random streams can be
 * held against them. Used by the closed-form tests and the benchmark; the product's contact center is another.
 */
import { createDurationSampler, type DurationSampler } from '#core/random/duration-sampler.ts';
import type { RandomSource, RandomStream } from '#core/random/stream.ts';
import { Kernel } from '#sim/kernel.ts';

export interface QueueingSettings {
  readonly servers: number;
  readonly arrivalsPerHour: number;
  readonly handleMeanMs: number;
  /** Mean patience of who waits; null: no one ever leaves. */
  readonly patienceMeanMs: number | null;
  /** How many may wait; 0 makes a loss system (Erlang B). */
  readonly waitingRoom: number;
  /** Customers who arrive before it are not counted, nor is the state; us. */
  readonly warmupUs: number;
  /** Arrivals end here; who is still waiting then is followed to the end of the wait; us. */
  readonly endUs: number;
  /** Called with each counted customer's wait when it ends in service. */
  readonly onServed?: (waitUs: number) => void;
}

/** Whole numbers throughout, so that two programs for one model can be compared exactly. */
export interface QueueingTotals {
  readonly arrived: number;
  readonly served: number;
  /** Left while waiting, or found the waiting room full. */
  readonly lost: number;
  /** Waited at all, or were lost. (An arrival in the microsecond of a departure waits 0, in whichever order the two run.) */
  readonly delayed: number;
  /** Waits of all counted customers, abandoned waits included, us. */
  readonly waitSumUs: number;
  /** Integrals of the number waiting and of the number in service over the counted window, us. */
  readonly queueIntegralUs: number;
  readonly busyIntegralUs: number;
}

/** A duration in whole microseconds. */
export function drawUs(sampler: DurationSampler, stream: RandomStream): number {
  return Math.round(sampler(stream) * 1000);
}

export class QueueingModel {
  readonly kernel = new Kernel();
  private readonly settings: QueueingSettings;
  private readonly arrivals: RandomStream;
  private readonly service: RandomStream;
  private readonly patience: RandomStream;
  private readonly interarrival: DurationSampler;
  private readonly handle: DurationSampler;
  private readonly patienceOf: DurationSampler | null;

  /** Who waits, first come first served: arrival times by place modulo the length; who gave up is marked by -1. */
  private line = new Float64Array(1024);
  private head = 0;
  private tail = 0;
  private waiting = 0;
  private busy = 0;
  private stateSinceUs: number;

  private arrived = 0;
  private served = 0;
  private lost = 0;
  private delayed = 0;
  private waitSumUs = 0;
  private queueIntegralUs = 0;
  private busyIntegralUs = 0;

  constructor(settings: QueueingSettings, source: RandomSource) {
    this.settings = settings;
    this.arrivals = source.stream('arrivals');
    this.service = source.stream('service');
    this.patience = source.stream('patience');
    this.interarrival = createDurationSampler({ kind: 'exponential', meanMs: 3_600_000 / settings.arrivalsPerHour });
    this.handle = createDurationSampler({ kind: 'exponential', meanMs: settings.handleMeanMs });
    const { patienceMeanMs } = settings;
    this.patienceOf =
      patienceMeanMs === null ? null : createDurationSampler({ kind: 'exponential', meanMs: patienceMeanMs });
    this.stateSinceUs = settings.warmupUs;
  }

  run(): QueueingTotals {
    const { kernel, settings } = this;
    this.scheduleArrival(0);
    kernel.runUntil(settings.endUs);
    this.integrateTo(settings.endUs);
    this.stateSinceUs = Infinity;
    while (this.waiting > 0) kernel.step();
    const { arrived, served, lost, delayed, waitSumUs, queueIntegralUs, busyIntegralUs } = this;
    return { arrived, served, lost, delayed, waitSumUs, queueIntegralUs, busyIntegralUs };
  }

  arrive(nowUs: number): void {
    const { settings } = this;
    this.scheduleArrival(nowUs);
    const counts = nowUs >= settings.warmupUs;
    if (counts) this.arrived++;
    if (this.busy < settings.servers) {
      this.integrateTo(nowUs);
      this.startService(nowUs, nowUs);
    } else if (this.waiting < settings.waitingRoom) {
      this.integrateTo(nowUs);
      this.joinLine(nowUs);
    } else if (counts) {
      this.delayed++;
      this.lost++;
    }
  }

  depart(nowUs: number): void {
    this.integrateTo(nowUs);
    this.busy--;
    while (this.head < this.tail) {
      const arrivedUs = this.line[this.head++ & (this.line.length - 1)] ?? 0;
      if (arrivedUs < 0) continue;
      this.waiting--;
      this.startService(arrivedUs, nowUs);
      return;
    }
  }

  giveUp(place: number, nowUs: number): void {
    if (place < this.head) return;
    const index = place & (this.line.length - 1);
    const arrivedUs = this.line[index] ?? 0;
    this.line[index] = -1;
    this.integrateTo(nowUs);
    this.waiting--;
    if (arrivedUs < this.settings.warmupUs) return;
    this.delayed++;
    this.lost++;
    this.waitSumUs += nowUs - arrivedUs;
  }

  private scheduleArrival(nowUs: number): void {
    const atUs = nowUs + drawUs(this.interarrival, this.arrivals);
    if (atUs < this.settings.endUs) this.kernel.schedule(atUs, runArrival, this, 0);
  }

  private startService(arrivedUs: number, nowUs: number): void {
    this.busy++;
    this.kernel.schedule(nowUs + drawUs(this.handle, this.service), runDeparture, this, 0);
    if (arrivedUs < this.settings.warmupUs) return;
    this.served++;
    if (nowUs > arrivedUs) this.delayed++;
    this.waitSumUs += nowUs - arrivedUs;
    this.settings.onServed?.(nowUs - arrivedUs);
  }

  private joinLine(nowUs: number): void {
    if (this.tail - this.head === this.line.length) this.growLine();
    const place = this.tail++;
    this.line[place & (this.line.length - 1)] = nowUs;
    this.waiting++;
    if (this.patienceOf !== null) {
      this.kernel.schedule(nowUs + drawUs(this.patienceOf, this.patience), runPatienceEnd, this, place);
    }
  }

  private growLine(): void {
    const longer = new Float64Array(this.line.length * 2);
    for (let place = this.head; place < this.tail; place++) {
      longer[place & (longer.length - 1)] = this.line[place & (this.line.length - 1)] ?? 0;
    }
    this.line = longer;
  }

  private integrateTo(nowUs: number): void {
    const elapsedUs = nowUs - this.stateSinceUs;
    if (elapsedUs <= 0) return;
    this.queueIntegralUs += this.waiting * elapsedUs;
    this.busyIntegralUs += this.busy * elapsedUs;
    this.stateSinceUs = nowUs;
  }
}

function runArrival(model: QueueingModel, _: number, nowUs: number): void {
  model.arrive(nowUs);
}

function runDeparture(model: QueueingModel, _: number, nowUs: number): void {
  model.depart(nowUs);
}

function runPatienceEnd(model: QueueingModel, place: number, nowUs: number): void {
  model.giveUp(place, nowUs);
}
