/**
 * The one currency of pacing: what one more waiting chat costs, in expected abandonments of the whole system. In a queue of n
 * with no further arrivals the next event is an abandonment with probability n theta / (S mu + n theta), so that v(n) below is
 * exactly the difference which the n-th chat makes to V(n), the expected abandonments of a queue of n that drains alone.
 */
export class MarginalRisk {
  #releasesPerSecond = 0;
  #abandonsPerSecond = 0;
  /** Cell n holds v(n) and V(n), as far as `#known`. */
  #costs = new Float64Array(16);
  #losses = new Float64Array(16);
  #known = 0;

  /** Rates per second: of releases of all slots together (S mu), and at which one waiting chat gives up (theta; Infinity: lost). */
  setRates(releasesPerSecond: number, abandonsPerSecond: number): void {
    if (releasesPerSecond === this.#releasesPerSecond && abandonsPerSecond === this.#abandonsPerSecond) return;
    this.#releasesPerSecond = releasesPerSecond;
    this.#abandonsPerSecond = abandonsPerSecond;
    this.#known = 0;
  }

  /** v(n) = n theta / (S mu + n theta) for n >= 1, else 0; 1 in the loss model. */
  cost(n: number): number {
    if (n <= 0) return 0;
    if (n > this.#known) this.know(n);
    return this.#costs[n] ?? 0;
  }

  /** V(n) = v(1) + ... + v(n). */
  loss(n: number): number {
    if (n <= 0) return 0;
    if (n > this.#known) this.know(n);
    return this.#losses[n] ?? 0;
  }

  /** Fills the tables up to n. */
  know(n: number): void {
    if (n >= this.#costs.length) {
      this.#costs = grown(this.#costs, 2 * n);
      this.#losses = grown(this.#losses, 2 * n);
    }
    for (let i = this.#known + 1; i <= n; i += 1) {
      const abandons = i * this.#abandonsPerSecond;
      const cost = this.#abandonsPerSecond === Infinity ? 1 : abandons / (this.#releasesPerSecond + abandons);
      this.#costs[i] = cost;
      this.#losses[i] = (this.#losses[i - 1] ?? 0) + cost;
    }
    this.#known = Math.max(this.#known, n);
  }
}

function grown(table: Float64Array, cells: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(cells);
  larger.set(table);
  return larger;
}
