/**
 * The exact distribution of the net backlog for SUPER_PROGRESSIVE. At each horizon Y is free slots turned negative, plus a sum
 * of independent zero-one variables: busy slots still busy (all alike: a binomial, written down at once) and acceptances of the
 * pending invites (each by its age), convolved in place. Direct convolution is stable (Biscarri, Zhao, Brunner 2018). Cells
 * below 1e-16 are cut, and nothing is computed while even the worst case leaves a slot free.
 */
import { present } from '../assert.ts';
import type { BacklogForecast, BacklogState } from './backlog-forecast.ts';
import { MarginalRisk } from './marginal-risk.ts';
import type { ResponseModel } from './response-model.ts';

const cellMin = 1e-16;

/** New invites from which their binomial is written down and multiplied in, instead of adding them one by one. */
const binomialFrom = 10;

/** Probabilities of consecutive integers; cells outside low..high hold nothing. */
interface Distribution {
  cells: Float64Array;
  low: number;
  high: number;
}

/** The backlog at one horizon: cell i holds P(Y = origin + i). */
interface Epoch extends Distribution {
  /** Chance of each pending invite, and of a new one, to be accepted by this horizon. */
  accepts: Float64Array;
  newAccept: number;
  /** Chance of a busy slot to be still busy. */
  stays: number;
  mean: number;
  variance: number;
}

export class PoissonBinomialBacklog implements BacklogForecast {
  readonly #epochs: readonly Epoch[];
  readonly #marginal = new MarginalRisk();
  #busy = 0;
  #pending = 0;
  #added = 0;
  /** The lowest Y: every busy slot released, no invite accepted. */
  #origin = 0;
  readonly #other: Distribution = { cells: new Float64Array(64), low: 0, high: 0 };
  #scratch: Float64Array = new Float64Array(128);
  /** Added invites that the cells contain; -1 where the cells are not those of this state. */
  #convolved = -1;

  constructor(epochs: number) {
    this.#epochs = Array.from({ length: epochs }, () => ({
      cells: new Float64Array(128),
      low: 0,
      high: 0,
      accepts: new Float64Array(32),
      newAccept: 0,
      stays: 0,
      mean: 0,
      variance: 0,
    }));
  }

  begin(state: BacklogState, response: ResponseModel): void {
    const { slots, busy, queued, pending, ages, releasePerSecond, abandonPerSecond } = state;
    this.#marginal.setRates(slots * releasePerSecond, abandonPerSecond);
    this.#busy = busy;
    this.#pending = pending;
    this.#added = 0;
    this.#origin = queued - slots;
    this.#convolved = -1;
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
    }
  }

  setInvites(count: number): void {
    this.#added = count;
  }

  risk(): number {
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

  /** Nothing released and everything accepted. */
  #backlogMax(): number {
    return this.#origin + this.#busy + this.#pending + this.#added;
  }

  /** Brings the cells to the present number of new invites: on from where they are, or anew where there are fewer. */
  #convolve(): void {
    const added = this.#added;
    if (this.#convolved === added) return;
    const cells = this.#busy + this.#pending + added + 2;
    const anew = this.#convolved < 0 || this.#convolved > added;
    const more = anew ? added : added - this.#convolved;
    for (const epoch of this.#epochs) {
      if (cells > epoch.cells.length) epoch.cells = grown(epoch.cells, 2 * cells);
      if (anew) {
        fillBinomial(epoch, this.#busy, epoch.stays);
        for (let i = 0; i < this.#pending; i += 1) addBernoulli(epoch, epoch.accepts[i] ?? 0);
      }
      if (more >= binomialFrom) this.#addBinomial(epoch, more);
      else for (let i = 0; i < more; i += 1) addBernoulli(epoch, epoch.newAccept);
    }
    this.#convolved = added;
  }

  /** Many new invites at once: the product of two distributions, through a scratch array that then changes places. */
  #addBinomial(epoch: Epoch, count: number): void {
    const other = this.#other;
    if (count + 2 > other.cells.length) other.cells = new Float64Array(2 * count);
    fillBinomial(other, count, epoch.newAccept);
    if (this.#scratch.length < epoch.cells.length) this.#scratch = new Float64Array(epoch.cells.length);
    const product = this.#scratch;
    const { cells } = epoch;
    const low = epoch.low + other.low;
    const high = epoch.high + other.high;
    for (let i = low; i <= high; i += 1) product[i] = 0;
    for (let i = other.low; i <= other.high; i += 1) {
      const share = other.cells[i] ?? 0;
      for (let k = epoch.low; k <= epoch.high; k += 1) product[i + k] = (product[i + k] ?? 0) + share * (cells[k] ?? 0);
    }
    this.#scratch = cells;
    epoch.cells = product;
    epoch.low = low;
    epoch.high = high;
    cutTails(epoch);
  }
}

function grown(cells: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length);
  larger.set(cells);
  return larger;
}

/** Cells become Binomial(count, share), outwards from the mode, so that nothing underflows. */
function fillBinomial(epoch: Distribution, count: number, share: number): void {
  const { cells } = epoch;
  const odds = share / (1 - share);
  const mode = Math.min(count, Math.floor((count + 1) * share));
  let low = mode;
  let high = mode;
  let sum = 1;
  cells[mode] = 1;
  for (let p = 1; high < count; high += 1) {
    p *= ((count - high) / (high + 1)) * odds;
    if (!(p > cellMin)) break;
    cells[high + 1] = p;
    sum += p;
  }
  for (let p = 1; low > 0; low -= 1) {
    p *= low / ((count - low + 1) * odds);
    if (!(p > cellMin)) break;
    cells[low - 1] = p;
    sum += p;
  }
  for (let i = low; i <= high; i += 1) cells[i] = (cells[i] ?? 0) / sum;
  epoch.low = low;
  epoch.high = high;
}

function addBernoulli(epoch: Distribution, share: number): void {
  if (share <= 0) return;
  const { cells, low, high } = epoch;
  const stays = 1 - share;
  let here = cells[high] ?? 0;
  cells[high + 1] = here * share;
  for (let i = high; i > low; i -= 1) {
    const below = cells[i - 1] ?? 0;
    cells[i] = here * stays + below * share;
    here = below;
  }
  cells[low] = here * stays;
  epoch.high = high + 1;
  cutTails(epoch);
}

function cutTails(distribution: Distribution): void {
  const { cells } = distribution;
  while (distribution.high > distribution.low && (cells[distribution.high] ?? 0) < cellMin) distribution.high -= 1;
  while (distribution.high > distribution.low && (cells[distribution.low] ?? 0) < cellMin) distribution.low += 1;
}
