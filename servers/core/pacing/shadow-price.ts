/**
 * What one more chat costs where visitors also come by themselves: it takes a slot from those who are there and from those who
 * are still to come. With reactive traffic alone going on from n chats in the room, the extra expected abandonments of one
 * more are D(n) = h(n+1) - h(n), h the relative values of the birth-death chain: births at rate lambda, deaths
 * d(n) = min(n, S) mu + (n - S)+ theta, cost c(n) = theta (n - S)+ a second, mean cost g = lambda P{Ab} of Erlang A.
 *
 *     n >= S:  D(n-1) = (lambda D(n) - g + c(n)) / d(n), backwards from far out, where it is 1
 *     n <  S:  D(n) = P{Ab} / B(n, a) = D(S-1) B(S-1, a) / B(n, a),  B of Erlang B, a = lambda / mu
 *
 * The second line solves D(0) = g/lambda, D(n) = (g + n mu D(n-1)) / lambda, and stays exact where g underflows. Where more come
 * than are served, the same recursion goes on forwards as long as d(n) < lambda, since backwards it would lose digits. At lambda = 0
 * D(S+n-1) is v(n) of marginal-risk.ts; where who finds no slot is lost it is the price of Krishnan and of Miller,
 * B(S, a) / B(n, a).
 */
import { erlangA } from '../sizing/erlang.ts';

export interface PriceRates {
  readonly slots: number;
  /** Of one busy slot, per second. */
  readonly releasePerSecond: number;
  /** Of one waiting chat, per second; Infinity: lost. */
  readonly abandonPerSecond: number;
  /** Reactive chats that are let in, per second. */
  readonly reactivePerSecond: number;
}

/** Chats beyond the slots that the table holds at least; it begins so far out that its first value is forgotten by then. */
const queueCells = 200;
const queueCellsMax = 20_000;

export class ShadowPrice {
  #rates: PriceRates = { slots: 0, releasePerSecond: 0, abandonPerSecond: 0, reactivePerSecond: 0 };
  #prices = new Float64Array(0);
  /** Erlang B by servers, below S. */
  #blocking = new Float64Array(0);
  #meanCost = 0;

  /** Lost chats a second in the long run, with reactive traffic alone. */
  get meanCost(): number {
    return this.#meanCost;
  }

  /** Needs at least one slot. */
  setRates(rates: PriceRates): void {
    const { slots, releasePerSecond, abandonPerSecond, reactivePerSecond } = this.#rates;
    if (
      rates.slots === slots &&
      rates.releasePerSecond === releasePerSecond &&
      rates.abandonPerSecond === abandonPerSecond &&
      rates.reactivePerSecond === reactivePerSecond
    )
      return;
    this.#rates = rates;
    this.#fillQueue();
    this.#fillSlots();
  }

  /** D(n): what one more costs beside n chats in the room; 0 for n < 0. */
  cost(chats: number): number {
    if (chats < 0) return 0;
    return this.#prices[Math.min(chats, this.#prices.length - 1)] ?? 0;
  }

  /** n >= S - 1. */
  #fillQueue(): void {
    const { slots, releasePerSecond, abandonPerSecond, reactivePerSecond } = this.#rates;
    const released = slots * releasePerSecond;
    const isLoss = abandonPerSecond === Infinity;
    const beyond = isLoss ? 0 : Math.max(0, Math.ceil((2 * reactivePerSecond - released) / abandonPerSecond));
    const top = slots + (isLoss ? 1 : Math.min(queueCellsMax, queueCells + beyond));
    if (this.#prices.length !== top + 1) this.#prices = new Float64Array(top + 1);
    this.#meanCost = isLoss || reactivePerSecond === 0 ? 0 : this.#erlangCost();
    this.#prices.fill(1, slots);
    if (isLoss) return;
    for (let n = top; n > slots; n -= 1) {
      const abandoned = (n - slots) * abandonPerSecond;
      const flow = reactivePerSecond * (this.#prices[n] ?? 0) - this.#meanCost + abandoned;
      this.#prices[n - 1] = flow / (released + abandoned);
    }
  }

  /** n < S, down from S - 1 by the ratios of Erlang B. */
  #fillSlots(): void {
    const { slots, releasePerSecond, abandonPerSecond, reactivePerSecond } = this.#rates;
    const offered = reactivePerSecond / releasePerSecond;
    if (this.#blocking.length < slots + 1) this.#blocking = new Float64Array(slots + 1);
    const blocking = this.#blocking;
    blocking[0] = 1;
    for (let n = 1; n <= slots; n += 1) {
      const before = offered * (blocking[n - 1] ?? 0);
      blocking[n] = before / (n + before);
    }
    const lost = abandonPerSecond === Infinity;
    if (lost) this.#meanCost = reactivePerSecond * (blocking[slots] ?? 0);
    if (!lost && reactivePerSecond > slots * releasePerSecond) {
      this.#fillForwards();
      return;
    }
    const last = lost
      ? offered / (slots + offered * (blocking[slots - 1] ?? 0))
      : (reactivePerSecond * (this.#prices[slots] ?? 0) - this.#meanCost) / (slots * releasePerSecond);
    this.#prices[slots - 1] = Math.max(0, last);
    for (let n = slots - 1; n > 0; n -= 1) {
      const ratio = offered / (n + offered * (blocking[n - 1] ?? 0));
      this.#prices[n - 1] = (this.#prices[n] ?? 0) * ratio;
    }
  }

  /** From D(0) up to where as many leave as come. */
  #fillForwards(): void {
    const { slots, releasePerSecond, abandonPerSecond, reactivePerSecond } = this.#rates;
    let before = this.#meanCost / reactivePerSecond;
    this.#prices[0] = before;
    for (let n = 1; n < this.#prices.length; n += 1) {
      const abandoned = Math.max(0, n - slots) * abandonPerSecond;
      const leave = Math.min(n, slots) * releasePerSecond + abandoned;
      if (leave > reactivePerSecond) return;
      before = (this.#meanCost - abandoned + leave * before) / reactivePerSecond;
      this.#prices[n] = before;
    }
  }

  #erlangCost(): number {
    const { slots, releasePerSecond, abandonPerSecond, reactivePerSecond } = this.#rates;
    const { abandonmentShare } = erlangA({
      servers: slots,
      arrivalsPerSecond: reactivePerSecond,
      handleSeconds: 1 / releasePerSecond,
      patienceSeconds: 1 / abandonPerSecond,
    });
    return reactivePerSecond * abandonmentShare;
  }
}
