/**
 * The exact distribution of the net backlog for SUPER_PROGRESSIVE: at each horizon a sum of independent zero-one variables,
 * releases of busy slots (all alike: a binomial) and acceptances of pending invites (each by its age), convolved in place.
 * Direct convolution is stable (Biscarri, Zhao, Brunner 2018). Cells below 1e-16 are cut.
 */
import { present } from '../assert.ts';
import type { BacklogForecast, BacklogState } from './backlog-forecast.ts';
import { marginalRisk } from './marginal-risk.ts';
import type { ResponseModel } from './response-model.ts';

const cellMin = 1e-16;

/** Probabilities of consecutive integers: cell i holds P(Y = origin + i) for low <= i <= high, and nothing elsewhere. */
interface Epoch {
  cells: Float64Array;
  origin: number;
  low: number;
  high: number;
  /** Chance that a new invite is accepted by this horizon. */
  newAccepted: number;
}

export class PoissonBinomialBacklog implements BacklogForecast {
  readonly #epochs: Epoch[] = [];
  #costs = new Float64Array(64);
  #costsKnown = 0;
  #releases = -1;
  #abandons = -1;

  constructor(epochs: number) {
    for (let j = 0; j < epochs; j += 1)
      this.#epochs.push({ cells: new Float64Array(256), origin: 0, low: 0, high: 0, newAccepted: 0 });
  }

  begin(state: BacklogState, response: ResponseModel): void {
    this.#setRates(state.slots * state.releasePerSecond, state.abandonPerSecond);
    const { busy, pending, ages } = state;
    for (let j = 0; j < this.#epochs.length; j += 1) {
      const epoch = present(this.#epochs[j], 'epoch');
      reserve(epoch, busy + pending + 2);
      epoch.origin = state.queued - state.slots;
      fillBinomial(epoch, busy, Math.exp(-state.releasePerSecond * (response.horizons[j] ?? 0)));
      for (let i = 0; i < pending; i += 1) addBernoulli(epoch, response.acceptedWithin(j, ages[i] ?? 0));
      epoch.newAccepted = response.acceptedWithin(j, 0);
    }
  }

  addInvites(count: number): void {
    for (const epoch of this.#epochs) {
      reserve(epoch, epoch.high + count + 2);
      for (let i = 0; i < count; i += 1) addBernoulli(epoch, epoch.newAccepted);
    }
  }

  risk(): number {
    let sum = 0;
    for (const epoch of this.#epochs) {
      const { cells, origin, high } = epoch;
      this.#knowCosts(origin + high + 1);
      const costs = this.#costs;
      for (let i = Math.max(epoch.low, -origin); i <= high; i += 1) sum += (cells[i] ?? 0) * (costs[origin + i + 1] ?? 0);
    }
    return sum / this.#epochs.length;
  }

  /** Expected abandonments of what is under way, V(Y), if no more invites go out. */
  loss(): number {
    let sum = 0;
    for (const { cells, origin, low, high } of this.#epochs) {
      this.#knowCosts(origin + high + 1);
      let cost = 0;
      for (let i = Math.max(low, -origin + 1), n = origin + i; i <= high; i += 1, n += 1) {
        if (n === 1 || i === low) { cost = 0; for (let k = 1; k <= n; k += 1) cost += this.#costs[k] ?? 0; } else cost += this.#costs[n] ?? 0;
        sum += (cells[i] ?? 0) * cost;
      }
    }
    return sum / this.#epochs.length;
  }

  idle(): number {
    const { cells, origin, low, high } = present(this.#epochs.at(-1), 'epoch');
    let sum = 0;
    for (let i = Math.min(high, -origin - 1); i >= low; i -= 1) sum -= (cells[i] ?? 0) * (origin + i);
    return sum;
  }

  /** P(Y = backlog) at a horizon: for oracles and explanations. */
  probability(epoch: number, backlog: number): number {
    const { cells, origin, low, high } = present(this.#epochs[epoch], 'epoch');
    const i = backlog - origin;
    return i < low || i > high ? 0 : (cells[i] ?? 0);
  }

  #setRates(releases: number, abandons: number): void {
    if (releases === this.#releases && abandons === this.#abandons) return;
    this.#releases = releases;
    this.#abandons = abandons;
    this.#costsKnown = 0;
  }

  /** Keeps v(1..n) in a table; cell n holds v(n). */
  #knowCosts(n: number): void {
    if (n <= this.#costsKnown) return;
    if (n >= this.#costs.length) {
      const grown = new Float64Array(2 * n);
      grown.set(this.#costs);
      this.#costs = grown;
    }
    const rates = { releasesPerSecond: this.#releases, abandonsPerSecond: this.#abandons };
    for (let i = this.#costsKnown + 1; i <= n; i += 1) this.#costs[i] = marginalRisk(i, rates);
    this.#costsKnown = n;
  }
}

function reserve(epoch: Epoch, cells: number): void {
  if (cells <= epoch.cells.length) return;
  const grown = new Float64Array(2 * cells);
  grown.set(epoch.cells);
  epoch.cells = grown;
}

/** Cells become Binomial(count, share): how many of the busy slots are still busy. Outwards from the mode, so nothing underflows. */
function fillBinomial(epoch: Epoch, count: number, share: number): void {
  const { cells } = epoch;
  const mode = Math.min(count, Math.floor((count + 1) * share));
  cells[mode] = 1;
  let sum = 1;
  let high = mode;
  const odds = share / (1 - share);
  for (let p = 1; high < count; high += 1) {
    p *= ((count - high) / (high + 1)) * odds;
    if (!(p > cellMin)) break;
    cells[high + 1] = p;
    sum += p;
  }
  let low = mode;
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

function addBernoulli(epoch: Epoch, share: number): void {
  if (share <= 0) return;
  const { cells, low } = epoch;
  const stays = 1 - share;
  let { high } = epoch;
  let above = cells[high] ?? 0;
  cells[high + 1] = above * share;
  for (let i = high; i > low; i -= 1) {
    const below = cells[i - 1] ?? 0;
    cells[i] = above * stays + below * share;
    above = below;
  }
  cells[low] = above * stays;
  high += 1;
  while (high > low && (cells[high] ?? 0) < cellMin) high -= 1;
  epoch.high = high;
  if ((cells[low] ?? 0) < cellMin && low < high) epoch.low = low + 1;
}
