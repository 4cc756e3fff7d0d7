/**
 * The best that any pacing could do: the constrained Markov decision process "most busy slots, at most a goal share of
 * accepted chats abandoned", solved exactly for exponential service, patience and answers. It shares no code with the pacer.
 *
 * State (n chats in the system, m invites pending). Lagrangian: reward busy/S - price (abandoned - goal accepted) per second,
 * uniformised relative value iteration; the price by bisection; the two deterministic policies on either side of the goal
 * mixed so that the share is exactly the goal (the occupation measures of a constrained process are convex, so this is the
 * optimum). Two forms of supply: unlimited (impulse control: invites can be added in any state at once, order up to m*(n)) and
 * a Poisson flow of leads, each invited or lost on the state that it meets.
 */

export interface OptimumInput {
  /** Chats that can be served at once. */
  readonly slots: number;
  /** Mean time that a chat holds its slot, after-work included. */
  readonly handleMeanSeconds: number;
  /** null: a chat that finds no free slot is lost (counted as abandoned). */
  readonly patienceMeanSeconds: number | null;
  /** Every invite ends after an exponential time of this mean, whatever its outcome. */
  readonly responseMeanSeconds: number;
  readonly acceptShare: number;
  /** null: unlimited supply. */
  readonly leadsPerHour: number | null;
  readonly goalShare: number;
}

export interface Optimum {
  readonly busyShare: number;
  readonly abandonmentShare: number;
  /** Share of leads not invited; 0 where supply is unlimited. */
  readonly refusedShare: number;
  readonly acceptedPerHour: number;
  /** Shadow price of one abandonment beyond the goal, seconds of one whole group's work. */
  readonly price: number;
  /** The two policies that are mixed, the second with this share of the time. */
  readonly policies: readonly [PolicyFigures, PolicyFigures];
  readonly secondTimeShare: number;
}

export interface PolicyFigures {
  readonly busyShare: number;
  readonly abandonmentShare: number;
  readonly refusedShare: number;
  readonly acceptedPerSecond: number;
  readonly abandonedPerSecond: number;
  /** Invites pending up to which one more is sent, by chats in the system. */
  readonly pendingMaxByChats: readonly number[];
}

interface Chain {
  readonly input: OptimumInput;
  readonly chatsMax: number;
  readonly pendingMax: number;
  readonly uniformRate: number;
  readonly leadsPerSecond: number;
  readonly values: Float64Array;
  readonly next: Float64Array;
}

const at = (array: Float64Array, index: number): number => array[index] ?? 0;

function createChain(input: OptimumInput): Chain {
  const { slots, acceptShare, responseMeanSeconds, handleMeanSeconds } = input;
  const leadsPerSecond = (input.leadsPerHour ?? 0) / 3600;
  const queueMax =
    input.patienceMeanSeconds === null
      ? 0
      : Math.ceil(12 + 6 * Math.sqrt((slots * input.patienceMeanSeconds) / handleMeanSeconds));
  const chatsMax = slots + queueMax;
  const flow = leadsPerSecond * responseMeanSeconds;
  const pendingMax =
    input.leadsPerHour === null
      ? Math.ceil((0.8 * slots + 6) / acceptShare)
      : Math.ceil(Math.min(flow + 8 * Math.sqrt(flow) + 6, (2 * slots + 10) / acceptShare));
  const patience = input.patienceMeanSeconds === null ? 0 : queueMax / input.patienceMeanSeconds;
  const uniformRate = 1.02 * (leadsPerSecond + pendingMax / responseMeanSeconds + slots / handleMeanSeconds + patience);
  const size = (chatsMax + 1) * (pendingMax + 1);
  return {
    input,
    chatsMax,
    pendingMax,
    uniformRate,
    leadsPerSecond,
    values: new Float64Array(size),
    next: new Float64Array(size),
  };
}

/** Rates out of a state with n chats; `lost` is what an accepted invite costs at once (loss model, or the grid's edge). */
function ratesAt(chain: Chain, n: number): { serving: number; leaving: number; full: boolean } {
  const { slots, handleMeanSeconds, patienceMeanSeconds } = chain.input;
  const serving = Math.min(n, slots) / handleMeanSeconds;
  const leaving = patienceMeanSeconds === null ? 0 : Math.max(0, n - slots) / patienceMeanSeconds;
  return { serving, leaving, full: n === chain.chatsMax };
}

/** One sweep of value iteration; returns the span of the change, per second of gain. */
function sweep(chain: Chain, price: number): number {
  const { input, chatsMax, pendingMax, uniformRate, leadsPerSecond, values, next } = chain;
  const width = pendingMax + 1;
  let low = Infinity;
  let high = -Infinity;
  for (let n = 0; n <= chatsMax; n += 1) {
    const { serving, leaving, full } = ratesAt(chain, n);
    const row = n * width;
    for (let m = pendingMax; m >= 0; m -= 1) {
      const s = row + m;
      const here = at(values, s);
      const answering = m / input.responseMeanSeconds;
      let gain = Math.min(n, input.slots) / input.slots - price * leaving;
      let moved = (serving + leaving) * (n > 0 ? at(values, s - width) - here : 0);
      if (m > 0) {
        const accepting = answering * input.acceptShare;
        gain += price * (input.goalShare * accepting - (full ? accepting : 0));
        moved +=
          accepting * (at(values, full ? s - 1 : s + width - 1) - here) +
          (answering - accepting) * (at(values, s - 1) - here);
      }
      if (leadsPerSecond > 0 && m < pendingMax) moved += leadsPerSecond * Math.max(0, at(values, s + 1) - here);
      let value = here + (gain + moved) / uniformRate;
      // Unlimited supply: after every event m may be raised, so the value of a state is the best of those to its right.
      if (leadsPerSecond === 0 && m < pendingMax) value = Math.max(value, at(next, s + 1));
      next[s] = value;
      const change = value - here;
      if (change < low) low = change;
      if (change > high) high = change;
    }
  }
  const origin = at(next, 0);
  for (let s = 0; s < next.length; s += 1) values[s] = at(next, s) - origin;
  return (high - low) * uniformRate;
}

function solve(chain: Chain, price: number): void {
  for (let iteration = 0; iteration < 2_000_000; iteration += 1) if (sweep(chain, price) < 1e-9) return;
  throw new Error('value iteration did not settle');
}

/** 1 where one more invite is sent in (n, m). */
function policyOf(chain: Chain): Uint8Array {
  const { values, pendingMax, chatsMax } = chain;
  const width = pendingMax + 1;
  const sends = new Uint8Array(values.length);
  for (let n = 0; n <= chatsMax; n += 1) {
    if (chain.leadsPerSecond > 0) {
      for (let m = 0; m < pendingMax; m += 1)
        sends[n * width + m] = at(values, n * width + m + 1) > at(values, n * width + m) ? 1 : 0;
    } else {
      // Values are flat to the left of m*(n), where raising costs nothing, and fall to the right of it.
      const best = at(values, n * width);
      for (let m = 0; m < pendingMax && at(values, n * width + m + 1) >= best - 1e-7; m += 1) sends[n * width + m] = 1;
    }
  }
  return sends;
}

/** Where unlimited supply takes a state at once. */
function raisedState(chain: Chain, sends: Uint8Array, s: number): number {
  let to = s;
  if (chain.leadsPerSecond === 0) while ((sends[to] ?? 0) === 1) to += 1;
  return to;
}

/** One step of the uniformised chain. */
function step(chain: Chain, sends: Uint8Array, share: Float64Array, then: Float64Array): void {
  const { input, chatsMax, pendingMax, uniformRate, leadsPerSecond } = chain;
  const width = pendingMax + 1;
  then.fill(0);
  const move = (mass: number, to: number): void => {
    const target = raisedState(chain, sends, to);
    then[target] = at(then, target) + mass;
  };
  for (let n = 0; n <= chatsMax; n += 1) {
    const { serving, leaving, full } = ratesAt(chain, n);
    for (let m = 0; m <= pendingMax; m += 1) {
      const s = n * width + m;
      const mass = at(share, s) / uniformRate;
      if (mass === 0) continue;
      const answering = m / input.responseMeanSeconds;
      const inviting = (sends[s] ?? 0) === 1 ? leadsPerSecond : 0;
      if (n > 0) move(mass * (serving + leaving), s - width);
      if (m > 0) {
        move(mass * answering * input.acceptShare, full ? s - 1 : s + width - 1);
        move(mass * answering * (1 - input.acceptShare), s - 1);
      }
      if (inviting > 0) move(mass * inviting, s + 1);
      then[s] = at(then, s) + mass * (uniformRate - serving - leaving - answering - inviting);
    }
  }
}

/** Stationary figures of a policy by power iteration. */
function figuresOf(chain: Chain, sends: Uint8Array): PolicyFigures {
  let share = new Float64Array(chain.values.length);
  let then = new Float64Array(chain.values.length);
  share[raisedState(chain, sends, 0)] = 1;
  for (let iteration = 0; iteration < 2_000_000; iteration += 1) {
    step(chain, sends, share, then);
    let change = 0;
    for (let s = 0; s < share.length; s += 1) change += Math.abs(at(then, s) - at(share, s));
    [share, then] = [then, share];
    if (change * chain.uniformRate < 1e-9) break;
  }
  return summarise(chain, sends, share);
}

function summarise(chain: Chain, sends: Uint8Array, share: Float64Array): PolicyFigures {
  const { input, chatsMax, pendingMax } = chain;
  const width = pendingMax + 1;
  let busy = 0;
  let accepted = 0;
  let abandoned = 0;
  let refused = 0;
  const pendingMaxByChats: number[] = [];
  for (let n = 0; n <= chatsMax; n += 1) {
    const { leaving, full } = ratesAt(chain, n);
    let limit = 0;
    for (let m = 0; m <= pendingMax; m += 1) {
      const s = n * width + m;
      const mass = at(share, s);
      const accepting = (mass * m * input.acceptShare) / input.responseMeanSeconds;
      busy += mass * Math.min(n, input.slots);
      accepted += accepting;
      abandoned += mass * leaving + (full ? accepting : 0);
      if ((sends[s] ?? 0) === 0) refused += mass;
      if ((sends[s] ?? 0) === 1 && limit === m) limit = m + 1;
    }
    pendingMaxByChats.push(limit);
  }
  return {
    busyShare: busy / input.slots,
    abandonmentShare: accepted > 0 ? abandoned / accepted : 0,
    refusedShare: chain.leadsPerSecond > 0 ? refused : 0,
    acceptedPerSecond: accepted,
    abandonedPerSecond: abandoned,
    pendingMaxByChats,
  };
}

/** Figures of the best policy at one price of an abandonment (seconds): the points of the published table. */
export function optimumAtPrice(input: OptimumInput, price: number): PolicyFigures {
  const chain = createChain(input);
  solve(chain, price);
  return figuresOf(chain, policyOf(chain));
}

/** The optimum at exactly the goal, or without constraint where even that stays below it. */
export function constrainedOptimum(input: OptimumInput): Optimum {
  const chain = createChain(input);
  const figuresAt = (price: number): PolicyFigures => {
    solve(chain, price);
    return figuresOf(chain, policyOf(chain));
  };
  let cheap = 0.01;
  let dear = input.handleMeanSeconds * 100;
  let loose = figuresAt(cheap);
  if (loose.abandonmentShare <= input.goalShare) return mixed(input, loose, loose, cheap);
  let strict = figuresAt(dear);
  for (let halving = 0; halving < 60 && dear / cheap > 1 + 1e-6; halving += 1) {
    const price = Math.sqrt(cheap * dear);
    const figures = figuresAt(price);
    if (figures.abandonmentShare > input.goalShare) {
      cheap = price;
      loose = figures;
    } else {
      dear = price;
      strict = figures;
    }
  }
  return mixed(input, loose, strict, dear);
}

function mixed(input: OptimumInput, loose: PolicyFigures, strict: PolicyFigures, price: number): Optimum {
  const excess = (figures: PolicyFigures): number =>
    figures.abandonedPerSecond - input.goalShare * figures.acceptedPerSecond;
  const gap = excess(loose) - excess(strict);
  const weight = gap > 0 ? Math.min(1, Math.max(0, -excess(strict) / gap)) : 0;
  const mix = (pick: (figures: PolicyFigures) => number): number => weight * pick(loose) + (1 - weight) * pick(strict);
  const accepted = mix((figures) => figures.acceptedPerSecond);
  return {
    busyShare: mix((figures) => figures.busyShare),
    abandonmentShare: accepted > 0 ? mix((figures) => figures.abandonedPerSecond) / accepted : 0,
    refusedShare: mix((figures) => figures.refusedShare),
    acceptedPerHour: accepted * 3600,
    price,
    policies: [strict, loose],
    secondTimeShare: weight,
  };
}

/** The table "pending invites up to which one more is sent, by chats in the system" as one flag a state. */
function flagsOf(chain: Chain, pendingMaxByChats: readonly number[]): Uint8Array {
  const sends = new Uint8Array(chain.values.length);
  for (let n = 0; n <= chain.chatsMax; n += 1)
    for (let m = 0; m < Math.min(chain.pendingMax, pendingMaxByChats[n] ?? 0); m += 1)
      sends[n * (chain.pendingMax + 1) + m] = 1;
  return sends;
}

/** Exact figures of any rule that decides by the number of chats up to how many invites may be pending. */
export function figuresOfTable(input: OptimumInput, pendingMaxByChats: readonly number[]): PolicyFigures {
  const chain = createChain(input);
  return figuresOf(chain, flagsOf(chain, pendingMaxByChats));
}

/** What a rule on (n, m) reaches in a group that starts empty, over the first hours: no rule can avoid the time that filling takes. */
export function figuresFromEmpty(
  input: OptimumInput,
  pendingMaxByChats: readonly number[],
  hours: number,
): { readonly busyShare: number; readonly abandonmentShare: number } {
  const chain = createChain(input);
  const sends = flagsOf(chain, pendingMaxByChats);
  let share = new Float64Array(chain.values.length);
  let then = new Float64Array(chain.values.length);
  share[raisedState(chain, sends, 0)] = 1;
  const steps = Math.round(hours * 3600 * chain.uniformRate);
  const sum = new Float64Array(chain.values.length);
  for (let done = 0; done < steps; done += 1) {
    for (let s = 0; s < sum.length; s += 1) sum[s] = at(sum, s) + at(share, s) / steps;
    step(chain, sends, share, then);
    [share, then] = [then, share];
  }
  return summarise(chain, sends, sum);
}
