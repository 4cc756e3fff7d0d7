/**
 * The exact distribution of the net backlog for SUPER_PROGRESSIVE. At each horizon Y is free slots turned negative, plus a sum
 * of independent zero-one variables: busy slots still busy (all alike: a binomial, written down at once) and acceptances of the
 * pending invites (each by its age), convolved in place. Nothing is computed while even the worst case leaves a slot free. With
 * reactive traffic the chats that visitors ask for themselves are added: those still there, and a Poisson number to come,
 * capped at the slots that they may take.
 */
import { present } from '../assert.ts';
import type { BacklogForecast, BacklogState, ReactiveState } from './backlog-forecast.ts';
import {
  addBernoulli,
  addDistribution,
  capAt,
  createLattice,
  fillBinomial,
  fillPoisson,
  type LatticeDistribution,
  meanOfLattice,
  reserveCells,
  varianceOfLattice,
} from './lattice-distribution.ts';
import { MarginalRisk } from './marginal-risk.ts';
import type { ResponseModel } from './response-model.ts';
import { ShadowPrice } from './shadow-price.ts';

/** New invites from which their binomial is written down and multiplied in, instead of adding them one by one. */
const binomialFrom = 10;

/** The backlog at one horizon: cell i holds P(Y = origin + i). */
interface Epoch extends LatticeDistribution {
  /** Chance of each pending invite, and of a new one, to be accepted by this horizon. */
  accepts: Float64Array;
  newAccept: number;
  /** Chance of a busy slot to be still busy. */
  stays: number;
  mean: number;
  variance: number;
  /** Reactive chats there by then, above the least number of them. */
  readonly reactive: LatticeDistribution;
}

export class PoissonBinomialBacklog implements BacklogForecast {
  readonly #epochs: readonly Epoch[];
  readonly #marginal = new MarginalRisk();
  readonly #shadow = new ShadowPrice();
  #slots = 0;
  #reactive: ReactiveState | undefined;
  #busy = 0;
  #pending = 0;
  #added = 0;
  /** The lowest Y: every busy slot released, no invite accepted. */
  #origin = 0;
  readonly #other = createLattice(64);
  #scratch: Float64Array = new Float64Array(128);
  /** Added invites that the cells contain; -1 where the cells are not those of this state. */
  #convolved = -1;

  constructor(epochs: number) {
    this.#epochs = Array.from({ length: epochs }, () => ({
      ...createLattice(128),
      reactive: createLattice(64),
      accepts: new Float64Array(32),
      newAccept: 0,
      stays: 0,
      mean: 0,
      variance: 0,
    }));
  }

  begin(state: BacklogState, response: ResponseModel): void {
    const { slots, busy, queued, pending, ages, releasePerSecond, abandonPerSecond, reactive } = state;
    this.#marginal.setRates(slots * releasePerSecond, abandonPerSecond);
    this.#reactive = reactive;
    this.#slots = slots;
    this.#busy = busy;
    this.#pending = pending;
    this.#added = 0;
    const base = queued - slots;
    this.#origin = base + (reactive === undefined ? 0 : Math.min(reactive.queued, reactive.slotsMax));
    this.#convolved = -1;
    if (this.#isPriced()) {
      const reactivePerSecond = reactive?.ratePerSecond ?? 0;
      this.#shadow.setRates({ slots, releasePerSecond, abandonPerSecond, reactivePerSecond });
    }
    for (let j = 0; j < this.#epochs.length; j += 1) {
      const epoch = present(this.#epochs[j], 'epoch');
      if (pending > epoch.accepts.length) epoch.accepts = new Float64Array(2 * pending);
      epoch.stays = Math.exp(-releasePerSecond * (response.horizons[j] ?? 0));
      epoch.newAccept = response.acceptedWithin(j, 0);
      epoch.mean = this.#origin + busy * epoch.stays;
      epoch.variance = busy * epoch.stays * (1 - epoch.stays);
      for (let i = 0; i < pending; i += 1) {
        const share = response.acceptedWithin(j, ages[i] ?? 0);
        epoch.accepts[i] = share;
        epoch.mean += share;
        epoch.variance += share * (1 - share);
      }
      if (reactive !== undefined) this.#addReactive(epoch, reactive, response.horizons[j] ?? 0);
    }
  }

  setInvites(count: number): void {
    this.#added = count;
  }

  risk(): number {
    if (!this.#isPriced()) return this.presentRisk();
    this.#convolve();
    let sum = 0;
    for (const { cells, low, high } of this.#epochs) {
      for (let i = low; i <= high; i += 1) sum += (cells[i] ?? 0) * this.#shadow.cost(this.#slots + this.#origin + i);
    }
    return sum / this.#epochs.length;
  }

  presentRisk(): number {
    if (this.#backlogMax() < 0) return 0;
    this.#convolve();
    const marginal = this.#marginal;
    let sum = 0;
    for (const { cells, low, high } of this.#epochs) {
      const top = this.#origin + high;
      marginal.know(top + 1);
      for (let y = Math.max(this.#origin + low, 0); y <= top; y += 1)
        sum += (cells[y - this.#origin] ?? 0) * marginal.cost(y + 1);
    }
    return sum / this.#epochs.length;
  }

  underWay(): number {
    if (this.#backlogMax() <= 0) return 0;
    this.#convolve();
    let sum = 0;
    for (const { cells, low, high } of this.#epochs) {
      const top = this.#origin + high;
      for (let y = Math.max(this.#origin + low, 1); y <= top; y += 1)
        sum += (cells[y - this.#origin] ?? 0) * this.#marginal.loss(y);
    }
    return sum / this.#epochs.length;
  }

  idle(): number {
    const epoch = present(this.#epochs.at(-1), 'epoch');
    if (this.#backlogMax() <= 0) return -epoch.mean - this.#added * epoch.newAccept;
    this.#convolve();
    const { cells, low, high } = epoch;
    let sum = 0;
    for (let y = this.#origin + low; y <= Math.min(this.#origin + high, -1); y += 1)
      sum -= (cells[y - this.#origin] ?? 0) * y;
    return sum;
  }

  mean(epoch: number): number {
    return present(this.#epochs[epoch], 'epoch').mean;
  }

  deviation(epoch: number): number {
    return Math.sqrt(present(this.#epochs[epoch], 'epoch').variance);
  }

  /** P(Y = backlog) at a horizon. */
  probability(epoch: number, backlog: number): number {
    this.#convolve();
    const { cells, low, high } = present(this.#epochs[epoch], 'epoch');
    const i = backlog - this.#origin;
    return i < low || i > high ? 0 : (cells[i] ?? 0);
  }

  /** Whether reactive visitors to come have a price. */
  #isPriced(): boolean {
    return this.#reactive !== undefined && this.#reactive.ratePerSecond > 0 && this.#slots > 0;
  }

  /** Nothing released and everything accepted. */
  #backlogMax(): number {
    const proactive = this.#origin + this.#busy + this.#pending + this.#added;
    if (this.#reactive === undefined) return proactive;
    return this.#reactive.ratePerSecond > 0 ? Infinity : proactive + this.#reactive.busy;
  }

  /** X_r = min(C_r, waiting + still busy + come by then), above the least number of it, which is part of the origin. */
  #addReactive(epoch: Epoch, { ratePerSecond, busy, queued, slotsMax }: ReactiveState, seconds: number): void {
    const { reactive } = epoch;
    reserveCells(reactive, busy + 2);
    fillBinomial(reactive, busy, epoch.stays);
    if (ratePerSecond > 0) {
      fillPoisson(this.#other, ratePerSecond * seconds);
      this.#scratch = addDistribution(reactive, this.#other, this.#scratch);
    }
    capAt(reactive, Math.max(0, slotsMax - queued));
    epoch.mean += meanOfLattice(reactive);
    epoch.variance += varianceOfLattice(reactive);
  }

  /** Brings the cells to the present number of new invites: on from where they are, or anew where there are fewer. */
  #convolve(): void {
    const added = this.#added;
    if (this.#convolved === added) return;
    const cells = this.#busy + this.#pending + added + 2;
    const anew = this.#convolved < 0 || this.#convolved > added;
    const more = anew ? added : added - this.#convolved;
    for (const epoch of this.#epochs) {
      reserveCells(epoch, cells + (this.#reactive === undefined ? 0 : epoch.reactive.high));
      if (anew) {
        fillBinomial(epoch, this.#busy, epoch.stays);
        for (let i = 0; i < this.#pending; i += 1) addBernoulli(epoch, epoch.accepts[i] ?? 0);
        if (this.#reactive !== undefined) this.#scratch = addDistribution(epoch, epoch.reactive, this.#scratch);
      }
      if (more >= binomialFrom) this.#addBinomial(epoch, more);
      else for (let i = 0; i < more; i += 1) addBernoulli(epoch, epoch.newAccept);
    }
    this.#convolved = added;
  }

  /** Many new invites at once: the product of two distributions, through a scratch array that then changes places. */
  #addBinomial(epoch: Epoch, count: number): void {
    const other = this.#other;
    reserveCells(other, count + 2);
    fillBinomial(other, count, epoch.newAccept);
    this.#scratch = addDistribution(epoch, other, this.#scratch);
  }
}
