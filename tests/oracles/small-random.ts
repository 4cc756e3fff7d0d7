/** A seeded generator for the test simulators, independent of the product's: xoshiro128** (Blackman, Vigna) seeded by splitmix32. */
export class SmallRandom {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(seed: number) {
    let z = seed >>> 0;
    const word = (): number => {
      z = (z + 0x9e3779b9) >>> 0;
      let t = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
      t = Math.imul(t ^ (t >>> 15), 0x735a2d97);
      return t ^ (t >>> 15);
    };
    [this.#a, this.#b, this.#c, this.#d] = [word(), word(), word(), word()];
  }

  /** Uniform in (0, 1), 32 bits. */
  next(): number {
    const five = Math.imul(this.#b, 5);
    const result = Math.imul((five << 7) | (five >>> 25), 9) >>> 0;
    const shifted = this.#b << 9;
    const c = this.#c ^ this.#a;
    const d = this.#d ^ this.#b;
    this.#b ^= c;
    this.#a ^= d;
    this.#c = c ^ shifted;
    this.#d = (d << 11) | (d >>> 21);
    return (result + 0.5) / 2 ** 32;
  }

  exponential(mean: number): number {
    return -mean * Math.log(this.next());
  }

  /** Gamma with an integer shape: a sum of exponentials. */
  gamma(shape: number, mean: number): number {
    let sum = 0;
    for (let i = 0; i < shape; i += 1) sum += this.exponential(mean / shape);
    return sum;
  }

  lognormal(mean: number, cv: number): number {
    const variance = Math.log(1 + cv * cv);
    const normal = Math.sqrt(-2 * Math.log(this.next())) * Math.cos(2 * Math.PI * this.next());
    return mean * Math.exp(Math.sqrt(variance) * normal - variance / 2);
  }
}
