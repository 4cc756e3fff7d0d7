/**
 * Asks every node for its about, at a steady pace on the wall clock, and so finds the dead, the stopped and the unready. What
 * requests find out (a refused connection) is told through `markRefused`, so that no second request runs into it.
 */
import { request } from 'node:http';
import type { NodeHealth, Upstream, UpstreamPool } from '#balancer/upstream-pool.ts';

export interface HealthLimits {
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

export const HEALTH_LIMITS: HealthLimits = { intervalMs: 500, timeoutMs: 1_000 };

/** A busy node may miss one question; one that misses this many in a row is down. */
const SILENCES_UNTIL_DOWN = 2;
/** From here on also what is open to it is ended: it is stopped or cut off, and whoever waits for it waits in vain. */
const SILENCES_UNTIL_CUT = 3;

export class HealthCheck {
  readonly #pools: readonly UpstreamPool[];
  readonly #limits: HealthLimits;
  readonly #onChange: (upstream: Upstream) => void;
  readonly #asking = new Set<Upstream>();
  readonly #silences = new WeakMap<Upstream, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(pools: readonly UpstreamPool[], onChange: (upstream: Upstream) => void, limits = HEALTH_LIMITS) {
    this.#pools = pools;
    this.#limits = limits;
    this.#onChange = onChange;
    this.#timer = setInterval(() => this.probe(), limits.intervalMs);
  }

  /** Asks everyone who is not being asked already; at once after the nodes changed. */
  probe(): void {
    for (const pool of this.#pools) {
      for (const upstream of pool.upstreams) if (!this.#asking.has(upstream)) this.#ask(pool, upstream);
    }
  }

  /** A connection to it was refused: it is down until a probe finds it up. */
  markRefused(upstream: Upstream): void {
    this.#silences.set(upstream, SILENCES_UNTIL_CUT);
    this.#set(upstream, 'down');
  }

  /** A connection broke off before its answer: asks at once, not at the next turn. */
  suspect(pool: UpstreamPool, upstream: Upstream): void {
    if (!this.#asking.has(upstream) && pool.upstreams.includes(upstream)) this.#ask(pool, upstream);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #ask(pool: UpstreamPool, upstream: Upstream): void {
    this.#asking.add(upstream);
    const { host, port } = upstream;
    const signal = AbortSignal.timeout(this.#limits.timeoutMs);
    const question = request({ host, port, path: `/${pool.name}/about`, agent: false, signal }, (answer) => {
      answer.resume();
      this.#heard(upstream, answer.statusCode === 200 ? 'up' : 'unready');
    });
    question.on('error', (error) => this.#unheard(upstream, error));
    question.once('close', () => this.#asking.delete(upstream));
    question.end();
  }

  #heard(upstream: Upstream, health: NodeHealth): void {
    this.#silences.delete(upstream);
    this.#set(upstream, health);
  }

  /** Silent, as a stopped or busy node is; or refused or reset, as only a node that is gone does. */
  #unheard(upstream: Upstream, error: Error): void {
    if (error.name !== 'AbortError') return this.markRefused(upstream);
    const silences = (this.#silences.get(upstream) ?? 0) + 1;
    this.#silences.set(upstream, silences);
    if (silences >= SILENCES_UNTIL_DOWN) this.#set(upstream, 'down');
    if (silences >= SILENCES_UNTIL_CUT) upstream.cut();
  }

  #set(upstream: Upstream, health: NodeHealth): void {
    if (upstream.health === health) return;
    upstream.health = health;
    this.#onChange(upstream);
  }
}
