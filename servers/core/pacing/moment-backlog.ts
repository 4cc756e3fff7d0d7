/**
 * The net backlog for PREDICTIVE_B: flows instead of individuals. At each horizon Y is taken as normal with the mean and the
 * variance of acceptances and releases, with continuity correction. From about 40 slots on as good as counting
 * (poisson-binomial-backlog.ts; sized-backlog.ts chooses), at a cost that does not grow with the square of the group.
 *
 *     M = q - R + sum of a - sum of r,  V = sum of a (1 - a) + sum of r (1 - r);  k new invites add k a to M and k a (1 - a) to V
 *     risk = mean over j of the sum over n of [Phi((n + 1/2 - M)/sqrt V) - Phi((n - 1/2 - M)/sqrt V)] cost(n + 1), n within M +- 6.5 sqrt V
 *
 * Reactive chats in the room and those to come are a normal variable too, clipped at the slots that they may take.
 */
import { present } from '../assert.ts';
import type { BacklogForecast, BacklogState, ReactiveState } from './backlog-forecast.ts';
import { MarginalRisk } from './marginal-risk.ts';
import { normalDensity, normalShare } from './normal-distribution.ts';
import type { ResponseModel } from './response-model.ts';
import { ShadowPrice } from './shadow-price.ts';

/** Standard deviations on either side of the mean that are summed over. */
const reach = 6.5;

interface Moments {
  mean: number;
  variance: number;
  /** Chance of a new invite to be accepted by this horizon. */
  newAccept: number;
  /** Cell i holds P(Y = first + i) with the new invites, for first..last. */
  cells: Float64Array;
  first: number;
  last: number;
}

export class MomentBacklog implements BacklogForecast {
  readonly #epochs: readonly Moments[];
  readonly #marginal = new MarginalRisk();
  readonly #shadow = new ShadowPrice();
  #slots = 0;
  #isPriced = false;
  #added = 0;
  /** New invites that the cells contain; -1 where they are not those of this state. */
  #written = -1;

  constructor(epochs: number) {
    this.#epochs = Array.from({ length: epochs }, () => ({
      mean: 0,
      variance: 0,
      newAccept: 0,
      cells: new Float64Array(64),
      first: 0,
      last: -1,
    }));
  }

  begin(state: BacklogState, response: ResponseModel): void {
    const { slots, busy, queued, pending, ages, releasePerSecond, abandonPerSecond, reactive } = state;
    this.#marginal.setRates(slots * releasePerSecond, abandonPerSecond);
    this.#isPriced = reactive !== undefined && reactive.ratePerSecond > 0 && slots > 0;
    if (this.#isPriced)
      this.#shadow.setRates({
        slots,
        releasePerSecond,
        abandonPerSecond,
        reactivePerSecond: reactive?.ratePerSecond ?? 0,
      });
    this.#slots = slots;
    this.#added = 0;
    this.#written = -1;
    for (let j = 0; j < this.#epochs.length; j += 1) {
      const epoch = present(this.#epochs[j], 'epoch');
      const seconds = response.horizons[j] ?? 0;
      const stays = Math.exp(-releasePerSecond * seconds);
      epoch.newAccept = response.acceptedWithin(j, 0);
      epoch.mean = queued - slots + busy * stays;
      epoch.variance = busy * stays * (1 - stays);
      for (let i = 0; i < pending; i += 1) {
        const share = response.acceptedWithin(j, ages[i] ?? 0);
        epoch.mean += share;
        epoch.variance += share * (1 - share);
      }
      if (reactive !== undefined) addReactive(epoch, reactive, stays, seconds);
    }
  }

  setInvites(count: number): void {
    this.#added = count;
  }

  risk(): number {
    return this.#isPriced
      ? this.#expected((y) => this.#shadow.cost(this.#slots + y), -this.#slots)
      : this.presentRisk();
  }

  presentRisk(): number {
    return this.#expected((y) => this.#marginal.cost(y + 1), 0);
  }

  underWay(): number {
    return this.#expected((y) => this.#marginal.loss(y), 1);
  }

  /** Of a normal variable, E[(-Y)+] = deviation x density(M / deviation) - M Phi(-M / deviation). */
  idle(): number {
    const { mean, variance } = this.#with(present(this.#epochs.at(-1), 'epoch'));
    if (variance <= 0) return Math.max(0, -mean);
    const deviation = Math.sqrt(variance);
    return deviation * normalDensity(mean / deviation) - mean * normalShare(-mean / deviation);
  }

  mean(epoch: number): number {
    return present(this.#epochs[epoch], 'epoch').mean;
  }

  deviation(epoch: number): number {
    return Math.sqrt(present(this.#epochs[epoch], 'epoch').variance);
  }

  /** Mean over the horizons of E[value(Y)], of values that are 0 below `from`. */
  #expected(value: (backlog: number) => number, from: number): number {
    this.#write();
    let sum = 0;
    for (const { cells, first, last } of this.#epochs) {
      for (let n = Math.max(from, first); n <= last; n += 1) sum += (cells[n - first] ?? 0) * value(n);
    }
    return sum / this.#epochs.length;
  }

  /** The cells for the present number of new invites: once for all that is asked about it, as shares of a normal variable are dear. */
  #write(): void {
    if (this.#written === this.#added) return;
    this.#written = this.#added;
    // Below, nothing that is asked has a value.
    const lowest = this.#isPriced ? -this.#slots : 0;
    for (const epoch of this.#epochs) {
      const { mean, variance } = this.#with(epoch);
      const deviation = Math.sqrt(variance);
      if (deviation < 1e-9) {
        epoch.first = Math.round(mean);
        epoch.last = epoch.first;
        epoch.cells[0] = 1;
        continue;
      }
      epoch.first = Math.max(lowest, Math.floor(mean - reach * deviation));
      epoch.last = Math.ceil(mean + reach * deviation);
      const count = epoch.last - epoch.first + 1;
      if (count > epoch.cells.length) epoch.cells = new Float64Array(2 * count);
      let below = normalShare((epoch.first - 0.5 - mean) / deviation);
      for (let i = 0; i < count; i += 1) {
        const upTo = normalShare((epoch.first + i + 0.5 - mean) / deviation);
        epoch.cells[i] = upTo - below;
        below = upTo;
      }
    }
  }

  /** The moments with the new invites. */
  #with({ mean, variance, newAccept }: Moments): { readonly mean: number; readonly variance: number } {
    return {
      mean: mean + this.#added * newAccept,
      variance: variance + this.#added * newAccept * (1 - newAccept),
    };
  }
}

/** X = min(slotsMax, N(m, s^2)): its first two moments, by the moments of a normal variable below a bound. */
function addReactive(epoch: Moments, reactive: ReactiveState, stays: number, seconds: number): void {
  const { busy, queued, ratePerSecond, slotsMax } = reactive;
  const arrivals = ratePerSecond * seconds;
  const mean = queued + busy * stays + arrivals;
  const variance = busy * stays * (1 - stays) + arrivals;
  if (slotsMax === Infinity || variance <= 0) {
    epoch.mean += Math.min(slotsMax, mean);
    epoch.variance += variance;
    return;
  }
  const deviation = Math.sqrt(variance);
  const bound = (slotsMax - mean) / deviation;
  const below = normalShare(bound);
  const density = normalDensity(bound);
  const clipped = mean * below - deviation * density + slotsMax * (1 - below);
  const squares =
    (mean * mean + variance) * below - deviation * (mean + slotsMax) * density + slotsMax * slotsMax * (1 - below);
  epoch.mean += clipped;
  epoch.variance += Math.max(0, squares - clipped * clipped);
}
